/**
 * Which bodies Dewar reads where no plan says otherwise, and how strictly.
 * @module
 */
import { isUtf8 } from 'node:buffer';
import { parseQuery } from '../kernel/index.ts';
import type { BodyReader, Context, Denial } from '../kernel/index.ts';

const denied = (reason: string, status: number, option: string): Denial =>
  Object.freeze({ code: `body/${reason}` as const, status, by: 'body', option, input: 'body' });

const NOT_UTF8 = denied('not-utf8', 400, 'the charset, which is always UTF-8');
const NOT_JSON = denied('not-json', 400, 'the JSON grammar (RFC 8259)');
const NOT_A_FORM = denied('not-a-form', 400, 'the form grammar (WHATWG URL, 5.1)');
const PROTOTYPE = denied('prototype-key', 400, 'keys that change what an object is');
const CHARSET = denied('charset', 415, 'the charset, which is always UTF-8');

/** A form is bounded by its bytes; the count of its fields bounds the work of everything behind. */
const FORM_LIMITS = Object.freeze({ maxParameters: 1000, maxParameterName: 256, maxParameterValue: Infinity });

const CHARSETS = /;\s*charset\s*=\s*"?([^";\s]*)/gi;

/** Chooses by content type. `null` for what others read (multipart, unknown types); a denial for a foreign charset. */
export function defaultReader(contentType: string | undefined): BodyReader | Denial | null {
  if (contentType === undefined) return null;
  const semicolon = contentType.indexOf(';');
  const type = (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  const reader = READERS.get(type) ?? (type.startsWith('application/') && type.endsWith('+json') ? JSON_READER : null);
  if (reader === null || semicolon < 0) return reader;
  // All of them: two parsers may disagree about which of two parameters counts.
  for (const [, charset] of contentType.matchAll(CHARSETS)) if (!/^utf-?8$/i.test(charset!)) return CHARSET;
  return reader;
}

/** A reader of UTF-8 text; `parse` sets `c.body` and answers what is wrong with it. */
function reader(parse: (text: string, c: Context) => Denial | null): BodyReader {
  return Object.freeze({
    whole: (bytes: Buffer, c: Context) => (isUtf8(bytes) ? parse(bytes.toString('utf8'), c) : NOT_UTF8),
  });
}

const JSON_READER = reader((text, c) => {
  // No body at all is no JSON either; handlers see `undefined` for both.
  if (text === '') return null;
  try {
    c.body = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  return SUSPECT.test(text) && hasPrototypeKey(c.body) ? PROTOTYPE : null;
});

const FORM_READER = reader((text, c) => {
  const form = parseQuery(text, FORM_LIMITS);
  if (typeof form === 'string') return NOT_A_FORM;
  c.body = form;
  return null;
});

const TEXT_READER = reader((text, c) => {
  c.body = text;
  return null;
});

const READERS: ReadonlyMap<string, BodyReader> = new Map([
  ['application/json', JSON_READER],
  ['application/x-www-form-urlencoded', FORM_READER],
  ['text/plain', TEXT_READER],
]);

/** Content types that Dewar reads itself, for adapters that must keep others from reading them again. */
export const READ_BY_DEWAR: readonly string[] = [...READERS.keys()];

/** `__proto__` and `constructor` as they may be spelt in JSON: any escape makes a text suspect. */
const SUSPECT = /\\u|__proto__|constructor/;

function hasPrototypeKey(root: unknown): boolean {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object') open.push(item);
      continue;
    }
    for (const key in value) {
      const child = (value as Record<string, unknown>)[key];
      if (key === '__proto__') return true;
      if (key === 'constructor' && typeof child === 'object' && child !== null && 'prototype' in child) return true;
      if (typeof child === 'object') open.push(child);
    }
  }
  return false;
}
