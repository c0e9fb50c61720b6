/**
 * One limit as the table counts it: numbers that a request needs, made at start, and what was seen of it since.
 * @module
 */
import type { Amount } from './grammar.ts';
import { Histogram } from './histogram.ts';

/** Counting is in whole microseconds: sums of fractions would refuse the last of a burst. */
const MICROSECONDS = 1_000_000;

export interface QuotaParts extends Amount {
  /** What it is told by: in `RateLimit` fields, events and the report. */
  readonly name: string;
  /** What tells it apart from every other, also after a restart. */
  readonly id: string;
  /** Two random words, fixed for this `id`: the same client has another place in the table under each limit. */
  readonly salt: readonly [number, number];
}

export class Quota implements QuotaParts {
  readonly name: string;
  readonly id: string;
  readonly salt: readonly [number, number];
  readonly amount: number;
  readonly seconds: number;
  /** Microseconds that one request is worth. */
  readonly unit: number;
  /** How far ahead of now the time of a bucket may run. */
  readonly capacity: number;
  /** Milliseconds of the window in which use is counted for the report. */
  readonly window: number;
  /** Where the table knows it by; 0 until it was added to one. */
  index = 0;
  /** The bucket of all newcomers while the table is full of clients that are still counted. */
  shared = 0;
  allowed = 0;
  refused = 0;
  held = 0;
  /** How much each client used in each window that is over. */
  readonly uses: Histogram = new Histogram();

  constructor({ name, id, salt, amount, seconds }: QuotaParts) {
    this.name = name;
    this.id = id;
    this.salt = salt;
    this.amount = amount;
    this.seconds = seconds;
    // Rounded up: a limit lets through less by a fraction of a microsecond, never more.
    this.unit = Math.ceil((seconds * MICROSECONDS) / amount);
    this.capacity = amount * this.unit;
    this.window = seconds * 1000;
  }
}
