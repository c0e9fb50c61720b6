/**
 * Constant fields as text: nothing that ends a line, frames a message or names no field gets in.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constantFields, isReady } from './constant-fields.ts';

describe('constant fields', () => {
  it('are a list, their names, and the lines that go over the wire', () => {
    const { list, names, text } = constantFields(['x-a', '1', 'x-b', 'two words']);
    assert.deepEqual(list, ['x-a', '1', 'x-b', 'two words']);
    assert.deepEqual([...names], ['x-a', 'x-b']);
    assert.equal(text, 'x-a: 1\r\nx-b: two words\r\n');
  });

  it('may be none', () => assert.equal(constantFields([]).text, ''));

  const rows: readonly (readonly [what: string, list: readonly string[], says: RegExp])[] = [
    ['a line end in a value', ['x-a', '1\r\nset-cookie: a=b'], /value of x-a/],
    ['a bare line feed', ['x-a', '1\n2'], /value of x-a/],
    ['a NUL', ['x-a', '1\0'], /value of x-a/],
    ['letters beyond ASCII', ['x-a', 'é'], /value of x-a/],
    ['a colon in a name', ['x-a:', '1'], /no field name/],
    ['a space in a name', ['x a', '1'], /no field name/],
    ['an empty name', ['', '1'], /no field name/],
    ['upper case, which would escape the look-up', ['X-A', '1'], /no field name/],
    ['a length', ['content-length', '5'], /frames the message/],
    ['a transfer coding', ['transfer-encoding', 'chunked'], /frames the message/],
    ['a connection', ['connection', 'keep-alive'], /frames the message/],
  ];
  for (const [what, list, says] of rows)
    it(`refuse ${what} [HDR-30]`, () => assert.throws(() => constantFields(list), says));
});

describe('a field that may leave as text', () => {
  const rows: readonly (readonly [name: string, value: string, may: boolean])[] = [
    ['x-a', '1', true],
    ['x-a', '', true],
    ['vary', 'Origin, Cookie', true],
    ['x-a', 'a\r\nset-cookie: b', false],
    ['x-a', 'a\n', false],
    ['x-a', 'a\0', false],
    ['x-a', 'é', false],
    ['X-A', '1', false],
    ['x a', '1', false],
    ['x-a: 1\r\nx-b', '1', false],
    ['content-length', '0', false],
    ['transfer-encoding', 'chunked', false],
  ];
  for (const [name, value, may] of rows)
    it(`${JSON.stringify(`${name}: ${value}`)}: ${may} [HDR-30]`, () => {
      assert.equal(isReady(name, value), may);
      // The name, and the last value that was sound, are remembered.
      assert.equal(isReady(name, value), may);
    });
});
