/**
 * Reads a request body once, whole, and never more of it than allowed; then parses it strictly.
 * @module
 */
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { parseQuery } from '../kernel/index.ts';
import type { Denial, RequestFacts } from '../kernel/index.ts';

const denied = (reason: string, status: number, option: string, close = false): Denial =>
  Object.freeze({ code: `body/${reason}` as const, status, by: 'body', option, input: 'body', close });

const TOO_LARGE = denied('too-large', 413, 'bodyLimit', true);
const NOT_UTF8 = denied('not-utf8', 400, 'the charset, which is always UTF-8');
const NOT_JSON = denied('not-json', 400, 'the JSON grammar (RFC 8259)');
const NOT_A_FORM = denied('not-a-form', 400, 'the form grammar (WHATWG URL, 5.1)');
const PROTOTYPE = denied('prototype-key', 400, 'keys that change what an object is');
const CHARSET = denied('charset', 415, 'the charset, which is always UTF-8');

/** A form is bounded by its bytes; the count of its fields bounds the work of everything behind. */
const FORM_LIMITS = Object.freeze({ maxParameters: 1000, maxParameterName: 256, maxParameterValue: Infinity });

export type BodyKind = 'json' | 'form' | 'text';

/** What a content type is read as; `null` for what others read (multipart, unknown types); a denial for a foreign charset. */
export function bodyKind(contentType: string | undefined): BodyKind | Denial | null {
  if (contentType === undefined) return null;
  const semicolon = contentType.indexOf(';');
  const type = (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  const kind = KINDS.get(type) ?? (type.startsWith('application/') && type.endsWith('+json') ? 'json' : null);
  if (kind === null || semicolon < 0) return kind;
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1]?.toLowerCase();
  return charset === undefined || charset === 'utf-8' || charset === 'utf8' ? kind : CHARSET;
}

const KINDS: ReadonlyMap<string, BodyKind> = new Map([
  ['application/json', 'json'],
  ['application/x-www-form-urlencoded', 'form'],
  ['text/plain', 'text'],
]);

/** Length the head announces; -1 for a chunked body, 0 for none. The facts have refused everything ambiguous. */
export function announcedLength(facts: Pick<RequestFacts, 'header'>): number {
  if (facts.header('transfer-encoding') !== undefined) return -1;
  return Number(facts.header('content-length') ?? 0);
}

/** Collects the body. `done` is called once: with bytes, a denial, or `null` when the client went away. */
export function readBody(
  stream: Readable,
  announced: number,
  limit: number,
  done: (result: Buffer | Denial | null) => void,
): void {
  if (announced > limit) return done(TOO_LARGE);
  const chunks: Buffer[] = [];
  let size = 0;
  const settle = (result: Buffer | Denial | null): void => {
    stream.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
    done(result);
  };
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size > limit) {
      stream.pause();
      return settle(TOO_LARGE);
    }
    chunks.push(chunk);
  };
  const onEnd = (): void => settle(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
  const onGone = (): void => settle(null);
  stream.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
}

export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly denial: Denial };

/** Parses bytes of a known kind. An empty JSON body is `undefined`, as no body is. */
export function parseBody(kind: BodyKind, bytes: Buffer): Parsed {
  if (!isUtf8(bytes)) return refuse(NOT_UTF8);
  const text = bytes.toString('utf8');
  if (kind === 'text') return { ok: true, value: text };
  if (kind === 'form') {
    const value = parseQuery(text, FORM_LIMITS);
    return typeof value === 'string' ? refuse(NOT_A_FORM) : { ok: true, value };
  }
  if (text === '') return { ok: true, value: undefined };
  try {
    const value: unknown = JSON.parse(text);
    return SUSPECT.test(text) && hasPrototypeKey(value) ? refuse(PROTOTYPE) : { ok: true, value };
  } catch {
    return refuse(NOT_JSON);
  }
}

function refuse(denial: Denial): Parsed {
  return { ok: false, denial };
}

/** `__proto__` and `constructor` as they may be spelt in JSON: any escape makes a text suspect. */
const SUSPECT = /\\u|__proto__|constructor/;

function hasPrototypeKey(root: unknown): boolean {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (key === '__proto__') return true;
      if (key === 'constructor' && typeof child === 'object' && child !== null && 'prototype' in child) return true;
      open.push(child);
    }
  }
  return false;
}
