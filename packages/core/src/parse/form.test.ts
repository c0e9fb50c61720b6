/**
 * Forms at their limits, and names that mean nothing but themselves.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseForm, UNLIMITED_FORM } from './form.ts';

const LIMITS = { maxFields: 3, maxName: 4, maxText: 5 };

describe('a form [VAL-11]', () => {
  const rows: readonly (readonly [text: string, result: object | string])[] = [
    ['', {}],
    ['a=1&b=2&c=3', { a: '1', b: '2', c: '3' }],
    ['a=1&b=2&c=3&d=4', 'fields'],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a=1&a=2&a=3&a=4', 'fields'],
    ['abcd=12345', { abcd: '12345' }],
    ['abcde=1', 'text'],
    ['a=123456', 'text'],
    ['a=%zz', 'not-a-form'],
    // A name with brackets is that name: whatever takes it for a path makes objects out of texts.
    ['a[]=1', { 'a[]': '1' }],
    ['a[b]=1', { 'a[b]': '1' }],
    ['a.b=1', { 'a.b': '1' }],
  ];
  for (const [text, result] of rows)
    it(`${text || 'without a field'} is ${JSON.stringify(result)}`, () => {
      const form = parseForm(text, LIMITS);
      assert.deepEqual(typeof form === 'string' ? form : { ...form }, result);
    });

  it('without limits still keeps to the grammar', () => {
    assert.equal(typeof parseForm('a=1&'.repeat(5000), UNLIMITED_FORM), 'object');
    assert.equal(parseForm('__proto__=1', UNLIMITED_FORM), 'not-a-form');
  });
});
