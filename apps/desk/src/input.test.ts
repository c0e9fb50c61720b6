/**
 * What people may write, as a table of texts.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultsOf, MESSAGE, SUBJECT } from './input.ts';

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

describe('a text', () => {
  for (const [title, text, subject, message] of rows)
    it(`of ${title}: ${subject ? 'a subject' : 'no subject'}, ${message ? 'a message' : 'no message'}`, () => {
      const body = { subject: text, body: text };
      assert.equal(faultsOf(body, [SUBJECT]).length, subject ? 0 : 1);
      assert.equal(faultsOf(body, [MESSAGE]).length, message ? 0 : 1);
    });

  it('is told what is wrong with it', () => {
    assert.deepEqual(faultsOf({ subject: 'a\nb' }, [SUBJECT]), [
      { field: 'subject', message: 'Write it in one line.' },
    ]);
    assert.deepEqual(faultsOf({ subject: '\u200b' }, [SUBJECT]), [
      { field: 'subject', message: 'Write what it is about.' },
    ]);
  });
});
