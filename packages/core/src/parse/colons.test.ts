/**
 * The three ways to count: the fast one and the plain one agree on every byte, and none is below the truth.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { countColons, countMembers, countPlainly } from './colons.ts';

/** Bytes of which many count. */
const byte = fc.constantFrom(0x22, 0x3a, 0x20, 0x0a, 0x00, 0x21, 0x5c, 0x61, 0x7b, 0xff);

describe('colons', () => {
  const rows: readonly (readonly [text: string, count: number])[] = [
    ['', 0],
    [':', 0],
    ['":', 1],
    ['" :', 1],
    ['"!:', 0],
    ['"\u00a0:', 0],
    ['::', 0],
    ['":":', 2],
    ['"aaaaaaaaaaaaaaa":1', 1],
    ['"aaaaaaaaaaaaaa":1', 1],
  ];
  for (const [text, count] of rows)
    it(`in ${JSON.stringify(text)} are ${count}`, () => {
      assert.equal(countColons(Buffer.from(text)), count);
      assert.equal(countPlainly(Buffer.from(text)), count);
    });

  it('are as many either way', () => {
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 200 }), (bytes) => {
        assert.equal(countColons(Uint8Array.from(bytes)), countPlainly(Uint8Array.from(bytes)));
      }),
      { numRuns: 2000 },
    );
  });

  it('are counted over the edges of blocks, and what a longer text left behind is not', () => {
    const text = Buffer.from('":'.repeat(100_000));
    assert.equal(countColons(text), 100_000);
    for (const length of [65_535, 65_536, 65_537, 65_538, 131_072, 131_073])
      assert.equal(countColons(text.subarray(0, length)), countPlainly(text.subarray(0, length)), String(length));
    assert.equal(countColons(Buffer.from('":')), 1);
    assert.equal(countColons(text.subarray(1, 70_000)), countPlainly(text.subarray(1, 70_000)));
  });

  it('are never fewer than the members there are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom<string | number>('', 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const members = membersOf(value);
        assert.equal(countMembers(text), members);
        assert.ok(countColons(Buffer.from(text)) >= members);
      }),
    );
  });

  it('are counted without WebAssembly too', () => {
    // Node cannot strip types in this mode, so that is done before.
    const source = stripTypeScriptTypes(readFileSync(new URL('colons.ts', import.meta.url), 'utf8'));
    const code = `${source}\nconsole.log(typeof WebAssembly, countColons(Buffer.from('{"a":1,"b" :2}')));`;
    const { stdout } = spawnSync(process.execPath, ['--jitless', '--input-type=module', '--eval', code], {
      encoding: 'utf8',
    });
    assert.equal(stdout.trim(), 'undefined 2');
  });
});

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce((sum: number, one) => sum + membersOf(one), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}
