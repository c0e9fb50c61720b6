/**
 * Requests that are held back: each for a while, only so many at once, and none for a client that has gone.
 * @module
 */
import { later } from '../kernel/index.ts';
import type { Clock } from '../kernel/index.ts';

export class Held {
  readonly #clock: Clock;
  readonly #most: number;
  #count = 0;

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  /** Room for one more. */
  get room(): boolean {
    return this.#count < this.#most;
  }

  /** Waits; `release` ends it at once, and may be called as often as one likes. */
  hold(milliseconds: number): { readonly over: Promise<void>; readonly release: () => void } {
    this.#count += 1;
    const { promise, resolve } = Promise.withResolvers<void>();
    let waiting = true;
    const end = (): void => {
      if (!waiting) return;
      waiting = false;
      this.#count -= 1;
      resolve();
    };
    const cancel = later(this.#clock, milliseconds, end);
    const release = (): void => {
      cancel();
      end();
    };
    return { over: promise, release };
  }
}
