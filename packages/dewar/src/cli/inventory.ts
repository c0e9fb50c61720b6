/**
 * The inventory: every route with its rule, what weakens it, and what is wrong with it. Plain data, as `--json` prints it.
 * @module
 */
import { describeRule, isDetect, isOff } from '@dewar/core';
import type { ConfigFault, Inspection, Policy, RouteInfo } from '@dewar/core';

/** A setting that differs from the policy, or a weakening of the policy itself. */
export interface Deviation {
  /** The protection, or the route's own option. */
  readonly option: string;
  /** `options` without a reason is no weakening. */
  readonly how: 'off' | 'detect' | 'options';
  readonly reason?: string;
  /** Day after which a protection that only observes enforces again. */
  readonly until?: string;
}

export interface InventoryRoute {
  /** One, or GET with the HEAD that answers as it does. */
  readonly methods: readonly string[];
  readonly path: string;
  readonly params: readonly string[];
  /** The rule in words; `null`: nobody declared one, so everybody is refused. */
  readonly access: string | null;
  readonly deviations: readonly Deviation[];
  readonly declaredAt: string;
  readonly faults: readonly ConfigFault[];
}

export interface Inventory {
  readonly profile: 'production';
  readonly routes: readonly InventoryRoute[];
  /** What the policy weakens for all routes. */
  readonly deviations: readonly Deviation[];
  /** Faults of the policy that are about no single route. */
  readonly faults: readonly ConfigFault[];
}

/** Joins what was found with what the policy says. */
export function inventoryOf(policy: Policy, { routes, faults }: Omit<Inspection, 'policy'>): Inventory {
  const shown = routes.filter((route) => !isTwin(route, routes));
  const byRoute = new Map<RouteInfo, ConfigFault[]>(shown.map((route) => [route, []]));
  const general = faults.filter((fault) => {
    const about = aboutRoute(fault, shown, routes);
    if (about === undefined) return true;
    const own = byRoute.get(about)!;
    // A twin repeats what is wrong with its GET.
    if (!own.some(({ wrong }) => wrong === fault.wrong)) own.push(fault);
    return false;
  });
  return {
    profile: 'production',
    routes: shown.map((route) => ({
      methods: routes.some((other) => isTwinOf(other, route)) ? ['GET', 'HEAD'] : [route.method],
      path: route.path,
      params: route.params,
      access: ruleInWords(route),
      deviations: deviationsOf(route),
      declaredAt: route.declaredAt,
      faults: byRoute.get(route)!,
    })),
    deviations: weakenedBy(policy),
    faults: general,
  };
}

/** Whether something is to be mended before production. */
export function isFaulty({ routes, faults }: Inventory): boolean {
  return faults.length > 0 || routes.some((route) => route.access === null || route.faults.length > 0);
}

function isTwin(route: RouteInfo, routes: readonly RouteInfo[]): boolean {
  return routes.some((other) => isTwinOf(route, other));
}

/** A HEAD that says nothing else than its GET. One that does is shown by itself. */
function isTwinOf(route: RouteInfo, other: RouteInfo): boolean {
  return (
    route.method === 'HEAD' &&
    other.method === 'GET' &&
    route.path === other.path &&
    route.access === other.access &&
    route.encodedSeparators === other.encodedSeparators &&
    route.credential === other.credential &&
    route.withoutHost === other.withoutHost &&
    sameOverrides(route, other)
  );
}

function sameOverrides({ overrides: one }: RouteInfo, { overrides: other }: RouteInfo): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** The route a fault names, in the way every check names one: `GET /x: access`. */
function aboutRoute(
  { option }: ConfigFault,
  shown: readonly RouteInfo[],
  routes: readonly RouteInfo[],
): RouteInfo | undefined {
  const names = (route: RouteInfo): boolean => option.startsWith(`${route.method} ${route.path}: `);
  // A pattern may itself hold ": ", so the longest that fits is meant.
  const [found] = routes.filter(names).toSorted((a, b) => b.path.length - a.path.length);
  if (found === undefined || shown.includes(found)) return found;
  return shown.find((route) => isTwinOf(found, route));
}

/** What an untyped owner wrote in place of a rule is none, and has a fault that says so. */
function ruleInWords({ access }: RouteInfo): string | null {
  if (access === undefined) return null;
  try {
    const words: unknown = describeRule(access);
    return typeof words === 'string' ? words : null;
  } catch {
    return null;
  }
}

function deviationsOf(route: RouteInfo): readonly Deviation[] {
  const { overrides, encodedSeparators, withoutHost, credential } = route;
  const found = Object.entries(overrides).flatMap(([name, setting]) => deviation(name, setting, true));
  if (encodedSeparators !== undefined) {
    found.push({ option: 'encodedSeparators', how: 'options', reason: encodedSeparators });
  }
  if (withoutHost) found.push({ option: 'withoutHost', how: 'options' });
  if (credential !== undefined) found.push({ option: `credential: ${credential}`, how: 'options' });
  return found;
}

function weakenedBy(policy: Policy): readonly Deviation[] {
  const { protections = [], ...settings } = policy;
  const more = protections.map(({ protection, setting }) => [protection.name, setting] as const);
  return [...new Map<string, unknown>([...more, ...Object.entries(settings)])].flatMap(([name, setting]) =>
    deviation(name, setting, false),
  );
}

/** What a setting says beside its options. Ordinary options deviate on a route only; on the policy they are the policy. */
function deviation(option: string, setting: unknown, own: boolean): Deviation[] {
  if (typeof setting !== 'object' || setting === null) return [];
  if (isOff(setting)) return [{ option, how: 'off', reason: String(setting.reason) }];
  const { mode, reason } = setting as { readonly mode?: unknown; readonly reason?: unknown };
  const given: Deviation[] = [];
  if (isDetect(mode)) {
    const until = mode.until === undefined ? undefined : { until: mode.until };
    given.push({ option, how: 'detect', reason: mode.reason, ...until });
  }
  if (typeof reason === 'string') given.push({ option, how: 'options', reason });
  return given.length > 0 || !own ? given : [{ option, how: 'options' }];
}
