/**
 * JSON with limits: each limit at its edge, names that stand twice however they are written, and no work that grows
 * faster than its text.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseJson } from './json.ts';
import type { JsonFault } from './json.ts';
import type { JsonLimits } from './limits.ts';

const LIMITS: JsonLimits = {
  maxDepth: 4,
  maxKeys: 3,
  maxItems: 5,
  maxText: 10,
  maxName: 6,
  exactNumbers: true,
  uniqueKeys: true,
};
const WIDE: JsonLimits = {
  maxDepth: Infinity,
  maxKeys: Infinity,
  maxItems: Infinity,
  maxText: Infinity,
  maxName: Infinity,
  exactNumbers: false,
  uniqueKeys: true,
};

function faultOf(text: string, limits: JsonLimits = LIMITS): JsonFault | null {
  return parseJson(Buffer.from(text), limits).fault;
}

describe('a limit [VAL-07] [S-51]', () => {
  const rows: readonly (readonly [text: string, fault: JsonFault | null])[] = [
    ['[[[[]]]]', null],
    ['[[[[1]]]]', null],
    ['[[[[[]]]]]', 'depth'],
    ['{"a":{"a":{"a":{"a":1}}}}', null],
    ['{"a":[{"a":[{}]}]}', 'depth'],
    ['{"a":1,"b":2,"c":3}', null],
    ['{"a":1,"b":2,"c":3,"d":4}', 'keys'],
    ['[{"a":1,"b":2,"c":3},{"a":1,"b":2,"c":3}]', null],
    ['[1,2,3,4,5]', null],
    ['[1,2,3,4,5,6]', 'items'],
    ['{"a":[[],[],[],[],[],[]]}', 'items'],
    ['"1234567890"', null],
    ['"12345678901"', 'text'],
    ['["12345678901"]', 'text'],
    ['{"a":{"b":"12345678901"}}', 'text'],
    ['"\\u0031234567890"', null],
    ['{"123456":1}', null],
    ['{"1234567":1}', 'name'],
    ['9007199254740991', null],
    ['-9007199254740991', null],
    ['9007199254740992', 'number'],
    ['9007199254740993', 'number'],
    ['-9007199254740993', 'number'],
    ['[1e400]', 'number'],
    ['[1,2,1e16]', 'number'],
    ['[1,"12345678901"]', 'text'],
    ['[1.5,null,-1e16]', 'number'],
    ['{"a":-1e400}', 'number'],
    ['1e15', null],
    ['0.1234567890123456789', null],
    ['1e-400', null],
    ['{"a":', 'not-json'],
    ['', 'not-json'],
  ];
  for (const [text, fault] of rows)
    it(`${text.slice(0, 50)} is ${fault ?? 'accepted'}`, () => assert.equal(faultOf(text), fault));

  it('leaves the value, for whoever only observes', () => {
    assert.deepEqual(parseJson(Buffer.from('[1,2,3,4,5,6]'), LIMITS), { value: [1, 2, 3, 4, 5, 6], fault: 'items' });
  });

  it('does not hide a prototype key behind it, where the value is kept', () => {
    for (const text of ['[1,2,3,4,5,6,{"__proto__":1}]', '{"1234567":{"constructor":{"prototype":1}}}'])
      assert.equal(parseJson(Buffer.from(text), LIMITS, true).fault, 'prototype-key');
  });

  it('counts levels, not the stack: half a million are refused as five are', () => {
    assert.equal(faultOf('['.repeat(500_000) + ']'.repeat(500_000)), 'depth');
  });
});

describe('a name that stands twice in one object [VAL-08]', () => {
  const twice: readonly string[] = [
    '{"a":1,"a":2}',
    '{"a":1,"b":2,"a":3}',
    '{"a":1,"\\u0061":2}',
    '{"a" :1,"a" :2}',
    '{"a"\n:1,"a":2}',
    '{"a"\t:\t1,"b" : 2 , "a"\r\n:3}',
    '[{"a":{"x":1},"a":1}]',
    '{"a":{"b":{"c":1,"c":1}}}',
    '{"":1,"":2}',
    '{"1":1,"1":2}',
    '{"\\"":1,"\\"":2}',
    '{"a\\\\":1,"a\\\\":2}',
    '{"a":"x : y \\": z","a":1}',
    '{"a":1,"b":" :","a":1}',
    '{"constructor":1,"constructor":2}',
  ];
  for (const text of twice)
    it(`is found: ${JSON.stringify(text)}`, () => assert.equal(faultOf(text, WIDE), 'duplicate-key'));

  const once: readonly string[] = [
    '{"a":1,"b":2}',
    '{"a":"a\\":","b":" : "}',
    '["a\\":", " : ", "\\": \\": \\":"]',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}',
    '{"a\\":":1,"b :":2}',
    '{ "a" : 1 , "b" : { "a" : 2 } }',
    '{"A":1,"a":2}',
  ];
  for (const text of once)
    it(`is not suspected: ${JSON.stringify(text)}`, () => assert.equal(faultOf(text, WIDE), null));

  it('is found wherever it stands, and in nothing else', () => {
    // No key of one backslash: see the next test.
    const key = fc.constantFrom('a', 'b', '"', 'a\\', ':', '":', ' :', 'é', '\\":', '');
    const space = fc.constantFrom('', ' ', '\n', '\t ');
    const { value } = fc.letrec<{ value: { text: string; twice: boolean } }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        key.map((text) => ({ text: JSON.stringify(text), twice: false })),
        fc.integer().map((n) => ({ text: String(n), twice: false })),
        fc.array(tie('value'), { maxLength: 3 }).map((items) => ({
          text: `[${items.map(({ text }) => text).join(',')}]`,
          twice: items.some(({ twice }) => twice),
        })),
        fc.array(fc.tuple(key, space, tie('value')), { maxLength: 4 }).map((members) => ({
          text: `{${members.map(([name, gap, { text }]) => `${JSON.stringify(name)}${gap}:${gap}${text}`).join(',')}}`,
          twice: new Set(members.map(([name]) => name)).size < members.length || members.some(([, , one]) => one.twice),
        })),
      ),
    }));
    fc.assert(
      fc.property(value, ({ text, twice }) => {
        assert.equal(faultOf(text, WIDE), twice ? 'duplicate-key' : null, text);
      }),
      { numRuns: 1000 },
    );
  });

  it('is told from a member that the engine itself loses, which is refused as well', () => {
    // V8 13.6 takes the key \" for an expected \\ : which of the two it then is depends on what was parsed before.
    for (let i = 0; i < 10; i++) JSON.parse('{"a":1,"\\\\":1}');
    const { value, fault } = parseJson(Buffer.from('{"a":1,"\\"":1,"\\\\":1}'), WIDE);
    assert.equal(fault, Object.keys(value as object).length === 3 ? null : 'duplicate-key');
  });

  it('passes where it is allowed', () => {
    assert.equal(faultOf('{"a":1,"a":2}', { ...WIDE, uniqueKeys: false }), null);
  });
});
