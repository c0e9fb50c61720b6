/**
 * A kernel on a stage: made of real facts, real keys and memory, with a clock the test holds and events it can read.
 * For tests only.
 * @module
 */
import { createKeyRing, systemRandom } from '../crypto/index.ts';
import { memoryStores } from '../store/index.ts';
import type { ConfigFault } from './config-error.ts';
import type { Context } from './context.ts';
import type { EventName, Events, EventSink, SecurityEvent } from './events.ts';
import { compileFacts } from './facts.ts';
import { FACTS_DEFAULTS } from './facts-options.ts';
import type { FactsOptions } from './facts-options.ts';
import type { RawRequest } from './facts-types.ts';
import type { IdentityResolver } from './identity.ts';
import { Kernel } from './kernel.ts';
import type { Answer } from './answer.ts';
import { protection } from './protection.ts';
import type { AnyProtection, Configured, KernelView, Profile, Protection, ProtectionParts } from './protection.ts';
import { NO_ROUTE } from './route-table.ts';
import type { CompiledRoute, RouteInfo } from './route.ts';
import type { Setting } from './settings.ts';
import type { CheckStep, Step } from './steps.ts';
import { isReply } from './verdict.ts';
import type { Denial, MaybePromise, Verdict } from './verdict.ts';

/** What differs from an ordinary kernel. */
export interface Cast {
  readonly profile?: Profile;
  readonly protections?: readonly (AnyProtection | Configured)[];
  readonly routes?: readonly Partial<RouteInfo>[];
  readonly resolvers?: readonly IdentityResolver[];
  readonly facts?: Partial<FactsOptions>;
  readonly view?: Partial<KernelView>;
  readonly faults?: readonly ConfigFault[];
  readonly omit?: ReadonlySet<string>;
  /** Sinks before the one that the stage reads. */
  readonly sinks?: readonly EventSink[];
  /** Routes that the policy speaks of. */
  readonly expected?: readonly string[];
  /** False leaves the kernel as it is before `start`. */
  readonly start?: boolean;
}

/** What a request ended with. */
export interface Outcome {
  readonly c: Context;
  /** `null` where the handler answered, or a step without refusing. */
  readonly denial: Denial | null;
  readonly answer: Answer;
  /** The value of a field; `undefined` where there is none, a list where there are several. */
  readonly field: (name: string) => string | undefined | readonly string[];
}

export interface Stage {
  readonly kernel: Kernel;
  readonly clock: { at: number; now(): number };
  readonly events: readonly SecurityEvent[];
  /** Fields of all events of a name. */
  readonly said: <N extends EventName>(name: N) => readonly Events[N][];
  /** The start; rejects with the faults. `send` waits for it. */
  readonly ready: Promise<void>;
  readonly context: (head?: Partial<RawRequest>) => Context;
  /** The whole way of a request; a handler that sets `own` answers 200. */
  readonly send: (head?: Partial<RawRequest>, own?: readonly string[]) => Promise<Outcome>;
}

/** When the clock of a stage begins: noon of the first day of 2026. */
export const NOON: number = Date.UTC(2026, 0, 1, 12);

