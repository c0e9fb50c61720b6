/**
 * HTML's tokenizer (WHATWG 13.2.5) over the static text of a template: which state each hole stands in. What browsers
 * repair, each in a way of its own, is refused: a template is written by somebody who can mend it.
 * @module
 */
import { RAW_CONTENT } from './names.ts';
import { placeIn, Refusal } from './place.ts';
import type { Place, State, Tag } from './place.ts';

const SPACE = /[\t\n\f\r ]/;
/** Lower case means that of ASCII: where letters of other scripts stand in a name, browsers see other names than we do. */
const NAME = /[\w.:@-]/;

/** Walks the static texts of a template, which begins and ends between tags. `saw` is told the state of each hole. */
export function scan(parts: readonly string[], saw?: (state: State) => void): readonly Place[] {
  const scanner = new Scanner(saw);
  parts.forEach((text, index) => {
    try {
      scanner.read(text, index === parts.length - 1);
    } catch (error) {
      throw error instanceof Refusal ? new Refusal(error.message, index, scanner.offset) : error;
    }
  });
  return scanner.places;
}

class Scanner {
  readonly places: Place[] = [];
  /** Of the character that is read; -1 at a hole. */
  offset = 0;
  readonly #saw: ((state: State) => void) | undefined;
  #state: State = 'data';
  #tag: Tag = { name: '', end: false, attributes: [] };
  /** The element whose content is no markup. */
  #element = '';
  /** The content of a noscript, which some browsers read as markup and others do not. */
  #noscript = '';
  #name = '';
  /** A hole stands directly before this character. */
  #afterHole = false;

  constructor(saw: ((state: State) => void) | undefined) {
    this.#saw = saw;
  }

  /** Reads one static text, then the hole behind it or the end. */
  read(text: string, last: boolean): void {
    if (/[\0\uFFFF]/.test(text)) throw new Refusal('a character stands here that HTML does not know; remove it');
    this.offset = 0;
    while (this.offset < text.length) this.offset = this.#step(text, this.offset);
    if (last) return this.#end();
    this.offset = -1;
    this.#hole(text);
  }

