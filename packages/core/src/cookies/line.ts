/**
 * One `Set-Cookie` line: written in one form only, and read strictly. What browsers repair or ignore is a sign that
 * somebody wrote an attribute through a value.
 * @module
 */
import { isDomain, isName, isPath, isValue } from './grammar.ts';
import type { SameSite } from './policy.ts';

/** A cookie as it leaves. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Empty: only the host that sets it. */
  readonly domain: string;
  /** Empty: not said. */
  readonly path: string;
  /** Seconds; `undefined` ends with the browser. */
  readonly maxAge: number | undefined;
  /** As read; a `maxAge` beside it counts instead. */
  readonly expires: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** Empty: not said. */
  readonly sameSite: SameSite | '';
  readonly partitioned: boolean;
}

/** Browsers keep no cookie for longer: 400 days (RFC 6265bis, 5.6). */
export const MAX_AGE = 34_560_000;

const SAME_SITE: ReadonlyMap<string, SameSite> = new Map([
  ['strict', 'Strict'],
  ['lax', 'Lax'],
  ['none', 'None'],
]);

/** The line of a cookie. Its parts must be sound: see `isName`, `isValue`, `isPath`, `isDomain`. */
export function writeCookie(cookie: Cookie): string {
  return `${cookie.name}=${cookie.value}${writeAttributes(cookie)}`;
}

/** Everything behind the value. */
export function writeAttributes(cookie: Omit<Cookie, 'name' | 'value'>): string {
  const { path, domain, maxAge, expires, secure, httpOnly, sameSite, partitioned } = cookie;
  return (
    (path === '' ? '' : `; Path=${path}`) +
    (domain === '' ? '' : `; Domain=${domain}`) +
    (maxAge === undefined ? '' : `; Max-Age=${maxAge}`) +
    (expires === '' ? '' : `; Expires=${expires}`) +
    (secure ? '; Secure' : '') +
    (httpOnly ? '; HttpOnly' : '') +
    (sameSite === '' ? '' : `; SameSite=${sameSite}`) +
    (partitioned ? '; Partitioned' : '')
  );
}

/** The cookie of a line; `null` where it is not beyond doubt what the line means. */
export function readCookie(line: string): Cookie | null {
  const [pair = '', ...attributes] = line.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0));
  const value = pair.slice(equals + 1);
  if (equals < 1 || !isName(name) || !isValue(value)) return null;
  const found = new Map<string, string>();
  for (const attribute of attributes) {
    const at = attribute.indexOf('=');
    const key = (at < 0 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
    // Of two of one name browsers take the last, which is the one that an injected value adds.
    if (found.has(key)) return null;
    found.set(key, at < 0 ? '' : attribute.slice(at + 1).trim());
  }
  const read = readAttributes(found);
  return read === null ? null : { name, value, ...read };
}

/** What no browser knows is left out, `Priority` among it: it says nothing that protects. */
function readAttributes(found: ReadonlyMap<string, string>): Omit<Cookie, 'name' | 'value'> | null {
  const domain = (found.get('domain') ?? '').toLowerCase().replace(/^\./, '');
  const path = found.get('path') ?? '';
  const age = found.get('max-age');
  const expires = found.get('expires') ?? '';
  const site = found.get('samesite');
  const sameSite = site === undefined ? '' : SAME_SITE.get(site.toLowerCase());
  if (domain !== '' && !isDomain(domain)) return null;
  if (path !== '' && !isPath(path)) return null;
  if (age !== undefined && !/^-?\d{1,15}$/.test(age)) return null;
  if (expires !== '' && !(expires.length < 64 && /^[\w ,:+-]+$/.test(expires) && !Number.isNaN(Date.parse(expires))))
    return null;
  if (sameSite === undefined) return null;
  return {
    domain,
    path,
    maxAge: age === undefined ? undefined : Math.min(Math.max(Number(age), 0), MAX_AGE),
    expires: expires === '' ? '' : new Date(expires).toUTCString(),
    secure: found.has('secure'),
    httpOnly: found.has('httponly'),
    sameSite,
    partitioned: found.has('partitioned'),
  };
}
