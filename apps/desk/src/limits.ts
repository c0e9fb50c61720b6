/**
 * How often: what a person never notices, and what somebody who guesses or floods runs into.
 * @module
 */
import { account, address, limit, signInLimits } from '@dewar/core/limits';
import type { LimitRule } from '@dewar/core/limits';

/** Guessing: five failures in a quarter of an hour for an account from one network, and no way to lock somebody out. */
export const SIGNING_IN: readonly LimitRule[] = signInLimits();

/** New accounts from one network: an office may register, a script may not. Each costs a hash, whatever comes of it. */
export const REGISTERING: readonly LimitRule[] = Object.freeze([
  limit('20 per hour', { name: 'register', by: address(), methods: ['POST'] }),
]);

/** What one person writes, in forms and as JSON together. */
export const WRITING: readonly LimitRule[] = Object.freeze([
  limit('60 per minute', { name: 'writing', by: account(), methods: ['POST'], shared: 'writing' }),
]);
