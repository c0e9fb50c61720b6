/**
 * A clock that stands still until a test moves it: limits, expiry and windows are shown without waiting.
 * @module
 */
import type { Clock } from '@dewar/core';

/** A `Clock` that moves only by hand. */
export interface FakeClock extends Clock {
  /** Moves forward by these milliseconds; a negative number is a clock that was set back. */
  advance(milliseconds: number): void;
  /** Jumps to a moment, in milliseconds since 1970. */
  set(now: number): void;
}

/** Where a fake clock starts unless told: a fixed moment, so that what a test prints is the same every day. */
export const FAKE_CLOCK_START: number = Date.UTC(2026, 0, 1);

/** A clock for tests that stands at `start`. */
export function fakeClock(start: number = FAKE_CLOCK_START): FakeClock {
  let at = valid(start);
  return Object.freeze({
    now: () => at,
    advance(milliseconds: number): void {
      at = valid(at + milliseconds);
    },
    set(now: number): void {
      at = valid(now);
    },
  });
}

function valid(moment: number): number {
  if (!Number.isFinite(moment)) throw new TypeError(`fakeClock: ${moment} is no moment in milliseconds`);
  return moment;
}
