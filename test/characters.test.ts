/**
 * No character hides in a source: what a reviewer sees is what the machine reads (CVE-2021-42574, CVE-2021-42694).
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root, sourceFiles } from '../scripts/tree.ts';

const HIDDEN: readonly (readonly [from: number, to: number, what: string])[] = [
  [0x00, 0x08, 'C0 control'],
  [0x0b, 0x1f, 'C0 control'],
  [0x7f, 0x9f, 'DEL or C1 control'],
  [0xad, 0xad, 'soft hyphen'],
  [0x34f, 0x34f, 'combining grapheme joiner'],
  [0x61c, 0x61c, 'bidirectional mark'],
  [0x115f, 0x1160, 'Hangul filler'],
  [0x17b4, 0x17b5, 'invisible vowel'],
  [0x180b, 0x180f, 'Mongolian separator'],
  [0x200b, 0x200f, 'zero width or bidirectional mark'],
  [0x2028, 0x2029, 'line separator'],
  [0x202a, 0x202e, 'bidirectional control'],
  [0x2060, 0x2064, 'invisible operator'],
  [0x2066, 0x206f, 'bidirectional control'],
  [0x3164, 0x3164, 'Hangul filler'],
  [0xfe00, 0xfe0f, 'variation selector'],
  [0xfeff, 0xfeff, 'byte order mark'],
  [0xffa0, 0xffa0, 'Hangul filler'],
  [0xfff9, 0xfffb, 'interlinear annotation'],
  [0xe0000, 0xe007f, 'tag'],
  [0xe0100, 0xe01ef, 'variation selector'],
];
const BINARY = /\.(png|jpe?g|gif|ico|webp|woff2|pdf|gz|zip)$/;
const LARGEST_FILE = 1 << 20;

/** The hidden characters of a text, each with its line. */
function hiddenIn(text: string): readonly string[] {
  let line = 1;
  const found: string[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (character === '\n') line += 1;
    const row = HIDDEN.find(([from, to]) => point >= from && point <= to);
    if (row !== undefined) found.push(`line ${line}: U+${point.toString(16).toUpperCase().padStart(4, '0')} ${row[2]}`);
  }
  return found;
}

describe('characters', () => {
  for (const [from, to, what] of HIDDEN) {
    it(`finds U+${from.toString(16)} and U+${to.toString(16)}, ${what}`, () => {
      const text = `a\n${String.fromCodePoint(from)}b${String.fromCodePoint(to)}`;
      assert.equal(hiddenIn(text).length, 2);
    });
  }

  it('leaves tab, line feed and letters of every script alone', () => {
    assert.deepEqual(hiddenIn('\tÄ漢字ع🙂—\n'), []);
  });

  it('no source hides a character', () => {
    const sources = sourceFiles().filter((file) => !BINARY.test(file));
    assert.ok(sources.length > 50, `only ${sources.length} files were read`);
    const faults = sources.flatMap((file) =>
      hiddenIn(readFileSync(join(root, file), 'utf8')).map((what) => `${file}, ${what}`),
    );
    assert.deepEqual(faults, []);
  });

  it('no tracked file is larger than 1 MiB', () => {
    const large = sourceFiles().filter((file) => statSync(join(root, file)).size > LARGEST_FILE);
    assert.deepEqual(large, []);
  });
});
