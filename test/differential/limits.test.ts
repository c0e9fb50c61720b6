/**
 * The grammar of limits beside that of Flask-Limiter, which is `limits.parse_many`: the same numbers for what both read;
 * what only one of them reads is a row with its reason.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseLimit } from '@dewar/core/limits';
import { python } from './python.fixture.ts';

const PARSE = `
from limits import parse_many
def read(text):
    try:
        return [[one.amount, one.get_expiry()] for one in parse_many(text)]
    except Exception as error:
        return type(error).__name__
result = [read(text) for text in given]`;

type Read = readonly (readonly [amount: number, seconds: number])[] | string;

/** What stands in Flask-Limiter's documents, and every combination of what its grammar allows. */
const SAME: readonly string[] = [
  '10 per hour',
  '10/hour',
  '10/hour;100/day;2000 per year',
  '100/day, 500/7days',
  '1/second',
  '2 per 3 minutes | 4 per 5 hours',
  '5per minute',
  '5 perminute',
  '5  per\tminute',
  ...['second', 'minute', 'hour', 'day', 'month', 'year'].flatMap((unit) =>
    [unit, `${unit}s`, unit.toUpperCase()].flatMap((word) =>
      ['/', ' / ', ' per ', '/ ', ' PER '].flatMap((per) => [
        `5${per}${word}`,
        ` 5${per}2 ${word} `,
        `05${per}10${word}`,
      ]),
    ),
  ),
];

/** What only theirs reads. Each is stricter here. */
const DIFFERENT: readonly (readonly [text: string, theirs: Read, why: string])[] = [
  ['0 per minute', [[0, 60]], 'lets nobody in: a rule of access or `off` says that'],
  ['5 per 0 minutes', [[5, 60]], 'theirs takes no length of time for one minute'],
  ['5 per minute; 6 per minute', [[5, 60], [6, 60]], 'the larger one never decides'],
  ['5 per minute:;6 per hour', [[5, 60], [6, 3600]], 'a colon that their expression lets through by mistake'],
  ['1000000001 per second', [[1_000_000_001, 1]], 'more than counting in microseconds bears'],
  ['1 per 11 years', [[1, 342_144_000]], 'longer than ten years, for which no process runs'],
]; // prettier-ignore

/** What neither reads. */
const NEITHER: readonly string[] = [
  '',
  '5',
  'per minute',
  '5 per minit',
  '5 permin',
  '5/per minute',
  '1.5 per minute',
  '-5 per minute',
  '5 per minute;',
  '5 per minute;;6 per hour',
  '5 per minute 6 per hour',
  '5 per minute\n6 per hour',
  '5 per 1 2 minute',
  '5 per hour;6 per minute:',
];

const ours = (text: string): Read => {
  const { amounts, faults } = parseLimit(text, 'limits.address');
  return faults.length > 0 ? 'ValueError' : amounts.map(({ amount, seconds }) => [amount, seconds] as const);
};

describe('the grammar beside Flask-Limiter’s', () => {
  it(`reads ${SAME.length} texts as limits.parse_many does [S-41] [LIM-07]`, () => {
    const theirs = python(PARSE, SAME) as Read[];
    for (const [index, text] of SAME.entries()) assert.deepEqual(ours(text), theirs[index], JSON.stringify(text));
    assert.ok(theirs.every((read) => typeof read !== 'string'));
  });

  it('reads none of what theirs does not', () => {
    assert.deepEqual(
      python(PARSE, NEITHER),
      NEITHER.map(() => 'ValueError'),
    );
    assert.deepEqual(
      NEITHER.map(ours),
      NEITHER.map(() => 'ValueError'),
    );
  });

  it('never reads a text otherwise than theirs, or one that theirs does not read', () => {
    const space = fc.constantFrom('', '', ' ', '  ', '\t', '\n');
    const number = fc.constantFrom('5', '12', '0', '007', '', '-1', '1.5', '5 5');
    const per = fc.constantFrom('per', '/', 'PER', 'by', '');
    const unit = fc.constantFrom('second', 'minutes', 'HOUR', 'day', 'Months', 'year', 'minut', 's', '');
    const part = fc.tuple(space, number, space, per, space, number, space, unit, space).map((all) => all.join(''));
    const separator = fc.constantFrom(';', ',', '|', ':', ' ', ';;', ':;');
    const text = fc
      .tuple(part, fc.array(fc.tuple(separator, part), { maxLength: 2 }))
      .map(([first, more]) => first + more.flat().join(''));
    const texts = fc.sample(text, { numRuns: 20_000, seed: 41 });
    const theirs = python(PARSE, texts) as Read[];
    let both = 0;
    for (const [index, text] of texts.entries()) {
      const read = ours(text);
      if (read === 'ValueError') continue;
      both += 1;
      assert.deepEqual(read, theirs[index], JSON.stringify(text));
    }
    assert.ok(both > 50, `only ${both} of them were limits`);
  });

  const theirs = python(
    PARSE,
    DIFFERENT.map(([text]) => text),
  ) as Read[];
  for (const [index, [text, expected, why]] of DIFFERENT.entries()) {
    it(`differs on ${JSON.stringify(text)}: ${why}`, () => {
      assert.deepEqual(theirs[index], expected);
      assert.equal(ours(text), 'ValueError');
    });
  }
});
