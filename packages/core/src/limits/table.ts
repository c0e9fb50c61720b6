/**
 * Every bucket of every limit, in flat arrays of fixed size: a request allocates nothing, and no flood makes it grow.
 * A bucket is one number, the microsecond at which it is full again (GCRA, ITU-T I.371); beside it stands how much was
 * used in the current window, for the report.
 * @module
 */
import type { Quota } from './quota.ts';

/** Slots that an insertion looks at to make room; enough to find one of the least that are owed. */
const SWEEP = 32;
/** While there is room, only so many: what has recovered is let go a little faster than newcomers come. */
const GLANCE = 4;
/** Arrays have half as many slots again as there may be buckets, or a search would walk far. */
const SLACK = 1.5;
const SAID = 0x8000;
const NONE = -1;

/** A bucket as a snapshot keeps it. */
export interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly quota: Quota;
  /** Microseconds since 1970. */
  readonly fullAt: number;
}

/** What a call took, and until when it may be given back. */
export interface Taken {
  readonly low: number;
  readonly high: number;
  readonly quota: Quota;
  readonly cost: number;
  /** It came out of the bucket of all newcomers. */
  readonly shared: boolean;
  /** When the bucket would have been full again after it, in microseconds. */
  readonly fullAt: number;
}

export class Table {
  /** Buckets that it may hold. */
  readonly most: number;
  /** Where there is no room, newcomers share one bucket, and nobody is forgotten for them. */
  readonly #strict: boolean;
  /** Microseconds that the bucket of the last call is ahead of now. */
  debt = 0;
  /** The last call was about the bucket of all newcomers. */
  shared = false;
  size = 0;
  /** Newcomers that found no room of their own, and clients that were forgotten early for others. */
  crowded = 0;
  readonly #quotas: Quota[] = [];
  readonly #mask: number;
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  readonly #fullAt: Float64Array;
  /** Index of the quota, 0 where the slot is empty; the highest bit: the breach was told in this window. */
  readonly #quota: Uint16Array;
  readonly #used: Uint32Array;
  readonly #window: Uint32Array;
  #hand = 0;

  constructor(most: number, strict: boolean) {
    this.most = most;
    this.#strict = strict;
    const slots = 2 ** Math.ceil(Math.log2(most * SLACK));
    this.#mask = slots - 1;
    // Memory that was never written to costs nothing yet: the system gives it page by page.
    this.#low = new Int32Array(slots);
    this.#high = new Int32Array(slots);
    this.#fullAt = new Float64Array(slots);
    this.#quota = new Uint16Array(slots);
    this.#used = new Uint32Array(slots);
    this.#window = new Uint32Array(slots);
  }

