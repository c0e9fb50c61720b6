/**
 * The hash of keys against the vectors its authors published.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SipHash } from './sip-hash.ts';

/** Appendix A and the first rows of the reference implementation's `vectors_sip64`: key 00…0f, input 00, 01, 02, … */
const VECTORS: readonly (readonly [length: number, hash: string])[] = [
  [0, '726fdb47dd0e0e31'],
  [1, '74f839c593dc67fd'],
  [2, '0d6c8009d9a94f5a'],
  [3, '85676696d7fb7e2d'],
  [7, 'ab0200f58b01d137'],
  [8, '93f5f5799a932462'],
  [15, 'a129ca6149be45e5'],
];

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

describe('the hash of keys', () => {
  const hash = new SipHash(Buffer.from(Array.from({ length: 16 }, (_, index) => index)));
  for (const [length, expected] of VECTORS) {
    it(`is SipHash-2-4 for ${length} bytes`, () => {
      hash.of(String.fromCharCode(...Array.from({ length }, (_, index) => index)));
      assert.equal(hex(hash.high) + hex(hash.low), expected);
    });
  }

  it('reads a text as UTF-8, whatever its letters', () => {
    hash.of('\u00fc');
    const one = [hash.low, hash.high];
    hash.of('u\u0308');
    assert.notDeepEqual([hash.low, hash.high], one);
    hash.of('\u{1f600}');
    assert.notDeepEqual([hash.low, hash.high], one);
  });

  it('depends on every byte of the key', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 16; index++) {
      const key = Buffer.alloc(16);
      key[index] = 1;
      const other = new SipHash(key);
      other.of('192.0.2.1');
      seen.add(hex(other.high) + hex(other.low));
    }
    assert.equal(seen.size, 16);
  });
});
