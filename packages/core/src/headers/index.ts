/**
 * Security response headers.
 * @module
 */
export { headerFields, headers } from './headers.ts';
export { HEADERS_DEFAULTS } from './policy.ts';
export type { FeatureAllowList, HeadersOptions, ReferrerPolicy } from './policy.ts';
