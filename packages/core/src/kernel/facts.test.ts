/**
 * What the facts accept and refuse, as tables: one row per request, the code it gets beside it.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileFacts } from './facts.ts';
import { FACTS_CODES, FACTS_DENIALS } from './facts-codes.ts';
import type { FactsCode } from './facts-codes.ts';
import { FACTS_DEFAULTS } from './facts-options.ts';
import type { FactsOptions } from './facts-options.ts';
import type { RawRequest, RequestFacts } from './facts-types.ts';
import { routerTarget } from './target.ts';

interface Head extends Partial<RawRequest> {
  readonly fields?: readonly string[];
  readonly options?: Partial<FactsOptions>;
}

const HOST = ['Host', 'app.example'];

function read(head: Head): RequestFacts {
  const { fields = [], options, ...raw } = head;
  const reader = compileFacts({ ...FACTS_DEFAULTS, ...options }, { clock: { now: () => 1000 }, newId: () => 'r-1' });
  return reader({
    method: 'GET',
    target: '/',
    headers: [...HOST, ...fields],
    httpVersion: '1.1',
    peer: '192.0.2.1',
    encrypted: false,
    kind: 'request',
    ...raw,
  });
}

const code = (head: Head): string | null => read(head).refused?.code ?? null;

/** Every code that some row of this file met; the last test compares it with the list. */
const met = new Set<string>();

function rows(
  name: string,
  table: readonly (readonly [title: string, head: Head, expected: FactsCode | null])[],
): void {
  describe(name, () => {
    for (const [title, head, expected] of table) {
      if (expected !== null) met.add(expected);
      it(`${expected === null ? 'accepts' : 'refuses'} ${title}`, () => assert.equal(code(head), expected));
    }
  });
}

const target = (text: string): Head => ({ target: text });

rows('paths [DEP-05] [c2-path]', [
  ['an ordinary path', target('/tickets/42'), null],
  ['all characters that need no escape', target("/aZ09-._~!$&'()*+,=:@/"), null],
  ['three dots as a name', target('/...'), null],
  ['a hidden file', target('/.well-known/x'), null],
  ['a doubled slash as a path of its own', target('//admin'), null],
  ['an escaped space', target('/a%20b'), null],
  ['an escaped percent sign', target('/100%25'), null],
  ['a percent sign before letters that are no hex digits', target('/100%25zz'), null],
  ['an escaped semicolon as data', target('/a%3Bb'), null],
  ['UTF-8 in escapes', target('/%C3%A9t%C3%A9'), null],
  ['an escape cut short', target('/a%2'), 'facts/path-encoding'],
  ['a percent sign alone', target('/100%'), 'facts/path-encoding'],
  ['an escape that is no hex', target('/%zz'), 'facts/path-encoding'],
  ['IIS unicode escapes', target('/%u002e'), 'facts/path-encoding'],
  ['overlong UTF-8 for a slash', target('/%C0%AFetc'), 'facts/path-encoding'],
  ['a lone continuation byte', target('/%80'), 'facts/path-encoding'],
  ['a surrogate in UTF-8', target('/%ED%A0%80'), 'facts/path-encoding'],
  ['a truncated sequence', target('/%E2%82'), 'facts/path-encoding'],
  ['double encoding', target('/%252e%252e/'), 'facts/path-double-encoding'],
  ['double encoding of a slash', target('/a%252Fb'), 'facts/path-double-encoding'],
  ['an escaped letter', target('/%61dmin'), 'facts/path-respelling'],
  ['an escaped digit', target('/v%31'), 'facts/path-respelling'],
  ['an escaped tilde', target('/%7Eroot'), 'facts/path-respelling'],
  ['a dot segment', target('/./a'), 'facts/path-dot-segment'],
  ['a double dot segment', target('/a/../b'), 'facts/path-dot-segment'],
  ['a double dot segment at the end', target('/a/..'), 'facts/path-dot-segment'],
  ['a dot before the query', target('/a/.?x'), 'facts/path-dot-segment'],
  ['an escaped double dot segment', target('/%2e%2E/'), 'facts/path-dot-segment'],
  ['a half escaped double dot segment', target('/a/.%2e'), 'facts/path-dot-segment'],
  ['a dot segment between escaped slashes', target('/a%2F..%2Fb'), 'facts/path-dot-segment'],
  ['a dot segment after an escaped backslash', target('/a%5C..'), 'facts/path-dot-segment'],
  ['a path parameter', target('/a;v=1'), 'facts/path-semicolon'],
  ['a session in the path', target('/;jsessionid=1/admin'), 'facts/path-semicolon'],
  ['a raw backslash', target('/a\\b'), 'facts/path-backslash'],
  ['an escaped NUL', target('/a%00.png'), 'facts/path-control'],
  ['an escaped line break', target('/a%0d%0aSet-Cookie:x'), 'facts/path-control'],
  ['an escaped delete', target('/a%7F'), 'facts/path-control'],
  ['an escaped C1 control', target('/a%C2%85'), 'facts/path-control'],
  ['a raw control', target('/a\u0001'), 'facts/path-control'],
  ['a raw tab', target('/a\tb'), 'facts/path-control'],
  ['a raw space', target('/a b'), 'facts/target-character'],
  ['raw non-ASCII', target('/\u00e9'), 'facts/target-character'],
  ['a raw bracket', target('/a[0]'), 'facts/target-character'],
  ['a raw quote', target('/a"b'), 'facts/target-character'],
  ['a fragment', target('/a#b'), 'facts/target-fragment'],
  ['a fragment in the query', target('/a?b#c'), 'facts/target-fragment'],
  ['a path beyond the limit', target(`/${'a'.repeat(8192)}`), 'facts/target-length'],
  ['a path at the limit', target(`/${'a'.repeat(8191)}`), null],
]);

