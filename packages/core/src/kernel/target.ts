/**
 * The request target (RFC 9112, 3.2) to one path and one query text. Every path has one spelling here: a guard that
 * compares paths and a router that decodes them must never disagree, so what could be spelt twice is refused.
 * @module
 */
import type { FactsCode } from './facts-codes.ts';
import type { RequestFacts } from './facts-types.ts';

/** A target taken apart. When `refused` is set the path is `/` and the query empty. */
export interface Target {
  readonly refused: FactsCode | null;
  readonly path: string;
  /** Text after the `?`, undecoded. */
  readonly query: string;
  readonly encodedSeparators: boolean;
  /** Authority and scheme of an absolute-form target; empty otherwise. */
  readonly authority: string;
  readonly scheme: string;
}

/** Kinds of path characters. */
const PLAIN = 0;
const SLASH = 1;
const DOT = 2;
const PERCENT = 3;
const QUESTION = 4;
const BAD = 5;

/** What stands raw in a path: `pchar` and `/` of RFC 3986, without `;`. */
const KINDS = kinds();
const HEX = hexDigits();
/** Anything but visible ASCII, and `#`. A raw space, control or non-ASCII byte splits the request line elsewhere. */
const BAD_QUERY = /[^\x21-\x7e]|#/;
const C1_CONTROL = /[\u0080-\u009f]/;
/** Marks that `encodeURIComponent` leaves raw and some encoders write as escapes; routers read both alike. */
const MARKS = "!'()*";

