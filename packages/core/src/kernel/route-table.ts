/**
 * All routes and all protections of one kernel: what is merged, checked and compiled before the first request.
 * @module
 */
import { compileRoute, observing } from './compile.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigFault } from './config-error.ts';
import { defaultsOf, resolve } from './configured.ts';
import type { Effective } from './configured.ts';
import { endpointInfo, Endpoints } from './endpoint.ts';
import type { Emit } from './events.ts';
import type { IdentityResolver } from './identity.ts';
import { kernelCombinations } from './kernel-combinations.ts';
import type { KernelParts } from './kernel.ts';
import type { PartOf } from './parts.ts';
import type { AnyProtection, CheckEnv, EffectivePolicy, Env } from './protection.ts';
import { credentialFaults, distinct, schemaFaults, unknownProtection, unmatched } from './route-faults.ts';
import type { CompiledRoute, RouteInfo } from './route.ts';
import { endOfDetect, reasonFault } from './settings.ts';
import type { Step } from './steps.ts';
import type { Denial } from './verdict.ts';
import type { InForce } from './policy-view.ts';
import { weakeningsOf, weakeningsOn } from './weakening.ts';

export interface RouteTable {
  readonly notFound: CompiledRoute;
  readonly infos: readonly RouteInfo[];
  readonly resolvers: readonly IdentityResolver[];
  /** Addresses that protections answer themselves. */
  readonly endpoints: Endpoints;
  /** Every protection with what it runs with, in order of set-up. */
  readonly inForce: readonly InForce[];
  add(info: RouteInfo): CompiledRoute;
  part<N extends string>(name: N): PartOf<N> | undefined;
  /** True where a protection is part of this kernel and not off, whatever faults there are. */
  on(name: string): boolean;
  start(more: readonly ConfigFault[]): Promise<void>;
  stop(): Promise<void>;
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
  schema: Object.freeze({}),
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

  /** On for the whole policy, or where a route has it nevertheless. */
  get inUse(): boolean {
    return this.effective.off === null || this.#made;
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
  const inForce: InForce[] = [];
  const { clock, random, keys, stores, profile } = parts;
  const env: Env = { clock, random, keys, stores, profile, emit, part };
  const checkEnv = (route: boolean): CheckEnv => ({ profile, now: clock.now(), route });

  for (const { protection, setting } of parts.protections) {
    const effective = resolve(protection, defaultsOf(protection), setting, protection.name, checkEnv(false), faults);
    entries.set(protection.name, new Entry(protection, effective));
    inForce.push({ protection, setting, effective });
  }

  function part<N extends string>(name: N): PartOf<N> | undefined {
    const entry = entries.get(name);
    if (entry === undefined || entry.effective.off !== null || faults.length > 0) return undefined;
    // `Parts` names the type of every state that is known under its protection's name.
    return entry.state(env) as PartOf<N> | undefined;
  }

  function compile(info: RouteInfo): CompiledRoute {
    const at = info.notFound ? '' : `${info.method} ${info.path}: `;
    const names = [...entries.keys()];
    if (info.encodedSeparators !== undefined)
      faults.push(...reasonFault(info.encodedSeparators, `${at}encodedSeparators`));
    for (const name of Object.keys(info.overrides)) {
      if (!entries.has(name)) faults.push(unknownProtection(name, at, names));
    }
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
      const { protection } = entry;
      if (effective.off !== null || parts.omit?.has(protection.name) === true) return [];
      const { options, detect } = effective;
      const detectUntil = detect === null ? 0 : endOfDetect(detect);
      const own = info.overrides[protection.name] !== undefined;
      const compiled = protection.compile({ options, own, detectUntil, route: info, env, state: entry.state(env) });
      return detectUntil === 0
        ? compiled
        : compiled.map((step) => ('run' in step ? observing(step, detectUntil) : step));
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
    on: (name) => entries.get(name)?.effective.off === null,
    part,
    offReason(name) {
      return entries.get(name)?.effective.off ?? undefined;
    },
    detectOf(name) {
      const effective = entries.get(name)?.effective;
      return effective === undefined || effective.off !== null ? null : effective.detect;
    },
  };

  const resolvers = [...entries.values()].flatMap((entry) => {
    const { protection, effective } = entry;
    if (protection.resolver === undefined || effective.off !== null || faults.length > 0) return [];
    return [protection.resolver(entry.state(env))];
  });
  const allResolvers = [...resolvers, ...parts.view.resolvers];

  const endpoints = new Endpoints();
  for (const { protection, effective } of entries.values()) {
    if (effective.off !== null || faults.length > 0 || parts.omit?.has(protection.name) === true) continue;
    for (const one of protection.endpoints?.(effective.options) ?? [])
      endpoints.add(compile(endpointInfo(one, NO_ROUTE, entries.keys())));
  }

  let started = false;

  async function start(more: readonly ConfigFault[]): Promise<void> {
    faults.push(...more, ...omissions(parts));
    for (const info of infos) faults.push(...credentialFaults(info, allResolvers));
    if (policy.on('schema')) for (const info of infos) faults.push(...schemaFaults(info));
    faults.push(...unmatched(parts.expected, infos));
    const combined = [kernelCombinations, ...[...entries.values()].map((entry) => entry.protection.combinations ?? [])]
      .flat()
      .flatMap((combination) => combination.check(policy, infos));
    const fatal = profile === 'development' ? faults : [...faults, ...combined];
    if (fatal.length > 0) throw new ConfigError(distinct(fatal));
    for (const fault of combined)
      emit('policy.warning', { option: fault.option, wrong: fault.wrong, write: fault.write });
    const weakened = inForce.flatMap(({ protection, effective }) => weakeningsOf(protection.name, effective));
    for (const one of [...weakened, ...infos.flatMap(weakeningsOn)]) emit('policy.weakened', one);
    started = true;
    for (const entry of entries.values()) if (entry.inUse) await entry.protection.start?.(entry.state(env));
    emit('kernel.started', { profile, routes: infos.length, protections: [...entries.keys()] });
  }

  async function stop(): Promise<void> {
    if (!started) return;
    for (const entry of [...entries.values()].reverse())
      if (entry.inUse) await entry.protection.stop?.(entry.state(env));
  }

  return {
    notFound: compile(NO_ROUTE),
    infos,
    resolvers: allResolvers,
    endpoints,
    inForce,
    add(info) {
      infos.push(info);
      return compile(info);
    },
    part,
    on: (name) => policy.on(name),
    start,
    stop,
  };
}

/** A twin is for tests: where it could meet people, it does not start. */
function omissions({ profile, omit }: KernelParts): ConfigFault[] {
  if (profile === 'test' || omit === undefined || omit.size === 0) return [];
  const wrong = `leaves out ${[...omit].join(', ')}, which only a twin may`;
  return [{ option: 'omit', wrong, write: `run the twin in the test profile, or write off('why') in the policy` }];
}
