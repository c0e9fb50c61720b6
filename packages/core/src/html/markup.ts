/**
 * Text that may stand in a page as it is, and the only ways to make it. A private field marks each: neither JSON nor a
 * polluted prototype can imitate that.
 * @module
 */
import { HtmlError } from './errors.ts';

/** What `markup`, `attributeList` and `trustedAddress` know and nobody else does. */
const KEY: unique symbol = Symbol('dewar.html');

function open(key: unknown): void {
  if (key !== KEY) throw new HtmlError('html/forged', 'markup is made by html`…`, or by raw(text, why)');
}

/** Markup that starts and ends between tags. */
export class Html {
  readonly #text: string;

  constructor(key: symbol, text: string) {
    open(key);
    this.#text = text;
  }

  /** The text of markup; `undefined` for everything else. */
  static textOf(value: object): string | undefined {
    return #text in value ? value.#text : undefined;
  }

  toString(): string {
    return this.#text;
  }
}

/** Attributes, each with a space before it; nothing where there are none. */
export class Attributes {
  readonly #text: string;

  constructor(key: symbol, text: string) {
    open(key);
    this.#text = text;
  }

  /** The text of attributes; `undefined` for everything else. */
  static textOf(value: object): string | undefined {
    return #text in value ? value.#text : undefined;
  }

  toString(): string {
    return this.#text;
  }
}

/** An address that the owner answers for. */
export class TrustedUrl {
  readonly #text: string;

  constructor(key: symbol, text: string) {
    open(key);
    this.#text = text;
  }

  /** The address; `undefined` for everything else. */
  static textOf(value: object): string | undefined {
    return #text in value ? value.#text : undefined;
  }

  toString(): string {
    return this.#text;
  }
}

/** Marks text as markup. Inside this module only: owners write `raw(text, why)`. */
export function markup(text: string): Html {
  return new Html(KEY, text);
}

/** Marks text as attributes. Inside this module only. */
export function attributeList(text: string): Attributes {
  return new Attributes(KEY, text);
}

/** Marks text as an address to trust. Inside this module only: owners write `trustedUrl(url, why)`. */
export function trustedAddress(text: string): TrustedUrl {
  return new TrustedUrl(KEY, text);
}

/** True for markup that `html` or `raw` made. */
export function isHtml(value: unknown): value is Html {
  return typeof value === 'object' && value !== null && Html.textOf(value) !== undefined;
}
