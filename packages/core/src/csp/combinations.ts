/**
 * What only shows when policies, or policies and routes, stand side by side. Production does not start with one.
 * @module
 */
import { isOff } from '../kernel/index.ts';
import type { Combination, ConfigFault, EffectivePolicy, RouteInfo } from '../kernel/index.ts';
import { mergeDirectives } from './directives.ts';
import { CSP_DEFAULTS, presetOf } from './policy.ts';
import type { CspOptions } from './policy.ts';

const SELF = { name: 'csp', defaults: CSP_DEFAULTS } as const;
/** What `headers` is asked for, by name: modules beside each other do not import each other. */
const HEADERS = { name: 'headers', defaults: Object.freeze({ frameOptions: 'DENY' as unknown }) } as const;

/** Report-only alone; a policy and X-Frame-Options that say different things. */
export const cspCombinations: readonly Combination[] = [
  { id: 'csp/report-only-alone', check: eachPolicy(reportOnlyAlone) },
  { id: 'csp/frame-options-out-of-step', check: eachPolicy(frameOptionsOutOfStep) },
  { id: 'csp/reports-on-a-route', check: reportsOnARoute },
  { id: 'csp/reports-not-received', check: reportsNotReceived },
];

/** What a route is served with. */
interface Served {
  readonly csp: CspOptions;
  /** The merged directives for pages. */
  readonly page: ReturnType<typeof mergeDirectives>;
  readonly frameOptions: unknown;
  /** Prefix of options: empty, or `GET /x: `. */
  readonly at: string;
}

/** Checks the policy itself, then every route that has options of its own. */
function eachPolicy(check: (served: Served) => ConfigFault[]): Combination['check'] {
  return (policy, routes) => [
    ...checkServed(policy, undefined, check),
    ...routes
      .filter(({ overrides }) => overrides['csp'] !== undefined || overrides['headers'] !== undefined)
      .flatMap((route) => checkServed(policy, route, check)),
  ];
}

function checkServed(
  policy: EffectivePolicy,
  route: RouteInfo | undefined,
  check: (served: Served) => ConfigFault[],
): ConfigFault[] {
  const base = policy.options<CspOptions>(SELF);
  const csp = overridden(base, route, 'csp', CSP_DEFAULTS);
  if (csp === null) return [];
  const headers = overridden(policy.options(HEADERS), route, 'headers', HEADERS.defaults);
  const page = mergeDirectives(presetOf(csp.preset), base?.directives ?? {}, csp.directives);
  const at = route === undefined ? '' : `${route.method} ${route.path}: `;
  return check({ csp, page, frameOptions: headers?.frameOptions, at });
}

/** As the kernel merges: what a route writes over the policy's; over the defaults where the policy is off. */
function overridden<O extends object>(
  base: O | null,
  route: RouteInfo | undefined,
  name: string,
  defaults: O,
): O | null {
  const own = route?.overrides[name];
  if (own === undefined) return base;
  return isOff(own) ? null : { ...(base ?? defaults), ...(own as Partial<O>) };
}

/** A policy that stops nothing is not a policy. Detect mode is another thing: it has a reason and an end. */
function reportOnlyAlone({ csp, page, at }: Served): ConfigFault[] {
  if (csp.reportOnly === false || Object.keys(page).length > 0) return [];
  const wrong = 'stands alone: nothing is enforced, today or ever';
  const write = `enforce a policy beside it, or write csp: { mode: detect('why', { until }) }`;
  return [{ option: `${at}csp.reportOnly`, wrong, write }];
}

/** Browsers that know frame-ancestors ignore X-Frame-Options (CSP3, 6.4.2): whoever reads only one field is misled. */
function frameOptionsOutOfStep({ page, frameOptions, at }: Served): ConfigFault[] {
  const ancestors = page['frame-ancestors'];
  // Combinations are judged even where options have faults.
  if (frameOptions === undefined || !Array.isArray(ancestors)) return [];
  const fitting = fittingOptions(ancestors as readonly string[]);
  if (fitting.includes(frameOptions)) return [];
  const wrong = `${JSON.stringify(frameOptions)} stands beside frame-ancestors ${ancestors.join(' ')}, which wins in every browser that knows it`;
  const write = `write ${fitting.map((one) => JSON.stringify(one)).join(' or ')}, or change csp.directives["frame-ancestors"]`;
  return [{ option: `${at}headers.frameOptions`, wrong, write }];
}

/** None at all always fits: frame-ancestors then rules alone. */
function fittingOptions(ancestors: readonly string[]): readonly unknown[] {
  if (ancestors[0] === "'none'") return ['DENY', false];
  // X-Frame-Options cannot name other sites: it may only let old browsers have less.
  return ancestors.includes("'self'") ? ['SAMEORIGIN', false] : [false];
}

/** One receiver for all: a route has no address of its own, and none that is taken. */
function reportsOnARoute(policy: EffectivePolicy, routes: readonly RouteInfo[]): ConfigFault[] {
  const reports = policy.options<CspOptions>(SELF)?.reports ?? '';
  return routes.flatMap(({ method, path, overrides }) => {
    const at = `${method} ${path}`;
    if (method === 'POST' && path === reports) {
      const write = 'take the route out, or receive reports at another path';
      return [{ option: 'csp.reports', wrong: `is the path of ${at}, which would never be asked`, write }];
    }
    if (!Object.hasOwn(overrides['csp'] ?? {}, 'reports')) return [];
    return [{ option: `${at}: csp.reports`, wrong: 'stands on a route', write: 'write it in the policy' }];
  });
}

/** Alone in an application (`only()`), the body of an unmatched path is never read. */
function reportsNotReceived(policy: EffectivePolicy): ConfigFault[] {
  const reports = policy.options<CspOptions>(SELF)?.reports ?? '';
  if (reports === '' || policy.on('access') || policy.offReason('access') !== undefined) return [];
  const write = `write reportTo: '${reports}', and a route of your own for it`;
  return [{ option: 'csp.reports', wrong: 'receives nothing where csp stands alone', write }];
}
