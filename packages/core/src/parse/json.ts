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

/** Parses bytes that are known to be UTF-8. */
export function parseJson(bytes: Uint8Array & { toString(encoding: 'utf8'): string }, limits: JsonLimits): ParsedJson {
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
  const walk = new Walk(limits);
  walk.over(value);
  if (walk.fault !== null) return { value, fault: walk.fault };
  return { value, fault: limits.uniqueKeys && isRepeated(bytes, text, walk.keys) ? 'duplicate-key' : null };
}

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

  constructor(limits: JsonLimits) {
    this.#limits = limits;
  }

  over(root: unknown): void {
    if (typeof root !== 'object' || root === null) return this.#scalar(root);
    // Level by level, so that depth is counted, and no stack runs over however deep it goes.
    let level: object[] = [root];
    for (let depth = 1; level.length > 0; depth++) {
      if (depth > this.#limits.maxDepth) this.#wrong('depth');
      const next: object[] = [];
      for (const node of level) {
        if (Array.isArray(node)) this.#items(node, next);
        else if (this.#members(node as Readonly<Record<string, unknown>>, next)) return;
      }
      level = next;
    }
  }

  #items(items: readonly unknown[], next: object[]): void {
    if (items.length > this.#limits.maxItems) this.#wrong('items');
    for (let i = 0; i < items.length; i++) {
      const child = items[i];
      if (typeof child !== 'object') this.#scalar(child);
      else if (child !== null) next.push(child);
    }
  }

  /** True when there is no need to look any further. */
  #members(object: Readonly<Record<string, unknown>>, next: object[]): boolean {
    const { maxName, maxKeys } = this.#limits;
    let count = 0;
    for (const key in object) {
      count++;
      const child = object[key];
      if (key.length > maxName) this.#wrong('name');
      if (key === '__proto__' || (key === 'constructor' && hasPrototype(child))) {
        this.fault = 'prototype-key';
        return true;
      }
      if (typeof child !== 'object') this.#scalar(child);
      else if (child !== null) next.push(child);
    }
    if (count > maxKeys) this.#wrong('keys');
    this.keys += count;
    return false;
  }

  #scalar(value: unknown): void {
    if (typeof value === 'string') {
      if (value.length > this.#limits.maxText) this.#wrong('text');
    } else if (typeof value === 'number' && this.#limits.exactNumbers) {
      if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) this.#wrong('number');
    }
  }

  #wrong(fault: JsonFault): void {
    this.fault ??= fault;
  }
}

/** Merged into another object by a careless function, `constructor.prototype` reaches what all objects share. */
function hasPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}
