/**
 * Constructors of access rules: who may use a route, as data that reads like the sentence it means.
 * @module
 */
import { ConfigError, reasonFault } from '../kernel/index.ts';
import type { Resource, Rule } from '../kernel/index.ts';
import { secondsOf } from '../kernel/index.ts';
import type { Duration } from '../kernel/index.ts';
import { unsound } from './sound.ts';

const ANYONE: Rule = Object.freeze({ kind: 'anyone' });
const SIGNED_IN: Rule = Object.freeze({ kind: 'signedIn' });

/** Everybody, signed in or not. Nobody's identity is asked for. */
export function anyone(): Rule {
  return ANYONE;
}

/** Every account whose sign-in is complete, and every token. `not(signedIn())` is guests alone. */
export function signedIn(): Rule {
  return SIGNED_IN;
}

/** Accounts with one of these roles, or a role that includes one. Never a token: it carries permissions. */
export function role(...anyOf: string[]): Rule {
  return made({ kind: 'role', anyOf: Object.freeze([...anyOf]) });
}

/** Accounts whose roles give this permission, and tokens that carry it as a scope. */
export function can(permission: string): Rule {
  return made({ kind: 'can', permission });
}

/** The owners of the object that the route's parameters name. The handler gets the object by `ticket.from(request)`. */
export function owner<T>(resource: Resource<T>): Rule {
  // The rule only ever hands the resource's own objects back to it, so their type does not matter here.
  return made({ kind: 'owner', resource: resource as unknown as Resource<never> });
}

/**
 * The objects behind the route's parameters belong to nobody in particular, on purpose. Says nothing of who may come:
 * `all(role('agent'), shared('agents answer every ticket'))`.
 */
export function shared(reason: string): Rule {
  return made({ kind: 'shared', reason: reasonOf(reason, 'shared') });
}

/** Accounts that proved who they are within this time: `fresh('15 minutes')`. */
export function fresh(within: Duration): Rule {
  return made({ kind: 'fresh', seconds: secondsOf(within, 'fresh') });
}

/** Accounts that used one of these factors to sign in; without a name, any of `access.secondFactors`. */
export function mfa(...methods: string[]): Rule {
  return made({ kind: 'mfa', methods: Object.freeze([...methods]) });
}

/** Nobody yet. The route refuses, and production does not start while there is one. */
export function todo(reason: string): Rule {
  return made({ kind: 'todo', reason: reasonOf(reason, 'todo') });
}

/** Who satisfies every one of these rules. */
export function all(...rules: Rule[]): Rule {
  return made({ kind: 'all', rules: Object.freeze([...rules]) });
}

/** Who satisfies at least one of these rules. */
export function any(...rules: Rule[]): Rule {
  return made({ kind: 'any', rules: Object.freeze([...rules]) });
}

/**
 * Who is known not to satisfy the rule. Where that cannot be known it refuses too: signing out is no way around
 * `not(role('suspended'))`, nor is a token, a second factor still owed, or a credential that fails.
 */
export function not(rule: Rule): Rule {
  return made({ kind: 'not', rule });
}

function made(rule: Rule): Rule {
  const wrong = unsound(rule);
  if (wrong === undefined) return Object.freeze(rule);
  throw new ConfigError([{ option: 'access', wrong, write: `write a rule like all(role('agent'), mfa())` }]);
}

function reasonOf(reason: string, kind: 'shared' | 'todo'): string {
  const faults = reasonFault(reason, kind).map((fault) => ({
    ...fault,
    write: `write why, in a few words: ${kind}('${kind === 'shared' ? 'agents answer every ticket' : 'who may export is not decided'}')`,
  }));
  if (faults.length > 0) throw new ConfigError(faults);
  return reason;
}
