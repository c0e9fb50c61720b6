/**
 * The shape every protection has: plain options in, steps at named places out.
 * A step touches facts, its compiled options and injected stores; never a request or a response object.
 * @module
 */
import type { Clock, Random } from './clock.ts';
import type { ConfigFault } from './config-error.ts';
import type { Context } from './context.ts';
import type { Emit } from './events.ts';
import type { IdentityResolver } from './identity.ts';
import type { Place } from './order.ts';
import type { RouteInfo } from './route.ts';
import type { Detect } from './settings.ts';
import type { Denial, MaybePromise } from './verdict.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { Stores } from '../store/types.ts';

export type Profile = 'production' | 'development' | 'test';

/** What a protection may use besides the request. Injected, so that a test holds the clock and the dice. */
export interface Env {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyRing;
  readonly stores: Stores;
  readonly emit: Emit;
  readonly profile: Profile;
  /** Other protections' state by name, for those compiled before; `undefined` when off or absent. */
  part(name: string): unknown;
}

/** Refuses or lets pass. Stays synchronous until something really has to wait. */
export interface CheckStep {
  readonly place: Place;
  run(c: Context): MaybePromise<Denial | null>;
}

/** Adds to the response head. Synchronous: the head cannot wait. */
export interface FinishStep {
  readonly place: Place;
  finish(c: Context, head: ResponseHead): void;
}

/** Fields that are the same for every response of a kind; joined once, at start. */
export interface HeadStep {
  readonly place: Place;
  head(variant: HeadVariant): FieldList;
}

export type Step = CheckStep | FinishStep | HeadStep;

/** Response fields as a flat list: name, value, name, value. Names are lower-case. */
export type FieldList = readonly string[];

/** What constant fields may depend on. */
export interface HeadVariant {
  /** The request came over https. */
  readonly secure: boolean;
  /** The response is an HTML page: the one kind that gets the page policy. All else gets the tight one. */
  readonly page: boolean;
}

/** The head of one response while it is made. */
export interface ResponseHead extends HeadVariant {
  readonly status: number;
  /** Fields so far, to be added to. */
  readonly fields: string[];
  /** Names to be added to `Vary`. */
  readonly vary: string[];
  /** `Set-Cookie` values of the handler; the cookies step replaces those that are weaker than the policy. */
  readonly cookies: string[];
  /** Sets a field in place of every earlier one of that (lower-case) name. */
  set(name: string, value: string): void;
}

/**
 * Faults that only show when options, or options and routes, stand side by side.
 * Production refuses to start with one, whatever reason was given; development warns.
 */
export interface Combination {
  /** Stable id: `csrf/off-with-cookie-sessions`. */
  readonly id: string;
  check(policy: EffectivePolicy, routes: readonly RouteInfo[]): readonly ConfigFault[];
}

/** The whole policy after defaults, for checks across protections and for `dewar policy`. */
export interface EffectivePolicy {
  readonly profile: Profile;
  /** Options after defaults; `null` when the protection is off or not part of this kernel. */
  options<O extends object>(protection: { readonly name: string; readonly defaults: Readonly<O> }): O | null;
  /** Why a protection is off; `undefined` when it is on or absent. */
  offReason(name: string): string | undefined;
  /** The detect mode of a protection; `null` when it enforces, is off or absent. */
  detectOf(name: string): Detect | null;
  readonly kernel: KernelView;
}

/** The kernel's own options, as combinations see them. */
export interface KernelView {
  readonly trustedProxies: readonly string[];
  readonly debug: boolean;
  /** Faults of the secrets; only the kernel's own check reads them. */
  readonly secretFaults: readonly ConfigFault[];
}

/** One control: its options, their check, and what they compile to. */
export interface Protection<O extends object = object, S = unknown> {
  /** Name of its option in the policy; prefix of its codes; the name of its folder. */
  readonly name: string;
  readonly defaults: Readonly<O>;
  /** Every code it can refuse with. */
  readonly codes: readonly `${string}/${string}`[];
  /** Whether `detect` makes sense: only for what vetoes and nothing else. */
  readonly detectable: boolean;
  /** Faults of the merged options. `at` is the path to name them by: `csrf`, or `GET /x: csrf`. */
  check(options: O, at: string, env: CheckEnv): readonly ConfigFault[];
  /** Names of options that stand below their defaults; each needs the setting's `reason`. */
  weaker?(options: O): readonly string[];
  /** Made once per kernel: what routes share, and what handlers use (`sessions`). */
  setup?(options: O, env: Env): S;
  /** Steps for one route; `[]` where it does not apply. Never called when off. */
  compile(options: O, route: RouteInfo, env: Env, state: S): readonly Step[];
  /** How this protection tells who is asking, if it can. */
  resolver?(state: S): IdentityResolver;
  readonly combinations?: readonly Combination[];
}

/** What a check may know. */
export interface CheckEnv {
  readonly profile: Profile;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** True while a route's override is checked, whose options may be narrower. */
  readonly route: boolean;
}
