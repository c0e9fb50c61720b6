/**
 * Redirect to https, and HSTS.
 * @module
 */
export { hstsValue, https } from './https.ts';
export type { HttpsCode } from './https.ts';
export { HTTPS_DEFAULTS } from './policy.ts';
export type { HstsOptions, HttpsOptions } from './policy.ts';
