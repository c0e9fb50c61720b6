/**
 * Limits for a sign-in: an attacker runs out of guesses, and nobody can shut somebody else out.
 * @module
 */
import type { Context } from '../kernel/index.ts';
import { address, each, field } from './keys.ts';
import { limit } from './rule.ts';
import type { LimitRule } from './rule.ts';

export interface SignInLimits {
  /** Field of the body that names the account. @default 'login' */
  readonly login?: string;
  /** True for a browser that signed in to this account before: the limit on the account as a whole lets it off. @default nobody */
  readonly known?: (c: Context) => boolean;
  /** Routes that take the same passwords (a form and an API) count together under this name. @default 'sign-in' */
  readonly shared?: string;
}

/**
 * The limits of a route that takes a password. Failures count, successes do not; say so with `countFailure(c)` where a
 * failed sign-in answers with a status below 400.
 * - one account from one network: 5 failures in 15 minutes
 * - one network, whatever the accounts: 100 failures an hour
 * - one account, whatever the networks: after 10 failures an hour each further attempt waits, from 50 on 5 seconds.
 *   It is never refused, or whoever knows a login could shut its owner out.
 */
export function signInLimits({ login = 'login', known, shared = 'sign-in' }: SignInLimits = {}): readonly LimitRule[] {
  const common = { methods: ['POST'], count: 'failures' } as const;
  const pair = each(field(login), address());
  return [
    limit('100 per hour', { ...common, name: 'sign-in-address', by: address(), shared: `${shared}-address` }),
    limit('5 per 15 minutes', { ...common, name: 'sign-in', by: pair, shared: `${shared}-pair` }),
    limit('50 per hour', {
      ...common,
      name: 'sign-in-account',
      by: field(login),
      shared: `${shared}-account`,
      slowDown: { after: 10, most: '5 seconds', refuse: false },
      ...(known === undefined ? undefined : { when: (c: Context) => !known(c) }),
    }),
  ];
}
