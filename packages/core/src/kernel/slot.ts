/**
 * A protection's own value on a request: typed, without a field of its own on the context.
 * @module
 */
import type { Context } from './context.ts';

let slots = 0;

/** Made once, at module level, by the protection that uses it. */
export class Slot<T> {
  readonly #index = slots++;

  get(c: Context): T | undefined {
    // What stands at this index was put there by this very slot.
    return c.slots[this.#index] as T | undefined;
  }

  set(c: Context, value: T): void {
    c.slots[this.#index] = value;
  }
}
