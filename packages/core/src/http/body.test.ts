/**
 * Which bodies are read, by content type; and what is refused in each, in every spelling.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Denial } from '../kernel/index.ts';
import { stage } from '../kernel/kernel.fixture.ts';
import { defaultReader } from './body.ts';

type Read = { readonly body: unknown } | { readonly code: string };

const { context } = stage();

/** What a body of that type is read as. */
function read(type: string | undefined, bytes: Buffer | string): Read | null {
  const reader = defaultReader(type);
  if (reader === null) return null;
  if ('code' in reader) return { code: reader.code };
  assert.ok('whole' in reader);
  const c = context();
  const denial: Denial | null = reader.whole(Buffer.from(bytes as string), c);
  return denial === null ? { body: c.body } : { code: denial.code };
}

const json = (bytes: Buffer | string): Read | null => read('application/json', bytes);
const form = (bytes: Buffer | string): Read | null => read('application/x-www-form-urlencoded', bytes);
const text = (bytes: Buffer | string): Read | null => read('text/plain', bytes);

describe('a content type [VAL-19]', () => {
  const CHARSET = { code: 'body/charset' };
  const rows: readonly (readonly [type: string | undefined, result: Read | null])[] = [
    ['application/json', { body: 1 }],
    ['Application/JSON', { body: 1 }],
    [' application/json ', { body: 1 }],
    ['application/json;charset=utf-8', { body: 1 }],
    ['application/json; charset=UTF-8', { body: 1 }],
    ['application/json; charset="utf-8"', { body: 1 }],
    ['application/json ; Charset = utf8', { body: 1 }],
    ['application/json; profile=x', { body: 1 }],
    ['application/problem+json', { body: 1 }],
    ['application/vnd.api+json; charset=utf-8', { body: 1 }],
    ['application/x-www-form-urlencoded', { body: { 1: '' } }],
    ['text/plain', { body: '1' }],
    ['application/json; charset=utf-16', CHARSET],
    ['application/json; charset=utf-7', CHARSET],
    ['application/json; charset=iso-8859-1', CHARSET],
    ['application/json; charset=', CHARSET],
    ['application/json; charset="utf-16"', CHARSET],
    ['application/json; charset=utf-8; charset=utf-16', CHARSET],
    ['application/x-www-form-urlencoded; charset=ibm500', CHARSET],
    ['text/plain; charset=utf-16le', CHARSET],
    ['multipart/form-data; boundary=x', null],
    ['text/html', null],
    ['text/json', null],
    ['application/xml', null],
    ['image/svg+json', null],
    ['application/jsonp', null],
    ['application/json, text/plain', null],
    ['', null],
    [undefined, null],
  ];
  for (const [type, result] of rows)
    it(`${JSON.stringify(type)} is ${result === null ? 'left to others' : JSON.stringify(result)}`, () => {
      assert.deepEqual(plain(read(type, '1')), result);
    });

  it('of a foreign charset is answered with 415', () => {
    assert.equal((defaultReader('application/json; charset=utf-16') as Denial).status, 415);
  });
});

