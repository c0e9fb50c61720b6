/**
 * One line of Set-Cookie: what is written is read back, what is doubtful is not read.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileFacts, FACTS_DEFAULTS } from '../kernel/index.ts';
import { isName, isValue, prefixOf } from './grammar.ts';
import { readCookie, writeCookie } from './line.ts';
import type { Cookie } from './line.ts';

const TOKEN = "!#$%&'*+.^_`|~-0123456789ABCXYZabcxyz";
const OCTETS = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => index + 33)).replaceAll(/[",;\\]/g, '');
const text = (from: string, limits: fc.StringConstraints): fc.Arbitrary<string> =>
  fc.string({ ...limits, unit: fc.constantFrom(...from) });

const cookie: fc.Arbitrary<Cookie> = fc.record(
  {
    name: text(TOKEN, { minLength: 1, maxLength: 30 }).filter((name) => !name.startsWith('$')),
    value: text(OCTETS, { maxLength: 60 }),
    domain: fc.constantFrom('', 'example.com', 'a.b-c.example'),
    path: text(OCTETS, { maxLength: 20 }).map((rest) => `/${rest}`),
    maxAge: fc.option(fc.nat(34_560_000), { nil: undefined }),
    expires: fc
      .option(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }), { nil: undefined })
      .map((date) => date?.toUTCString() ?? ''),
    secure: fc.boolean(),
    httpOnly: fc.boolean(),
    sameSite: fc.constantFrom('', 'Lax', 'Strict', 'None'),
    partitioned: fc.boolean(),
  },
  { noNullPrototype: true },
);

const facts = compileFacts(FACTS_DEFAULTS, { clock: { now: () => 0 }, newId: () => 'id' });
const sent = (field: string): Readonly<Record<string, string>> =>
  facts({
    method: 'GET',
    target: '/',
    headers: ['Host', 'app.example', 'Cookie', field],
    httpVersion: '1.1',
    peer: '192.0.2.1',
    encrypted: true,
    kind: 'request',
  }).cookies;

describe('a written cookie', () => {
  it('is read back as it was', () => {
    fc.assert(fc.property(cookie, (one) => assert.deepEqual(readCookie(writeCookie(one)), one)));
  });

  it('comes back from the browser with the same name and value', () => {
    const several = fc.uniqueArray(cookie, { minLength: 1, maxLength: 5, selector: ({ name }) => name.toLowerCase() });
    fc.assert(
      fc.property(several, (list) => {
        const got = sent(list.map((one) => writeCookie(one).split(';')[0]).join('; '));
        assert.deepEqual({ ...got }, Object.fromEntries(list.map(({ name, value }) => [name, value])));
      }),
    );
  });
});

describe('a line that is read', () => {
  it('is never one that could end the field or begin another attribute', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'a=; \r\n\t",/') })),
        (line) => {
          const read = readCookie(line);
          if (read === null) return;
          assert.ok(isName(read.name) && isValue(read.value));
          assert.deepEqual(readCookie(writeCookie(read)), read);
          assert.doesNotMatch(writeCookie(read), /[\r\n\0]/);
        },
      ),
    );
  });

  const refused: readonly (readonly [title: string, line: string])[] = [
    ['no name', '=value'],
    ['no equals sign', 'value'],
    ['an empty line', ''],
    ['a line end in the value', 'a=b\r\nSet-Cookie: admin=1'],
    ['a line end in the path', 'a=b; Path=/\r\nX: y'],
    ['a space in the name', 'a b=c'],
    ['a legacy $ name', '$Version=1'],
    ['a space in the value', 'a=b c'],
    ['a comma in the value', 'a=b,c'],
    ['a backslash in the value', 'a=b\\c'],
    ['an open quote', 'a="b'],
    ['a byte above ASCII', 'a=é'],
    ['two Domain attributes', 'a=b; Domain=a.example; domain=b.example'],
    ['two SameSite attributes', 'a=b; SameSite=Lax; SameSite=None'],
    ['a SameSite nobody knows', 'a=b; SameSite=Whatever'],
    ['a lifetime that is no number', 'a=b; Max-Age=1e3'],
    ['a date that is none', 'a=b; Expires=tomorrow'],
    ['a relative path', 'a=b; Path=account'],
    ['a domain of one label', 'a=b; Domain=com'],
    ['a domain that is an address', 'a=b; Domain=127.0.0.1'],
  ];
  for (const [title, line] of refused) it(`is refused with ${title}`, () => assert.equal(readCookie(line), null));

  const accepted: readonly (readonly [line: string, written: string])[] = [
    ['a=b', 'a=b'],
    ['a=', 'a='],
    ['a="b"', 'a="b"'],
    ['a=b==', 'a=b=='],
    ['a=b;secure;HTTPONLY', 'a=b; Secure; HttpOnly'],
    ['a=b; samesite=strict; path=/x', 'a=b; Path=/x; SameSite=Strict'],
    ['a=b; Domain=.Example.COM', 'a=b; Domain=example.com'],
    ['a=b; Max-Age=-1', 'a=b; Max-Age=0'],
    ['a=b; Max-Age=99999999999', 'a=b; Max-Age=34560000'],
    ['a=b; Expires=Thu, 01-Jan-1970 00:00:00 GMT', 'a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
    ['a=b; Priority=High; Partitioned', 'a=b; Partitioned'],
  ];
  for (const [line, written] of accepted)
    it(`is understood: ${line}`, () => assert.equal(writeCookie(readCookie(line)!), written));
});

describe('a prefix', () => {
  const rows: readonly (readonly [name: string, secure: boolean, host: boolean, httpOnly: boolean])[] = [
    ['__Host-a', true, true, false],
    ['__hOsT-a', true, true, false],
    ['__Secure-a', true, false, false],
    ['__Http-a', true, false, true],
    ['__Host-Http-a', true, true, true],
    ['__Hosta', false, false, false],
    ['Host-a', false, false, false],
  ];
  for (const [name, secure, host, httpOnly] of rows)
    it(`of ${name} is known, whatever its letter case`, () =>
      assert.deepEqual(prefixOf(name), { secure, host, httpOnly }));
});
