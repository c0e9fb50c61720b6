/**
 * What a rule says by its shape alone, before anybody asks: whether it depends on who comes, whom it leaves open,
 * and whether it looks at the object that the route's parameters name.
 * @module
 */
import type { Rule } from '../kernel/index.ts';
import { NO, UNKNOWN, YES } from './judge.ts';
import type { Verdict } from './judge.ts';

/** The least and the most that any identity can be answered with. */
export interface Bounds {
  readonly least: Verdict;
  readonly most: Verdict;
}

/** Bounds of a rule. Only a rule whose least is `YES` may skip the identity. */
export function boundsOf(rule: Rule): Bounds {
  switch (rule.kind) {
    case 'anyone':
    case 'shared':
      return { least: YES, most: YES };
    case 'todo':
      return { least: UNKNOWN, most: UNKNOWN };
    case 'all':
    case 'any': {
      const parts = rule.rules.map(boundsOf);
      const pick = rule.kind === 'all' ? Math.min : Math.max;
      return {
        least: pick(...parts.map(({ least }) => least)) as Verdict,
        most: pick(...parts.map(({ most }) => most)) as Verdict,
      };
    }
    case 'not': {
      const { least, most } = boundsOf(rule.rule);
      return { least: (YES - most) as Verdict, most: (YES - least) as Verdict };
    }
    default:
      return { least: NO, most: YES };
  }
}

/** Whether a rule of that kind stands anywhere in the tree. */
export function contains(rule: Rule, kind: Rule['kind']): boolean {
  if (rule.kind === kind) return true;
  if (rule.kind === 'not') return contains(rule.rule, kind);
  return (rule.kind === 'all' || rule.kind === 'any') && rule.rules.some((part) => contains(part, kind));
}

/** Every role and permission a tree names. */
export function namesIn(rule: Rule): { readonly roles: readonly string[]; readonly permissions: readonly string[] } {
  if (rule.kind === 'role') return { roles: rule.anyOf, permissions: [] };
  if (rule.kind === 'can') return { roles: [], permissions: [rule.permission] };
  const parts = rule.kind === 'not' ? [rule.rule] : rule.kind === 'all' || rule.kind === 'any' ? rule.rules : [];
  const found = parts.map(namesIn);
  return { roles: found.flatMap(({ roles }) => roles), permissions: found.flatMap(({ permissions }) => permissions) };
}

/** `shared()` is about objects. A rule that consists of it alone would open the route to everybody by accident. */
export function saysWho(rule: Rule): boolean {
  if (rule.kind === 'shared') return false;
  if (rule.kind === 'not') return saysWho(rule.rule);
  if (rule.kind === 'all') return rule.rules.some(saysWho);
  return rule.kind !== 'any' || rule.rules.every(saysWho);
}

/** Whether `owner()` or `shared()` takes part in letting somebody in. Under `not()` it only keeps out. */
export function speaksOfObjects(rule: Rule): boolean {
  if (rule.kind === 'owner' || rule.kind === 'shared') return true;
  return (rule.kind === 'all' || rule.kind === 'any') && rule.rules.some(speaksOfObjects);
}

/**
 * Whether every way in goes through an owner, a reason or a privilege. `any(signedIn(), owner(ticket))` does not:
 * its first branch hands every ticket to every account.
 */
export function coversObjects(rule: Rule): boolean {
  switch (rule.kind) {
    case 'owner':
    case 'shared':
    case 'role':
    case 'can':
    case 'todo':
      return true;
    case 'all':
      return rule.rules.some(coversObjects);
    case 'any':
      return rule.rules.every(coversObjects);
    default:
      return false;
  }
}