/** Puts a kernel on a stage. */
export function stage(cast: Cast = {}): Stage {
  const events: SecurityEvent[] = [];
  const clock = { at: NOON, now: (): number => clock.at };
  const random = systemRandom();
  const newId = (): string => random.token(12);
  const kernel = new Kernel({
    profile: cast.profile ?? 'production',
    clock,
    random,
    keys: createKeyRing(['a stage has no secrets, but needs 32 bytes']),
    stores: memoryStores(),
    sinks: [...(cast.sinks ?? []), (event) => events.push(event)],
    readFacts: compileFacts({ ...FACTS_DEFAULTS, ...cast.facts }, { clock, newId }),
    newId,
    protections: (cast.protections ?? []).map((one) =>
      'protection' in one ? one : { protection: one, setting: undefined },
    ),
    view: {
      trustedProxies: [],
      debug: false,
      maxHead: 24_576,
      secretFaults: [],
      resolvers: cast.resolvers ?? [],
      ...cast.view,
    },
    // A stage is given routes as the kernel keeps them.
    declare: (found) => found as RouteInfo,
    expected: cast.expected ?? [],
    faults: cast.faults ?? [],
    ...(cast.omit === undefined ? undefined : { omit: cast.omit }),
  });
  const routes = (cast.routes ?? [{}]).map((given) => kernel.declare(routeInfo(given)));
  const ready = cast.start === false ? Promise.resolve() : kernel.start();
  // Whoever waits for it is told; nobody has to.
  ready.catch(() => undefined);

  function context(head: Partial<RawRequest> = {}): Context {
    const facts = kernel.readFacts(rawRequest(head));
    return kernel.context(facts, find(routes, facts.method, facts.path) ?? kernel.notFound, {});
  }

  return {
    kernel,
    clock,
    events,
    ready,
    said: <N extends EventName>(name: N) =>
      events.filter((event) => event.name === name).map((event) => event.fields as Events[N]),
    context,
    async send(head, own = []) {
      await ready;
      const c = context(head);
      const verdict: Verdict = (await kernel.before(c)) ?? (await kernel.after(c));
      const answer =
        verdict === null
          ? { status: 200, fields: kernel.head(c, 200, own), body: '', close: false }
          : kernel.answer(c, verdict);
      kernel.done(c, answer.status, false);
      const denial = verdict === null || isReply(verdict) ? null : verdict;
      return { c, denial, answer, field: (name) => fieldOf(answer.fields, name) };
    },
  };
}

function find(routes: readonly CompiledRoute[], method: string, path: string): CompiledRoute | undefined {
  return routes.find(({ info }) => info.path === path && (info.method === method || method === 'HEAD'));
}

/** The value of a field in a flat list, or all of them where there are several. */
export function fieldOf(fields: readonly string[], name: string): string | undefined | readonly string[] {
  const values = fields.filter((_, index) => index % 2 === 1 && fields[index - 1]!.toLowerCase() === name);
  return values.length > 1 ? values : values[0];
}

/** A route; `GET /` unless told. */
export function routeInfo(given: Partial<RouteInfo> = {}): RouteInfo {
  return { ...NO_ROUTE, method: 'GET', path: '/', access: { kind: 'anyone' }, notFound: false, ...given };
}

/** A sound request: `GET /` for app.example over TLS. */
export function rawRequest(given: Partial<RawRequest> = {}): RawRequest {
  return {
    method: 'GET',
    target: '/',
    httpVersion: '1.1',
    peer: '192.0.2.1',
    encrypted: true,
    kind: 'request',
    ...given,
    headers: given.headers ?? ['Host', 'app.example'],
  };
}

/** Head fields of a request for app.example. */
export function withFields(...fields: string[]): Partial<RawRequest> {
  return { headers: ['Host', 'app.example', ...fields] };
}

/** A denial of the protection `guard`. */
export function denied(reason = 'no', more: Partial<Denial> = {}): Denial {
  return { code: `guard/${reason}`, status: 403, by: 'guard', option: 'guard.level', ...more };
}

export interface GuardOptions {
  readonly level: number;
  readonly names: readonly string[];
}

/** A protection that does what the test says, with two options: `level` (3; less is weaker) and `names`. */
export function guard(given: Partial<ProtectionParts<GuardOptions, unknown>> = {}): Protection<GuardOptions, unknown> {
  return protection<GuardOptions, unknown>({
    name: 'guard',
    defaults: Object.freeze({ level: 3, names: Object.freeze([]) }),
    codes: ['guard/no'],
    detectable: true,
    check: ({ level }, at) =>
      Number.isInteger(level) ? [] : [{ option: `${at}.level`, wrong: 'is no number', write: 'write 3' }],
    weaker: ({ level }) => (level < 3 ? ['level'] : []),
    compile: () => [],
    ...given,
  });
}

/** The guard with steps that are the same for every route. */
export function guardWith(...steps: Step[]): Protection<GuardOptions, unknown> {
  return guard({ compile: () => steps });
}

/** A check that answers always the same. */
export function check(place: CheckStep['place'], result: MaybePromise<Verdict>): CheckStep {
  return { place, run: () => result };
}

/** A protection with what the owner set for it. */
export function set(one: AnyProtection, setting: Setting<object> | undefined): Configured {
  return { protection: one, setting };
}
