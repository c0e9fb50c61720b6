/**
 * How often each use was seen, in buckets that grow with the value: exact up to 16, within an eighth above, in one and a
 * half kilobytes whatever happens.
 * @module
 */

const EXACT = 16;
/** Buckets for each doubling above that. */
const STEPS = 8;
const DOUBLINGS = 20;
const BUCKETS = EXACT + 1 + STEPS * DOUBLINGS;

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  /** Values counted. */
  total = 0;
  most = 0;

  add(value: number): void {
    this.#counts[bucketOf(value)]! += 1;
    this.total += 1;
    if (value > this.most) this.most = value;
  }

  /** Another of the same shape with the same counts, to be added to. */
  copy(): Histogram {
    const copy = new Histogram();
    copy.#counts.set(this.#counts);
    copy.total = this.total;
    copy.most = this.most;
    return copy;
  }

  /** Each bucket that is not empty, least first: its largest value, and how many fell into it. */
  rows(): [upTo: number, count: number][] {
    return [...this.#counts].flatMap((count, bucket): [number, number][] =>
      count === 0 ? [] : [[Math.min(largestOf(bucket), this.most), count]],
    );
  }
}

function bucketOf(value: number): number {
  if (value <= EXACT) return Math.max(0, Math.floor(value));
  const doubling = Math.floor(Math.log2(value / EXACT));
  const step = Math.ceil((value / (EXACT * 2 ** doubling) - 1) * STEPS);
  return Math.min(EXACT + doubling * STEPS + step, BUCKETS - 1);
}

function largestOf(bucket: number): number {
  if (bucket <= EXACT) return bucket;
  const doubling = Math.floor((bucket - EXACT - 1) / STEPS);
  const step = bucket - EXACT - doubling * STEPS;
  return Math.floor(EXACT * 2 ** doubling * (1 + step / STEPS));
}
