/**
 * What only shows when routes and policy stand side by side. Production does not start with one of these.
 * @module
 */
import { isOff } from '../kernel/index.ts';
import type { Combination, ConfigFault, EffectivePolicy, RouteInfo, Rule } from '../kernel/index.ts';
import { accessDefaults, unknownName } from './policy.ts';
import { permissionsOf } from './roles.ts';
import { contains, coversObjects, namesIn, saysWho, speaksOfObjects } from './shape.ts';
import { resourcesOf, unsound } from './sound.ts';

const SELF = { name: 'access', defaults: accessDefaults } as const;

/** Checks of every route's rule, in the order of declaration. */
export const accessCombinations: readonly Combination[] = [
  { id: 'access/undeclared-routes', check: eachRoute(undeclared) },
  { id: 'access/parameter-without-owner', check: eachRule(parameterWithoutOwner) },
  { id: 'access/unknown-name', check: eachRule(unknownNames) },
  {
    id: 'access/todo',
    check: eachRule((rule, route, at) =>
      contains(rule, 'todo') ? [fault(at, route, 'its rule is still to be written', 'replace todo() by a rule')] : [],
    ),
  },
  { id: 'access/resource-named-twice', check: resourceNamedTwice },
  {
    id: 'access/off-on-route',
    check: (_policy, routes) =>
      routes
        .filter(({ overrides }) => isOff(overrides['access']))
        .map((route) =>
          fault(
            `${nameOf(route)}: access`,
            route,
            'access cannot be turned off for one route',
            `write access: anyone()`,
          ),
        ),
  },
  {
    id: 'access/off-with-rules',
    check: whileOff((rule) =>
      rule === undefined
        ? null
        : { wrong: 'has a rule that nothing enforces, since access is off', write: 'turn access on' },
    ),
  },
  {
    // Off is a reason for the application as a whole; it says of no route that its author thought of who may come.
    id: 'access/off-without-rules',
    check: whileOff((rule) =>
      rule === undefined
        ? {
            wrong: 'nobody says who may use it, and access is off',
            write: 'turn access on, and write access: signedIn(), or anyone() for the public',
          }
        : null,
    ),
  },
];

/** Why a route is refused whoever asks, or nothing. */
export function unusable(rule: Rule | undefined): string | undefined {
  if (rule === undefined) return 'does not say who may use it';
  return unsound(rule) ?? (saysWho(rule) ? undefined : 'says only that its objects are shared, not who may come');
}

function undeclared(route: RouteInfo, at: string): readonly ConfigFault[] {
  const wrong = unusable(route.access);
  return wrong === undefined ? [] : [fault(at, route, wrong, `write access: signedIn(), or anyone() for the public`)];
}

function parameterWithoutOwner(rule: Rule, route: RouteInfo, at: string): readonly ConfigFault[] {
  if (route.params.length === 0 || contains(rule, 'todo')) return [];
  const named = route.params.map((name) => (name === '*' ? name : `:${name}`)).join(', ');
  const write = `write any(role('agent'), owner(ticket)), or all(signedIn(), shared('why these have no owner'))`;
  if (!speaksOfObjects(rule))
    return [fault(at, route, `${named} names an object, and nothing says whose it is`, write)];
  if (coversObjects(rule)) return [];
  return [fault(at, route, `one way in asks neither for an owner nor for a role, whatever ${named} is`, write)];
}

function unknownNames(rule: Rule, route: RouteInfo, at: string, policy: EffectivePolicy): readonly ConfigFault[] {
  const { roles, scopes } = policy.options(SELF) ?? accessDefaults;
  const known = Object.keys(roles);
  const named = namesIn(rule);
  const permissions = [...permissionsOf(roles), ...scopes];
  return [
    ...(known.length === 0 ? [] : named.roles.filter((name) => !known.includes(name))).map((name) =>
      unknownName(at, 'role', name, known),
    ),
    ...named.permissions
      .filter((name) => !permissions.includes(name))
      .map((name) => unknownName(at, 'permission', name, permissions)),
  ].map((one) => ({ ...one, wrong: one.wrong + declared(route) }));
}

/** Handlers find an object by its resource's name, so one name must never mean two types. */
function resourceNamedTwice(_policy: EffectivePolicy, routes: readonly RouteInfo[]): readonly ConfigFault[] {
  const first = new Map<string, { readonly resource: unknown; readonly route: RouteInfo }>();
  return routes.flatMap((route) => {
    if (unusable(route.access) !== undefined) return [];
    return resourcesOf(route.access!).flatMap((resource) => {
      const before = first.get(resource.name);
      if (before === undefined) first.set(resource.name, { resource, route });
      if (before === undefined || before.resource === resource) return [];
      const wrong = `"${resource.name}" is another resource than on ${nameOf(before.route)}`;
      return [fault(`${nameOf(route)}: access`, route, wrong, 'share one resource(), or give them two names')];
    });
  });
}

function eachRoute(check: (route: RouteInfo, at: string, policy: EffectivePolicy) => readonly ConfigFault[]) {
  return (policy: EffectivePolicy, routes: readonly RouteInfo[]): readonly ConfigFault[] =>
    policy.options(SELF) === null
      ? []
      : withoutTwins(routes).flatMap((route) =>
          route.notFound ? [] : check(route, `${nameOf(route)}: access`, policy),
        );
}

/** For checks that need a whole rule: the others are reported as undeclared. */
function eachRule(
  check: (rule: Rule, route: RouteInfo, at: string, policy: EffectivePolicy) => readonly ConfigFault[],
): Combination['check'] {
  return eachRoute((route, at, policy) =>
    unusable(route.access) === undefined ? check(route.access!, route, at, policy) : [],
  );
}

/** For checks of routes that nothing judges. */
function whileOff(check: (rule: Rule | undefined) => Omit<ConfigFault, 'option'> | null): Combination['check'] {
  return (policy, routes) =>
    policy.offReason('access') === undefined
      ? []
      : withoutTwins(routes).flatMap((route) => {
          const found = route.notFound ? null : check(route.access);
          return found === null ? [] : [fault(`${nameOf(route)}: access`, route, found.wrong, found.write)];
        });
}

/** A HEAD that a framework made from a GET has that one's rule, and need not be named beside it. */
function withoutTwins(routes: readonly RouteInfo[]): readonly RouteInfo[] {
  return routes.filter(
    (route) =>
      route.method !== 'HEAD' ||
      !routes.some(({ method, path, access }) => method === 'GET' && path === route.path && access === route.access),
  );
}

function fault(option: string, route: RouteInfo, wrong: string, write: string): ConfigFault {
  return { option, wrong: wrong + declared(route), write };
}

function nameOf({ method, path }: RouteInfo): string {
  return `${method} ${path}`;
}

function declared({ declaredAt }: RouteInfo): string {
  return declaredAt === '' ? '' : ` (${declaredAt})`;
}
