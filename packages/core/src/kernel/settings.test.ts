/**
 * Weakening needs a reason somebody can judge, and an end where it only observes.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOON } from './kernel.fixture.ts';
import { detect, detectFaults, endOfDetect, isDetect, isOff, off, reasonFault } from './settings.ts';
import type { Detect } from './settings.ts';

const WHY = 'roll-out, watching reports';

describe('off and detect', () => {
  it('are told apart from options and from each other', () => {
    for (const value of [{}, { reason: WHY }, { off: true }, null, undefined, 'off', detect(WHY)])
      assert.equal(isOff(value), false);
    for (const value of [{}, { reason: WHY, until: '2027-01-31' }, null, undefined, 'detect', off(WHY)])
      assert.equal(isDetect(value), false);
    assert.equal(isOff(off(WHY)), true);
    assert.equal(isDetect(detect(WHY)), true);
  });

  it('cannot be forged by data that was parsed', () => {
    assert.equal(isOff(JSON.parse(JSON.stringify(off(WHY)))), false);
    assert.equal(isDetect(JSON.parse(JSON.stringify(detect(WHY)))), false);
  });

  it('cannot be changed after they were written', () => {
    assert.throws(() => Object.assign(off(WHY), { reason: '' }), TypeError);
    assert.throws(() => Object.assign(detect(WHY), { until: '2099-01-01' }), TypeError);
  });
});

describe('a reason', () => {
  const rows: readonly (readonly [title: string, reason: unknown, sound: boolean])[] = [
    ['a sentence', 'bearer-only API, no cookies', true],
    ['eight characters', 'TICKET-1', true],
    ['two words in another script', 'только чтение', true],
    ['seven characters', 'because', false],
    ['one character again and again', 'aaaaaaaa', false],
    ['one character again and again, in words', 'aaaa-aaaa', false],
    ['two letters in words', 'no no no on', false],
    ['one word', 'temporary', false],
    ['figures', '1234 5678', false],
    ['punctuation', '--------', false],
    ['spaces only', '          ', false],
    ['a short word in spaces', '   todo    ', false],
    ['nothing', '', false],
    ['no text', undefined, false],
    ['a number', 12_345_678, false],
    ['true', true, false],
  ];
  for (const [title, reason, sound] of rows)
    it(`${sound ? 'may' : 'may not'} be ${title}`, () => {
      const faults = reasonFault(reason, 'guard');
      assert.deepEqual(
        faults.map(({ option }) => option),
        sound ? [] : ['guard'],
      );
    });
});

describe('a detect mode', () => {
  const options = (mode: Detect, production: boolean): string[] =>
    detectFaults(mode, 'guard', production, NOON).map(({ option }) => option);

  const rows: readonly (readonly [title: string, mode: Detect, production: boolean, faults: readonly string[]])[] = [
    ['with reason and end date starts in production', detect(WHY, { until: '2026-02-01' }), true, []],
    ['may end today', detect(WHY, { until: '2026-01-01' }), true, []],
    ['may last 180 days', detect(WHY, { until: '2026-06-30' }), true, []],
    ['of more than 180 days does not start', detect(WHY, { until: '2026-07-01' }), true, ['guard.mode.until']],
    [
      'of more than 180 days does not start anywhere',
      detect(WHY, { until: '2099-01-01' }),
      false,
      ['guard.mode.until'],
    ],
    ['without an end date does not start in production', detect(WHY), true, ['guard.mode']],
    ['without an end date starts elsewhere', detect(WHY), false, []],
    ['that ended yesterday does not start', detect(WHY, { until: '2025-12-31' }), true, ['guard.mode.until']],
    ['that ended yesterday does not start anywhere', detect(WHY, { until: '2025-12-31' }), false, ['guard.mode.until']],
    ['without a reason does not start', detect('', { until: '2026-02-01' }), false, ['guard.mode']],
    ['with neither names both', detect('soon', { until: 'soon' }), true, ['guard.mode', 'guard.mode.until']],
    ...['2026-2-1', '01.02.2026', '2026-02-01T00:00:00Z', '2026-13-01', '2026-02-30', '2027-02-29', ''].map(
      (until) =>
        [
          `until "${until}" does not start, since that is no date`,
          detect(WHY, { until }),
          true,
          ['guard.mode.until'],
        ] as const,
    ),
  ];
  for (const [title, mode, production, faults] of rows)
    it(title, () => assert.deepEqual(options(mode, production), faults));

  it('ends when its last day is over, in UTC', () => {
    assert.equal(endOfDetect(detect(WHY, { until: '2026-01-31' })), Date.UTC(2026, 1, 1));
    assert.equal(endOfDetect(detect(WHY, { until: '2028-02-29' })), Date.UTC(2028, 2, 1));
    assert.equal(endOfDetect(detect(WHY)), Infinity);
  });

  it('that lasts too long is answered with the last day there may be', () => {
    const [fault] = detectFaults(detect(WHY, { until: '2099-01-01' }), 'guard', true, NOON);
    assert.match(fault!.write, /until: '2026-06-30'/);
  });

  it('is answered with a date to write that would start', () => {
    const [fault] = detectFaults(detect(WHY), 'guard', true, NOON);
    const [, until = ''] = /until: '([^']+)'/.exec(fault!.write) ?? [];
    assert.deepEqual(options(detect(WHY, { until }), true), []);
  });
});