// Bytes as an advisory prints them, or `derived` from its description.
rows('advisories on paths [c2-path] [DEP-05]', [
  ['CVE-2026-22031: an escaped letter past a guard on /admin', target('/%61dmin'), 'facts/path-respelling'],
  ['CVE-2026-2880: a delimiter after the guarded path', target('/secret;foo=bar'), 'facts/path-semicolon'],
  ['CVE-2026-33808 (derived): a delimiter after the guarded path', target('/admin;a=b'), 'facts/path-semicolon'],
  ['CVE-2026-33804 (derived): a delimiter before a slash', target('/secret;/data'), 'facts/path-semicolon'],
  ['CVE-2026-85184 (derived): absolute-form of another host', target('http://evil.example/admin'), 'facts/target-host'],
  ['CVE-2026-112362 (derived): a dot segment before the guarded path', target('/x/../admin'), 'facts/path-dot-segment'],
  ['CVE-2026-112712 (derived): double encoding', target('/%2561dmin'), 'facts/path-double-encoding'],
  ['CVE-2026-126357 (derived): an escaped letter in a mount prefix', target('/%61pi/users'), 'facts/path-respelling'],
  ['CVE-2026-34457 (derived): a fragment after an exempt path', target('/admin#/public'), 'facts/target-fragment'],
  ['GHSA-pxq7-h93f-9jrg (derived): an escaped dot segment', target('/public/%2e%2e/admin'), 'facts/path-dot-segment'],
]);