/** Takes a request target apart. Authority-form has no case here: CONNECT is refused before. */
export function readTarget(target: string, method: string): Target {
  if (target.charCodeAt(0) === 0x2f) return readPath(target, 0, '', '');
  if (target === '*') return method === 'OPTIONS' ? sound('*', '', false, '', '') : refuse('facts/target-form');
  const absolute = /^(https?):\/\/([^/?#\\]*)/i.exec(target);
  if (absolute === null) return refuse('facts/target-form');
  const [head, scheme = '', authority = ''] = absolute;
  if (authority === '') return refuse('facts/target-form');
  if (head.length === target.length) return sound('/', '', false, authority, scheme.toLowerCase());
  const next = target[head.length];
  if (next === '/') return readPath(target, head.length, authority, scheme.toLowerCase());
  if (next === '?') return readPath(`/${target.slice(head.length)}`, 0, authority, scheme.toLowerCase());
  return refuse(next === '#' ? 'facts/target-fragment' : 'facts/target-form');
}

/** What a router gets in place of the raw target: origin-form, with the canonical path. `/` for a refused request. */
export function routerTarget(facts: RequestFacts): string {
  const { path, rawTarget } = facts;
  if (facts.refused !== null) return '/';
  if (rawTarget.startsWith(path)) return rawTarget;
  const query = rawTarget.indexOf('?');
  return query < 0 ? path : path + rawTarget.slice(query);
}

function readPath(target: string, from: number, authority: string, scheme: string): Target {
  let dots = true;
  let segment = from + 1;
  let escapes = false;
  let end = from + 1;
  for (; end < target.length; end++) {
    const code = target.charCodeAt(end);
    const kind = code < 128 ? KINDS[code]! : BAD;
    if (kind === PLAIN) dots = false;
    else if (kind === SLASH) {
      if (dots && isDotSegment(end - segment)) return refuse('facts/path-dot-segment');
      dots = true;
      segment = end + 1;
    } else if (kind === PERCENT) {
      escapes = true;
      dots = false;
    } else if (kind === QUESTION) break;
    else if (kind === BAD) return refuse(badCharacter(code));
  }
  if (dots && isDotSegment(end - segment)) return refuse('facts/path-dot-segment');
  const query = end < target.length ? target.slice(end + 1) : '';
  if (query !== '' && BAD_QUERY.test(query))
    return refuse(query.includes('#') ? 'facts/target-fragment' : 'facts/target-character');
  const path = from === 0 && end === target.length ? target : target.slice(from, end);
  return escapes ? readEscapes(path, query, authority, scheme) : sound(path, query, false, authority, scheme);
}

/** The rare path with escapes: each is judged by the byte it stands for, then written in its one spelling. */
function readEscapes(path: string, query: string, authority: string, scheme: string): Target {
  let respelt = false;
  let high = false;
  let separators = false;
  let canonical = '';
  for (let i = 0; i < path.length; i++) {
    if (path.charCodeAt(i) !== 0x25) {
      canonical += path[i];
      continue;
    }
    const byte = escapedByte(path, i);
    if (byte < 0) return refuse('facts/path-encoding');
    if (byte < 0x20 || byte === 0x7f) return refuse('facts/path-control');
    if (byte === 0x25 && escapedByte(path, i + 2) >= 0) return refuse('facts/path-double-encoding');
    const character = String.fromCharCode(byte);
    if (byte === 0x2f || byte === 0x5c) separators = true;
    else if (byte > 0x7f) high = true;
    else if (isUnreserved(byte)) respelt = true;
    // Upper-case hex (RFC 3986, 6.2.2.1); unreserved ones only to see what they would have spelt.
    canonical +=
      MARKS.includes(character) || (byte < 0x80 && isUnreserved(byte)) ? character : path.slice(i, i + 3).toUpperCase();
    i += 2;
  }
  if (respelt) return refuse(hasDotSegment(canonical) ? 'facts/path-dot-segment' : 'facts/path-respelling');
  if (separators && hasDotSegment(canonical.replace(/%2F|%5C/g, '/'))) return refuse('facts/path-dot-segment');
  if (high && !soundUtf8(canonical)) return refuse('facts/path-encoding');
  if (high && C1_CONTROL.test(decodeURIComponent(canonical))) return refuse('facts/path-control');
  return sound(canonical, query, separators, authority, scheme);
}

/** The byte an escape stands for; -1 when there is none at `at`. */
function escapedByte(text: string, at: number): number {
  const first = HEX[text.charCodeAt(at + 1)] ?? -1;
  const second = HEX[text.charCodeAt(at + 2)] ?? -1;
  return first < 0 || second < 0 ? -1 : first * 16 + second;
}

function soundUtf8(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function hasDotSegment(path: string): boolean {
  return path.split('/').some((segment) => segment === '.' || segment === '..');
}

function isDotSegment(length: number): boolean {
  return length === 1 || length === 2;
}

/** RFC 3986, 2.3: letters, digits and `-._~` need no escape, ever. */
function isUnreserved(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x5f ||
    byte === 0x7e
  );
}

function badCharacter(code: number): FactsCode {
  if (code === 0x3b) return 'facts/path-semicolon';
  if (code === 0x5c) return 'facts/path-backslash';
  if (code === 0x23) return 'facts/target-fragment';
  return code < 0x20 || code === 0x7f ? 'facts/path-control' : 'facts/target-character';
}

function kinds(): Uint8Array {
  const table = new Uint8Array(128).fill(BAD);
  for (let code = 0x21; code < 0x7f; code++)
    if (isUnreserved(code) || "!$&'()*+,=:@".includes(String.fromCharCode(code))) table[code] = PLAIN;
  table[0x2f] = SLASH;
  table[0x2e] = DOT;
  table[0x25] = PERCENT;
  table[0x3f] = QUESTION;
  return table;
}

function hexDigits(): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (const [value, digit] of [...'0123456789abcdef'].entries()) {
    table[digit.charCodeAt(0)] = value;
    table[digit.toUpperCase().charCodeAt(0)] = value;
  }
  return table;
}

function sound(path: string, query: string, encodedSeparators: boolean, authority: string, scheme: string): Target {
  return { refused: null, path, query, encodedSeparators, authority, scheme };
}

function refuse(code: FactsCode): Target {
  return { refused: code, path: '/', query: '', encodedSeparators: false, authority: '', scheme: '' };
}
