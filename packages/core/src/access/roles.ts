/**
 * The role hierarchy, turned around once: which roles open a door, and which give a permission.
 * @module
 */
import type { Identity } from '../kernel/index.ts';
import type { AccessOptions } from './policy.ts';

/** The state of `access`: what rules compile against, and what pages ask so as to show only what will work. */
export interface RoleTable {
  /** Names of the roles that satisfy one of `anyOf`: these, and every one that includes one of them. */
  opening(anyOf: readonly string[]): ReadonlySet<string>;
  /** Names of the roles that give a permission. */
  giving(permission: string): ReadonlySet<string>;
  /** Whether an identity has a permission. For what a page shows; what a route does is guarded by its rule. */
  can(who: Identity, permission: string): boolean;
}

/** Resolves inclusions. The options were checked; a circle in them ends all the same. */
export function roleTable({ roles }: Pick<AccessOptions, 'roles'>): RoleTable {
  const included = new Map(Object.keys(roles).map((name) => [name, closure(name, roles)]));
  const permissions = new Map<string, ReadonlySet<string>>();
  for (const permission of permissionsOf(roles)) {
    const givers = [...included].filter(([, all]) => all.some((name) => gives(roles, name, permission)));
    permissions.set(permission, new Set(givers.map(([name]) => name)));
  }
  const giving = (permission: string): ReadonlySet<string> => permissions.get(permission) ?? NO_ROLE;
  return {
    giving,
    opening(anyOf) {
      const including = [...included].filter(([, all]) => all.some((name) => anyOf.includes(name)));
      return new Set([...anyOf, ...including.map(([name]) => name)]);
    },
    can(who, permission) {
      if (who.kind === 'token') return who.scopes.includes(permission);
      return who.kind === 'account' && who.pending !== true && hasOne(who.roles, giving(permission));
    },
  };
}

/** Every permission that some role gives. */
export function permissionsOf(roles: AccessOptions['roles']): readonly string[] {
  return [...new Set(Object.values(roles).flatMap(({ permissions = [] }) => permissions))];
}

/** Whether one of `held` is in `wanted`. */
export function hasOne(held: readonly string[], wanted: ReadonlySet<string>): boolean {
  for (const one of held) if (wanted.has(one)) return true;
  return false;
}

const NO_ROLE: ReadonlySet<string> = new Set();

function closure(name: string, roles: AccessOptions['roles'], seen: Set<string> = new Set()): readonly string[] {
  if (!seen.has(name)) {
    seen.add(name);
    if (Object.hasOwn(roles, name)) for (const next of roles[name]!.includes ?? []) closure(next, roles, seen);
  }
  return [...seen];
}

function gives(roles: AccessOptions['roles'], name: string, permission: string): boolean {
  return Object.hasOwn(roles, name) && (roles[name]!.permissions ?? []).includes(permission);
}