describe('advisories that are answered by what the path is [c2-path] [DEP-05]', () => {
  const kept: readonly (readonly [string, string, string])[] = [
    ['CVE-2026-2880: //secret is not /secret', '//secret', '//secret'],
    ['CVE-2026-33808 (derived): ///admin is not /admin', '///admin', '///admin'],
    ['CVE-2025-47910: /hello/ is not /hello', '/hello/', '/hello/'],
    ['CVE-2024-6844: + is a plus', '/a+b', '/a+b'],
    ['CVE-2024-6866: case is kept', '/Admin', '/Admin'],
    ['CVE-2025-54576 (derived): a query cannot look like an exempt path', '/admin?/public/x', '/admin'],
    [
      'CVE-2026-85184 (derived): absolute-form of our own host is the path after it',
      'http://app.example/admin',
      '/admin',
    ],
  ];
  for (const [name, raw, path] of kept)
    it(name, () => {
      const facts = read(target(raw));
      assert.equal(facts.refused, null);
      assert.equal(facts.path, path);
    });

  it('CVE-2026-14198 (derived): an escaped slash is reported, in one spelling, and not decoded', () => {
    for (const raw of ['/files/a%2Fb', '/files/a%2fb', '/files/a%5cb']) {
      const facts = read(target(raw));
      assert.equal(facts.refused, null);
      assert.equal(facts.encodedSeparators, true);
      assert.equal(facts.path, raw.toUpperCase().replace('/FILES/A', '/files/a').replace(/B$/, 'b'));
    }
    assert.equal(read(target('/files/a')).encodedSeparators, false);
  });

  for (const name of [
    'X-Forwarded-Uri',
    'X-Original-URL',
    'X-Rewrite-URL',
    'X-Forwarded-Prefix',
    'X-Middleware-Subrequest',
  ])
    it(`CVE-2026-40575, CVE-2025-29927 (derived): ${name} changes nothing, even from a trusted proxy`, () => {
      const facts = read({
        target: '/admin',
        fields: [name, '/public'],
        options: { trustedProxies: ['192.0.2.0/24'] },
      });
      assert.equal(facts.refused, null);
      assert.equal(facts.path, '/admin');
    });

  it('CVE-2026-76835 (derived): a user agent changes nothing', () => {
    assert.equal(read({ target: '/admin', fields: ['User-Agent', 'GoogleHC/1.0'] }).path, '/admin');
  });
});

describe('one spelling per path [DEP-05]', () => {
  const table: readonly (readonly [string, string])[] = [
    ['/%c3%a9', '/%C3%A9'],
    ['/wow%21', '/wow!'],
    ['/a%28b%29', '/a(b)'],
    ['/a%40b', '/a%40b'],
    ['/a@b', '/a@b'],
  ];
  for (const [raw, path] of table) it(`reads ${raw} as ${path}`, () => assert.equal(read(target(raw)).path, path));

  it('gives a router the canonical path and the query as sent', () => {
    assert.equal(routerTarget(read(target('/%c3%a9?a=%c3%a9'))), '/%C3%A9?a=%c3%a9');
    assert.equal(routerTarget(read(target('http://app.example?x=1'))), '/?x=1');
    assert.equal(routerTarget(read(target('/tickets?x=1'))), '/tickets?x=1');
    assert.equal(routerTarget(read(target('/a/../b'))), '/');
  });
});

rows('forms of the target [c2-path]', [
  ['an empty target', target(''), 'facts/target-form'],
  ['a relative target', target('admin'), 'facts/target-form'],
  ['* for OPTIONS', { method: 'OPTIONS', target: '*' }, null],
  ['* for GET', target('*'), 'facts/target-form'],
  ['absolute-form of our own host', target('http://app.example/x?y=1'), null],
  ['absolute-form in capitals', target('HTTP://APP.example/x'), null],
  ['absolute-form without a path', target('http://app.example'), null],
  ['absolute-form with another port', target('http://app.example:8080/'), 'facts/target-host'],
  ['absolute-form with another scheme', target('https://app.example/'), 'facts/target-host'],
  ['absolute-form with a foreign scheme', target('ftp://app.example/'), 'facts/target-form'],
  ['absolute-form without a host', target('http:///x'), 'facts/target-form'],
  ['absolute-form with a bad host', target('http://a..b/'), 'facts/target-host'],
  ['absolute-form with userinfo', target('http://app.example@evil.example/'), 'facts/userinfo'],
  ['absolute-form with a dot segment', target('http://app.example/../x'), 'facts/path-dot-segment'],
  ['absolute-form with a fragment', target('http://app.example#x'), 'facts/target-fragment'],
  ['absolute-form with a backslash', target('http://app.example\\x'), 'facts/target-form'],
  ['authority-form', target('app.example:443'), 'facts/target-form'],
  ['CONNECT', { method: 'CONNECT', target: 'db.internal:5432', kind: 'connect' }, 'facts/connect'],
  ['CONNECT as a request', { method: 'CONNECT', target: '/' }, 'facts/connect'],
]);

