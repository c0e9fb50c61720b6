/**
 * A rule in action: asks for the identity only if the rule depends on it, loads objects only for who may still get
 * in, and refuses so that a stranger cannot tell an object of others from one that does not exist.
 * @module
 */
import { isPromise } from '../kernel/index.ts';
import type { Context, Denial, Emit, Identity, MaybePromise, Resource, Rule } from '../kernel/index.ts';
import { denial, ruleDenials } from './denials.ts';
import { describeRule } from './describe.ts';
import { ASSUME_FRESH, ASSUME_MFA, compileRule, ownerIdOf, YES } from './judge.ts';
import type { Judge, JudgeParts } from './judge.ts';
import { boundsOf, contains } from './shape.ts';
import { resourcesOf } from './sound.ts';

/** `null` for a rule that every request satisfies and that loads nothing: it needs no step. */
export type Evaluate = ((c: Context) => MaybePromise<Denial | null>) | null;

export interface EvaluateParts extends Omit<JudgeParts, 'resources'> {
  readonly challenge: string;
  readonly emit: Emit;
}

/** Compiles a sound rule. */
export function compileEvaluation(rule: Rule, parts: EvaluateParts): Evaluate {
  const text = describeRule(rule);
  const resources = resourcesOf(rule);
  const { least, most } = boundsOf(rule);
  if (most !== YES) {
    const constant = denial(contains(rule, 'todo') ? 'access/todo' : 'access/forbidden', text);
    return () => constant;
  }
  if (least === YES && resources.length === 0) return null;

  const judge = compileRule(rule, { ...parts, resources });
  const objects = new Objects(judge, resources, text, parts);
  if (resources.length === 0) return identified((c, who) => objects.judgeOnly(c, who));
  return identified((c, who) => objects.start(c, who));
}

/** Asks who it is, which may have to wait, and goes on with the answer. */
function identified(then: (c: Context, who: Identity) => MaybePromise<Denial | null>): Evaluate {
  const proceed = (c: Context): MaybePromise<Denial | null> => {
    if (c.identity === undefined) throw new Error('the identity was asked for and nobody answered');
    return then(c, c.identity);
  };
  return (c) => {
    if (c.identity !== undefined) return then(c, c.identity);
    const refused = c.kernel.identify(c);
    if (refused === null) return proceed(c);
    return isPromise(refused) ? refused.then((late) => late ?? proceed(c)) : refused;
  };
}

/** One route's rule with what it loads. Bits are positions in `resources`. */
class Objects {
  readonly #judge: Judge;
  readonly #resources: readonly Resource<never>[];
  readonly #hidden: number;
  readonly #denials: ReturnType<typeof ruleDenials>;
  readonly #emit: Emit;

  constructor(judge: Judge, resources: readonly Resource<never>[], text: string, parts: EvaluateParts) {
    this.#judge = judge;
    this.#resources = resources;
    this.#hidden = resources.reduce((bits, { hidden }, index) => bits | (hidden ? 1 << index : 0), 0);
    this.#denials = ruleDenials(text, parts.challenge);
    this.#emit = parts.emit;
  }

  judgeOnly(c: Context, who: Identity): Denial | null {
    return this.#judge(who, c.facts.at, 0, 0, 0) === YES ? null : this.#refusal(c, who, 0, 0, 0);
  }

  /** Nothing is loaded for whom the cheap part of the rule refuses whatever the object. */
  start(c: Context, who: Identity): MaybePromise<Denial | null> {
    return this.judgeOnly(c, who) ?? this.#next(c, who, 0, 0, 0);
  }

  /** Loads what is missing, one after the other: the first that ends it saves the rest. */
  #next(c: Context, who: Identity, index: number, mine: number, missing: number): MaybePromise<Denial | null> {
    if (index === this.#resources.length) return missing === 0 ? null : this.#denials.notFound;
    const { name, load } = this.#resources[index]!;
    const loaded = c.objects?.has(name) === true ? c.objects.get(name) : load(c.params, c);
    return isPromise(loaded)
      ? loaded.then((object) => this.#take(c, who, index, mine, missing, object))
      : this.#take(c, who, index, mine, missing, loaded);
  }

  /** A missing object counts as somebody else's: up to the answer the two take the very same way. */
  #take(
    c: Context,
    who: Identity,
    index: number,
    mine: number,
    missing: number,
    object: unknown,
  ): MaybePromise<Denial | null> {
    const resource = this.#resources[index]!;
    const bit = 1 << index;
    const known = (bit << 1) - 1;
    const absent = object === null || object === undefined;
    if (!absent) (c.objects ??= new Map()).set(resource.name, object);
    const owned = !absent && owns(ownerIdOf(who), resource.of(object as never));
    const nowMine = owned ? mine | bit : mine;
    const nowMissing = absent ? missing | bit : missing;
    if (this.#judge(who, c.facts.at, 0, known, nowMine) === YES)
      return this.#next(c, who, index + 1, nowMine, nowMissing);
    const refusal = this.#refusal(c, who, known, nowMine, nowMissing);
    if (!absent && !owned && (refusal === this.#denials.notFound || refusal === this.#denials.forbidden)) {
      this.#report(c, who, resource.name);
    }
    return refusal;
  }

  /** The most helpful refusal that gives nothing away: the same for every object that is not theirs, existing or not. */
  #refusal(c: Context, who: Identity, known: number, mine: number, missing: number): Denial {
    const { signIn, secondFactor, notFresh, notFound, forbidden } = this.#denials;
    if (who.kind === 'anonymous') return signIn;
    if (who.kind === 'account') {
      if (who.pending === true) return secondFactor;
      const { at } = c.facts;
      // Said only to whom it would let in, so a step-up is never asked for in vain.
      if (this.#judge(who, at, ASSUME_FRESH, known, mine) === YES) return notFresh;
      if (this.#judge(who, at, ASSUME_FRESH | ASSUME_MFA, known, mine) === YES) return secondFactor;
    }
    return missing !== 0 || (known & this.#hidden & ~mine) !== 0 ? notFound : forbidden;
  }

  /** Somebody who is signed in asked for another's object: one is a stale link, many are a search for holes. */
  #report(c: Context, who: Identity, resource: string): void {
    const { id, method, client } = c.facts;
    const route = c.route.info.path;
    this.#emit('access.denied_object', {
      request: id,
      method,
      route,
      client: client.ip,
      account: ownerIdOf(who),
      resource,
    });
  }
}

/** Exact comparison. An object without an owner is nobody's, whatever its `of` answers. */
function owns(id: string, owners: unknown): boolean {
  return typeof owners === 'string' ? owners === id : Array.isArray(owners) && owners.includes(id);
}
