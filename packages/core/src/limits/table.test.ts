/**
 * The table: its arithmetic beside the store's, its room, and what a flood does to it.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { MemoryCounters } from '../store/memory-counters.ts';
import { saltOf } from './limit.ts';
import { Quota } from './quota.ts';
import { Table } from './table.ts';
import type { Taken } from './table.ts';

const NOON = Date.UTC(2026, 0, 1, 12) * 1000;

function quota(amount: number, seconds: number, id = `${amount}/${seconds}`): Quota {
  return new Quota({ name: 'x', id, salt: saltOf(id), amount, seconds });
}

function table(most: number, strict: boolean, ...quotas: Quota[]): Table {
  const made = new Table(most, strict);
  for (const one of quotas) made.add(one);
  return made;
}

describe('the table', () => {
  it('decides as the counter store does, call by call', () => {
    const steps = fc.array(fc.record({ key: fc.nat(5), cost: fc.nat(4), wait: fc.nat(40_000_000) }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 100 }),
        (calls, amount, seconds) => {
          const own = quota(amount, seconds);
          const on = table(1000, false, own);
          const store = new MemoryCounters(1000);
          let at = NOON;
          for (const { key, cost, wait } of calls) {
            at += wait;
            const expected = store.take(String(key), own.unit / 1000, amount, cost, at / 1000);
            assert.equal(on.take(key, key * 7, own, cost, at), expected.allowed);
            assert.equal(Math.max(0, Math.floor((own.capacity - on.debt) / own.unit)), expected.remaining);
          }
        },
      ),
    );
  });

  it('finds every bucket again, whatever came and went around it', () => {
    const calls = fc.array(fc.record({ key: fc.nat(60), wait: fc.constantFrom(0, 0, 0, 1_000_000, 9_000_000) }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(calls, (all) => {
        const own = quota(3, 9);
        const on = table(1000, false, own);
        const model = new Map<number, number>();
        let at = NOON;
        for (const { key, wait } of all) {
          at += wait;
          // Neighbours on purpose: half of the keys share a home.
          const low = key % 2 === 0 ? key << 16 : key;
          const fullAt = Math.max(model.get(key) ?? 0, at);
          const allowed = fullAt + own.unit - at <= own.capacity;
          if (allowed) model.set(key, fullAt + own.unit);
          assert.equal(on.take(low, key, own, 1, at), allowed);
        }
      }),
    );
  });

  it('never holds more than it may, and lets go of what has recovered [LIM-19]', () => {
    const own = quota(2, 60);
    const on = table(1000, false, own);
    for (let i = 0; i < 5000; i++) on.take(Math.imul(i, 2_654_435_761), i, own, 1, NOON + i);
    assert.equal(on.size, 1000);
    assert.ok(on.crowded > 0);
    const crowded = on.crowded;
    for (let i = 0; i < 900; i++) on.take(Math.imul(i, 40_503), i + 1e6, own, 1, NOON + 3_600_000_000 + i);
    assert.ok(on.size <= 1000);
    assert.equal(on.crowded, crowded, 'there was room again');
  });

  it('never lets off who owes much for a flood of newcomers [LIM-19]', () => {
    const own = quota(100, 3600);
    const on = table(1000, false, own);
    for (let i = 0; i < 100; i++) assert.ok(on.take(7, 7, own, 1, NOON));
    for (let i = 0; i < 100_000; i++) on.take(Math.imul(i, 2_654_435_761), i + 10, own, 1, NOON + i);
    assert.equal(on.take(7, 7, own, 1, NOON + 100_000), false);
  });

  it('of sign-ins forgets nobody: newcomers share one bucket while it is full', () => {
    const own = quota(5, 900);
    const on = table(1000, true, own);
    for (let i = 0; i < 1000; i++) on.take(Math.imul(i, 2_654_435_761), i, own, 1, NOON);
    let passed = 0;
    for (let i = 0; i < 100; i++) if (on.take(Math.imul(i, 40_503), i + 1e6, own, 1, NOON)) passed += 1;
    assert.equal(passed, 5);
    assert.ok(on.take(0, 0, own, 4, NOON), 'who was known before has what was left');
    assert.equal(on.take(0, 0, own, 1, NOON), false);
    // What is given back to the shared bucket is there for the next.
    const later = NOON + 900_000_000 / 5;
    assert.equal(on.take(5, 1e7, own, 1, later), true);
  });

  it('gives back no more than has not drained yet: waiting with a success buys no failure', () => {
    const own = quota(5, 900);
    const on = table(1000, true, own);
    const take = (at: number): Taken => {
      assert.ok(on.take(1, 1, own, 1, at));
      return { low: 1, high: 1, quota: own, cost: 1, shared: on.shared, fullAt: at + on.debt };
    };
    const success = take(NOON);
    // All but a tenth of it is gone when a failure comes.
    const failed = NOON + own.unit * 0.9;
    take(failed);
    on.giveBack(success, failed);
    assert.equal(on.debtOf(1, 1, own, failed), own.unit);
  });

  it('counts use by window, also of what was refused', () => {
    const own = quota(2, 60);
    const on = table(1000, false, own);
    for (let i = 0; i < 7; i++) on.take(1, 1, own, 1, NOON);
    assert.deepEqual(
      [...on.running()].map(([, used]) => used),
      [7],
    );
    on.take(1, 1, own, 1, NOON + 60_000_000);
    assert.deepEqual(own.uses.rows(), [[7, 1]]);
  });

  it('refuses numbers that make no sense', () => {
    const own = quota(2, 60);
    const on = table(1000, false, own);
    for (const cost of [-1, NaN, Infinity]) assert.throws(() => on.take(1, 1, own, cost, NOON), RangeError);
  });
});
