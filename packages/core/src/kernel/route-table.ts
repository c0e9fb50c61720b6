/**
 * All routes and all protections of one kernel: what is merged, checked and compiled before the first request.
 * @module
 */
import { compileRoute, observing } from './compile.ts';
import { ConfigError, nearest } from './config-error.ts';
import type { ConfigFault } from './config-error.ts';
import { defaultsOf, resolve } from './configured.ts';
import type { AnyProtection, Effective } from './configured.ts';
import type { Emit } from './events.ts';
import type { IdentityResolver } from './identity.ts';
import type { KernelParts } from './kernel.ts';
import { kernelCombinations } from './kernel-combinations.ts';
import type { CheckEnv, EffectivePolicy, Env, Step } from './protection.ts';
import type { CompiledRoute, RouteInfo } from './route.ts';
import { isDetect, isOff, reasonFault } from './settings.ts';
import type { Detect } from './settings.ts';
import type { Denial } from './verdict.ts';

export interface RouteTable {
  readonly notFound: CompiledRoute;
  readonly infos: readonly RouteInfo[];
  readonly resolvers: readonly IdentityResolver[];
  add(info: RouteInfo): CompiledRoute;
  part(name: string): unknown;
  start(): void;
}

/** What a request that no route matched is judged by. */
export const NO_ROUTE: RouteInfo = Object.freeze({
  method: '*',
  path: '',
  params: [],
  access: undefined,
  declaredAt: '',
  overrides: Object.freeze({}),
  encodedSeparators: undefined,
  credential: undefined,
  withoutHost: false,
  secretPath: false,
  notFound: true,
});

/** The answer of a kernel that has faults. */
export const NOT_STARTED: Denial = Object.freeze({
  code: 'kernel/not-started',
  status: 503,
  by: 'kernel',
  option: 'the configuration, which has faults',
});
/** What routes become while the configuration has faults: half a policy must not answer anybody. */
const REFUSE_ALL: readonly Step[] = [{ place: 'bans', run: () => NOT_STARTED }];

/** One protection of the kernel. Its state is made when it is first needed. */
class Entry {
  readonly protection: AnyProtection;
  readonly effective: Effective;
  #state: unknown;
  #made = false;

  constructor(protection: AnyProtection, effective: Effective) {
    this.protection = protection;
    this.effective = effective;
  }

  state(env: Env): unknown {
    if (!this.#made) {
      this.#made = true;
      const { options } = this.effective.off === null ? this.effective : defaultsOf(this.protection);
      this.#state = this.protection.setup?.(options, env);
    }
    return this.#state;
  }
}