  /** Makes a quota known. */
  add(quota: Quota): void {
    if (quota.index !== 0) return;
    if (this.#quotas.length >= SAID - 1) throw new RangeError(`more than ${SAID - 1} limits`);
    quota.index = this.#quotas.push(quota);
  }

  get quotas(): readonly Quota[] {
    return this.#quotas;
  }

  /**
   * Takes `cost` from the bucket of a hashed key; false, and nothing taken, where that is more than is left. `debt` then
   * tells how far the bucket is ahead.
   */
  take(low: number, high: number, quota: Quota, cost: number, at: number): boolean {
    if (!(cost >= 0 && cost < Infinity)) throw new RangeError(`${quota.name}: a cost must be 0 or more`);
    const increment = Math.round(cost * quota.unit);
    const own = low ^ quota.salt[0];
    const other = high ^ quota.salt[1];
    let slot = this.#find(own, other);
    if (slot === NONE) slot = this.#insert(own, other, quota, at);
    this.shared = slot === NONE;
    if (slot === NONE) return this.#takeShared(quota, increment, at);
    this.#count(slot, quota, cost, at);
    // No further ahead than the limit can be: a clock that was set back shuts nobody out for longer.
    const fullAt = Math.min(Math.max(this.#fullAt[slot]!, at), at + quota.capacity);
    const next = fullAt + increment;
    if (next - at > quota.capacity) {
      this.#fullAt[slot] = fullAt;
      this.debt = fullAt - at;
      return false;
    }
    this.#fullAt[slot] = next;
    this.debt = next - at;
    return true;
  }

  /** Gives back what a call took that should not count after all; what has drained meanwhile is not given twice. */
  giveBack({ low, high, quota, cost, shared, fullAt }: Taken, at: number): void {
    // Its share of the bucket ends at `fullAt`; what of it lies before now is gone already.
    const increment = Math.min(Math.round(cost * quota.unit), Math.max(0, fullAt - at));
    if (shared) quota.shared -= increment;
    else {
      const slot = this.#find(low ^ quota.salt[0], high ^ quota.salt[1]);
      if (slot !== NONE) this.#fullAt[slot]! -= increment;
    }
  }

  /** Microseconds that a bucket is ahead of now; 0 where there is none. */
  debtOf(low: number, high: number, quota: Quota, at: number): number {
    const slot = this.#find(low ^ quota.salt[0], high ^ quota.salt[1]);
    return slot === NONE ? 0 : Math.min(Math.max(0, this.#fullAt[slot]! - at), quota.capacity);
  }

  /** Lets nothing out of a bucket until then: how a client is blocked, and how a snapshot comes back. */
  fill(low: number, high: number, quota: Quota, until: number, at: number): void {
    const own = low ^ quota.salt[0];
    const other = high ^ quota.salt[1];
    let slot = this.#find(own, other);
    if (slot === NONE) slot = this.#insert(own, other, quota, at);
    if (slot !== NONE) this.#fullAt[slot] = Math.max(this.#fullAt[slot]!, until);
  }

  /** Forgets every bucket of these limits; answers how many. */
  clear(quotas: ReadonlySet<Quota>): number {
    const before = this.size;
    for (let slot = 0; slot <= this.#mask; slot++) {
      // What moves into a slot that was emptied is looked at too.
      while (this.#quota[slot] !== 0 && quotas.has(this.#quotas[(this.#quota[slot]! & ~SAID) - 1]!)) this.#remove(slot);
    }
    for (const quota of quotas) quota.shared = 0;
    return before - this.size;
  }

  /** True once for each key and window: a flood is told about once, not once for each request. */
  tellOnce(low: number, high: number, quota: Quota): boolean {
    const slot = this.#find(low ^ quota.salt[0], high ^ quota.salt[1]);
    if (slot === NONE || (this.#quota[slot]! & SAID) !== 0) return false;
    this.#quota[slot]! |= SAID;
    return true;
  }

  /** Places in the arrays. */
  get slots(): number {
    return this.#mask + 1;
  }

  /** Every bucket of some slots that is not full again by then. */
  *buckets(at: number, from = 0, to: number = this.slots): Generator<Bucket> {
    for (let slot = from; slot < Math.min(to, this.slots); slot++) {
      const quota = this.#quotas[(this.#quota[slot]! & ~SAID) - 1];
      const fullAt = this.#fullAt[slot]!;
      if (quota === undefined || fullAt <= at) continue;
      yield {
        low: this.#low[slot]! ^ quota.salt[0],
        high: this.#high[slot]! ^ quota.salt[1],
        quota,
        fullAt,
      };
    }
  }

  /** Puts a bucket back; one that was full again, or is further ahead than its limit can be, is not believed. */
  restore({ low, high, quota, fullAt }: Bucket, at: number): boolean {
    if (!(fullAt > at && fullAt <= at + quota.capacity) || this.size >= this.most) return false;
    this.fill(low, high, quota, fullAt, at);
    return true;
  }

  /** What each client has used in the window that still runs. */
  *running(): Generator<readonly [quota: Quota, used: number]> {
    for (let slot = 0; slot <= this.#mask; slot++) {
      const quota = this.#quotas[(this.#quota[slot]! & ~SAID) - 1];
      if (quota !== undefined && this.#used[slot]! > 0) yield [quota, this.#used[slot]!];
    }
  }

  #takeShared(quota: Quota, increment: number, at: number): boolean {
    const fullAt = Math.min(Math.max(quota.shared, at), at + quota.capacity);
    const allowed = fullAt + increment - at <= quota.capacity;
    quota.shared = allowed ? fullAt + increment : fullAt;
    this.debt = quota.shared - at;
    return allowed;
  }

  #count(slot: number, quota: Quota, cost: number, at: number): void {
    const window = Math.floor(at / 1000 / quota.window) >>> 0;
    if (this.#window[slot] !== window) {
      if (this.#used[slot]! > 0) quota.uses.add(this.#used[slot]!);
      this.#window[slot] = window;
      this.#used[slot] = 0;
      this.#quota[slot]! &= ~SAID;
    }
    this.#used[slot]! += Math.ceil(cost);
  }

  #find(low: number, high: number): number {
    const mask = this.#mask;
    for (let slot = low & mask; this.#quota[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#low[slot] === low && this.#high[slot] === high) return slot;
    }
    return NONE;
  }

  #insert(low: number, high: number, quota: Quota, at: number): number {
    this.#sweep(this.size < this.most ? GLANCE : SWEEP, at);
    if (this.size >= this.most) {
      this.crowded += 1;
      if (this.#strict) return NONE;
      this.#evict();
    }
    let slot = low & this.#mask;
    while (this.#quota[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#fullAt[slot] = 0;
    this.#quota[slot] = quota.index;
    this.#used[slot] = 0;
    this.#window[slot] = Math.floor(at / 1000 / quota.window) >>> 0;
    this.size += 1;
    return slot;
  }

  /** Lets go of buckets under the hand that are full again; their windows too are over, unless room is short. */
  #sweep(slots: number, at: number): void {
    for (let i = 0; i < slots; i++) {
      const slot = (this.#hand = (this.#hand + 1) & this.#mask);
      const quota = this.#quotas[(this.#quota[slot]! & ~SAID) - 1];
      if (quota === undefined || this.#fullAt[slot]! > at) continue;
      if (slots === SWEEP || this.#window[slot] !== Math.floor(at / 1000 / quota.window) >>> 0) this.#remove(slot);
    }
  }

  /** Of those under the hand, the one that is full again soonest goes: whoever owes much is never let off. */
  #evict(): void {
    let least = NONE;
    for (let seen = 0; seen < SWEEP;) {
      const slot = (this.#hand = (this.#hand + 1) & this.#mask);
      if (this.#quota[slot] === 0) continue;
      seen += 1;
      if (least === NONE || this.#fullAt[slot]! < this.#fullAt[least]!) least = slot;
    }
    this.#remove(least);
  }

  /** Empties a slot and closes the gap, so that no search stops at it too early. */
  #remove(slot: number): void {
    const mask = this.#mask;
    const quota = this.#quotas[(this.#quota[slot]! & ~SAID) - 1]!;
    if (this.#used[slot]! > 0) quota.uses.add(this.#used[slot]!);
    let gap = slot;
    for (let next = (gap + 1) & mask; this.#quota[next] !== 0; next = (next + 1) & mask) {
      const home = this.#low[next]! & mask;
      // It may move back only as far as its home.
      if (((next - home) & mask) < ((next - gap) & mask)) continue;
      this.#low[gap] = this.#low[next]!;
      this.#high[gap] = this.#high[next]!;
      this.#fullAt[gap] = this.#fullAt[next]!;
      this.#quota[gap] = this.#quota[next]!;
      this.#used[gap] = this.#used[next]!;
      this.#window[gap] = this.#window[next]!;
      gap = next;
    }
    this.#quota[gap] = 0;
    this.size -= 1;
  }
}
