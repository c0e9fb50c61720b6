/**
 * All limits of one kernel: their tables, who is held back, and what a request takes.
 * @module
 */
import { inAny, parseAddress, parseCidr, secondsOf } from '../kernel/index.ts';
import type {
  Context,
  Denial,
  Env,
  LimitsPart,
  LimitsReport,
  MaybePromise,
  Outcome,
  RouteInfo,
} from '../kernel/index.ts';
import { counts, delayOf, waitOf } from './amounts.ts';
import { blocked, crowded, exceeded } from './denials.ts';
import { parseLimit } from './grammar.ts';
import { Held } from './hold.ts';
import { ADDRESS, keyOf } from './keys.ts';
import { addressRule, appliesTo, compileLimit, saltOf } from './limit.ts';
import type { Limit, Stand } from './limit.ts';
import type { LimitsOptions } from './policy.ts';
import { Quota } from './quota.ts';
import { quotasOf, reportOf } from './report.ts';
import { nameOf } from './rule.ts';
import type { LimitRule } from './rule.ts';
import { SipHash } from './sip-hash.ts';
import { Snapshot } from './snapshot.ts';
import { Table } from './table.ts';
import type { Taken } from './table.ts';
import { USE, Use } from './use.ts';

/** How often the table being full is told, in milliseconds. */
const TELL_EVERY = 60_000;

type Cidr = NonNullable<ReturnType<typeof parseCidr>>;

/** The limit on refusals, and the block that follows. */
interface Meta {
  readonly refusals: Quota;
  readonly block: Quota;
}

export class Limits implements LimitsPart {
  readonly options: LimitsOptions;
  readonly tables: { readonly ordinary: Table; readonly strict: Table };
  readonly meta: Meta | undefined;
  readonly held: Held;
  readonly #env: Env;
  readonly #hash: SipHash;
  readonly #limits = new Map<string, Limit>();
  readonly #exempt: readonly Cidr[];
  readonly #snapshot: Snapshot | undefined;
  readonly #since: number;
  #crowded = 0;
  #toldAt = -Infinity;

  constructor(options: LimitsOptions, env: Env) {
    this.options = options;
    this.#env = env;
    this.tables = { ordinary: new Table(options.keys, false), strict: new Table(options.keys, true) };
    this.held = new Held(env.clock, options.held);
    this.#hash = new SipHash(env.keys.subkeys('limits.keys')[0]!);
    this.#exempt = options.exempt.map(parseCidr).filter((cidr) => cidr !== null);
    this.#since = env.clock.now();
    this.meta = options.meta === false ? undefined : this.#makeMeta(options.meta);
    const tables = [this.tables.ordinary, this.tables.strict];
    this.#snapshot = options.snapshot === false ? undefined : new Snapshot(options.snapshot, tables, env);
  }

  start(): Promise<void> | undefined {
    return this.#snapshot?.start();
  }

  stop(): Promise<void> | undefined {
    return this.#snapshot?.stop();
  }

