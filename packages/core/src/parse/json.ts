/**
 * JSON with limits: the engine's own parser, then one walk over what it made, level by level. No reviver and no parser
 * of ours, which would take many times as long; `decisions/0012-json-limits.md` has the figures.
 * @module
 */
import { countColons, countMembers } from './colons.ts';
import type { JsonLimits } from './limits.ts';

/** What a text is refused for; `not-json` alone leaves no value. */
export type JsonFault =
  | 'not-json'
  | 'prototype-key'
  | 'depth'
  | 'keys'
  | 'items'
  | 'text'
  | 'name'
  | 'number'
  | 'duplicate-key';

export interface ParsedJson {
  readonly value: unknown;
  /** Which limit it passes; `null` for none. */
  readonly fault: JsonFault | null;
}

const NOT_JSON: ParsedJson = Object.freeze({ value: undefined, fault: 'not-json' });

/**
 * Parses bytes that are known to be UTF-8. With `keep` the value is wanted in spite of a limit, so all of it is searched
 * for keys that change prototypes; without, the first fault is enough.
 */
export function parseJson(bytes: Utf8, limits: JsonLimits, keep = false): ParsedJson {
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  const walk = new Walk(limits, keep);
  walk.over(value);
  if (walk.fault !== null) return { value, fault: walk.fault };
  return { value, fault: limits.uniqueKeys && isRepeated(bytes, text, walk.keys) ? 'duplicate-key' : null };
}

/** A `Buffer`, as far as it is needed. */
type Utf8 = Uint8Array & { toString(encoding: 'utf8'): string };

/** True when more members were written than are left. */
function isRepeated(bytes: Uint8Array, text: string, keys: number): boolean {
  // The count may be too high, never too low: only then is the text looked at closely.
  return countColons(bytes) !== keys && countMembers(text) !== keys;
}

/** One walk: the keys it found, and what it found wrong first. A prototype key goes before everything. */
class Walk {
  keys = 0;
  fault: JsonFault | null = null;
  readonly #limits: JsonLimits;
  readonly #keep: boolean;
  readonly #most: number;

  constructor(limits: JsonLimits, keep: boolean) {
    this.#limits = limits;
    this.#keep = keep;
    this.#most = limits.exactNumbers ? Number.MAX_SAFE_INTEGER : Infinity;
  }

  over(root: unknown): void {
    if (typeof root !== 'object' || root === null) return this.#scalar(root);
    // Level by level, so that depth is counted, and no stack runs over however deep it goes.
    let level: object[] = [root];
    let next: object[] = [];
    for (let depth = 1; level.length > 0; depth++) {
      if (depth > this.#limits.maxDepth) this.#wrong('depth');
      for (let i = 0; i < level.length; i++) {
        const node = level[i]!;
        if (Array.isArray(node)) this.#items(node, next);
        else this.#members(node as Readonly<Record<string, unknown>>, next);
        if (this.fault !== null && (!this.#keep || this.fault === 'prototype-key')) return;
      }
      [level, next] = [next, level];
      next.length = 0;
    }
  }

  #items(items: readonly unknown[], next: object[]): void {
    const { length } = items;
    if (length > this.#limits.maxItems) this.#wrong('items');
    // An engine keeps lists of numbers in a form of their own, and gives it up, number by number, where one line of code
    // reads items of both kinds. `at` reads without that; what comes behind sees one kind only.
    const numbers = typeof items.at(0) === 'number' ? exactNumbers(items as readonly number[], this.#most) : 0;
    for (let i = numbers; i < length; i++) {
      const child = items[i];
      if (typeof child !== 'object') this.#scalar(child);
      else if (child !== null) next.push(child);
    }
  }

  #members(object: Readonly<Record<string, unknown>>, next: object[]): void {
    const { maxName, maxKeys } = this.#limits;
    let count = 0;
    for (const key in object) {
      count++;
      const child = object[key];
      if (key.length > maxName) this.#wrong('name');
      if (key === '__proto__' || (key === 'constructor' && hasPrototype(child))) {
        this.fault = 'prototype-key';
        return;
      }
      if (typeof child !== 'object') this.#scalar(child);
      else if (child !== null) next.push(child);
    }
    if (count > maxKeys) this.#wrong('keys');
    this.keys += count;
  }

  #scalar(value: unknown): void {
    if (typeof value === 'string') {
      if (value.length > this.#limits.maxText) this.#wrong('text');
    } else if (typeof value === 'number' && !(value <= this.#most && value >= -this.#most)) this.#wrong('number');
  }

  #wrong(fault: JsonFault): void {
    this.fault ??= fault;
  }
}

/** How many items from the first on are numbers that are exact. */
function exactNumbers(items: readonly number[], most: number): number {
  let i = 0;
  for (; i < items.length; i++) {
    const number = items[i];
    if (typeof number !== 'number' || number > most || number < -most) break;
  }
  return i;
}

/** Merged into another object by a careless function, `constructor.prototype` reaches what all objects share. */
function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}
