/**
 * The kernel: a policy compiled against a list of protections. Adapters translate to it and decide nothing.
 * @module
 */
import type { KeyRing } from '../crypto/key-ring.ts';
import type { Stores } from '../store/types.ts';
import type { Clock, Random } from './clock.ts';
import type { ConfigFault } from './config-error.ts';
import type { Configured } from './configured.ts';
import { Context } from './context.ts';
import type { Credentials, Params } from './context.ts';
import type { Emit, EventSink, RequestFields } from './events.ts';
import { explanations } from './explain.ts';
import type { Explanation } from './explain.ts';
import { FACTS_DENIALS } from './facts-codes.ts';
import type { RawRequest, RequestFacts } from './facts-types.ts';
import { makeHead } from './head.ts';
import { identifier } from './identify.ts';
import type { IdentityResolver } from './identity.ts';
import { runChecks } from './pipeline.ts';
import { problemFor, PROBLEM_PAGE_CSP } from './problem.ts';
import type { FieldList, KernelView, Profile } from './protection.ts';
import { NOT_STARTED, routeTable } from './route-table.ts';
import type { CompiledRoute, RouteInfo } from './route.ts';
import { UnreadFacts } from './unread-facts.ts';
import type { Denial, MaybePromise } from './verdict.ts';

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
  /** Identities from outside (another sign-in library), beside those of the protections. */
  readonly resolvers: readonly IdentityResolver[];
  readonly view: KernelView;
  /** Faults found while these parts were made; reported together with all others. */
  readonly faults: readonly ConfigFault[];
  /** Names of protections left out although the policy has them: how a twin is made. No option of a policy leads here. */
  readonly omit?: ReadonlySet<string>;
}

/** A complete answer, made by the kernel and written by the adapter. */
export interface Answer {
  readonly status: number;
  readonly fields: FieldList;
  readonly body: string;
  readonly close: boolean;
}

const ENCODED_SEPARATOR: Denial = Object.freeze({
  code: 'facts/encoded-separator',
  status: 400,
  by: 'facts',
  option: 'encodedSeparators',
  input: 'target',
});
const KEPT_REFUSALS = 1000;

export class Kernel {
  readonly profile: Profile;
  readonly emit: Emit;
  readonly readFacts: (raw: RawRequest) => RequestFacts;
  /** Answers what no route matched, and what was refused before a route was known. */
  readonly notFound: CompiledRoute;
  readonly #parts: KernelParts;
  readonly #routes: ReturnType<typeof routeTable>;
  readonly #identifier: ReturnType<typeof identifier>;
  readonly #refusals = explanations(KEPT_REFUSALS);
  #faulty = false;

  constructor(parts: KernelParts) {
    this.#parts = parts;
    this.profile = parts.profile;
    this.readFacts = parts.readFacts;
    this.emit = (name, fields) => {
      const event = { name, at: parts.clock.now(), fields };
      for (const sink of parts.sinks) sink(event);
    };
    this.#routes = routeTable(parts, this.emit);
    this.#identifier = identifier([...this.#routes.resolvers, ...parts.resolvers]);
    this.notFound = this.#routes.notFound;
  }

  /** Compiles a route. Its faults are reported by `start`. */
  route(info: RouteInfo): CompiledRoute {
    return this.#routes.add(info);
  }

  /** Every declared route, in order of declaration. */
  get routes(): readonly RouteInfo[] {
    return this.#routes.infos;
  }

  /** State of a protection by name (`sessions`), or `undefined` where it is off. */
  part(name: string): unknown {
    return this.#routes.part(name);
  }

  /** Throws a `ConfigError` with every fault, or reports what is weakened and starts. */
  start(): void {
    // Who catches the error and listens all the same has a server that refuses everybody.
    this.#faulty = true;
    this.#routes.start();
    this.#faulty = false;
  }

  /** Tells the sinks and lets the stores go. */
  async close(): Promise<void> {
    this.emit('kernel.stopped', { profile: this.profile });
    await this.#parts.stores.close();
  }

  context(facts: RequestFacts, route: CompiledRoute, params: Params): Context {
    return new Context(this, facts, route, params);
  }

