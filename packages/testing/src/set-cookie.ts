/**
 * Reads a `Set-Cookie` line as Chromium does: RFC 6265bis section 5.6, with Chromium's answer where the two differ.
 * @module
 */

/** What one line says, before a jar judges it. */
export interface ParsedCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** The attribute as written; empty means the default path. */
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None' | 'default';
  readonly partitioned: boolean;
  /** Milliseconds since 1970, or `null` for a session cookie. */
  readonly expires: number | null;
}

const MAX_PAIR_BYTES = 4096;
const MAX_ATTRIBUTE_BYTES = 1024;
const MAX_AGE_MS = 400 * 86_400_000;
const SAME_SITE: Readonly<Record<string, ParsedCookie['sameSite']>> = { strict: 'Strict', lax: 'Lax', none: 'None' };

/** The cookie in this line, or why it is none. `now` turns a lifetime into a moment. */
export function parseSetCookie(line: string, now: number): ParsedCookie | 'empty' | 'control' | 'size' {
  const [pair = '', ...rest] = line.split(';');
  const equals = pair.indexOf('=');
  // No `=` at all: the whole is the value of a cookie without a name.
  const name = trim(equals < 0 ? '' : pair.slice(0, equals));
  const value = trim(pair.slice(equals + 1));
  if (name === '' && value === '') return 'empty';
  if (hasControl(name) || hasControl(value)) return 'control';
  if (name.length + value.length > MAX_PAIR_BYTES) return 'size';

  const attributes = new Map<string, string>();
  for (const part of rest) {
    const at = part.indexOf('=');
    const key = trim(at < 0 ? part : part.slice(0, at)).toLowerCase();
    const content = at < 0 ? '' : trim(part.slice(at + 1));
    if (content.length <= MAX_ATTRIBUTE_BYTES) attributes.set(key, content);
  }
  const path = attributes.get('path') ?? '';
  return {
    name,
    value,
    domain: attributes.get('domain') ?? '',
    path: path.startsWith('/') ? path : '',
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    sameSite: SAME_SITE[attributes.get('samesite')?.toLowerCase() ?? ''] ?? 'default',
    partitioned: attributes.has('partitioned'),
    expires: expiry(attributes, now),
  };
}

/** Max-Age wins over Expires, and nothing lives longer than 400 days. */
function expiry(attributes: ReadonlyMap<string, string>, now: number): number | null {
  const age = attributes.get('max-age');
  if (age !== undefined && /^[+-]?\d+$/.test(age)) {
    const seconds = Number(age);
    return seconds <= 0 ? 0 : Math.min(now + seconds * 1000, now + MAX_AGE_MS);
  }
  const date = parseCookieDate(attributes.get('expires') ?? '');
  return date === null ? null : Math.min(date, now + MAX_AGE_MS);
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** RFC 6265bis section 5.1.1: the first token of each kind counts, in whatever order they come. */
export function parseCookieDate(text: string): number | null {
  let time: RegExpExecArray | null = null;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (const token of text.split(/[\t\u0020-\u002f\u003b-\u0040\u005b-\u0060\u007b-\u007e]+/)) {
    const clock: RegExpExecArray | null = time === null ? /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/.exec(token) : null;
    if (clock !== null) time = clock;
    else if (day === undefined && /^\d{1,2}(?!\d)/.test(token)) day = Number.parseInt(token, 10);
    else if (month === undefined && MONTHS.includes(token.slice(0, 3).toLowerCase())) {
      month = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
    } else if (year === undefined && /^\d{2,4}(?!\d)/.test(token)) year = fullYear(Number.parseInt(token, 10));
  }
  if (time === null || day === undefined || month === undefined || year === undefined) return null;
  const [hour, minute, second] = time.slice(1).map(Number) as [number, number, number];
  if (year < 1601 || hour > 23 || minute > 59 || second > 59) return null;
  const date = Date.UTC(year, month, day, hour, minute, second);
  return day >= 1 && new Date(date).getUTCDate() === day ? date : null;
}

function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900;
  return year < 70 ? year + 2000 : year;
}

function trim(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
