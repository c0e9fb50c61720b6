/**
 * Cross-site request forgery.
 * @module
 */
export { csrf } from './csrf.ts';
export { decide, isForm, isSafe } from './decide.ts';
export type { Decision, Signals } from './decide.ts';
export type { CsrfCode } from './denials.ts';
export { csrfField, csrfMeta, csrfToken } from './pages.ts';
export { CSRF_DEFAULTS } from './policy.ts';
export type { CsrfOptions } from './policy.ts';
