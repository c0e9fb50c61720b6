/**
 * Schemas of what comes in: any library that keeps to Standard Schema.
 * @module
 */
export { inputOf } from './input.ts';
export { SCHEMA_DEFAULTS } from './policy.ts';
export type { SchemaOptions } from './policy.ts';
export type { FieldError, SchemaCode } from './problem.ts';
export { schema } from './schema.ts';
