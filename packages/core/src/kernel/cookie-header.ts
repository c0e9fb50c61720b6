/**
 * The Cookie field to names and values (RFC 6265, 4.2), where nothing is left that two parsers read differently:
 * legacy `$Version` and unbalanced quotes switch Java's and Python's parsers to another grammar and smuggle cookies.
 * @module
 */
import type { FactsCode } from './facts-codes.ts';

export type Cookies = Readonly<Record<string, string>>;

/** A request without cookies. Frozen and shared. */
export const NO_COOKIES: Cookies = Object.freeze(Object.create(null) as Cookies);

/** What any parser reads alike: visible ASCII without separators of one grammar or another. */
const NAME = /^[^\x00-\x20"$,;=\\\x7f-\xff][^\x00-\x20",;=\\\x7f-\xff]*$/;

/**
 * Names that some parser takes for more than a name: `$` switches to RFC 2965, where a comma separates; a space does
 * for Python; a quote opens a text that runs over what follows.
 */
const SPLITS = /^\$|[\x00-\x20",]/;

/** Browsers keep one cookie of such a name for a host (RFC 6265bis, 4.1.3), so a second one was put there by hand. */
const PREFIXED = /^__(?:host|secure)-/i;

/**
 * Cookies of a `Cookie` field, values as sent but for a surrounding pair of quotes; or the code it is refused with.
 * A pair without a name is nobody's: browsers send them for `document.cookie = "x"`. A plain name that stands twice
 * (a sibling subdomain tossed one, or an analytics script set it for two paths) is left out: which of the two is meant
 * depends on the parser, and refusing the request would let the sibling lock visitors out. So is a pair whose name has
 * other bytes (`\`, 0x7f, 0x80 and above): no parser splits there, but some strip them (a `__Host-` name after an
 * encoded U+2000 becomes that name), so here it is nobody's.
 */
export function parseCookies(text: string, maxCookies: number): Cookies | FactsCode {
  const cookies = Object.create(null) as Record<string, string>;
  let ambiguous: Set<string> | undefined;
  let count = 0;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf(';', start);
    if (end < 0) end = text.length;
    if (++count > maxCookies) return 'facts/cookie-count';
    const first = skipSpace(text, start, end);
    const equals = text.indexOf('=', first);
    if (equals >= 0 && equals < end) {
      const name = nameAt(text, first, trimEnd(text, first, equals));
      if (name !== '') {
        const from = skipSpace(text, equals + 1, end);
        const value = unquoted(text.slice(from, trimEnd(text, from, end)));
        if (value === null) return 'facts/cookie-syntax';
        if (isName(name)) {
          if (cookies[name] !== undefined) {
            if (PREFIXED.test(name)) return 'facts/cookie-duplicate';
            (ambiguous ??= new Set()).add(name);
          }
          cookies[name] = value;
        } else if (SPLITS.test(name)) return 'facts/cookie-syntax';
      }
    }
    start = end + 1;
  }
  if (ambiguous !== undefined) for (const name of ambiguous) delete cookies[name];
  return cookies;
}

/** Names that were found sound before: an application has a handful, and sees them with every request. */
const sound = new Set<string>();
const NAMES_KEPT = 256;
/** The first of them, to be told by comparing: a name that is cut out has to be hashed to be found. */
const familiar: string[] = [];
const FAMILIAR = 16;

function nameAt(text: string, first: number, end: number): string {
  for (const name of familiar) if (name.length === end - first && text.startsWith(name, first)) return name;
  return text.slice(first, end);
}

function isName(name: string): boolean {
  if (sound.has(name)) return true;
  if (!NAME.test(name)) return false;
  if (sound.size >= NAMES_KEPT) sound.clear();
  sound.add(name);
  if (familiar.length < FAMILIAR) familiar.push(name);
  return true;
}

function skipSpace(text: string, from: number, end: number): number {
  let index = from;
  while (index < end && isSpace(text.charCodeAt(index))) index++;
  return index;
}

function trimEnd(text: string, from: number, end: number): number {
  let index = end;
  while (index > from && isSpace(text.charCodeAt(index - 1))) index--;
  return index;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

/** What may stand between quotes: escapes in pairs, so that the last quote closes. */
const QUOTED = /^"(?:[^"\\]|\\.)*"$/;

/** Null where a quote opens and does not close: to some parsers it would swallow the cookies that follow. */
function unquoted(value: string): string | null {
  if (value.charCodeAt(0) !== 34) return value;
  if (!QUOTED.test(value)) return null;
  // Escapes are the application's own (Werkzeug writes `\054`); they are not undone here.
  return value.includes('\\') ? value : value.slice(1, -1);
}
