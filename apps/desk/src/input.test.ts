/**
 * What people may write, as a table of texts.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answer, newTicket, readInput, triage } from './input.ts';
import type { Fault } from './input.ts';

const rows: readonly (readonly [title: string, text: string, subject: boolean, message: boolean])[] = [
  ['words', 'A question', true, true],
  ['words in another script', 'पासवर्ड भूल गया', true, true],
  ['an emoji that is joined', '👩\u200d🔧', true, true],
  ['a word joined in Persian', 'می\u200cخواهم', true, true],
  ['a line end', 'one\ntwo', false, true],
  ['a carriage return', 'one\rtwo', false, true],
  ['a tab', 'one\ttwo', false, true],
  ['a line separator', 'one\u2028two', false, true],
  ['a paragraph separator', 'one\u2029two', false, true],
  ['a next line', 'one\u0085two', false, false],
  ['nothing', '', false, false],
  ['spaces', ' \u00a0\u3000', false, false],
  ['zero-width characters', '\u200b\u200d\u2060\ufeff', false, false],
  ['a soft hyphen', '\u00ad', false, false],
  ['Hangul fillers', '\u3164\u115f\u1160\uffa0', false, false],
  ['an empty Braille cell', '\u2800', false, false],
  ['variation selectors and a grapheme joiner', '\ufe0f\u034f', false, false],
  ['tags', '\u{e0041}\u{e007f}', false, false],
  ['a musical sign that is not drawn', '\u{1d159}', false, false],
];

/** Fields with what is wrong with them. */
function faultsOf(schema: Parameters<typeof readInput>[0], body: unknown): readonly Fault[] {
  const read = readInput(schema, body);
  return read.ok ? [] : read.faults;
}

describe('a text', () => {
  for (const [title, text, subject, message] of rows)
    it(`of ${title}: ${subject ? 'a subject' : 'no subject'}, ${message ? 'a message' : 'no message'}`, () => {
      assert.equal(faultsOf(newTicket, { subject: text, body: 'x' }).length, subject ? 0 : 1);
      assert.equal(faultsOf(answer, { body: text }).length, message ? 0 : 1);
    });

  it('is told what is wrong with it', () => {
    assert.deepEqual(faultsOf(newTicket, { subject: 'a\nb', body: 'x' }), [
      { field: 'subject', message: 'Write it in one line.' },
    ]);
    assert.deepEqual(faultsOf(newTicket, { subject: '\u200b', body: 'x' }), [
      { field: 'subject', message: 'Write what it is about.' },
    ]);
  });
});

describe('a body', () => {
  it('is read field by field, with plain line ends and without what nobody asked for', () =>
    assert.deepEqual(
      readInput(newTicket, { subject: ' A ', body: 'a\r\nb', role: 'administrator', owner: 'eve', id: 1 }),
      {
        ok: true,
        value: { subject: 'A', body: 'a\nb', phone: '' },
      },
    ));

  for (const given of [undefined, null, 'text', 7, [], ['x']])
    it(`of ${JSON.stringify(given)} has no fields`, () =>
      assert.deepEqual(
        faultsOf(newTicket, given).map(({ field }) => field),
        ['subject', 'body'],
      ));

  for (const value of [7, null, true, ['x'], { toString: 'x' }])
    it(`with ${JSON.stringify(value)} in place of a text is refused`, () =>
      assert.deepEqual(faultsOf(answer, { body: value }), [{ field: 'body', message: 'Write a message.' }]));

  it('takes nothing from its prototype', () => {
    const inherited: unknown = Object.create({ subject: 'a', body: 'b' });
    assert.equal(faultsOf(newTicket, inherited).length, 2);
    assert.equal(readInput(newTicket, JSON.parse('{"subject":"a","body":"b","__proto__":{"phone":"12345"}}')).ok, true);
  });
});

describe('a telephone number', () => {
  for (const [typed, good] of [
    ['', true],
    [' +44 20 7946 0321 ', true],
    ['(030) 12.34/56-78', true],
    ['030/12.34-56 (78)', true],
    ['()(((12345', false],
    ['030 123456', true],
    ['+1-202-555-0123', true],
    ['1234', false],
    ['call me', false],
    ['+44 20 7946 0321 <b>', false],
    ['0'.repeat(31), false],
    ['+٤٤١٢٣٤٥', false],
  ] as const)
    it(`${good ? 'is' : 'is not'} "${typed}"`, () =>
      assert.equal(faultsOf(newTicket, { subject: 'a', body: 'b', phone: typed }).length === 0, good));
});

describe('the desk’s decision', () => {
  for (const priority of ['', 'highest', 'Urgent', ['high'], undefined])
    it(`knows no priority ${JSON.stringify(priority)}`, () =>
      assert.deepEqual(faultsOf(triage, { priority, assignee: '' }), [
        { field: 'priority', message: 'Choose a priority.' },
      ]));
});
