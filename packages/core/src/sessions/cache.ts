/**
 * Sessions that were just looked up. Bounded in number and in time; what this process changes is forgotten at once.
 * @module
 */
import type { AccountIdentity } from '../kernel/index.ts';
import type { SessionRecord } from '../store/index.ts';

/** A session that is believed for a while. */
export interface Entry {
  readonly record: SessionRecord;
  /** Made once, not once a request. */
  readonly identity: AccountIdentity;
  /** Moved forward by this process's own touches. */
  seenAt: number;
  readonly until: number;
  used: boolean;
}

export class SessionCache {
  readonly #entries = new Map<string, Entry>();
  readonly #most: number;
  /** Grows with every change: a look-up that began before must not put back what it saw. */
  epoch = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(hash: string, now: number): Entry | undefined {
    const entry = this.#entries.get(hash);
    if (entry === undefined) return undefined;
    if (now < entry.until) {
      entry.used = true;
      return entry;
    }
    this.#entries.delete(hash);
    return undefined;
  }

  put(hash: string, entry: Entry): void {
    this.#entries.delete(hash);
    if (this.#entries.size >= this.#most) this.#makeRoom();
    this.#entries.set(hash, entry);
  }

  drop(hash: string): void {
    this.epoch++;
    this.#entries.delete(hash);
  }

  /** Forgets all sessions of an account but one. Walks the cache, which is bounded; nobody's ordinary request does. */
  dropAccount(account: string, but?: string): void {
    this.epoch++;
    for (const [hash, { record }] of this.#entries) {
      if (record.account === account && hash !== but) this.#entries.delete(hash);
    }
  }

  clear(): void {
    this.epoch++;
    this.#entries.clear();
  }

  /** The clock algorithm: who was used since the hand last passed is passed over once. A few steps at most. */
  #makeRoom(): void {
    let passes = 8;
    for (const [hash, entry] of this.#entries) {
      this.#entries.delete(hash);
      if (!entry.used || --passes === 0) return;
      entry.used = false;
      this.#entries.set(hash, entry);
    }
  }
}