/** Resolves every setting at once, so that a kernel with faults can still list all of them. */
export function routeTable(parts: KernelParts, emit: Emit): RouteTable {
  const faults: ConfigFault[] = [...parts.faults];
  const infos: RouteInfo[] = [];
  const entries = new Map<string, Entry>();
  const { clock, random, keys, stores, profile } = parts;
  const env: Env = { clock, random, keys, stores, profile, emit, part };
  const checkEnv = (route: boolean): CheckEnv => ({ profile, now: clock.now(), route });

  for (const { protection, setting } of parts.protections) {
    const effective = resolve(protection, defaultsOf(protection), setting, protection.name, checkEnv(false), faults);
    entries.set(protection.name, new Entry(protection, effective));
  }

  function part(name: string): unknown {
    const entry = entries.get(name);
    return entry === undefined || entry.effective.off !== null || faults.length > 0 ? undefined : entry.state(env);
  }

  function compile(info: RouteInfo): CompiledRoute {
    const at = info.notFound ? '' : `${info.method} ${info.path}: `;
    const names = [...entries.keys()];
    if (info.encodedSeparators !== undefined)
      faults.push(...reasonFault(info.encodedSeparators, `${at}encodedSeparators`));
    for (const name of Object.keys(info.overrides)) if (!entries.has(name)) faults.push(unknown(name, at, names));
    const chosen = [...entries.values()].map((entry) => {
      const { name } = entry.protection;
      const override = info.overrides[name];
      if (override === undefined) return [entry, entry.effective] as const;
      return [
        entry,
        resolve(entry.protection, entry.effective, override, `${at}${name}`, checkEnv(true), faults),
      ] as const;
    });
    if (faults.length > 0) return compileRoute(info, REFUSE_ALL);
    const steps = chosen.flatMap(([entry, effective]) => {
      if (effective.off !== null || parts.omit?.has(entry.protection.name) === true) return [];
      return observed(entry.protection.compile(effective.options, info, env, entry.state(env)), effective.detect);
    });
    return compileRoute(info, steps);
  }

  const policy: EffectivePolicy = {
    profile,
    kernel: parts.view,
    options<O extends object>({ name }: { readonly name: string; readonly defaults: Readonly<O> }): O | null {
      const effective = entries.get(name)?.effective;
      // The entry under a protection's name was merged from that protection's own defaults.
      return effective === undefined || effective.off !== null ? null : (effective.options as O);
    },
    offReason(name) {
      return entries.get(name)?.effective.off ?? undefined;
    },
    detectOf(name) {
      const effective = entries.get(name)?.effective;
      return effective === undefined || effective.off !== null ? null : effective.detect;
    },
  };

  function start(): void {
    const combined = [kernelCombinations, ...[...entries.values()].map((entry) => entry.protection.combinations ?? [])]
      .flat()
      .flatMap((combination) => combination.check(policy, infos));
    const fatal = profile === 'development' ? faults : [...faults, ...combined];
    if (fatal.length > 0) throw new ConfigError(distinct(fatal));
    for (const fault of combined)
      emit('policy.warning', { option: fault.option, wrong: fault.wrong, write: fault.write });
    for (const [name, { effective }] of entries) reportWeakening(name, effective, emit);
    for (const info of infos) {
      for (const [name, setting] of Object.entries(info.overrides)) {
        const option = `${info.method} ${info.path}: ${name}`;
        if (isOff(setting)) emit('policy.weakened', { option, how: 'off', reason: setting.reason });
        else {
          const { mode, reason } = setting;
          if (isDetect(mode)) emit('policy.weakened', { option, how: 'detect', ...plain(mode) });
          if (reason !== undefined) emit('policy.weakened', { option, how: 'option', reason });
        }
      }
    }
    emit('kernel.started', { profile, routes: infos.length, protections: [...entries.keys()] });
  }

  return {
    notFound: compile(NO_ROUTE),
    infos,
    resolvers: [...entries.values()].flatMap((entry) => {
      const { protection, effective } = entry;
      return protection.resolver === undefined || effective.off !== null || faults.length > 0
        ? []
        : [protection.resolver(entry.state(env))];
    }),
    add(info) {
      infos.push(info);
      return compile(info);
    },
    part,
    start,
  };
}

function observed(steps: readonly Step[], mode: Detect | null): readonly Step[] {
  return mode === null ? steps : steps.map((step) => ('run' in step ? observing(step, mode) : step));
}

function reportWeakening(option: string, effective: Effective, emit: Emit): void {
  if (effective.off !== null) return emit('policy.weakened', { option, how: 'off', reason: effective.off });
  const { detect, reason } = effective;
  if (detect !== null) emit('policy.weakened', { option, how: 'detect', ...plain(detect) });
  if (reason !== '') emit('policy.weakened', { option, how: 'option', reason });
}

function plain({ reason, until }: Detect): { reason: string; until?: string } {
  return until === undefined ? { reason } : { reason, until };
}

function unknown(name: string, at: string, known: readonly string[]): ConfigFault {
  const near = nearest(name, known);
  const fault = { option: `${at}${name}`, wrong: 'no such protection', write: `use one of ${known.join(', ')}` };
  return near === undefined ? fault : { ...fault, nearest: near };
}

function distinct(faults: readonly ConfigFault[]): ConfigFault[] {
  return [...new Map(faults.map((fault) => [`${fault.option}\n${fault.wrong}`, fault])).values()];
}
