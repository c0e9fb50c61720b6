/**
 * Buckets in memory, at most so many. The one that is full again, or will be soonest, makes room: a flood of new keys
 * pushes out those who had least left to wait, and never refuses everybody.
 * @module
 */
import { readTake, taken } from './gcra.ts';
import { KeyedHeap } from './keyed-heap.ts';
import type { CounterStore, Taken } from './types.ts';

/** Not part of transactions: what an attacker tried stays counted when the work that followed failed. */
export class MemoryCounters implements CounterStore {
  /** By the microsecond at which a bucket is full again. */
  readonly #buckets = new KeyedHeap<null>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#buckets.size;
  }

  take(key: string, emission: number, burst: number, cost: number, now: number): Taken {
    const take = readTake(emission, burst, cost, now);
    const bucket = this.#buckets.get(key);
    const fullAt = bucket === undefined ? take.at : Math.max(bucket.rank, take.at);
    const next = fullAt + take.increment;
    if (next - take.at > take.capacity) return taken(take, fullAt, false);
    if (take.increment > 0) {
      if (bucket === undefined) this.#makeRoom(take.at);
      this.#buckets.set(key, next, null);
    }
    return taken(take, next, true);
  }

  prune(now: number): number {
    let gone = 0;
    while (this.#dropFull(now * 1000)) gone += 1;
    return gone;
  }

  clear(): void {
    this.#buckets.clear();
  }

  /** Two out for one in, while they are full again: memory falls back by itself after a flood. */
  #makeRoom(at: number): void {
    if (this.#dropFull(at)) this.#dropFull(at);
    while (this.#buckets.size >= this.#most) this.#buckets.delete(this.#buckets.least()!.key);
  }

  #dropFull(at: number): boolean {
    const least = this.#buckets.least();
    return least !== undefined && least.rank <= at && this.#buckets.delete(least.key);
  }
}
