/**
 * What may stand in a cookie (RFC 6265, 4.1.1). No more than every parser reads alike, and than our own facts accept:
 * a cookie that the next request is refused for locks its browser out.
 * @module
 */

/** A token that does not begin with `$`, which switches old parsers to another grammar. */
const NAME = /^(?!\$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Visible ASCII without space, quote, comma, semicolon and backslash; a pair of quotes may stand around it. */
const VALUE = /^(?:[!#-+\--:<-[\]-~]*|"[!#-+\--:<-[\]-~]*")$/;

const PATH = /^\/[!-:<-~]*$/;
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Bytes of an attribute's value that browsers read (RFC 6265bis, 5.6). */
const MAX_ATTRIBUTE = 1024;

/** What browsers hold a cookie to by the beginning of its name (RFC 6265bis, 4.1.3), whatever its letter case. */
export interface Prefix {
  readonly secure: boolean;
  /** Only this host, only the path `/`. */
  readonly host: boolean;
  readonly httpOnly: boolean;
}

const PREFIXES: readonly (readonly [start: string, rules: Prefix])[] = [
  ['__host-http-', { secure: true, host: true, httpOnly: true }],
  ['__host-', { secure: true, host: true, httpOnly: false }],
  ['__http-', { secure: true, host: false, httpOnly: true }],
  ['__secure-', { secure: true, host: false, httpOnly: false }],
];
const NO_PREFIX: Prefix = { secure: false, host: false, httpOnly: false };

export function isName(text: string): boolean {
  return NAME.test(text);
}

export function isValue(text: string): boolean {
  return VALUE.test(text);
}

export function isPath(text: string): boolean {
  return text.length <= MAX_ATTRIBUTE && PATH.test(text);
}

/** A host name of two labels or more, in lower case: a whole top-level domain is nobody's. */
export function isDomain(text: string): boolean {
  return DOMAIN.test(text);
}

/** The rules of a name. */
export function prefixOf(name: string): Prefix {
  if (!name.startsWith('__')) return NO_PREFIX;
  const lower = name.toLowerCase();
  return PREFIXES.find(([start]) => lower.startsWith(start))?.[1] ?? NO_PREFIX;
}
