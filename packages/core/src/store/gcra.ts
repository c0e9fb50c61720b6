/**
 * The arithmetic of the generic cell rate algorithm (ITU-T I.371), shared by every counter store.
 * In whole microseconds: sums of fractions of a millisecond near 1.7e12 drift, and would refuse the last of a burst.
 * @module
 */
import type { Taken } from './types.ts';

/** One call, in microseconds. Exact in a double up to the year 2255. */
export interface Take {
  readonly at: number;
  /** What one request is worth. */
  readonly unit: number;
  /** What this call takes. */
  readonly increment: number;
  /** How far ahead of `at` the bucket's time may run. */
  readonly capacity: number;
}

/** Checks the numbers of a call and turns them into microseconds. A number that makes no sense must not open a door. */
export function readTake(emission: number, burst: number, cost: number, now: number): Take {
  if (!(emission > 0 && emission < Infinity)) throw new RangeError('emission must be a number of milliseconds above 0');
  if (!(burst >= 1 && burst < Infinity)) throw new RangeError('burst must be at least 1');
  if (!(cost >= 0 && cost < Infinity)) throw new RangeError('cost must be 0 or more');
  if (!(now >= 0 && now < Infinity)) throw new RangeError('now must be milliseconds since 1970');
  const unit = Math.max(1, Math.round(emission * 1000));
  return { at: Math.round(now * 1000), unit, increment: Math.round(cost * unit), capacity: burst * unit };
}

/** What to answer. `fullAt` is when the bucket is full again, after the call took or did not. */
export function taken(take: Take, fullAt: number, allowed: boolean): Taken {
  const debt = Math.max(0, fullAt - take.at);
  return {
    allowed,
    remaining: Math.max(0, Math.floor((take.capacity - debt) / take.unit)),
    retryAfter: allowed ? 0 : wait(take, debt),
    resetAfter: Math.ceil(debt / 1000),
  };
}

function wait(take: Take, debt: number): number {
  if (take.increment > take.capacity) return Infinity;
  return Math.ceil((debt + take.increment - take.capacity) / 1000);
}
