/**
 * A small tolerant HTML tokenizer: start tags, end tags and text, as far as reading forms out of a page needs them.
 * Tree construction (implied tags, foster parenting) is left out.
 * @module
 */

/** A piece of a page. Tag and attribute names are in lower case; values and text are decoded. */
export type HtmlToken =
  | { readonly kind: 'start'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'end'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

const RAW_TEXT: ReadonlySet<string> = new Set(['script', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript']);
const ESCAPABLE_TEXT: ReadonlySet<string> = new Set(['textarea', 'title']);
const ATTRIBUTE = /[\s/]*([^\s/>=][^\s/>=]*|=[^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y;

/** The tokens of a page. */
export function* tokenize(html: string): Generator<HtmlToken> {
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open !== at) {
      const end = open < 0 ? html.length : open;
      yield { kind: 'text', text: decodeEntities(html.slice(at, end)) };
      at = end;
    } else if (html.startsWith('<!--', at)) at = after(html, '-->', at + 2);
    else if (/[!?]/.test(html[at + 1] ?? '') || /^<\/[^a-z]/i.test(html.slice(at, at + 3))) at = after(html, '>', at);
    else if (html[at + 1] === '/') {
      const name = /^[^\s/>]*/.exec(html.slice(at + 2))![0].toLowerCase();
      yield { kind: 'end', name };
      at = after(html, '>', at);
    } else if (/[a-z]/i.test(html[at + 1] ?? '')) {
      const tag = readStart(html, at + 1);
      yield { kind: 'start', name: tag.name, attributes: tag.attributes };
      at = tag.end;
      if (RAW_TEXT.has(tag.name) || ESCAPABLE_TEXT.has(tag.name)) {
        const close = closing(html, tag.name, at);
        const text = html.slice(at, close);
        yield { kind: 'text', text: RAW_TEXT.has(tag.name) ? text : decodeEntities(text) };
        at = close;
      }
    } else {
      yield { kind: 'text', text: '<' };
      at++;
    }
  }
}

function readStart(html: string, start: number): { name: string; attributes: Map<string, string>; end: number } {
  const name = /^[^\s/>]+/.exec(html.slice(start))![0].toLowerCase();
  const attributes = new Map<string, string>();
  let at = start + name.length;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(html);
    if (found === null) return { name, attributes, end: after(html, '>', at) };
    const key = found[1]!.toLowerCase();
    // The first of two equal attributes wins.
    if (!attributes.has(key)) attributes.set(key, decodeEntities(found[2] ?? found[3] ?? found[4] ?? '', true));
    at = ATTRIBUTE.lastIndex;
  }
}

function closing(html: string, name: string, from: number): number {
  const found = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  found.lastIndex = from;
  return found.exec(html)?.index ?? html.length;
}

function after(html: string, what: string, from: number): number {
  const found = html.indexOf(what, from);
  return found < 0 ? html.length : found + what.length;
}

/** Named references our own pages use, and those whose semicolon browsers do without. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&', AMP: '&', lt: '<', LT: '<', gt: '>', GT: '>', quot: '"', QUOT: '"', nbsp: '\u00a0', copy: '©', reg: '®',
  apos: "'", hellip: '…', mdash: '—', ndash: '–', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bull: '•', middot: '·',
  euro: '€', pound: '£', times: '×', larr: '←', rarr: '→', colon: ':', semi: ';', comma: ',', period: '.', excl: '!',
  quest: '?', num: '#', sol: '/', bsol: '\\', equals: '=', plus: '+', lpar: '(', rpar: ')', lsqb: '[', rsqb: ']',
  lcub: '{', rcub: '}', lowbar: '_', grave: '`', commat: '@', percnt: '%', dollar: '$', ast: '*', vert: '|', Hat: '^',
  Tab: '\t', NewLine: '\n', auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', eacute: 'é',
}; // prettier-ignore
const WITHOUT_SEMICOLON =
  /^(?:amp|AMP|lt|LT|gt|GT|quot|QUOT|nbsp|copy|reg|middot|pound|times|[aouAOU]uml|szlig|eacute)/;

/** Replaces character references. In an attribute, `&copy=` without a semicolon stays what it is. */
export function decodeEntities(text: string, attribute = false): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#([xX][0-9a-fA-F]+|\d+);?|([A-Za-z][A-Za-z0-9]*)(;?))(=?)/g,
    (whole, code, name, semi, eq) => {
      if (code !== undefined)
        return fromCode(/^x/i.test(code) ? Number.parseInt(code.slice(1), 16) : Number(code)) + eq;
      if (semi === ';' && Object.hasOwn(NAMED, name)) return NAMED[name]! + eq;
      const short = WITHOUT_SEMICOLON.exec(name)?.[0];
      if (short === undefined || (attribute && (short !== name || (semi === '' && eq === '=')))) return whole;
      return NAMED[short]! + name.slice(short.length) + semi + eq;
    },
  );
}

function fromCode(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  // Browsers read the C1 controls as what Windows has there.
  if (code >= 0x80 && code <= 0x9f) return new TextDecoder('windows-1252').decode(Uint8Array.of(code));
  return String.fromCodePoint(code);
}
