/**
 * What only shows when rules stand beside routes and csrf. Production does not start with one.
 * @module
 */
import { isOff } from '../kernel/index.ts';
import type { Combination, ConfigFault, EffectivePolicy, RouteInfo } from '../kernel/index.ts';
import { compilePath, overlap, pathFault } from './paths.ts';
import { complete, CORS_DEFAULTS } from './policy.ts';
import type { CorsRule } from './policy.ts';

const SELF = { name: 'cors', defaults: CORS_DEFAULTS } as const;
/** The csrf protection's options, as far as cors must agree with them: modules beside each other do not import each other. */
interface Trusting {
  readonly trustedOrigins: readonly string[];
}
const CSRF: { readonly name: string; readonly defaults: Trusting } = { name: 'csrf', defaults: { trustedOrigins: [] } };

/** Rules that lead nowhere; rules that csrf contradicts; a route that is off. */
export const corsCombinations: readonly Combination[] = [
  { id: 'cors/off-on-a-route', check: offOnARoute },
  { id: 'cors/rule-without-route', check: ruleWithoutRoute },
  { id: 'cors/refused-by-csrf', check: refusedByCsrf },
];

/** Combinations are judged even where options have faults; those are told already. */
function soundRules(policy: EffectivePolicy): readonly Required<CorsRule>[] {
  const rules: unknown = policy.options(SELF)?.rules;
  if (!Array.isArray(rules)) return [];
  const sound = rules.every(
    (rule: Partial<CorsRule> | null | undefined) => pathFault(rule?.path) === undefined && Array.isArray(rule?.origins),
  );
  return sound ? (rules as readonly CorsRule[]).map(complete) : [];
}

/** Off, a route would send whatever its handler says, while its preflights are answered by the rules. */
function offOnARoute(_policy: EffectivePolicy, routes: readonly RouteInfo[]): ConfigFault[] {
  return routes
    .filter(({ overrides }) => isOff(overrides['cors']))
    .map(({ method, path }) => ({
      option: `${method} ${path}: cors`,
      wrong: 'is off here, but preflights for it are answered all the same',
      write: `write a rule for ${path} in the policy, or cors: off('why') for all of it`,
    }));
}

/** Most likely a path that was spelt wrong, or whose route is gone: the next one under it would be open. */
function ruleWithoutRoute(policy: EffectivePolicy, routes: readonly RouteInfo[]): ConfigFault[] {
  // Without access this kernel knows only some of the routes there are.
  if (!policy.on('access')) return [];
  return soundRules(policy).flatMap(({ path }, index) => {
    const pattern = compilePath(path);
    if (routes.some((route) => overlap(pattern, route.path))) return [];
    const option = `cors.rules[${index}].path`;
    return [{ option, wrong: `"${path}" is the path of no route`, write: 'take the rule out, or mend its path' }];
  });
}

/** With cookies and a method that changes something, csrf refuses what cors has just allowed. */
function refusedByCsrf(policy: EffectivePolicy, routes: readonly RouteInfo[]): ConfigFault[] {
  const base = policy.options<Trusting>(CSRF);
  return soundRules(policy).flatMap(({ path, origins, methods, credentials }, index) => {
    if (!credentials || !Array.isArray(methods)) return [];
    const pattern = compilePath(path);
    const unsafe = routes.filter(
      (route) => methods.includes(route.method) && !/^(?:GET|HEAD)$/.test(route.method) && overlap(pattern, route.path),
    );
    return origins.flatMap((origin, at) => {
      const refused = unsafe.find((route) => !trusts(base, route, origin));
      if (refused === undefined) return [];
      const option = `cors.rules[${index}].origins[${at}]`;
      const wrong = `${String(origin)} may ${refused.method} ${refused.path} with cookies here, and csrf refuses it`;
      return [{ option, wrong, write: `name it in csrf.trustedOrigins as well, or leave ${refused.method} out` }];
    });
  });
}

/** As the kernel merges: what a route writes goes over the policy's. */
function trusts(base: Trusting | null, { overrides }: RouteInfo, origin: unknown): boolean {
  const own = overrides['csrf'];
  if (isOff(own)) return true;
  const trusted = (own as Partial<Trusting> | undefined)?.trustedOrigins ?? base?.trustedOrigins;
  return trusted === undefined || (trusted as readonly unknown[]).includes(origin);
}