rows('methods and connection [DEP-04]', [
  ['PROPFIND, for a router to judge', { method: 'PROPFIND' }, null],
  ['M-SEARCH', { method: 'M-SEARCH' }, null],
  ['a lower-case method', { method: 'get' }, 'facts/method'],
  ['an empty method', { method: '' }, 'facts/method'],
  ['a method with a space', { method: 'GET /x' }, 'facts/method'],
  ['TRACE', { method: 'TRACE' }, 'facts/method'],
  ['TRACK', { method: 'TRACK' }, 'facts/method'],
  ['HTTP/0.9', { httpVersion: '0.9' }, 'facts/http-version'],
  ['an upgrade to h2c', { fields: ['Upgrade', 'h2c'] }, 'facts/upgrade'],
  ['an upgrade to websocket by default', { kind: 'upgrade', fields: ['Upgrade', 'websocket'] }, 'facts/upgrade'],
  ['an upgrade without the field', { kind: 'upgrade', options: { websocket: true } }, 'facts/upgrade'],
  [
    'websocket where allowed',
    { kind: 'upgrade', fields: ['Upgrade', 'WebSocket'], options: { websocket: true } },
    null,
  ],
  ['h2c where websocket is allowed', { fields: ['Upgrade', 'h2c'], options: { websocket: true } }, 'facts/upgrade'],
  ['two protocols', { fields: ['Upgrade', 'websocket, h2c'], options: { websocket: true } }, 'facts/upgrade'],
  [
    'a websocket by POST',
    { method: 'POST', kind: 'upgrade', fields: ['Upgrade', 'websocket'], options: { websocket: true } },
    'facts/upgrade',
  ],
  ['Expect: 100-continue', { method: 'PUT', fields: ['Expect', '100-Continue'] }, null],
  ['another expectation', { method: 'PUT', fields: ['Expect', 'magic'] }, 'facts/expect'],
]);

