/**
 * A value that must not be shown. It refuses to become text by accident: what printed a mark instead would also be
 * taken for a key, and everybody knows the mark.
 * @module
 */
import { inspect } from 'node:util';
import { safeEqual } from '../crypto/index.ts';

/** What stands in the place of a secret wherever one is shown. */
export const HIDDEN = '[secret]';

/** Holds a text that only `reveal()` gives out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The text itself. The one place where it leaves, and easy to search for. */
  reveal(): string {
    return this.#value;
  }

  /** Bytes of the text in UTF-8. */
  get bytes(): number {
    return Buffer.byteLength(this.#value);
  }

  /** Equality in a time that depends on the lengths only. */
  equals(other: Secret | string): boolean {
    return safeEqual(this.#value, typeof other === 'string' ? other : other.#value);
  }

  /** Throws: a secret in a text is a mistake, whoever reads the text. */
  toString(): never {
    throw new TypeError('a secret does not become text by itself; where it must, write .reveal()');
  }

  /** Throws, in template literals, sums and comparisons alike. */
  [Symbol.toPrimitive](): never {
    return this.toString();
  }

  /** A record with a secret in it can be logged; the secret is not in the log. */
  toJSON(): string {
    return HIDDEN;
  }
}

// Not in the class: declarations made without its dependencies cannot name this symbol.
Object.defineProperty(Secret.prototype, inspect.custom, { value: () => HIDDEN });
