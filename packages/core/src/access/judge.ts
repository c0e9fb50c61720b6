/**
 * A rule as one pure function. Three values (Kleene's), because what cannot be known must refuse on both sides of
 * `not()`: dropping the cookie would else be the way around `not(role('suspended'))`.
 * @module
 */
import type { AccountIdentity, Identity, Resource, Rule } from '../kernel/index.ts';
import { hasOne } from './roles.ts';
import type { RoleTable } from './roles.ts';

/** Known not to satisfy the rule; `not()` makes it `YES`. */
export const NO = 0;
/** Cannot be known of this identity; refuses, and stays so under `not()`. */
export const UNKNOWN = 1;
/** The only value that lets in. */
export const YES = 2;

export type Verdict = typeof NO | typeof UNKNOWN | typeof YES;

/** What `assume` may hold, to find out what a refused account would have to do. */
export const ASSUME_FRESH = 1;
export const ASSUME_MFA = 2;

/**
 * Judges an identity. `known` and `mine` hold a bit per resource: it was looked up, it is this identity's.
 * What was not looked up yet counts as whatever opens the most, so a refusal then is final.
 */
export type Judge = (who: Identity, at: number, assume: number, known: number, mine: number) => Verdict;

/** What rules are compiled against. */
export interface JudgeParts {
  readonly roles: RoleTable;
  readonly secondFactors: readonly string[];
  /** The tree's resources; their position is their bit. */
  readonly resources: readonly Resource<never>[];
}

/** A session may be a little younger than the clock of the process that reads it. */
const CLOCK_SKEW = 60_000;

/** Compiles a rule. `positive` is false under an odd number of `not()`. */
export function compileRule(rule: Rule, parts: JudgeParts, positive = true): Judge {
  switch (rule.kind) {
    case 'anyone':
    case 'shared':
      return () => YES;
    case 'todo':
      return () => UNKNOWN;
    case 'signedIn':
      return (who) => (who.kind === 'anonymous' ? NO : isToken(who) || isComplete(who) ? YES : UNKNOWN);
    case 'role': {
      const opening = parts.roles.opening(rule.anyOf);
      return ofAccount((who) => hasOne(who.roles, opening));
    }
    case 'can': {
      const giving = parts.roles.giving(rule.permission);
      const account = ofAccount((who) => hasOne(who.roles, giving));
      // A token carries less than its account may do: that it lacks a scope says nothing of the person behind it.
      return (who, at, assume, known, mine) =>
        isToken(who) ? (who.scopes.includes(rule.permission) ? YES : UNKNOWN) : account(who, at, assume, known, mine);
    }
    case 'owner':
      return ownerJudge(1 << parts.resources.indexOf(rule.resource), positive);
    case 'fresh': {
      const limit = rule.seconds * 1000;
      return ofAccount((who, at, assume) => {
        const age = at - who.authenticatedAt;
        return (assume & ASSUME_FRESH) !== 0 || (age <= limit && age >= -CLOCK_SKEW);
      });
    }
    case 'mfa': {
      const accepted = new Set(rule.methods.length === 0 ? parts.secondFactors : rule.methods);
      return ofAccount((who, _at, assume) => (assume & ASSUME_MFA) !== 0 || hasOne(who.methods, accepted));
    }
    case 'all':
      return allOf(rule.rules.map((part) => compileRule(part, parts, positive)));
    case 'any':
      return anyOf(rule.rules.map((part) => compileRule(part, parts, positive)));
    case 'not': {
      const denied = compileRule(rule.rule, parts, !positive);
      return (who, at, assume, known, mine) => (YES - denied(who, at, assume, known, mine)) as Verdict;
    }
  }
}

/** Whose objects they are: the account, or the account a token speaks for. Empty where nobody can own anything. */
export function ownerIdOf(who: Identity): string {
  return isComplete(who) ? who.id : isToken(who) ? who.subject : '';
}

function isComplete(who: Identity): who is AccountIdentity {
  return who.kind === 'account' && who.pending !== true;
}

function isToken(who: Identity): who is Identity & { readonly kind: 'token' } {
  return who.kind === 'token';
}

function ofAccount(test: (who: AccountIdentity, at: number, assume: number) => boolean): Judge {
  return (who, at, assume) => (isComplete(who) ? (test(who, at, assume) ? YES : NO) : UNKNOWN);
}

function ownerJudge(bit: number, positive: boolean): Judge {
  const open = positive ? YES : NO;
  return (who, _at, _assume, known, mine) => {
    if (ownerIdOf(who) === '') return UNKNOWN;
    return (known & bit) === 0 ? open : (mine & bit) === 0 ? NO : YES;
  };
}

function allOf(parts: readonly Judge[]): Judge {
  return (who, at, assume, known, mine) => {
    let least: Verdict = YES;
    for (const part of parts) {
      const one = part(who, at, assume, known, mine);
      if (one === NO) return NO;
      if (one < least) least = one;
    }
    return least;
  };
}

function anyOf(parts: readonly Judge[]): Judge {
  return (who, at, assume, known, mine) => {
    let most: Verdict = NO;
    for (const part of parts) {
      const one = part(who, at, assume, known, mine);
      if (one === YES) return YES;
      if (one > most) most = one;
    }
    return most;
  };
}