  #to(state: State): void {
    this.#state = state;
  }

  #end(): void {
    if (this.#state === 'data') return;
    throw new Refusal(`the template ends in a place called "${this.#state}"; close there what was opened`);
  }

  #hole(text: string): void {
    this.#saw?.(this.#state);
    if (/&#[xX]?[\da-fA-F]*$/.test(text))
      throw new Refusal('a value would complete a character reference; write the character');
    const place = placeIn(this.#state, this.#tag, this.#element, text);
    if (place.at === 'tag') this.#to('before attribute');
    this.places.push(place);
    this.#afterHole = true;
  }

  /** Reads one character, or a whole comment; the index to go on from. */
  #step(text: string, i: number): number {
    const char = text[i]!;
    const afterHole = this.#afterHole;
    this.#afterHole = false;
    switch (this.#state) {
      case 'data':
        if (char === '<') this.#to('tag open');
        return i + 1;
      case 'tag open':
        return this.#tagOpen(text, i);
      case 'end tag open':
        if (!/[a-z]/i.test(char))
          throw new Refusal('"</" stands here without a name; write &lt;/ or the whole end tag');
        return this.#openTag(i, true);
      case 'tag name':
        if (SPACE.test(char)) this.#to('before attribute');
        else if (NAME.test(char)) this.#tag.name += char.toLowerCase();
        else if (!this.#endsTag(char)) throw new Refusal(`"${char}" stands in the name of a tag; remove it`);
        return i + 1;
      case 'before attribute':
        if (SPACE.test(char) || this.#endsTag(char)) return i + 1;
        if (afterHole) throw new Refusal('text stands directly behind a value in a tag; write a space between them');
        this.#name = '';
        this.#to('attribute name');
        return i;
      case 'attribute name':
        return this.#attributeName(char, i);
      case 'after attribute name':
        if (SPACE.test(char)) return i + 1;
        if (char === '=') this.#to('before value');
        else this.#to('before attribute');
        return char === '=' ? i + 1 : i;
      case 'before value':
        if (SPACE.test(char)) return i + 1;
        if (char === '>') throw new Refusal('an attribute has no value behind "="; write it, or remove the "="');
        if (char === '"') this.#to('double-quoted value');
        else if (char === "'") this.#to('single-quoted value');
        else {
          this.#to('unquoted value');
          return i;
        }
        return i + 1;
      case 'double-quoted value':
        return this.#value(char, '"', i);
      case 'single-quoted value':
        return this.#value(char, "'", i);
      case 'unquoted value':
        if (SPACE.test(char)) this.#to('before attribute');
        else if (char === '>') this.#closeTag(false);
        else if (/["'<=`]/.test(char))
          throw new Refusal(`"${char}" stands in a value without quotes; write "…" around it`);
        else this.#append(char);
        return i + 1;
      case 'after quoted value':
        if (SPACE.test(char)) this.#to('before attribute');
        else if (!this.#endsTag(char))
          throw new Refusal('two attributes stand without a space between them; write one');
        return i + 1;
      case 'self-closing':
        if (char === '>') this.#closeTag(true);
        else throw new Refusal('"/" stands inside a tag; remove it');
        return i + 1;
      case 'comment':
        return this.#comment(text, i);
      case 'declaration':
        if (char === '>') this.#to('data');
        return i + 1;
      case 'rcdata':
      case 'rawtext':
        return this.#content(text, i);
    }
  }

  #tagOpen(text: string, i: number): number {
    const char = text[i]!;
    if (/[a-z]/i.test(char)) return this.#openTag(i, false);
    if (char === '/') this.#to('end tag open');
    else if (text.startsWith('!--', i)) {
      this.#to('comment');
      return i + 3;
    } else if (/^!doctype[\s>]/i.test(text.slice(i))) this.#to('declaration');
    else if (char === '!' || char === '?')
      throw new Refusal(`"<${char}" is no markup of HTML; write &lt;${char} or a comment`);
    else {
      this.#to('data');
      return i;
    }
    return i + 1;
  }

  #openTag(i: number, end: boolean): number {
    this.#tag = { name: '', end, attributes: [] };
    this.#to('tag name');
    return i;
  }

  /** True for what ends a tag, or begins to. */
  #endsTag(char: string): boolean {
    if (char === '/') this.#to('self-closing');
    else if (char === '>') this.#closeTag(false);
    else return false;
    return true;
  }

  #attributeName(char: string, i: number): number {
    const ends = SPACE.test(char) || char === '=' || char === '/' || char === '>';
    if (NAME.test(char)) {
      this.#name += char.toLowerCase();
      return i + 1;
    }
    if (this.#name === '' || !ends) throw new Refusal(`"${char}" stands where an attribute begins; write name="…"`);
    this.#tag.attributes.push({ name: this.#name, pieces: [''] });
    if (char === '=') this.#to('before value');
    else this.#to('after attribute name');
    if (char === '/' || char === '>') this.#endsTag(char);
    return i + 1;
  }

  #value(char: string, quote: string, i: number): number {
    if (char === quote) this.#to('after quoted value');
    else this.#append(char);
    return i + 1;
  }

  #append(char: string): void {
    const { pieces } = this.#tag.attributes.at(-1)!;
    pieces[pieces.length - 1] += char;
  }

  #closeTag(selfClosing: boolean): void {
    const { name, end } = this.#tag;
    if (name === 'plaintext') throw new Refusal('<plaintext> never ends; write <pre>');
    const content = end ? undefined : RAW_CONTENT.get(name);
    if (content !== undefined && selfClosing)
      throw new Refusal(`<${name}/> is not closed in HTML; write <${name}></${name}>`);
    this.#element = name;
    this.#noscript = '';
    this.#to(content ?? 'data');
  }

  #comment(text: string, i: number): number {
    const [found] = /^-?>|--!?>/.exec(text.slice(i)) ?? [];
    if (found === undefined) return text.length;
    this.#to('data');
    return text.indexOf(found, i) + found.length;
  }

  /**
   * Content that is no markup. Inside `<svg>` or `<select>`, or where scripts are off, browsers read it as markup all
   * the same: without a tag in it both readings are one.
   */
  #content(text: string, i: number): number {
    const char = text[i]!;
    if (char !== '<') {
      this.#noscript += char;
      return i + 1;
    }
    const rest = text.slice(i + 1);
    const name = this.#element;
    if (
      rest[0] === '/' &&
      rest.slice(1, name.length + 1).toLowerCase() === name &&
      /[\t\n\f\r />]/.test(rest[name.length + 1] ?? '')
    ) {
      if (name === 'noscript') this.#judgeNoscript();
      return this.#openTag(i + 2, true);
    }
    if (name === 'noscript') this.#noscript += char;
    else if (/^[a-z/!?]/i.test(rest)) throw new Refusal(inContent(name));
    return i + 1;
  }

  #judgeNoscript(): void {
    try {
      scan([this.#noscript]);
    } catch {
      throw new Refusal('<noscript> holds what ends differently where scripts run; close each tag in it');
    }
  }
}

function inContent(element: string): string {
  if (element === 'script')
    return '"<" and a letter in a script can be read as a tag; write a space, or the script in a file';
  return `a tag stands in <${element}>; write &lt;`;
}
