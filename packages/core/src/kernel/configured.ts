/**
 * From what the owner wrote to what each protection runs with: defaults, policy, route, in that order.
 * @module
 */
import { unknownKeys } from './config-error.ts';
import type { ConfigFault } from './config-error.ts';
import type { AnyProtection, CheckEnv } from './protection.ts';
import { detectFaults, endOfDetect, isDetect, isOff, reasonFault } from './settings.ts';
import type { Detect, Setting } from './settings.ts';

/** A setting after defaults and checks. */
export type Effective = { readonly off: string } | Active;

interface Active {
  readonly off: null;
  readonly options: object;
  readonly detect: Detect | null;
  /** Why options stand below their defaults; empty where none does, or no reason was given. */
  readonly reason: string;
}

/** What a protection starts from. */
export function defaultsOf(protection: AnyProtection): Active {
  return { off: null, options: protection.defaults, detect: null, reason: '' };
}

/** Puts one layer over `base`. Faults are added to `faults`; what is returned is safe to compile only without any. */
export function resolve(
  protection: AnyProtection,
  base: Effective,
  layer: Setting<object> | undefined,
  at: string,
  env: CheckEnv,
  faults: ConfigFault[],
): Effective {
  if (isOff(layer)) {
    faults.push(...reasonFault(layer.reason, at));
    return { off: layer.reason };
  }
  const under = base.off === null ? base : defaultsOf(protection);
  if (layer === undefined) {
    if (base.off === null) faults.push(...protection.check(base.options, at, env));
    return base;
  }
  if (typeof layer !== 'object' || layer === null || Array.isArray(layer)) {
    faults.push({ option: at, wrong: 'is no set of options', write: `write { … }, or off('why')` });
    return base;
  }
  const { mode, reason, ...written } = layer;
  // What is `undefined` was not given: it must not take the place of a default.
  const given = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  const detect = mode === undefined ? under.detect : readMode(protection, mode, at, env, faults);
  const options = Object.freeze({ ...under.options, ...given });
  const wrong = [...unknownKeys(given, Object.keys(protection.defaults), at), ...protection.check(options, at, env)];
  faults.push(...wrong);
  // Options that are no good cannot be judged for strength.
  if (wrong.length === 0) faults.push(...weaknessFaults(protection, options, given, reason, at));
  return { off: null, options, detect, reason: reason ?? under.reason };
}

/**
 * Below its default without a reason: the same fault as off without one. Only what this layer itself wrote is judged:
 * the policy's reason covers no route that goes further.
 */
function weaknessFaults(
  protection: AnyProtection,
  options: object,
  given: object,
  reason: unknown,
  at: string,
): ConfigFault[] {
  const weaker = (protection.weaker?.(options) ?? []).filter((name) => Object.hasOwn(given, name));
  if (weaker.length === 0 || reasonFault(reason, at).length === 0) return [];
  return weaker.map((name) => ({
    option: `${at}.${name}`,
    wrong: 'is weaker than the default',
    write: `say why beside it: ${protection.name}: { ${name}: …, reason: 'why' }`,
  }));
}

function readMode(p: AnyProtection, mode: unknown, at: string, env: CheckEnv, faults: ConfigFault[]): Detect | null {
  if (mode === 'enforce') return null;
  if (!isDetect(mode)) {
    faults.push({ option: `${at}.mode`, wrong: 'is no mode', write: `write 'enforce' or detect('why', { until })` });
    return null;
  }
  if (!p.detectable) {
    faults.push({
      option: `${at}.mode`,
      wrong: `${p.name} cannot only observe: others rely on what it decides`,
      write: 'leave the mode out',
    });
    return null;
  }
  faults.push(...detectFaults(mode, at, env.profile === 'production', env.now));
  // An end date that has passed stops a start; one that passes while running enforces from then on.
  return endOfDetect(mode) > env.now ? mode : null;
}
