/**
 * Parsers with limits, for JSON and forms, and what is refused in each.
 * @module
 */
export { formatOf, mediaType, READ_BY_DEWAR } from './content-type.ts';
export { BODY_CODES, encodingDenial, NOT_PACKED, RATIO, SLOW, TOO_LARGE, TYPE } from './denials.ts';
export type { BodyCode } from './denials.ts';
export { parseForm } from './form.ts';
export type { FormFault } from './form.ts';
export { parseJson } from './json.ts';
export type { JsonFault, ParsedJson } from './json.ts';
export { BARE_LIMITS } from './limits.ts';
export type { FormLimits, JsonLimits, ReadLimits } from './limits.ts';
export { createReaders, REFUSE } from './readers.ts';
export type { ChooseReader, Structure } from './readers.ts';
