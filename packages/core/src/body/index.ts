/**
 * Request bodies: size, kind, pace and structure.
 * @module
 */
export { body } from './body.ts';
export { BODY_DEFAULTS } from './policy.ts';
export type { BodyOptions, Encoding } from './policy.ts';
export type { BodyCode } from '../parse/index.ts';