describe('a JSON body', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const written = JSON.stringify(value);
        fc.pre(!/__proto__|constructor/.test(written));
        assert.deepEqual(json(written), { body: JSON.parse(written) as unknown });
      }),
    );
  });

  it('that is empty is no body', () => assert.deepEqual(json(''), { body: undefined }));

  const rows: readonly (readonly [title: string, bytes: Buffer | string, code: string])[] = [
    ['cut off', '{"a":', 'not-json'],
    ['with a trailing comma', '[1,]', 'not-json'],
    ['with a comment', '{}//', 'not-json'],
    ['with two values', '{}{}', 'not-json'],
    ['of JavaScript', "{a:'b'}", 'not-json'],
    ['with NaN', 'NaN', 'not-json'],
    ['of blanks', '  ', 'not-json'],
    ['with a byte order mark', '\ufeff{}', 'not-json'],
    ['with a control character in a text', '"\u0001"', 'not-json'],
    ['in UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'not-json'],
    ['in Latin-1', Buffer.from('"ä"', 'latin1'), 'not-utf8'],
    ['with an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'not-utf8'],
    ['with half a surrogate pair in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'not-utf8'],
    ['cut off within a character', Buffer.from([0x22, 0xe2, 0x82]), 'not-utf8'],
  ];
  for (const [title, bytes, code] of rows)
    it(`is refused ${title}`, () => assert.deepEqual(json(bytes), { code: `body/${code}` }));
});

describe('a key that changes what an object is [INJ-13] [VAL-09]', () => {
  const refused: readonly string[] = [
    '{"__proto__":{"admin":true}}',
    '{"__proto__":null}',
    '{"__proto__":1}',
    '{"a":{"b":[{"__proto__":{}}]}}',
    '[[[{"__proto__":[]}]]]',
    '{"\\u005f_proto__":{}}',
    '{"\\u005F\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":{}}',
    '{"__pr\\u006fto__":{}}',
    '{ "__proto__" : {} }',
    '{"__proto__"\n:\n{}}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"\\u0063onstructor":{"prototype":{}}}',
    '{"constructor":{"\\u0070rototype":{}}}',
    '{"a":[{"constructor":{"prototype":null}}]}',
  ];
  for (const body of refused)
    it(`is refused: ${body.replaceAll('\n', ' ')}`, () => assert.deepEqual(json(body), { code: 'body/prototype-key' }));

  const accepted: readonly string[] = [
    '{"constructor":"Renault"}',
    '{"constructor":{"name":"Renault"}}',
    '{"prototype":{"stage":2}}',
    '{"text":"__proto__ is a key"}',
    '{"proto":1,"_proto_":2,"__proto":3}',
    '{"a":"\\u00e9"}',
    '["__proto__","constructor"]',
  ];
  for (const body of accepted)
    it(`is not suspected: ${body}`, () => assert.deepEqual(json(body), { body: JSON.parse(body) as unknown }));

  it('is found at any depth, without a limit of the stack', () => {
    const deep = (inner: string): string => `${'{"a":['.repeat(20_000)}${inner}${']}'.repeat(20_000)}`;
    assert.deepEqual(json(deep('{"__proto__":{}}')), { code: 'body/prototype-key' });
    assert.ok('body' in json(deep('"\\u0061"'))!);
  });

  it('is found wherever it stands, however its letters are written', () => {
    const letter = (character: string): fc.Arbitrary<string> => {
      const hex = character.charCodeAt(0).toString(16).padStart(4, '0');
      return fc.constantFrom(character, `\\u${hex}`, `\\u${hex.toUpperCase()}`);
    };
    const key = fc.tuple(...[...'__proto__'].map(letter)).map((letters) => letters.join(''));
    const path = fc.array(fc.constantFrom<'list' | 'object'>('list', 'object'), { maxLength: 5 });
    fc.assert(
      fc.property(key, path, (name, around) => {
        const body = around.reduce(
          (inner, kind) => (kind === 'list' ? `[0,${inner}]` : `{"a":0,"b":${inner}}`),
          `{"${name}":{}}`,
        );
        assert.deepEqual(json(body), { code: 'body/prototype-key' });
      }),
    );
  });
});

describe('a form body', () => {
  it('has names and values, decoded once', () => {
    assert.deepEqual(plain(form('a=1&b=%2520+x&a=2&c')), { body: { a: ['1', '2'], b: '%20 x', c: '' } });
  });

  it('has no prototype', () => {
    const result = form('toString=1');
    assert.ok(result !== null && 'body' in result);
    assert.equal(Object.getPrototypeOf(result.body), null);
  });

  it('may hold long texts', () => {
    assert.deepEqual(plain(form(`a=${'x'.repeat(100_000)}`)), { body: { a: 'x'.repeat(100_000) } });
  });

  const rows: readonly (readonly [title: string, bytes: Buffer | string, code: string])[] = [
    ['an escape that is none', 'a=%zz', 'not-a-form'],
    ['an escape that is no UTF-8', 'a=%ff', 'not-a-form'],
    ['NUL', 'a=%00', 'not-a-form'],
    ['a control character in a name', 'a%0a=1', 'not-a-form'],
    ['__proto__ [INJ-13]', '__proto__=1', 'not-a-form'],
    ['__proto__, escaped [INJ-13]', '%5F%5fproto__=1', 'not-a-form'],
    ['more than a thousand fields [VAL-11]', 'a&'.repeat(1001), 'fields'],
    ['a name of 257 characters', `${'n'.repeat(257)}=1`, 'text'],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0x3d, 0xff]), 'not-utf8'],
  ];
  for (const [title, bytes, code] of rows)
    it(`is refused with ${title}`, () => assert.deepEqual(form(bytes), { code: `body/${code}` }));
});

describe('a text body', () => {
  it('is the text', () => assert.deepEqual(text('a\nb €'), { body: 'a\nb €' }));
  it('is refused where it is no UTF-8', () => assert.deepEqual(text(Buffer.from([0x80])), { code: 'body/not-utf8' }));
});

/** Forms have no prototype; comparisons are about what stands in them. */
function plain(result: Read | null): Read | null {
  if (result === null || !('body' in result) || typeof result.body !== 'object' || result.body === null) return result;
  return { body: { ...result.body } };
}
