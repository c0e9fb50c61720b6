/**
 * The grammar of limits: what it reads, and what it says of what it does not.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseLimit, printAmount, printWindow } from './grammar.ts';

const READ: readonly (readonly [text: string, ...amounts: (readonly [amount: number, seconds: number])[]])[] = [
  ['5 per minute', [5, 60]],
  ['5/minute', [5, 60]],
  ['5 / 2 minutes', [5, 120]],
  ['1 per 15 minutes', [1, 900]],
  ['10 PER Second', [10, 1]],
  ['3 per day; 1 per month | 9 per year', [3, 86_400], [1, 2_592_000], [9, 31_104_000]],
  ['5 per minute, 100 per hour', [5, 60], [100, 3_600]],
];

const REFUSED: readonly (readonly [text: unknown, wrong: RegExp, near?: string])[] = [
  ['5 per minit', /"minit" is no unit/, 'minute'],
  ['5 per hours2', /is no limit/],
  ['5 per', /no unit of time/],
  ['5', /is no limit/],
  ['', /is no limit/],
  ['per minute', /is no limit/],
  ['-5 per minute', /is no limit/],
  ['1.5 per minute', /is no limit/],
  ['0 per minute', /lets nobody in/],
  ['5 per 0 minutes', /no length of time/],
  ['5 per minute;', /is no limit/],
  ['5 per minute; 6 per 60 seconds', /twice/],
  ['1000000001 per second', /more than can be counted/],
  ['1 per 11 years', /more than can be counted/],
  ['1/s;2/s;3/s;4/s;5/s;6/s;7/s;8/s;9/s', /more than 8/],
  [5, /is no text/],
  [undefined, /is no text/],
];

describe('the grammar of limits', () => {
  for (const [text, ...amounts] of READ) {
    it(`reads ${JSON.stringify(text)} [LIM-07]`, () => {
      const { amounts: got, faults } = parseLimit(text, 'limits.address');
      assert.deepEqual(faults, []);
      assert.deepEqual(
        got.map(({ amount, seconds }) => [amount, seconds]),
        amounts,
      );
    });
  }

  for (const [text, wrong, near] of REFUSED) {
    it(`refuses ${JSON.stringify(text) ?? 'nothing'}, and says what to write`, () => {
      const { amounts, faults } = parseLimit(text, 'limits.address');
      assert.deepEqual(amounts, []);
      assert.equal(faults.length, 1);
      assert.equal(faults[0]!.option, 'limits.address');
      assert.match(faults[0]!.wrong, wrong);
      assert.equal(faults[0]!.nearest, near);
      assert.match(faults[0]!.write, /5 per minute/);
    });
  }

  it('reads what it prints', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 3e8 }), (amount, seconds) => {
        assert.deepEqual(parseLimit(printAmount({ amount, seconds }), 'x').amounts, [{ amount, seconds }]);
      }),
    );
    assert.deepEqual([printWindow(60), printWindow(900), printWindow(61)], ['minute', '15 minutes', '61 seconds']);
  });

  it('takes no longer for a text made to be slow', () => {
    const started = performance.now();
    for (const evil of ['1'.repeat(50_000), `1${' '.repeat(50_000)}per`, '1 per '.repeat(20_000)])
      parseLimit(evil, 'x');
    assert.ok(performance.now() - started < 1_000);
  });
});