  /** Everything that is decided before the body is read. */
  before(c: Context): MaybePromise<Denial | null> {
    const { facts, route } = c;
    if (this.#faulty) return NOT_STARTED;
    if (facts.refused !== null) return facts.refused;
    if (facts.hostMissing && !route.info.withoutHost) return FACTS_DENIALS['facts/host-missing'];
    if (facts.encodedSeparators && route.info.encodedSeparators === undefined) return ENCODED_SEPARATOR;
    return runChecks(route.before, c);
  }

  /** Everything that is decided once `c.body` is there. */
  after(c: Context): MaybePromise<Denial | null> {
    return runChecks(c.route.after, c);
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
    return makeHead(c, status, own);
  }

  /** Turns a denial into the answer, and keeps it for `explain`. */
  refuse(c: Context, denial: Denial): Answer {
    c.denied = denial;
    this.#refusals.keep(c.facts, denial, c);
    return this.#answer(c, denial.status, denial.headers ?? [], denial.close === true);
  }

  /** The answer to an error of the application: nothing of the error leaves. */
  fail(c: Context, error: unknown, status = 500): Answer {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    this.emit('request.failed', { ...this.#fields(c), error: name, message });
    return this.#answer(c, status, [], false);
  }

  /** The answer to bytes that never became a request. */
  refuseUnread(peer: string, secure: boolean, denial: Denial): Answer {
    const facts = new UnreadFacts(this.#parts.newId(), this.#parts.clock.now(), peer, secure, denial);
    const { id } = facts;
    this.emit('connection.refused', { request: id, client: peer, code: denial.code, status: denial.status });
    return this.refuse(this.context(facts, this.notFound, {}), denial);
  }

  /** Reports a request that is over: one line each. */
  done(c: Context, status: number, aborted: boolean): void {
    const { denied, facts } = c;
    const ms = this.#parts.clock.now() - facts.at;
    const account = c.identity?.kind === 'account' ? { account: c.identity.id } : undefined;
    const about = { ...this.#fields(c), path: loggedPath(c), ms, ...account };
    if (denied === null) this.emit('request.completed', { ...about, status, ...(aborted ? { aborted } : undefined) });
    else this.emit('request.refused', { ...about, ...explained(denied), status: facts.refused?.status ?? status });
  }

  /** Reports what detect mode lets through. */
  wouldRefuse(c: Context, denial: Denial): void {
    this.emit('request.would_refuse', { ...this.#fields(c), ...explained(denial) });
  }

  /** Reports a field the handler set although the policy owns it. */
  conflict(c: Context, field: string): void {
    this.emit('response.conflict', { ...this.#fields(c), field });
  }

  /** Reports a credential that was presented and did not hold. */
  identityFailed(c: Context, credential: string, reason: string): void {
    this.emit('identity.failed', { ...this.#fields(c), credential, reason });
  }

  /** Why a request was refused, by the id its answer named. For operators only. */
  explain(id: string): Explanation | undefined {
    return this.#refusals.explain(id);
  }

  /** The refusals that are still kept, newest last. */
  get refusals(): readonly Explanation[] {
    return this.#refusals.recent();
  }

  #answer(c: Context, status: number, extra: FieldList, close: boolean): Answer {
    const problem = problemFor(c.facts, status);
    const own = [
      'content-type',
      problem.type,
      'content-length',
      String(Buffer.byteLength(problem.body)),
      'cache-control',
      'no-store',
      ...extra,
    ];
    // The tight variant of the head, then the page's own policy: a refusal runs nothing.
    const fields = makeHead(c, status, own, false);
    if (problem.page) setField(fields, 'content-security-policy', PROBLEM_PAGE_CSP);
    if (close) setField(fields, 'connection', 'close');
    return { status, fields, body: c.facts.method === 'HEAD' ? '' : problem.body, close };
  }

  #fields(c: Context): RequestFields {
    return { request: c.facts.id, method: c.facts.method, route: c.route.info.path, client: c.facts.client.ip };
  }
}

/** A path whose parameters may be secrets (reset links) is logged as its pattern. */
function loggedPath(c: Context): string {
  return c.route.info.secretPath ? c.route.info.path : c.facts.path;
}

function explained(denial: Denial): { code: string; status: number; by: string; option: string } {
  const { code, status, by, option, rule, input } = denial;
  return {
    code,
    status,
    by,
    option,
    ...(rule === undefined ? undefined : { rule }),
    ...(input === undefined ? undefined : { input }),
  };
}

function setField(fields: string[], name: string, value: string): void {
  for (let i = fields.length - 2; i >= 0; i -= 2) if (fields[i] === name) fields.splice(i, 2);
  fields.push(name, value);
}
