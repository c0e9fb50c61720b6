/**
 * What every counter store must hold to.
 * @module
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { T0 } from './records.ts';
import type { Opened } from './opened.ts';

export function counterContract(opened: Opened): void {
  it('lets a burst pass and refuses the next', async () => {
    const { counters } = await opened();
    const answers = [];
    for (let call = 0; call < 4; call++) answers.push(await counters.take('k', 1000, 3, 1, T0));
    assert.deepEqual(answers, [
      { allowed: true, remaining: 2, retryAfter: 0, resetAfter: 1000 },
      { allowed: true, remaining: 1, retryAfter: 0, resetAfter: 2000 },
      { allowed: true, remaining: 0, retryAfter: 0, resetAfter: 3000 },
      { allowed: false, remaining: 0, retryAfter: 1000, resetAfter: 3000 },
    ]);
  });

  it('allows again exactly after retryAfter, and not a millisecond before', async () => {
    const { counters } = await opened();
    await counters.take('k', 1000, 2, 2, T0);
    const { retryAfter } = await counters.take('k', 1000, 2, 1, T0 + 400);
    assert.equal(retryAfter, 600);
    assert.equal((await counters.take('k', 1000, 2, 1, T0 + 999)).allowed, false);
    assert.equal((await counters.take('k', 1000, 2, 1, T0 + 400 + retryAfter)).allowed, true);
  });

  it('takes nothing when it refuses', async () => {
    const { counters } = await opened();
    await counters.take('k', 1000, 1, 1, T0);
    for (let call = 0; call < 5; call++) await counters.take('k', 1000, 1, 1, T0 + 10);
    assert.equal((await counters.take('k', 1000, 1, 1, T0 + 1000)).allowed, true);
  });

  it('lets the whole burst pass when one request is worth a fraction of a millisecond', async () => {
    const { counters } = await opened();
    for (const emission of [1000 / 7, 60_000 / 7, 1 / 3]) {
      const answers = [];
      for (let call = 0; call < 8; call++)
        answers.push((await counters.take(`k${emission}`, emission, 7, 1, T0 + 1)).allowed);
      assert.deepEqual(answers, [true, true, true, true, true, true, true, false], `emission ${emission}`);
    }
  });

  it('looks without taking at cost 0', async () => {
    const { counters } = await opened();
    assert.equal((await counters.take('k', 1000, 2, 0, T0)).remaining, 2);
    await counters.take('k', 1000, 2, 1, T0);
    assert.equal((await counters.take('k', 1000, 2, 0, T0)).remaining, 1);
    assert.equal((await counters.take('k', 1000, 2, 0, T0)).remaining, 1);
  });

  it('never allows what costs more than the bucket holds', async () => {
    const { counters } = await opened();
    const { allowed, retryAfter, remaining } = await counters.take('k', 1000, 3, 4, T0);
    assert.deepEqual({ allowed, retryAfter, remaining }, { allowed: false, retryAfter: Infinity, remaining: 3 });
  });

  it('gives nothing back when the clock goes backwards', async () => {
    const { counters } = await opened();
    await counters.take('k', 1000, 1, 1, T0);
    const early = await counters.take('k', 1000, 1, 1, T0 - 5000);
    assert.deepEqual([early.allowed, early.retryAfter], [false, 6000]);
    assert.equal((await counters.take('k', 1000, 1, 1, T0 + 999)).allowed, false);
  });

  it('keeps one count per key, compared exactly', async () => {
    const { counters } = await opened();
    for (const key of ['a', 'A', 'a ', 'a\u0000', ''])
      assert.equal((await counters.take(key, 1000, 1, 1, T0)).allowed, true, JSON.stringify(key));
  });

  it('lets exactly the burst pass out of 50 parallel calls', async () => {
    const { counters } = await opened();
    const calls = Array.from({ length: 50 }, () => counters.take('k', 1000, 10, 1, T0));
    assert.equal((await Promise.all(calls)).filter((answer) => answer.allowed).length, 10);
  });

  it('refuses numbers that make no sense', async () => {
    const { counters } = await opened();
    const rows: readonly (readonly [number, number, number, number])[] = [
      [0, 1, 1, T0],
      [-1, 1, 1, T0],
      [NaN, 1, 1, T0],
      [Infinity, 1, 1, T0],
      [1000, 0, 1, T0],
      [1000, NaN, 1, T0],
      [1000, 1, -1, T0],
      [1000, 1, NaN, T0],
      [1000, 1, 1, NaN],
      [1000, 1, 1, -1],
    ];
    for (const row of rows) await assert.rejects(async () => counters.take('k', ...row), RangeError, String(row));
    assert.equal((await counters.take('k', 1000, 1, 1, T0)).allowed, true);
  });

  it('forgets only buckets that are full again', async () => {
    const { counters } = await opened();
    await counters.take('short', 1000, 2, 1, T0);
    await counters.take('long', 1000, 2, 2, T0);
    assert.equal(await counters.prune(T0 + 999), 0);
    assert.equal(await counters.prune(T0 + 1000), 1);
    assert.equal((await counters.take('long', 1000, 2, 2, T0 + 1000)).allowed, false);
    assert.equal((await counters.take('short', 1000, 2, 2, T0 + 1000)).allowed, true);
  });
}
