/**
 * A map that always knows its entry of least rank, so that a bounded store can drop the right one without a sweep.
 * Every call is O(log n): no request ever pays for a clean-up of all.
 * @module
 */

interface Entry<V> {
  readonly key: string;
  value: V;
  rank: number;
  index: number;
}

export class KeyedHeap<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #heap: Entry<V>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get(key: string): Readonly<Entry<V>> | undefined {
    return this.#entries.get(key);
  }

  /** The entry of least rank. */
  least(): Readonly<Entry<V>> | undefined {
    return this.#heap[0];
  }

  set(key: string, rank: number, value: V): void {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.value = value;
      known.rank = rank;
      this.#settle(known);
      return;
    }
    const entry = { key, value, rank, index: this.#heap.length };
    this.#entries.set(key, entry);
    this.#heap.push(entry);
    this.#settle(entry);
  }

  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    const last = this.#heap.pop()!;
    if (last !== entry) {
      last.index = entry.index;
      this.#heap[last.index] = last;
      this.#settle(last);
    }
    return true;
  }

  clear(): void {
    this.#entries.clear();
    this.#heap.length = 0;
  }

  /** Moves an entry up or down to where its rank belongs. */
  #settle(entry: Entry<V>): void {
    const heap = this.#heap;
    let index = entry.index;
    while (index > 0) {
      const above = heap[(index - 1) >> 1]!;
      if (above.rank <= entry.rank) break;
      heap[index] = above;
      [above.index, index] = [index, above.index];
    }
    for (;;) {
      let below = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (right !== undefined && right.rank < below!.rank) below = right;
      if (below === undefined || below.rank >= entry.rank) break;
      heap[index] = below;
      [below.index, index] = [index, below.index];
    }
    heap[index] = entry;
    entry.index = index;
  }
}
