/**
 * From what stands on a route, and what the policy says of routes it does not own, to what the kernel compiles.
 * @module
 */
import { paramsOf } from '../kernel/index.ts';
import type { FoundRoute, Manner, Off, RouteInfo, Rule } from '../kernel/index.ts';
import type { DeclaredRoute, Policy, RoutePolicy } from './policy.ts';

const SECRET_PARAMETER = /token|secret|password|(?:^|[_-])(?:code|key)$/i;
const SECRET_ENDING = /(?:Code|Key)$/;
const OWN_SETTINGS: ReadonlySet<string> = new Set([
  'encodedSeparators',
  'credential',
  'withoutHost',
  'secretPath',
  'access',
]);

/** Joins the route's own declaration with the policy's for it. The route's own wins where both speak. */
export function declareRoute(policy: Policy, found: FoundRoute): RouteInfo {
  const { method, path, declaredAt = '' } = found;
  const elsewhere: DeclaredRoute | undefined = policy.routes?.[`${method} ${path}`] ?? headTwin(policy, found);
  const { input, ...settings } = elsewhere ?? {};
  // Adapters type both for their owners; what an untyped owner wrote there is checked as every rule and option is.
  const own: RoutePolicy = { ...settings, ...(found.policy as RoutePolicy | undefined) };
  const params = paramsOf(path);
  return Object.freeze({
    method,
    path,
    params,
    access: (found.access as Rule | undefined) ?? elsewhere?.access,
    declaredAt,
    overrides: overridesOf(own),
    encodedSeparators: own.encodedSeparators,
    credential: own.credential,
    withoutHost: own.withoutHost ?? false,
    secretPath: own.secretPath ?? params.some((name) => SECRET_PARAMETER.test(name) || SECRET_ENDING.test(name)),
    // What the policy says wins: the owner cannot change what a plugin wrote on a route of its own.
    schema: Object.freeze({ ...found.schema, ...input }),
    notFound: false,
  });
}

/** HEAD answers what GET answers, so it is judged as GET is. */
function headTwin(policy: Policy, { method, path }: FoundRoute): DeclaredRoute | undefined {
  return method === 'HEAD' ? policy.routes?.[`GET ${path}`] : undefined;
}

function overridesOf(own: RoutePolicy): Record<string, Manner | Off> {
  return Object.fromEntries(
    Object.entries(own).filter(([name, value]) => !OWN_SETTINGS.has(name) && value !== undefined),
  );
}
