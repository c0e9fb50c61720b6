/**
 * Pages whose values are escaped for where they stand.
 * @module
 */
export { attr, attributes } from './attributes.ts';
export { csrfInput } from './csrf-input.ts';
export { HtmlError } from './errors.ts';
export type { HtmlCode } from './errors.ts';
export { html } from './html.ts';
export type { Scalar, Value } from './html.ts';
export { jsonData } from './json-data.ts';
export { isHtml } from './markup.ts';
export type { Attributes, Html, TrustedUrl } from './markup.ts';
export { raw, rawUses, trustedUrl } from './raw.ts';
export type { RawUse } from './reasons.ts';
