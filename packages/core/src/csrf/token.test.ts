/**
 * Properties of tokens: unforgeable, bound, and never twice the same.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createKeyRing, systemRandom } from '../crypto/index.ts';
import { createTokens } from './token.ts';

const random = systemRandom();
const SECRET = 'the tests of tokens need 32 bytes';
const tokens = createTokens(createKeyRing([SECRET]), random);
const binding = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('session a', 'anonymous a', 'x'.repeat(2000)));

describe('a token', () => {
  it('holds for its binding', () => {
    fc.assert(fc.property(binding, (bound) => tokens.holds(tokens.make(bound), bound)));
  });

  it('holds for no other binding [CSRF-04] [CSRF-19]', () => {
    const different = fc.tuple(binding, binding).filter(([a, b]) => a !== b);
    fc.assert(fc.property(different, ([a, b]) => !tokens.holds(tokens.make(a), b)));
  });

  it('holds for no binding that a moved border would make', () => {
    fc.assert(
      fc.property(binding, fc.integer({ min: 1, max: 21 }), (bound, shift) => {
        const token = tokens.make(bound);
        return !tokens.holds(token.slice(0, 22 - shift) + token.slice(22), token.slice(22 - shift, 22) + bound);
      }),
    );
  });

  it('falls with any bit that is changed', () => {
    const token = tokens.make('session ann');
    for (let at = 0; at < token.length; at++) {
      for (let bit = 0; bit < 7; bit++) {
        const changed = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit));
        const forged = token.slice(0, at) + changed + token.slice(at + 1);
        assert.equal(tokens.holds(forged, 'session ann'), false, `bit ${bit} of character ${at}`);
      }
    }
  });

  it('falls with a length, a case or an alphabet that is not its own', () => {
    const token = tokens.make('b');
    const swapped = token.replaceAll(/[a-z]/gi, (one) => (one < 'a' ? one.toLowerCase() : one.toUpperCase()));
    const others = [token.slice(1), token.slice(0, -1), `${token}A`, `${token}=`, ` ${token}`, token + token];
    for (const other of [...others, swapped, token.toLowerCase(), token.toUpperCase()]) {
      assert.equal(tokens.holds(other, 'b'), false, other);
    }
  });

  it('takes anything at all without an error', () => {
    fc.assert(fc.property(fc.anything(), binding, (garbage, bound) => !tokens.holds(garbage, bound)));
    const unit = fc.string({ unit: 'binary', minLength: 65, maxLength: 65 });
    fc.assert(fc.property(unit, binding, (garbage, bound) => !tokens.holds(garbage, bound)));
    assert.equal(tokens.holds('\ud800'.repeat(65), 'b'), false);
  });

  it('is good for nobody without a binding', () => {
    assert.equal(tokens.holds(tokens.make(''), ''), false);
  });

  it('is never the same twice, nor any part of it, so no compression gives it away [CSRF-03]', () => {
    const made = Array.from({ length: 2000 }, () => tokens.make('session ann'));
    assert.equal(new Set(made).size, made.length);
    for (const [from, to] of [
      [0, 22],
      [22, 65],
    ])
      assert.equal(new Set(made.map((token) => token.slice(from, to))).size, made.length);
  });

  it('holds while its secret is still in the ring, and not with another', () => {
    const next = createTokens(createKeyRing(['a newer secret, as long as it must be', SECRET]), random);
    const gone = createTokens(createKeyRing(['a newer secret, as long as it must be']), random);
    const token = tokens.make('b');
    assert.equal(next.holds(token, 'b'), true);
    assert.equal(gone.holds(token, 'b'), false);
  });

  it('is no tag of any other purpose', () => {
    const value = random.token(16);
    const other = createKeyRing([SECRET]).mac('cookies').sign(`${value}b`);
    assert.equal(tokens.holds(value + other, 'b'), false);
  });
});
