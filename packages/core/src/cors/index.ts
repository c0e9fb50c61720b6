/**
 * Cross-origin resource sharing.
 * @module
 */
export { cors } from './cors.ts';
export { decide } from './decide.ts';
export type { Signals } from './decide.ts';
export type { CorsCode, Decision } from './denials.ts';
export { CORS_DEFAULTS } from './policy.ts';
export type { CorsOptions, CorsRule } from './policy.ts';
export { compileRules, resourceOf } from './resources.ts';
export type { Resource } from './resources.ts';
