/**
 * Typed configuration from the environment, mounted secrets and files; secrets that are never shown.
 * @module
 */
export { boolean, integer, number, oneOf, text, url } from './casts.ts';
export type { RangeOptions, TextOptions, UrlOptions } from './casts.ts';
export type { Cast, CastFault, Field, FieldOptions } from './field.ts';
export { json } from './json.ts';
export type { ConfigSchema } from './json.ts';
export { list } from './list.ts';
export type { ListOptions } from './list.ts';
export { bytes, duration } from './measures.ts';
export { readConfig } from './read.ts';
export type { Config, ReadOptions, Shape } from './read.ts';
export { configReport } from './report.ts';
export type { ConfigEntry, ConfigReport } from './report.ts';
export { Secret } from './secret.ts';
export { secret } from './secret-field.ts';
export type { SecretOptions } from './secret-field.ts';