rows('framing [DEP-04]', [
  ['a length', { method: 'POST', fields: ['Content-Length', '12'] }, null],
  ['chunked', { method: 'POST', fields: ['Transfer-Encoding', 'chunked'] }, null],
  ['a length and chunked', { fields: ['Content-Length', '4', 'Transfer-Encoding', 'chunked'] }, 'facts/framing'],
  ['two lengths', { fields: ['Content-Length', '4', 'content-length', '4'] }, 'facts/header-duplicate'],
  ['a list of lengths', { fields: ['Content-Length', '4, 4'] }, 'facts/content-length'],
  ['a signed length', { fields: ['Content-Length', '+4'] }, 'facts/content-length'],
  ['a hexadecimal length', { fields: ['Content-Length', '0x4'] }, 'facts/content-length'],
  ['an empty length', { fields: ['Content-Length', ''] }, 'facts/content-length'],
  ['a length beyond exact numbers', { fields: ['Content-Length', '9'.repeat(16)] }, 'facts/content-length'],
  ['gzip, chunked', { fields: ['Transfer-Encoding', 'gzip, chunked'] }, 'facts/transfer-encoding'],
  ['chunked in other letters', { fields: ['Transfer-Encoding', 'Chunked'] }, 'facts/transfer-encoding'],
  ['identity', { fields: ['Transfer-Encoding', 'identity'] }, 'facts/transfer-encoding'],
  ['two codings', { fields: ['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'x'] }, 'facts/header-duplicate'],
  ['chunked in HTTP/1.0', { httpVersion: '1.0', fields: ['Transfer-Encoding', 'chunked'] }, 'facts/transfer-encoding'],
]);

const single = [
  'Host',
  'Content-Type',
  'Authorization',
  'Cookie',
  'Origin',
  'Sec-Fetch-Site',
  'X-Forwarded-Host',
  'Expect',
];

rows('field lines [DEP-04]', [
  ...single.map(
    (name) => [`a second ${name}`, { fields: [name, 'a', name.toUpperCase(), 'a'] }, 'facts/header-duplicate'] as const,
  ),
  ['a repeated list field', { fields: ['Accept', 'a/b', 'accept', 'c/d'] }, null],
  ['bytes above 127 in a value', { fields: ['X-Name', 'Andr\u00e9'] }, null],
  ['a space in a name', { fields: ['X Name', 'a'] }, 'facts/header-name'],
  ['a space before the colon', { fields: ['Transfer-Encoding ', 'chunked'] }, 'facts/header-name'],
  ['an empty name', { fields: ['', 'a'] }, 'facts/header-name'],
  ['a name without a value', { fields: ['X-Name'] }, 'facts/header-name'],
  ['a pseudo field of HTTP/2', { fields: [':path', '/admin'] }, 'facts/header-name'],
  ['a folded value', { fields: ['X-Name', 'a\r\n b'] }, 'facts/header-value'],
  ['a line feed in a value', { fields: ['X-Name', 'a\nSet-Cookie: x'] }, 'facts/header-value'],
  ['NUL in a value', { fields: ['X-Name', 'a\0'] }, 'facts/header-value'],
  ['a character beyond a byte', { fields: ['X-Name', '\u560a'] }, 'facts/header-value'],
  ['too many fields', { fields: Array.from({ length: 200 }, () => 'a') }, 'facts/header-count'],
  [
    'too many bytes',
    { fields: ['A', 'a'.repeat(8000), 'B', 'b'.repeat(8000), 'C', 'c'.repeat(8000)] },
    'facts/header-bytes',
  ],
  ['a value too long', { fields: ['Cookie', `a=${'b'.repeat(8191)}`] }, 'facts/header-size'],
  ['CVE-2025-64484: X_Forwarded_For', { fields: ['X_Forwarded_For', '1.1.1.1'] }, 'facts/header-lookalike'],
  ['Content_Length', { fields: ['Content_Length', '4'] }, 'facts/header-lookalike'],
  ['an underscore elsewhere', { fields: ['api_key', 'k'] }, null],
]);

const query = (text: string): Head => ({ target: `/?${text}` });

rows('queries [VAL-21]', [
  ['names, values and lists', query('a=1&b&c[]=1&c[]=2'), null],
  ['what browsers leave raw', query('filter[x]={"a":1}|`^\\'), null],
  ['line breaks of a text area', query('text=a%0D%0Ab%09'), null],
  ['a percent sign alone', query('a=100%'), 'facts/query-encoding'],
  ['invalid UTF-8', query('a=%FF'), 'facts/query-encoding'],
  ['NUL in a value', query('a=%00'), 'facts/query-control'],
  ['an escape character in a value', query('a=%1B[2J'), 'facts/query-control'],
  ['a line break in a name', query('a%0A=1'), 'facts/query-control'],
  ['__proto__', query('__proto__=1'), 'facts/query-name'],
  ['an escaped __proto__', query('%5F_proto__=1'), 'facts/query-name'],
  ['a raw space', query('a b'), 'facts/target-character'],
  ['too many parameters', query(Array.from({ length: 101 }, () => 'a').join('&')), 'facts/query-count'],
  ['a name too long', query('a'.repeat(257)), 'facts/query-size'],
  ['a value too long', query(`a=${'b'.repeat(4097)}`), 'facts/query-size'],
]);

const cookie = (text: string): Head => ({ fields: ['Cookie', text] });

rows('cookies', [
  ['pairs', cookie('a=1; b="2"; c=x=y'), null],
  ['a JSON value', cookie('c={"a":1,"b":[2]}'), null],
  ['a quoted value with escapes', cookie('c="a\\054b"'), null],
  ['a value without a name, which belongs to nobody', cookie('test; a=1'), null],
  ['a prefixed name twice', cookie('__Host-sid=a; __Host-sid=b'), 'facts/cookie-duplicate'],
  ['a plain name twice, which reads as absent', cookie('sid=a; sid=b'), null],
  ['a legacy version, which switches parsers', cookie('$Version=1; a=b'), 'facts/cookie-syntax'],
  ['an open quote, which swallows what follows', cookie('a="x; sid=1; b=y"'), 'facts/cookie-syntax'],
  ['a quote closed by an escape', cookie('a="x\\"; sid=1"'), 'facts/cookie-syntax'],
  ['a space in a name', cookie('a b=1'), 'facts/cookie-syntax'],
  ['a comma in a name', cookie('a=1; b,c=2'), 'facts/cookie-syntax'],
  ['a quote in a name', cookie('a"b=1'), 'facts/cookie-syntax'],
  ['a legacy attribute after another byte', cookie('\xe9=1; $Path=/'), 'facts/cookie-syntax'],
  ['an open quote under a name that reads as absent', cookie('\xe9="x; sid=1'), 'facts/cookie-syntax'],
  ['a name in another script, which reads as absent', cookie('\xc3\xa9=1; sid=a'), null],
  ['a backslash in a name, which reads as absent', cookie('a\\b=1; sid=a'), null],
  ['too many', cookie(Array.from({ length: 51 }, (_, index) => `c${index}=1`).join('; ')), 'facts/cookie-count'],
]);

const host = (text: string): Head => ({ headers: ['Host', text] });

rows('hosts [CFG-13]', [
  ['a name', host('app.example'), null],
  ['a name and port', host('APP.example:8443'), null],
  ['an underscore', host('my_app.example'), null],
  ['an IPv4 address', host('192.0.2.7:80'), null],
  ['an IPv6 literal', host('[2001:db8::1]:8080'), null],
  ['none in HTTP/1.1', { headers: [] }, 'facts/host-missing'],
  ['none in HTTP/1.0, for the route to judge', { headers: [], httpVersion: '1.0' }, null],
  ['an empty one', host(''), 'facts/host-invalid'],
  ['userinfo', host('app.example@evil.example'), 'facts/userinfo'],
  ['an empty label', host('app..example'), 'facts/host-invalid'],
  ['a trailing dot, a second spelling', host('app.example.'), 'facts/host-invalid'],
  ['a path', host('app.example/x'), 'facts/host-invalid'],
  ['a comma', host('app.example,evil.example'), 'facts/host-invalid'],
  ['non-ASCII', host('\u00e9.example'), 'facts/host-invalid'],
  ['a percent escape', host('app%2eexample'), 'facts/host-invalid'],
  ['port 0', host('app.example:0'), 'facts/host-invalid'],
  ['port 65536', host('app.example:65536'), 'facts/host-invalid'],
  ['an empty port', host('app.example:'), 'facts/host-invalid'],
  ['a port with zeros', host('app.example:0443'), 'facts/host-invalid'],
  ['two ports', host('app.example:80:80'), 'facts/host-invalid'],
  ['an IPv6 literal without brackets', host('2001:db8::1'), 'facts/host-invalid'],
  ['an IPv6 literal in another spelling', host('[2001:db8:0::1]'), 'facts/host-invalid'],
  ['an IPv6 literal with a zone', host('[fe80::1%25eth0]'), 'facts/host-invalid'],
  ['a short IPv4 address', host('127.1'), 'facts/host-invalid'],
  ['an IPv4 address as a number', host('2130706433'), 'facts/host-invalid'],
  ['a hexadecimal IPv4 address', host('0x7f.0.0.1'), 'facts/host-invalid'],
  ['a label beyond 63 letters', host(`${'a'.repeat(64)}.example`), 'facts/host-invalid'],
]);

describe('what sound facts hold', () => {
  it('names host, scheme and origin once, in lower case', () => {
    const facts = read({ headers: ['Host', 'App.Example:8443'], encrypted: true });
    assert.deepEqual(
      [facts.host, facts.hostname, facts.origin, facts.scheme, facts.secure],
      ['app.example:8443', 'app.example', 'https://app.example:8443', 'https', true],
    );
    assert.equal(read({ headers: ['Host', 'app.example:443'], encrypted: true }).origin, 'https://app.example');
    assert.equal(read({ headers: ['Host', 'app.example:443'] }).origin, 'http://app.example:443');
  });

  it('marks a missing Host of HTTP/1.0', () => {
    const facts = read({ headers: [], httpVersion: '1.0' });
    assert.deepEqual([facts.hostMissing, facts.host, facts.origin], [true, '', '']);
    assert.equal(read({}).hostMissing, false);
  });

  it('takes id and time from its environment, never from the client', () => {
    const facts = read({ fields: ['X-Request-Id', 'forged'] });
    assert.deepEqual([facts.id, facts.at], ['r-1', 1000]);
  });

  it('finds fields by lower-case name, joins lists, strips white space', () => {
    const facts = read({ fields: ['ACCEPT', ' a/b\t', 'accept', 'c/d', 'X-Odd', 'v'] });
    assert.equal(facts.header('accept'), 'a/b, c/d');
    assert.equal(facts.header('x-odd'), 'v');
    assert.equal(facts.header('absent'), undefined);
  });

  it('leaves out a plain cookie name that stands twice, whichever value came first', () => {
    const facts = read({ fields: ['Cookie', 'sid=tossed; theme=dark; sid=mine'] });
    assert.deepEqual({ ...facts.cookies }, { theme: 'dark' });
  });

  it('leaves out cookies whose names are no names, and keeps the others', () => {
    const names = ['caf\xc3\xa9', 'a\\b', '\xa0__Host-sid', '\xe2\x80\x80sid', '__Host-sid\x85'];
    for (const name of names) {
      const facts = read({ fields: ['Cookie', `${name}=evil; sid=a; ${name}=again`] });
      assert.deepEqual({ ...facts.cookies }, { sid: 'a' }, name);
    }
  });

  it('counts cookies that it leaves out', () => {
    const jar = Array.from({ length: 51 }, (_, index) => `\xe9${index}=1`).join('; ');
    assert.equal(code(cookie(jar)), 'facts/cookie-count');
  });

  it('decodes the query once and cookies not at all', () => {
    const facts = read({ target: '/?a=%2541&a=b+c&d', fields: ['Cookie', 'a="1"; b=%41'] });
    assert.deepEqual({ ...facts.query }, { a: ['%41', 'b c'], d: '' });
    assert.deepEqual({ ...facts.cookies }, { a: '1', b: '%41' });
    assert.equal(Object.getPrototypeOf(facts.query), null);
    assert.equal(Object.getPrototypeOf(facts.cookies), null);
  });

  it('keeps fallbacks, the client and the fields of a refused request', () => {
    const facts = read({ target: '/a/../b?x=1', fields: ['Accept', 'text/html'] });
    assert.deepEqual([facts.path, { ...facts.query }, facts.client.ip], ['/', {}, '192.0.2.1']);
    assert.equal(facts.rawTarget, '/a/../b?x=1');
    assert.equal(facts.header('accept'), 'text/html');
  });
});

describe('denials', () => {
  it('are constant, frozen and name what decided', () => {
    for (const name of FACTS_CODES) {
      const denial = FACTS_DENIALS[name];
      assert.ok(Object.isFrozen(denial));
      assert.equal(denial.code, name);
      assert.match(denial.option, /^facts\.\w+$/);
    }
    assert.equal(read({ target: '/..' }).refused, FACTS_DENIALS['facts/path-dot-segment']);
  });

  it('close the connection where the next request could be smuggled', () => {
    for (const name of [
      'facts/framing',
      'facts/content-length',
      'facts/transfer-encoding',
      'facts/header-name',
    ] as const)
      assert.equal(FACTS_DENIALS[name].close, true);
  });

  it('have the status that says it: 414, 417, 431, 505, else 400', () => {
    const special = FACTS_CODES.filter((name) => FACTS_DENIALS[name].status !== 400);
    assert.deepEqual(special.map((name) => `${FACTS_DENIALS[name].status} ${name}`).sort(), [
      '414 facts/target-length',
      '417 facts/expect',
      '431 facts/cookie-count',
      '431 facts/header-bytes',
      '431 facts/header-count',
      '431 facts/header-size',
      '505 facts/http-version',
    ]);
  });
});

it('every code of the facts has a row above, but the one that trusted proxies cause', () => {
  assert.deepEqual(
    FACTS_CODES.filter((name) => !met.has(name)),
    ['facts/forwarded'],
  );
});
