/**
 * The policy that is in force, as plain data: every option of every protection, who set it, and all that is weakened.
 * For `dewar policy`, the audit and the console.
 * @module
 */
import type { ConfigFault } from './config-error.ts';
import type { Effective } from './configured.ts';
import type { AnyProtection, Profile } from './protection.ts';
import type { RouteInfo } from './route.ts';
import { isOff } from './settings.ts';
import type { Setting } from './settings.ts';
import { weakeningsOf, weakeningsOn } from './weakening.ts';
import type { Weakening } from './weakening.ts';

/** One option, in values that JSON can say. */
export interface OptionView {
  readonly name: string;
  readonly value: unknown;
  readonly default: unknown;
  /** Who said so. Routes that differ stand by themselves. */
  readonly set: 'default' | 'policy';
}

export interface ProtectionView {
  readonly name: string;
  readonly state: 'enforces' | 'observes' | 'off';
  /** Empty where it is off. */
  readonly options: readonly OptionView[];
}

/** What one route sets for one protection. */
export interface RouteSettingView {
  readonly route: string;
  readonly declaredAt: string;
  readonly protection: string;
  readonly off: boolean;
  readonly options: readonly { readonly name: string; readonly value: unknown }[];
}

export interface PolicyView {
  readonly profile: Profile;
  readonly protections: readonly ProtectionView[];
  readonly routes: readonly RouteSettingView[];
  /** Of the policy first, then of routes. */
  readonly weakenings: readonly Weakening[];
  /** What was warned of at start. */
  readonly warnings: readonly ConfigFault[];
}

/** A protection with what was written for it and what came of that. */
export interface InForce {
  readonly protection: Pick<AnyProtection, 'name' | 'defaults'>;
  readonly setting: Setting<object> | undefined;
  readonly effective: Effective;
}

/** What a kernel knows of its own policy. */
export interface PolicySource {
  readonly profile: Profile;
  readonly inForce: readonly InForce[];
  readonly routes: readonly RouteInfo[];
  readonly warnings: readonly ConfigFault[];
}

/** The view of a kernel; of one that did not start as well. */
export function policyView({ profile, inForce, routes, warnings }: PolicySource): PolicyView {
  return {
    profile,
    protections: inForce.map(protectionView),
    routes: routes.flatMap(routeSettings),
    weakenings: [
      ...inForce.flatMap(({ protection, effective }) => weakeningsOf(protection.name, effective)),
      ...routes.flatMap(weakeningsOn),
    ],
    warnings,
  };
}

function protectionView({ protection, setting, effective }: InForce): ProtectionView {
  const { name, defaults } = protection;
  if (effective.off !== null) return { name, state: 'off', options: [] };
  const given = isOff(setting) || typeof setting !== 'object' || setting === null ? {} : setting;
  const written = new Map<string, unknown>(Object.entries(given));
  const standard = new Map<string, unknown>(Object.entries(defaults));
  const options = Object.entries(effective.options).map(([option, value]: [string, unknown]): OptionView => {
    const set = written.get(option) === undefined ? 'default' : 'policy';
    return { name: option, value: plain(value, option), default: plain(standard.get(option), option), set };
  });
  return { name, state: effective.detect === null ? 'enforces' : 'observes', options };
}

function routeSettings({ method, path, declaredAt, overrides }: RouteInfo): readonly RouteSettingView[] {
  return Object.entries(overrides).map(([protection, setting]) => {
    const off = isOff(setting);
    const written = off ? [] : Object.entries(setting).filter(([name]) => name !== 'mode' && name !== 'reason');
    const options = written.map(([name, value]: [string, unknown]) => ({ name, value: plain(value, name) }));
    return { route: `${method} ${path}`, declaredAt, protection, off, options };
  });
}

const DEEPEST = 8;
/** Not as many names as the log hides: `csrf.cookie` and `csrf.field` are names, which are no secret. */
const SECRET_OPTION = /secret|pass(?:word|phrase)|private/i;
/** Users and passwords of addresses. */
const USER = /(?<=:\/\/)[^\s/?#]*@/g;

/** A value as JSON can say it: functions and secrets by what they are, everything else as it stands. `above`: what it stands in. */
function plain(value: unknown, name: string, above: readonly object[] = []): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value;
  // JSON knows no infinity.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'function') return `[function${value.name === '' ? '' : ` ${value.name}`}]`;
  if (typeof value === 'string') return SECRET_OPTION.test(name) ? '[secret]' : value.replaceAll(USER, '[secret]@');
  if (typeof value !== 'object') return String(value as bigint | symbol);
  if (above.length === DEEPEST || above.includes(value)) return '…';
  const within = [...above, value];
  if (value instanceof Set || Array.isArray(value)) return [...value].map((one: unknown) => plain(one, name, within));
  if (value instanceof RegExp) return String(value);
  if (value instanceof URL) return plain(value.href, name);
  // A key, most likely.
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  // A `Secret` says here what stands in its place.
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON(), '', within);
  const entries: (readonly [unknown, unknown])[] = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, one]) => [String(key), plain(one, String(key), within)]));
}
