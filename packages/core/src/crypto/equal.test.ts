/**
 * safeEqual says what === says, for any two texts.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { safeEqual } from './equal.ts';

/** Any UTF-16, halves of surrogate pairs included: a text from outside may hold them. */
const utf16 = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

describe('safeEqual', () => {
  it('equals === for texts of any length', () => {
    fc.assert(
      fc.property(utf16(600), utf16(600), (a, b) => {
        assert.equal(safeEqual(a, b), a === b);
        assert.equal(safeEqual(a, `${a}`), true);
      }),
    );
  });

  it('equals === for texts that differ in one unit', () => {
    const pair = fc.tuple(utf16(400), fc.nat(), fc.nat(0xffff)).filter(([text]) => text !== '');
    fc.assert(
      fc.property(pair, ([text, where, unit]) => {
        const at = where % text.length;
        const other = text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1);
        assert.equal(safeEqual(text, other), text === other);
      }),
      { numRuns: 500 },
    );
  });

  const rows: readonly (readonly [title: string, a: string, b: string, equal: boolean])[] = [
    ['two empty texts', '', '', true],
    ['an empty text and another', '', 'a', false],
    ['a text and its beginning', 'token', 'toke', false],
    ['texts of one length and several sizes in UTF-8', 'aé', 'éa', false],
    ['two different halves of surrogate pairs', '\ud800', '\ud801', false],
    ['half a surrogate pair and what UTF-8 makes of it', '\ud800', '\ufffd', false],
    ['one letter, composed and decomposed', '\u00e9', 'e\u0301', false],
    ['a short text after a long one that began so', 'a', 'a', true],
    ['texts at the edge of the scratch space', 'a'.repeat(256), 'a'.repeat(256), true],
    ['texts beyond the scratch space that differ at the end', `${'a'.repeat(300)}b`, `${'a'.repeat(300)}c`, false],
  ];
  for (const [title, a, b, equal] of rows)
    it(`of ${title} is ${equal}`, () => {
      safeEqual('a'.repeat(100), 'b'.repeat(100));
      assert.equal(safeEqual(a, b), equal);
    });
});
