/**
 * How often: rate limits, slowing down, and what limits should be.
 * @module
 */
export { advise, percentile, windowsOf, wouldHit } from './advise.ts';
export type { Advice, Uses } from './advise.ts';
export type { LimitsCode } from './denials.ts';
export { parseLimit, printAmount, printWindow } from './grammar.ts';
export type { Amount } from './grammar.ts';
export { account, address, each, field, method, of, route } from './keys.ts';
export type { By, KeyPlace } from './keys.ts';
export { limits } from './limits.ts';
export { LIMITS_DEFAULTS } from './policy.ts';
export type { LimitsOptions, MetaLimit } from './policy.ts';
export { limit } from './rule.ts';
export type { Count, LimitOptions, LimitRule, LimitText, SlowDown } from './rule.ts';
export { signInLimits } from './sign-in.ts';
export type { SignInLimits } from './sign-in.ts';
export { countFailure, countSuccess } from './use.ts';
