/**
 * Static files.
 * @module
 */
export type { FileRequest } from './conditional.ts';
export { createFiles } from './files.ts';
export type { FileAnswer, Files } from './files.ts';
export { FILES_DEFAULTS } from './policy.ts';
export type { FilesOptions } from './policy.ts';
