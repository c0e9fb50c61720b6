/**
 * The arithmetic against the other definition of the same algorithm, ITU-T I.371's leaky bucket.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MemoryCounters } from './memory-counters.ts';

const T0 = 1_700_000_000_000;
/** Waits between calls and their costs. */
const calls = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 4 })), { maxLength: 60 });
const emissions = fc.integer({ min: 1, max: 3000 });
const bursts = fc.integer({ min: 1, max: 10 });

describe('the generic cell rate algorithm', () => {
  it('decides as a leaky bucket does, call by call', () => {
    fc.assert(
      fc.property(emissions, bursts, calls, (emission, burst, list) => {
        const counters = new MemoryCounters(10);
        let [level, now] = [0, T0];
        for (const [wait, cost] of list) {
          now += wait;
          level = Math.max(0, level - wait);
          const fits = level + cost * emission <= burst * emission;
          if (fits) level += cost * emission;
          assert.deepEqual(counters.take('k', emission, burst, cost, now), {
            allowed: fits,
            remaining: Math.floor((burst * emission - level) / emission),
            retryAfter: fits ? 0 : cost > burst ? Infinity : level + cost * emission - burst * emission,
            resetAfter: level,
          });
        }
      }),
    );
  });

  it('never lets more through in any window than the burst and what the window is worth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 3000, noNaN: true }), bursts, calls, (emission, burst, list) => {
        const counters = new MemoryCounters(10);
        const passed: number[] = [];
        let now = T0;
        for (const [wait] of list) {
          now += wait;
          if (counters.take('k', emission, burst, 1, now).allowed) passed.push(now);
        }
        const unit = Math.max(1, Math.round(emission * 1000)) / 1000;
        for (let first = 0; first < passed.length; first++)
          for (let last = first; last < passed.length; last++)
            assert.ok(last - first + 1 <= burst + (passed[last]! - passed[first]!) / unit + 1e-6);
      }),
    );
  });

  it('is allowed after waiting retryAfter, and a bucket is full after resetAfter', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 3000, noNaN: true }), bursts, calls, (emission, burst, list) => {
        const counters = new MemoryCounters(10);
        let now = T0;
        for (const [wait, cost] of list) {
          now += wait;
          const { retryAfter, resetAfter } = counters.take('k', emission, burst, cost, now);
          if (retryAfter === Infinity) continue;
          assert.equal(counters.take('k', emission, burst, 0, now + resetAfter).remaining, burst);
          if (retryAfter === 0) continue;
          now += retryAfter;
          assert.equal(counters.take('k', emission, burst, cost, now).allowed, true);
        }
      }),
    );
  });
});
