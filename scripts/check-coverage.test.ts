import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareCoverage } from './check-coverage.ts';
import type { TestRecord } from './recorder.ts';

const row = (id: string, status = 'later', by = 'accounts'): string => `| ${id} | ${status} | ${by} |`;
const allRows = Array.from({ length: 72 }, (_, index) => row(`S-${String(index + 1).padStart(2, '0')}`));
const document = (...rows: readonly string[]): string => ['| id | status | by |', '|---|---|---|', ...rows].join('\n');
const test = (name: string, result: TestRecord['result'] = 'passed'): TestRecord => ({ name, result });

describe('coverage', () => {
  it('has nothing to say about a document that is right', () => {
    const rows = document(...allRows, row('CSRF-09', 'proven', '`csrf`'), row('c2-path', 'declined', 'Not ours.'));
    assert.deepEqual(compareCoverage(rows, [test('csrf > rejects a same-site sibling [CSRF-09]')]), []);
  });

  const proven = document(...allRows, row('CSRF-09', 'proven'));
  const cases: readonly (readonly [why: string, document: string, tests: readonly TestRecord[], fault: string])[] = [
    ['a requirement without a row', document(...allRows.slice(1)), [], 'S-01 has no row'],
    ['two rows for one id', document(...allRows, row('S-02')), [], 'S-02 has two rows'],
    ['an unknown status', document(...allRows, row('X-01', 'done')), [], 'X-01: "done" is none of'],
    ['a row that names nothing', document(...allRows, row('X-01', 'later', ' ')), [], 'X-01 says nothing'],
    ['proven by no test', proven, [], 'CSRF-09 is proven by no test'],
    ['proven by a test that was skipped', proven, [test('x [CSRF-09]', 'skipped')], 'CSRF-09 is proven by no test'],
    ['proven by words outside brackets', proven, [test('CSRF-09')], 'CSRF-09 is proven by no test'],
    [
      'proven while another test of it fails',
      proven,
      [test('a [CSRF-09]'), test('b [CSRF-09]', 'failed')],
      'CSRF-09 is called proven, and a test of it failed',
    ],
    ['a test for a row called later', document(...allRows), [test('a [S-07]')], 'S-07 is proven by a test, and called'],
    ['a test for no row', document(...allRows), [test('a [TLS-01]')], 'TLS-01 is proven by a test, and called nothing'],
  ];
  for (const [why, text, tests, fault] of cases) {
    it(`reports ${why}`, () => {
      const faults = compareCoverage(text, tests);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.ok(faults[0]!.startsWith(fault), faults[0]);
    });
  }
});