  /** The limits of one route, in the order they are asked: the policy's first. */
  of(route: RouteInfo, { rules, without }: LimitsOptions): readonly Limit[] {
    const { address, rules: general } = this.options;
    const all = [...(address === false ? [] : [addressRule(address)]), ...general];
    const own = rules === general ? [] : rules;
    const method = route.method === 'HEAD' ? 'GET' : route.method;
    const where = `${method} ${route.path}`;
    return [
      ...all
        .filter((rule) => !without.includes(nameOf(rule)))
        .map((rule) => ({ rule, where: 'policy', option: optionOf(rule) })),
      ...own.map((rule) => ({ rule, where, option: 'limits.rules' })),
    ].flatMap(({ rule, ...stand }) => (appliesTo(rule, route) ? [this.#limit(rule, stand)] : []));
  }

  /** What is known of the request so far. */
  use(c: Context): Use {
    const known = USE.get(c);
    if (known !== undefined) return known;
    const use = new Use();
    const { group, ip } = c.facts.client;
    this.#hash.of(group);
    use.low = this.#hash.low;
    use.high = this.#hash.high;
    if (this.#exempt.length > 0) {
      const parsed = parseAddress(ip);
      use.exempt = parsed !== null && inAny(this.#exempt, parsed);
    }
    USE.set(c, use);
    return use;
  }

  /** The denial of a client that is blocked, or nothing. */
  block(c: Context, { block }: Meta): Denial | null {
    const use = this.use(c);
    if (use.exempt) return null;
    const debt = this.tables.strict.debtOf(use.low, use.high, block, c.facts.at * 1000);
    return debt > 0 ? blocked(debt) : null;
  }

  /** Takes what a request uses of one limit: lets it pass, holds it, or refuses. */
  apply(limit: Limit, c: Context, observing: boolean): MaybePromise<Denial | null> {
    const use = this.use(c);
    // Only a clear `false` lets somebody off.
    if (use.exempt || (limit.when !== undefined && limit.when(c) === false)) return null;
    let { low, high } = use;
    if (limit.by !== ADDRESS) {
      this.#hash.of(keyOf(limit.by, c));
      ({ low, high } = this.#hash);
    }
    const quotas = limit.choose === undefined ? limit.quotas : (limit.choices!.get(limit.choose(c)) ?? limit.quotas);
    const cost = typeof limit.cost === 'number' ? limit.cost : limit.cost(c);
    const at = Math.round(c.facts.at * 1000);
    const wait = this.#takeAll(limit, quotas, low, high, cost, at, use);
    if (limit.choose !== undefined && !limit.quiet) use.chosen = [...(use.chosen ?? []), ...quotas];
    if (wait > 0) return this.#breach(limit, c, use, low, high, quotas, wait, observing);
    if (limit.slow === undefined || observing) return null;
    const delay = delayOf(limit, quotas, low, high, at);
    return delay > 0 ? this.#hold(limit, use, quotas, delay) : null;
  }

  /** What came of a request decides what it used. */
  settle(c: Context, outcome: Outcome): void {
    const use = USE.get(c);
    if (use === undefined) return;
    use.release?.();
    const { pending = [] } = use;
    // Once, however often a request ends.
    use.pending = undefined;
    const at = Math.round(this.#env.clock.now() * 1000);
    for (const { limit, taken } of pending) {
      if (counts(limit, c, outcome)) continue;
      for (const one of taken) limit.table.giveBack(one, at);
    }
  }

  report(): LimitsReport {
    const at = this.#env.clock.now();
    return reportOf([...this.#limits.values()], this.tables, { since: this.#since, at, held: this.held.count });
  }

  clear(name: string): number {
    const found = [...this.#limits.values()].filter((one) => one.name === name);
    return found.reduce((sum, one) => sum + one.table.clear(new Set(quotasOf(one))), 0);
  }

  /** Takes from every quota, or from none: microseconds to wait where one refuses, else 0. */
  #takeAll(
    limit: Limit,
    quotas: readonly Quota[],
    low: number,
    high: number,
    cost: number,
    at: number,
    use: Use,
  ): number {
    const { table, quiet } = limit;
    const keeps = limit.count !== 'all' || quotas.length > 1;
    const taken: Taken[] | undefined = keeps ? [] : undefined;
    let wait = 0;
    for (const quota of quotas) {
      const allowed = table.take(low, high, quota, cost, at);
      const { debt, shared } = table;
      if (allowed) taken?.push({ low, high, quota, cost, shared, fullAt: at + debt });
      else {
        wait = Math.max(wait, waitOf(quota, cost, debt));
        quota.refused += 1;
      }
      if (quiet) continue;
      // The larger share of its capacity is the one that ends first.
      if (use.tight === undefined || debt * use.tight.capacity > use.debt * quota.capacity) {
        use.tight = quota;
        use.debt = debt;
      }
    }
    if (this.tables.ordinary.crowded + this.tables.strict.crowded !== this.#crowded) this.#tellCrowded();
    if (wait > 0) for (const one of taken ?? []) table.giveBack(one, at);
    else {
      for (const quota of quotas) quota.allowed += 1;
      if (limit.count !== 'all') (use.pending ??= []).push({ limit, taken: taken! });
    }
    return wait;
  }

  #breach(
    limit: Limit,
    c: Context,
    use: Use,
    low: number,
    high: number,
    quotas: readonly Quota[],
    wait: number,
    observing: boolean,
  ): MaybePromise<Denial | null> {
    const { facts, route } = c;
    const about = { request: facts.id, method: facts.method, route: route.info.path, client: facts.client.ip };
    for (const quota of quotas) {
      if (!limit.table.tellOnce(low, high, quota)) continue;
      this.#env.emit('limits.exceeded', { ...about, limit: limit.name, amount: quota.amount, seconds: quota.seconds });
      break;
    }
    if (limit.slow?.refuse === false) return observing ? null : this.#hold(limit, use, quotas, limit.slow.most);
    if (!observing) this.#meta(c, use, about);
    return exceeded(limit.name, limit.option, limit.by.place, wait);
  }

  /** Counts a refusal; too many block. */
  #meta(c: Context, use: Use, about: { request: string; method: string; route: string; client: string }): void {
    if (this.meta === undefined) return;
    const { refusals, block } = this.meta;
    const { strict } = this.tables;
    const at = Math.round(c.facts.at * 1000);
    if (strict.take(use.low, use.high, refusals, 1, at)) return;
    strict.fill(use.low, use.high, block, at + block.capacity, at);
    this.#env.emit('limits.blocked', { ...about, seconds: block.seconds });
  }

  #hold(limit: Limit, use: Use, quotas: readonly Quota[], milliseconds: number): MaybePromise<Denial | null> {
    // Whoever fills the waiting room must not get others past the wait.
    if (!this.held.room) return crowded(limit.name, limit.option, limit.by.place);
    for (const quota of quotas) quota.held += 1;
    const { over, release } = this.held.hold(milliseconds);
    use.release = release;
    return over.then(() => null);
  }

  #tellCrowded(): void {
    const { ordinary, strict } = this.tables;
    this.#crowded = ordinary.crowded + strict.crowded;
    const now = this.#env.clock.now();
    if (now - this.#toldAt < TELL_EVERY) return;
    this.#toldAt = now;
    this.#env.emit('limits.crowded', { keys: this.options.keys });
  }

  #limit(rule: LimitRule, stand: Stand): Limit {
    const { shared } = rule.options;
    const id = shared === undefined ? `${stand.where} ${nameOf(rule)}` : `shared ${shared}`;
    let known = this.#limits.get(id);
    if (known === undefined) this.#limits.set(id, (known = compileLimit(rule, stand, this.tables)));
    return known;
  }

  #makeMeta({ refusals, block }: Exclude<LimitsOptions['meta'], false>): Meta {
    const [amount] = parseLimit(refusals, 'limits.meta.refusals').amounts;
    const seconds = secondsOf(block, 'limits.meta.block');
    const make = (name: string, of: { readonly amount: number; readonly seconds: number }): Quota => {
      const id = `meta ${name} ${of.amount}/${of.seconds}`;
      const quota = new Quota({ name, id, salt: saltOf(id), ...of });
      this.tables.strict.add(quota);
      return quota;
    };
    return { refusals: make('refusals', amount!), block: make('block', { amount: 1, seconds }) };
  }
}

function optionOf(rule: LimitRule): string {
  return nameOf(rule) === 'address' && rule.options.by === ADDRESS ? 'limits.address' : 'limits.rules';
}
