/**
 * Addresses: which schemes a page may lead to, and what of an address a value may be.
 * @module
 */

/** Schemes that a value may choose; besides these it may be relative. */
const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'mailto', 'tel']);

/** What stands in the place of an address that was refused: it leads nowhere. */
const INVALID = 'about:invalid#dewar';

/** Stands for a value in the text of an address while it is analysed. No template holds this character. */
const HOLE = '\uFFFF';

/** A character reference that could be a colon, a slash or a tab; `&amp;` and `&name=` are none. */
const REFERENCE = /&(?!amp;|[a-z\d]+=)/i;

/** The address itself, or one that leads nowhere if its scheme could run something. */
export function safeUrl(url: string): string {
  const colon = url.indexOf(':');
  if (colon < 0) return url;
  const end = url.search(/[/?#]/);
  if (end >= 0 && end < colon) return url;
  return SCHEMES.has(stripped(url.slice(0, colon)).toLowerCase()) ? url : INVALID;
}

/** As WHATWG URL parsing begins: tabs and line ends nowhere, no controls or spaces in front. */
function stripped(url: string): string {
  return url.replaceAll(/[\t\n\r]/g, '').replace(/^[\0-\x20]+/, '');
}

/** The beginning of an address whose next static text is `next`: slashes alone before a slash would make what follows the host. */
export function beginning(url: string, next: string): string {
  return /^[\0-\x20/\\]+$/.test(url) && /^[\t\n\r]*[/\\]/.test(next) ? '' : url;
}

/** A value inside an address: it cannot leave its segment, parameter or fragment. */
export function component(text: string): string {
  if (/^[\w-]*$/.test(text)) return text;
  return encodeURIComponent(text.toWellFormed());
}

/** The same in the path, where dots alone climb. Encoded twice they are a name that nothing has. */
export function segment(text: string): string {
  return /^\.{1,2}$/.test(text) ? text.replaceAll('.', '%252E') : component(text);
}

/** What a hole of an address takes; `{ refused }` says why none. */
export type UrlPart = 'start' | 'first' | 'segment' | 'query' | 'component';

/** Judges a hole by the static text of its address. `pieces` are the texts around the holes, `index` counts holes. */
export function urlPart(
  pieces: readonly string[],
  index: number,
  resource: boolean,
): UrlPart | { readonly refused: string } {
  const before = stripped(pieces.slice(0, index + 1).join(HOLE));
  const whole = stripped(pieces.join(HOLE));
  const [, scheme] = /^([^/\\?#:]*):/.exec(whole) ?? [];
  if (scheme?.includes(HOLE) === true || REFERENCE.test(/^[^?#]*/.exec(whole)![0]))
    return { refused: 'the scheme or the path is not written out; write it, or one value for the whole address' };
  if (scheme !== undefined && !SCHEMES.has(scheme.toLowerCase()))
    return {
      refused: `no value stands in a ${scheme}: address; write one that starts with /, https:, mailto: or tel:`,
    };
  if (before === '') return 'start';
  const authority = authorityOf(before, scheme);
  if (authority !== undefined) {
    if (resource) return { refused: 'a value would choose the host of code; write the host out' };
    if (/[^.:@]$/.test(authority) && !authority.endsWith(HOLE))
      return { refused: 'a value would lengthen the host; write a / before it' };
    return 'component';
  }
  if (/^[^#]*\?(?:[^#]*&(?:amp;)?)?$/.test(before)) return 'query';
  if (/[?#]/.test(before) || scheme?.toLowerCase() === 'mailto' || scheme?.toLowerCase() === 'tel') return 'component';
  const next = stripped(pieces[index + 1]!);
  const slashFollows = /^[/\\]/.test(next) || (next === '' && index + 2 < pieces.length);
  return slashFollows && isFirst(before) ? 'first' : 'segment';
}

/** An empty value between two slashes at the start would make the next segment the host. */
function isFirst(before: string): boolean {
  return /^[/\\]$/.test(before.replaceAll(HOLE, ''));
}

/** The host as far as it is written, where the address has not got past it. */
function authorityOf(before: string, scheme: string | undefined): string | undefined {
  const rest = scheme === undefined ? before : before.slice(scheme.length + 1);
  const web = scheme === undefined ? /^[/\\]{2}/.test(rest) : /^https?$/i.test(scheme);
  if (!web) return undefined;
  const host = rest.replace(/^[/\\]+/, '');
  return /[/\\?#]/.test(host) ? undefined : host;
}
