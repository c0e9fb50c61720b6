/**
 * Every refusal of a body, made once and shared by all requests. Clients are told which limit they passed, since an
 * honest one can do something about it; never what they sent.
 * @module
 */
import type { Denial } from '../kernel/index.ts';
import type { FormFault } from './form.ts';
import type { JsonFault } from './json.ts';

export type BodyCode =
  | 'body/too-large'
  | 'body/type'
  | 'body/charset'
  | 'body/encoding'
  | 'body/not-packed'
  | 'body/ratio'
  | 'body/slow'
  | 'body/not-utf8'
  | `body/${JsonFault}`
  | `body/${FormFault}`;

function denial(code: BodyCode, status: number, option: string, more: Partial<Denial> = {}): Denial {
  return Object.freeze({ code, status, by: 'body', option, input: 'body', ...more });
}

/** A refusal that says which limit it was. */
function passed(code: BodyCode, option: string, message: string): Denial {
  return denial(code, 400, `body.${option}`, { problem: { errors: [{ in: 'body', message }] } });
}

/** More than the route takes. What is still to come would be read as the next request. */
export const TOO_LARGE: Denial = denial('body/too-large', 413, 'body.limit', { close: true });
/** A content type that the route does not take. */
export const TYPE: Denial = denial('body/type', 415, 'body.types');
/** A charset that is not UTF-8. */
export const CHARSET: Denial = denial('body/charset', 415, 'the charset, which is always UTF-8');
/** It is not packed the way it says. */
export const NOT_PACKED: Denial = denial('body/not-packed', 400, 'body.encodings');
/** It unpacks to more than its bytes can honestly hold: a bomb. */
export const RATIO: Denial = denial('body/ratio', 413, 'body.maxRatio');
/** It comes so slowly that the client holds a connection and does nothing with it. */
export const SLOW: Denial = denial('body/slow', 408, 'body.timeout', { input: 'connection', close: true });
export const NOT_UTF8: Denial = denial('body/not-utf8', 400, 'the charset, which is always UTF-8');

/** A content coding that is not taken (RFC 9110, 15.5.16); the field names those that are. */
export function encodingDenial(taken: readonly string[]): Denial {
  const field = ['accept-encoding', taken.length === 0 ? 'identity' : taken.join(', ')];
  return denial('body/encoding', 415, 'body.encodings', { headers: field });
}

/** By what a parser found. */
export const PARSE_DENIALS: Readonly<Record<JsonFault | FormFault, Denial>> = Object.freeze({
  'not-json': denial('body/not-json', 400, 'the JSON grammar (RFC 8259)'),
  'not-a-form': denial('body/not-a-form', 400, 'the form grammar (WHATWG URL, 5.1)'),
  'prototype-key': denial('body/prototype-key', 400, 'keys that change what an object is'),
  'duplicate-key': passed('body/duplicate-key', 'uniqueKeys', 'an object has a name twice'),
  depth: passed('body/depth', 'maxDepth', 'it is nested too deeply'),
  keys: passed('body/keys', 'maxKeys', 'an object has too many members'),
  items: passed('body/items', 'maxItems', 'an array has too many items'),
  text: passed('body/text', 'maxText', 'a text is too long'),
  name: passed('body/name', 'maxName', 'a name is too long'),
  number: passed('body/number', 'exactNumbers', 'a number is too large to be exact'),
  fields: passed('body/fields', 'maxFields', 'it has too many fields'),
});

const BASE_CODES: readonly BodyCode[] = [
  'body/too-large',
  'body/type',
  'body/charset',
  'body/encoding',
  'body/not-packed',
  'body/ratio',
  'body/slow',
  'body/not-utf8',
];

/** All of them. */
export const BODY_CODES: readonly BodyCode[] = Object.freeze([
  ...BASE_CODES,
  ...(Object.keys(PARSE_DENIALS) as (JsonFault | FormFault)[]).map((fault): BodyCode => `body/${fault}`),
]);
