/**
 * What access refuses with: made once per route, shared by all its requests.
 * @module
 */
import type { Denial } from '../kernel/index.ts';

/** Codes of access. A code and its meaning never change once published. */
export type AccessCode =
  | 'access/sign-in-required'
  | 'access/forbidden'
  | 'access/not-found'
  | 'access/not-fresh'
  | 'access/second-factor-required'
  | 'access/undeclared'
  | 'access/no-route'
  | 'access/todo';

const STATUS: Readonly<Record<AccessCode, number>> = {
  'access/sign-in-required': 401,
  'access/forbidden': 403,
  'access/not-found': 404,
  'access/not-fresh': 403,
  'access/second-factor-required': 403,
  'access/undeclared': 403,
  'access/no-route': 404,
  'access/todo': 403,
};

/** Every code. */
export const accessCodes: readonly AccessCode[] = Object.freeze(Object.keys(STATUS) as AccessCode[]);

/** One denial; `rule` is the route's rule as text, where it has one. */
export function denial(code: AccessCode, rule?: string): Denial {
  const constant = { code, status: STATUS[code], by: 'access', option: 'access', input: 'route' } as const;
  return Object.freeze(rule === undefined ? constant : { ...constant, rule });
}

/** The denials that one rule can end with. */
export interface RuleDenials {
  readonly signIn: Denial;
  readonly forbidden: Denial;
  readonly notFound: Denial;
  readonly notFresh: Denial;
  readonly secondFactor: Denial;
}

/** The denials of a route, with its rule as text and the challenge its 401 carries. */
export function ruleDenials(rule: string, challenge: string): RuleDenials {
  const headers = Object.freeze(['www-authenticate', challenge]);
  return Object.freeze({
    signIn: Object.freeze({ ...denial('access/sign-in-required', rule), input: 'credential' as const, headers }),
    forbidden: denial('access/forbidden', rule),
    notFound: denial('access/not-found', rule),
    notFresh: denial('access/not-fresh', rule),
    secondFactor: denial('access/second-factor-required', rule),
  });
}
