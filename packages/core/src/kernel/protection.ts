/**
 * The shape every protection has: plain options in, steps at named places out.
 * A step touches facts, its compiled options and injected stores; never a request or a response object.
 * @module
 */
import type { KeyRing } from '../crypto/key-ring.ts';
import type { Stores } from '../store/types.ts';
import type { Clock, Random } from './clock.ts';
import type { ConfigFault } from './config-error.ts';
import type { Endpoint } from './endpoint.ts';
import type { Emit } from './events.ts';
import type { IdentityResolver } from './identity.ts';
import type { PartOf } from './parts.ts';
import type { RouteInfo } from './route.ts';
import type { Detect, Setting } from './settings.ts';
import type { Step } from './steps.ts';
import type { MaybePromise } from './verdict.ts';

export type Profile = 'production' | 'development' | 'test';

/** What a protection may use besides the request. Injected, so that a test holds the clock and the dice. */
export interface Env {
  readonly clock: Clock;
  readonly random: Random;
  readonly keys: KeyRing;
  readonly stores: Stores;
  readonly emit: Emit;
  readonly profile: Profile;
  /** Another protection's state by name; `undefined` when it is off or absent. */
  part<N extends string>(name: N): PartOf<N> | undefined;
}

/** What one route's steps are compiled from. */
export interface Site<O extends object, S> {
  readonly options: O;
  /** The route sets options of its own. */
  readonly own: boolean;
  /** Milliseconds since 1970 until when the protection only observes; 0: it enforces. */
  readonly detectUntil: number;
  readonly route: RouteInfo;
  readonly env: Env;
  readonly state: S;
}

/** One control: its options, their check, and what they compile to. */
export interface ProtectionParts<O extends object, S> {
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
  /** Runs when the application starts, after every check. */
  start?(state: S): MaybePromise<void>;
  /** Runs when the application stops; in reverse order, before the stores close. */
  stop?(state: S): MaybePromise<void>;
  /** Steps for one route; `[]` where it does not apply. Never called when off. Check steps are wrapped in detect mode. */
  compile(site: Site<O, S>): readonly Step[];
  /** Addresses that it answers itself; `compile` is called for each. */
  endpoints?(options: O): readonly Endpoint[];
  /** How this protection tells who is asking, if it can. */
  resolver?(state: S): IdentityResolver;
  readonly combinations?: readonly Combination[];
}

/** A protection with what the owner set for it. */
export interface Configured {
  readonly protection: AnyProtection;
  readonly setting: Setting<object> | undefined;
}

/** A protection is also a function: `csrf({ … })` sets it, for `only(csrf())` and for `policy.protections`. */
export interface Protection<O extends object = object, S = unknown> extends ProtectionParts<O, S> {
  (setting?: Setting<O>): Configured;
}

// Options differ by protection; options, check and steps of one are only ever used together.
// oxlint-disable-next-line no-explicit-any
export type AnyProtection = Protection<any, any>;

/** Makes a protection of its parts. */
export function protection<O extends object, S = undefined>(parts: ProtectionParts<O, S>): Protection<O, S> {
  const configure = (setting?: Setting<O>): Configured => ({ protection: whole, setting });
  // A function's own `name` cannot be assigned, only defined.
  const whole = Object.defineProperty(configure, 'name', { value: parts.name }) as unknown as Protection<O, S>;
  const { name: _name, ...rest } = parts;
  return Object.freeze(Object.assign(whole, rest));
}

/** What a check may know. */
export interface CheckEnv {
  readonly profile: Profile;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** True while a route's override is checked, whose options may be narrower. */
  readonly route: boolean;
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
  /** True when the protection is part of this kernel and not off. */
  on(name: string): boolean;
  /** Why a protection is off; `undefined` when it is on or absent. */
  offReason(name: string): string | undefined;
  /** The detect mode of a protection; `null` when it enforces, is off or absent. */
  detectOf(name: string): Detect | null;
  part<N extends string>(name: N): PartOf<N> | undefined;
  readonly kernel: KernelView;
}

/** The kernel's own options, as combinations see them. */
export interface KernelView {
  readonly trustedProxies: readonly string[];
  /** A debugger can attach to this process. */
  readonly debug: boolean;
  /** Characters that a request head may have by the facts' limits. */
  readonly maxHead: number;
  /** Faults of the secrets; only the kernel's own check reads them. */
  readonly secretFaults: readonly ConfigFault[];
  /** Kinds of credential that outside identities resolve. */
  readonly resolvers: readonly IdentityResolver[];
}
