/**
 * The advisor: percentiles, what a limit would have hit, and a value with its reason.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { advise, percentile, windowsOf, wouldHit } from './advise.ts';
import type { Uses } from './advise.ts';
import { Histogram } from './histogram.ts';
import { limit, LIMITS_DEFAULTS } from './index.ts';
import { limitsStage } from './stage.test.ts';

describe('the histogram', () => {
  it('knows every use within an eighth, and small ones exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1 }), (values) => {
        const histogram = new Histogram();
        for (const value of values) histogram.add(value);
        const rows = histogram.rows();
        assert.equal(windowsOf(rows), values.length);
        const sorted = values.toSorted((a, b) => a - b);
        for (const share of [0.5, 0.9, 0.999]) {
          const exact = sorted[Math.ceil(share * values.length) - 1]!;
          const told = percentile(rows, share);
          assert.ok(told >= exact && told <= Math.max(exact, exact * 1.125 + 1), `${told} for ${exact}`);
          if (exact <= 16) assert.equal(told, exact);
        }
      }),
    );
  });
});

const quiet: Uses = [[1, 600], [3, 300], [8, 99], [10, 1]]; // prettier-ignore

describe('the advisor', () => {
  const rows: readonly (readonly [what: string, uses: Uses, amount: number, suggested: number | null, why: RegExp])[] = [
    ['too little to judge by', [[3, 20]], 5, null, /20 windows were seen/],
    ['a limit that fits', quiet, 20, null, /it fits/],
    ['little room', quiet, 12, 20, /little room/],
    ['far too wide', quiet, 1000, 20, /far more/],
    ['a few attackers', [...quiet, [300, 1]], 20, null, /only 1 went beyond 20/],
    ['people who are refused', [[5, 900], [30, 80], [60, 20]], 20, 150, /too many to be attackers/],
  ]; // prettier-ignore
  for (const [what, uses, amount, suggested, why] of rows) {
    it(`sees ${what} [S-42] [LIM-33]`, () => {
      const advice = advise(uses, amount);
      assert.equal(advice.suggested, suggested, advice.why);
      assert.match(advice.why, why);
    });
  }

  it('says what another limit would have hit [S-42]', () => {
    assert.deepEqual(
      [0, 1, 3, 9, 10].map((amount) => wouldHit(quiet, amount)),
      [1000, 400, 100, 1, 0],
    );
  });
});

describe('the report', () => {
  it('tells real use of each limit: percentiles, what was refused, what is advised [S-42] [LIM-33]', async () => {
    const on = limitsStage({ ...LIMITS_DEFAULTS, rules: [limit('4 per minute', { name: 'x' })] });
    // Three hundred clients ask twice, one asks ten times.
    for (let i = 0; i < 300; i++) await on.statuses(2, { peer: `10.0.${i >> 8}.${i & 255}` });
    await on.statuses(10);
    on.advance(60_000);
    await on.ask();
    const { limits, tables } = on.kernel.part('limits')!.report();
    const use = limits.find(({ name }) => name === 'x')!;
    assert.deepEqual(
      [use.where, use.amount, use.seconds, use.allowed, use.refused, use.windows, use.p50, use.p999, use.most],
      ['policy', 4, 60, 605, 6, 302, 2, 10, 10],
    );
    assert.equal(use.beyond, 1);
    assert.equal(use.suggested, null);
    assert.match(use.why, /of 302 windows/);
    assert.deepEqual(
      tables.map(({ name, most }) => [name, most]),
      [
        ['ordinary', 100_000],
        ['sign-in', 100_000],
      ],
    );
    assert.ok(tables[0]!.used > 0);
  });
});
