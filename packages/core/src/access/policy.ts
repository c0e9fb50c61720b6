/**
 * Options of `access`, their defaults and their check.
 * @module
 */
import { nearest, unknownKeys } from '../kernel/index.ts';
import type { CheckEnv, ConfigFault } from '../kernel/index.ts';

/** What one role may do. */
export interface RoleOptions {
  /** Permissions that `can()` asks for. */
  readonly permissions?: readonly string[];
  /** Roles whose permissions and doors it has as well: `admin: { includes: ['agent'] }`. */
  readonly includes?: readonly string[];
}

/** Options of `access`. There is none that lets an undeclared route answer. */
export interface AccessOptions {
  /**
   * Roles by name. Once one stands here, a rule that names another refuses to start, so that no typing error hides.
   * @default {}
   */
  readonly roles: Readonly<Record<string, RoleOptions>>;
  /**
   * Permissions that tokens carry as scopes and no role gives. Without this, a `can()` that no role satisfies is a fault.
   * @default []
   */
  readonly scopes: readonly string[];
  /**
   * Methods that satisfy `mfa()` without a name. One that is weaker than the others makes every such rule as weak.
   * @default ['totp', 'passkey', 'backup-code']
   */
  readonly secondFactors: readonly string[];
  /**
   * Challenge of a 401 (RFC 9110, 11.6.1). No scheme is registered for signing in by a form; browsers ignore this one.
   * `Basic` makes them show their own password dialog.
   * @default 'Session'
   */
  readonly challenge: string;
}

export const accessDefaults: Readonly<AccessOptions> = Object.freeze({
  roles: Object.freeze({}),
  scopes: Object.freeze([]),
  secondFactors: Object.freeze(['totp', 'passkey', 'backup-code']),
  challenge: 'Session',
});

/** A scheme, then parameters in printable ASCII; more challenges after a comma. */
const CHALLENGE = /^[A-Za-z][\w-]*(?: [ -~]+|, [ -~]+)?$/;

/** Faults of the options. */
export function checkAccess(options: AccessOptions, at: string, env: CheckEnv): readonly ConfigFault[] {
  if (env.route) {
    return [
      { option: at, wrong: 'a route has no options of its own here', write: `write its rule: access: signedIn()` },
    ];
  }
  const { roles, scopes, secondFactors, challenge } = options;
  const faults = [...listFaults(scopes, `${at}.scopes`), ...listFaults(secondFactors, `${at}.secondFactors`)];
  if (typeof challenge !== 'string' || !CHALLENGE.test(challenge)) {
    faults.push({ option: `${at}.challenge`, wrong: 'is no challenge of a 401', write: `write 'Session' or 'Bearer'` });
  }
  if (typeof roles !== 'object' || roles === null || Array.isArray(roles)) {
    const write = `write { agent: { permissions: ['tickets:answer'] }, admin: { includes: ['agent'] } }`;
    return [...faults, { option: `${at}.roles`, wrong: 'is no set of roles by name', write }];
  }
  return [...faults, ...Object.keys(roles).flatMap((name) => roleFaults(name, roles, `${at}.roles.${name}`))];
}

function roleFaults(name: string, roles: AccessOptions['roles'], at: string): ConfigFault[] {
  const one = roles[name];
  if (typeof one !== 'object' || one === null || Array.isArray(one)) {
    return [
      { option: at, wrong: 'does not say what the role may do', write: `write { permissions: [], includes: [] }` },
    ];
  }
  const { permissions = [], includes = [] } = one;
  const faults = [
    ...unknownKeys(one, ['permissions', 'includes'], at),
    ...listFaults(permissions, `${at}.permissions`),
    ...listFaults(includes, `${at}.includes`),
  ];
  if (faults.length > 0) return faults;
  const known = Object.keys(roles);
  for (const [index, other] of includes.entries()) {
    if (!known.includes(other)) faults.push(unknownName(`${at}.includes[${index}]`, 'role', other, known));
    else if (reaches(other, name, roles)) {
      const wrong = `${name} includes ${other}, which includes ${name}: they would be one role`;
      faults.push({ option: `${at}.includes[${index}]`, wrong, write: 'leave one of the two out' });
    }
  }
  return faults;
}

/** The fault of a name that is not in a list. */
export function unknownName(option: string, what: string, name: string, known: readonly string[]): ConfigFault {
  const near = nearest(name, known);
  const write = known.length === 0 ? `declare one under access.roles` : `use one of ${known.join(', ')}, or declare it`;
  const fault = { option, wrong: `there is no ${what} "${name}"`, write };
  return near === undefined ? fault : { ...fault, nearest: near };
}

function reaches(from: string, to: string, roles: AccessOptions['roles'], seen: Set<string> = new Set()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  const includes: unknown = Object.hasOwn(roles, from) ? roles[from]?.includes : undefined;
  return Array.isArray(includes) && includes.some((next: string) => reaches(next, to, roles, seen));
}

function listFaults(list: unknown, option: string): ConfigFault[] {
  const sound = Array.isArray(list) && list.every((one) => typeof one === 'string' && /^[!-~]+$/.test(one));
  return sound ? [] : [{ option, wrong: 'is no list of names without spaces', write: `write ['one', 'another']` }];
}
