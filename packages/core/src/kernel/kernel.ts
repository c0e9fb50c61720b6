/**
 * The kernel: a policy compiled against a list of protections. Adapters translate to it and decide nothing.
 * @module
 */
import type { KeyRing } from '../crypto/key-ring.ts';
import type { Stores } from '../store/types.ts';
import { frameworkDenial, problemAnswer, replyAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Clock, Random } from './clock.ts';
import type { ConfigFault } from './config-error.ts';
import { Context } from './context.ts';
import type { Credentials, Params } from './context.ts';
import type { Emit, Events, EventSink } from './events.ts';
import { explanations } from './explain.ts';
import type { Explanation } from './explain.ts';
import { FACTS_DENIALS } from './facts-codes.ts';
import { FACTS_DEFAULTS } from './facts-options.ts';
import type { FactsOptions } from './facts-options.ts';
import type { RawRequest, RequestFacts } from './facts-types.ts';
import { makeHead } from './head.ts';
import type { HeadParts } from './head.ts';
import { identifier } from './identify.ts';
import type { PartOf } from './parts.ts';
import type { InForce } from './policy-view.ts';
import { runChecks } from './pipeline.ts';
import type { Configured, KernelView, Profile } from './protection.ts';
import { reporter } from './report.ts';
import type { Report } from './report.ts';
import { NOT_STARTED, routeTable } from './route-table.ts';
import type { RouteTable } from './route-table.ts';
import type { CompiledRoute, RouteInfo } from './route.ts';
import type { RouteSchemas } from './standard-schema.ts';
import type { FieldList } from './steps.ts';
import { UnreadFacts } from './unread-facts.ts';
import { isPromise, isReply, Refused } from './verdict.ts';
import type { Denial, MaybePromise, Reply, Verdict } from './verdict.ts';

/** Everything a kernel is made of, already chosen: no environment is read here. */
export interface KernelParts {
  readonly profile: Profile;
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyRing;
  readonly stores: Stores;
  readonly sinks: readonly EventSink[];
  readonly readFacts: (raw: RawRequest) => RequestFacts;
  readonly newId: () => string;
  readonly protections: readonly Configured[];
  readonly view: KernelView;
  /** How requests are read, for whoever asks what is in force. */
  readonly facts?: { readonly options: FactsOptions; readonly given: Partial<FactsOptions> };
  /** Joins what stands on a route with what the policy says of it. */
  readonly declare: (found: FoundRoute) => RouteInfo;
  /** Routes the policy speaks of, to be found among those declared. */
  readonly expected: readonly string[];
  /** Faults found while these parts were made; reported together with all others. */
  readonly faults: readonly ConfigFault[];
  /** Names of protections left out although the policy has them: how a twin is made. No option of a policy leads here. */
  readonly omit?: ReadonlySet<string>;
}

/** A route as an adapter finds it. `access` and `policy` are what the owner wrote there. */
export interface FoundRoute {
  readonly method: string;
  readonly path: string;
  readonly access?: unknown;
  readonly policy?: unknown;
  /** Schemas of what comes in, as they stand on the route. */
  readonly schema?: RouteSchemas;
  /** `file:line` of the declaration. */
  readonly declaredAt?: string;
}

const ENCODED_SEPARATOR: Denial = Object.freeze({
  code: 'facts/encoded-separator',
  status: 400,
  by: 'facts',
  option: 'encodedSeparators',
  input: 'target',
});
const TOKEN_OWED: Denial = Object.freeze({
  code: 'csrf/token-missing',
  status: 403,
  by: 'csrf',
  option: 'csrf',
  input: 'body',
});
/** Refusals, and warnings. */
const KEPT = 1000;

