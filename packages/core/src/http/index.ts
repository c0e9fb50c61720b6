/**
 * What adapters on node:http share.
 * @module
 */
export { announcedLength, bodyKind, parseBody, readBody } from './body.ts';
export type { BodyKind, Parsed } from './body.ts';
export { clientErrorDenial } from './client-error.ts';
export { rawAnswer } from './raw-answer.ts';