export class Kernel {
  readonly profile: Profile;
  readonly clock: Clock;
  readonly random: Random;
  /** The stores the application was given; owners keep their own tables beside. */
  readonly stores: Stores;
  /** Characters of a request head that the facts read; parsers must let that much through. */
  readonly maxHead: number;
  readonly emit: Emit;
  readonly report: Report;
  readonly readFacts: (raw: RawRequest) => RequestFacts;
  /** Answers what no route matched, and what was refused before a route was known. */
  readonly notFound: CompiledRoute;
  readonly #parts: KernelParts;
  readonly #routes: RouteTable;
  readonly #identifier: ReturnType<typeof identifier>;
  readonly #refusals = explanations(KEPT);
  readonly #warnings: ConfigFault[] = [];
  #closed: Promise<void> | undefined;
  #faulty = false;

  constructor(parts: KernelParts) {
    this.#parts = parts;
    this.profile = parts.profile;
    this.clock = parts.clock;
    this.random = parts.random;
    this.stores = parts.stores;
    this.maxHead = parts.view.maxHead;
    this.readFacts = parts.readFacts;
    this.emit = emitter(parts, this.#warnings);
    this.report = reporter(this.emit);
    this.#routes = routeTable(parts, this.emit);
    this.#identifier = identifier(this.#routes.resolvers, this.report);
    this.notFound = this.#routes.notFound;
  }

  /** Compiles a route. Its faults are reported by `start`. */
  declare(found: FoundRoute): CompiledRoute {
    return this.#routes.add(this.#parts.declare(found));
  }

  /** Every declared route, in order of declaration. */
  get routes(): readonly RouteInfo[] {
    return this.#routes.infos;
  }

  /** The facts' options, then every protection, with what it runs with; see `policyView`. */
  get inForce(): readonly InForce[] {
    const { facts } = this.#parts;
    if (facts === undefined) return this.#routes.inForce;
    const { options, given } = facts;
    const effective = { off: null, options, detect: null, reason: '' } as const;
    return [
      { protection: { name: 'facts', defaults: FACTS_DEFAULTS }, setting: given, effective },
      ...this.#routes.inForce,
    ];
  }

  /** What was warned of at start. */
  get warnings(): readonly ConfigFault[] {
    return this.#warnings;
  }

  /** State of a protection by name (`sessions`), or `undefined` where it is off. */
  part<N extends string>(name: N): PartOf<N> | undefined {
    return this.#routes.part(name);
  }

  /** True where a protection is part of this kernel and not off. */
  on(name: string): boolean {
    return this.#routes.on(name);
  }

  /** Rejects with a `ConfigError` that holds every fault, the adapter's among them, or reports what is weakened and starts. */
  async start(more: readonly ConfigFault[] = []): Promise<void> {
    // Who catches the error and listens all the same has a server that refuses everybody.
    this.#faulty = true;
    await this.#routes.start(more);
    this.#faulty = false;
  }

  /** Stops the protections in reverse order, lets the stores go, then the sinks. Once, however often it is called. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#routes.stop();
    await this.#parts.stores.close();
    this.emit('kernel.stopped', { profile: this.profile });
    for (const sink of this.#parts.sinks) sink.close?.();
  }

  /** `route` is what the framework matched. An address that a protection answers itself is that protection's, whatever it was. */
  context(facts: RequestFacts, route: CompiledRoute, params: Params): Context {
    return new Context(this, facts, this.#routes.endpoints.find(facts) ?? route, params);
  }

  /** Everything that is decided before the body is read. */
  before(c: Context): MaybePromise<Verdict> {
    const { facts, route } = c;
    if (this.#faulty) return NOT_STARTED;
    if (facts.refused !== null) return facts.refused;
    if (facts.hostMissing && !route.info.withoutHost) return FACTS_DENIALS['facts/host-missing'];
    if (facts.encodedSeparators && route.info.encodedSeparators === undefined) return ENCODED_SEPARATOR;
    return runChecks(route.before, c);
  }

  /** Everything that is decided once the body was read, or left to the handler. */
  after(c: Context): MaybePromise<Verdict> {
    const verdict = runChecks(c.route.after, c);
    return isPromise(verdict) ? verdict.then((late) => owedToken(c, late)) : owedToken(c, verdict);
  }

  /** Fills `c.identity`; answers the denial of a credential that must be refused. */
  identify(c: Context): MaybePromise<Denial | null> {
    return this.#identifier.identify(c);
  }

  /** Which credentials stand on the request, before any is verified. */
  credentials(c: Context): Credentials {
    return this.#identifier.credentials(c);
  }

  /** The complete response head, from the fields the handler set. */
  head(c: Context, status: number, own: FieldList): string[] {
    return makeHead(c, status, own).flat();
  }

  /** The same, for who can write the policy's fields as ready text. */
  parts(c: Context, status: number, own: FieldList): HeadParts {
    return makeHead(c, status, own);
  }

  /** Turns a verdict into the answer; a denial is kept for `explain`. */
  answer(c: Context, verdict: Denial | Reply): Answer {
    if (isReply(verdict)) return replyAnswer(c, verdict);
    c.denied = verdict;
    this.#refusals.keep(c.facts, verdict, c);
    return problemAnswer(c, verdict.status, verdict);
  }

  /** The answer to an error of the application: nothing of the error leaves. */
  fail(c: Context, error: unknown, status = 500): Answer {
    if (error instanceof Refused) return this.answer(c, error.denial);
    // What a framework refuses with 4xx is a refusal; the rest is a fault somebody must look at.
    if (status < 500) return this.answer(c, frameworkDenial(status));
    this.report.failed(c, error);
    return problemAnswer(c, status, {});
  }

  /** The answer to bytes that never became a request. */
  refuseUnread(peer: string, secure: boolean, denial: Denial): Answer {
    // The facts of an empty request know the peer as they know every client: by its canonical address and group.
    const empty = { method: 'GET', target: '/', headers: [], httpVersion: '1.0', peer, encrypted: secure } as const;
    const facts = new UnreadFacts(this.readFacts({ ...empty, kind: 'request' }), denial);
    const about = { request: facts.id, client: facts.client.ip, code: denial.code, status: denial.status };
    this.emit('connection.refused', about);
    return this.answer(this.context(facts, this.notFound, {}), denial);
  }

  /** Ends a request: end steps run, and it is reported. */
  done(c: Context, status: number, aborted: boolean): void {
    c.over = true;
    const now = this.clock.now();
    const outcome = { status, aborted, ms: now - c.facts.at };
    this.report.done(c, outcome, now);
    for (const step of c.route.end) {
      // Nobody waits for an end step; its failure must not take the process along.
      void (async () => step.end(c, outcome))().catch((error: unknown) => this.report.failed(c, error));
    }
  }

  /** Why a request was refused, by the id its answer named. For operators only. */
  explain(id: string): Explanation | undefined {
    return this.#refusals.explain(id);
  }

  /** The refusals that are still kept, newest last. */
  get refusals(): readonly Explanation[] {
    return this.#refusals.recent();
  }
}

/** A token that nobody looked for is a token that is missing. What is no verdict stays as it is, and fails closed. */
function owedToken(c: Context, verdict: Verdict): Verdict {
  return verdict === null && c.tokenOwed ? TOKEN_OWED : verdict;
}

/** An `emit` that no sink can break: what watches must not be able to stop. Warnings are kept for whoever asks later. */
function emitter({ sinks, clock }: KernelParts, warnings: ConfigFault[]): Emit {
  return (name, fields, at = clock.now()) => {
    if (name === 'policy.warning' && warnings.length < KEPT) warnings.push(fields as Events['policy.warning']);
    const event = { name, at, fields };
    for (const sink of sinks) {
      try {
        sink(event);
      } catch {
        // There is no sink left to tell that a sink fails; the event reaches the others.
      }
    }
  };
}
