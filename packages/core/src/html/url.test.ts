/**
 * Which addresses a value may be, and what it may be of an address.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { html, raw, rawUses, trustedUrl } from './index.ts';
import type { Html, Value } from './index.ts';
import { templateOf } from './oracle.test.ts';
import { Reasons } from './reasons.ts';
import { safeUrl } from './url.ts';

const INVALID = 'about:invalid#dewar';

/** `¤` is a hole; values in order. */
const use = (source: string, ...values: readonly Value[]): string =>
  String(html(templateOf(source.split('¤')), ...values));

describe('[XSS-06] the scheme of an address', () => {
  for (const url of [
    '/tickets/7?a=b:c#d:e',
    '//cdn.example/x',
    'https://a.example/javascript:x',
    'HTTP://a.example',
    'mailto:a@b.example',
    'tel:+41446681800',
    '?a=javascript:x',
    '#javascript:x',
    './javascript:x',
    'a/b:c',
    '',
    'tickets',
    ' /tickets',
    'ht\ntps://a.example',
  ])
    it(`lets ${JSON.stringify(url)} stand`, () => assert.equal(safeUrl(url), url));

  for (const url of [
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    ' javascript:alert(1)',
    '\0\u001Fjavascript:alert(1)',
    'java\tscript:alert(1)',
    'java\r\nscript:alert(1)',
    'javascript\t:alert(1)',
    'javascript:/x',
    'javascript://%0aalert(1)',
    '\u00A0javascript:alert(1)',
    'j\\avascript:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'data:image/svg+xml,x',
    'blob:https://a.example/1',
    'file:///etc/passwd',
    'filesystem:x',
    'view-source:x',
    'intent:x',
    'httpx:x',
    'http\u017F:x',
    'a:b',
    ':',
    '1:2',
  ])
    it(`leads ${JSON.stringify(url)} nowhere`, () => {
      assert.equal(safeUrl(url), INVALID);
      for (const source of [
        '<a href="¤">',
        '<a href="  ¤">',
        '<svg><a xlink:href="¤"/></svg>',
        '<form action="¤">',
        '<button formaction="¤">',
        '<img src="¤">',
        '<video poster="¤">',
        '<q cite="¤">',
        '<input src="¤">',
        '<img srcset="¤ 2x">',
        '<img srcset="/a 1x, ¤ 2x">',
        '<meta http-equiv="refresh" content="0; url=¤">',
        '<meta http-equiv="Refresh" content="10 ,URL = ¤">',
      ])
        assert.equal(use(source, url), source.replace('¤', INVALID));
    });

  it('may be any that somebody answers for', () => {
    const image = trustedUrl('data:image/png;base64,AA==', 'a fixed image of this test');
    assert.equal(
      use('<img src="¤" srcset="¤ 2x">', image, image),
      '<img src="data:image/png;base64,AA==" srcset="data:image/png;base64,AA== 2x">',
    );
    assert.equal(use('<a href="¤">', trustedUrl('x:"<', 'a fixed address of this test')), '<a href="x:&quot;&lt;">');
  });
});

describe('an address that is run or framed', () => {
  for (const source of [
    '<script src="¤"></script>',
    '<svg><script href="¤"></script></svg>',
    '<link rel="stylesheet" href="¤">',
    '<iframe src="¤"></iframe>',
    '<svg><use xlink:href="¤"/></svg>',
  ]) {
    it(`is written out, or somebody answers for it: ${source}`, () => {
      for (const url of ['/x', 'https://a.example/x', '', 7])
        assert.throws(() => use(source, url), { code: 'html/value', message: /or trustedUrl\(url, 'why'\)$/ });
      assert.equal(use(source, trustedUrl('/x', 'a fixed address of this test')), source.replace('¤', '/x'));
    });
    it(`takes a part behind its host: ${source}`, () => {
      assert.equal(
        use(source.replace('¤', '/assets/¤.js?v=¤'), '../x', '&y'),
        source.replace('¤', '/assets/..%2Fx.js?v=%26y'),
      );
      for (const url of ['https://¤/x.js', 'https://a.¤/x.js', '//¤', 'https://a.example:¤/', 'https:¤'])
        assert.throws(() => use(source.replace('¤', url), 'x'), { code: 'html/hole', message: /write the host out$/ });
    });
  }
});

describe('a part of an address', () => {
  for (const [source, values, printed] of [
    ['/t/¤', ['a/b?c#d&e=f g'], '/t/a%2Fb%3Fc%23d%26e%3Df%20g'],
    ['/t/¤', [7], '/t/7'],
    ['/t/¤', [`'"<`], '/t/&#39;%22%3C'],
    ['/t/¤/x', ['..'], '/t/%252E%252E/x'],
    ['/t/¤', ['.'], '/t/%252E'],
    ['/t/¤', ['...'], '/t/...'],
    ['/t/¤', ['%2e%2e'], '/t/%252e%252e'],
    ['/t?x=¤', ['..'], '/t?x=..'],
    ['/t?x=¤&y=¤#¤', ['&y=1', '#', 'ü'], '/t?x=%26y%3D1&y=%23#%C3%BC'],
    ['/t/¤', ['\uD800'], '/t/%EF%BF%BD'],
    ['/t/¤', [null], '/t/'],
    ['/¤/x', [''], '/./x'],
    ['/¤/x', [null], '/./x'],
    ['/¤¤/x', ['', ''], '/../x'],
    ['¤/¤/x', ['', ''], '/./x'],
    ['¤/x/¤', ['/base', 'y z'], '/base/x/y%20z'],
    ['¤/¤', ['/', 'evil.example'], '/evil.example'],
    ['¤\n/¤', [' \\/', 'evil.example'], '\n/evil.example'],
    ['/¤\n/¤', ['', 'evil.example'], '/.\n/evil.example'],
    ['¤/x', ['javascript:alert(1)//'], `${INVALID}/x`],
    ['¤&page=¤', ['/t?a=b', 2], '/t?a=b&page=2'],
    ['https://¤.a.example/', ['evil.example/'], 'https://evil.example%2F.a.example/'],
    ['https://www.¤/', ['b.example'], 'https://www.b.example/'],
    ['http://localhost:¤/', ['80@evil.example'], 'http://localhost:80%40evil.example/'],
    ['mailto:¤?subject=¤', ['a@b.example?bcc=c', 'x&bcc=d'], 'mailto:a%40b.example%3Fbcc%3Dc?subject=x%26bcc%3Dd'],
  ] as const)
    it(`${source} with ${JSON.stringify(values)} is ${printed}`, () =>
      assert.equal(use(`<a href="${source}">`, ...values), `<a href="${printed}">`));

  it('is never the host behind an address of slashes alone, not even of one that somebody answers for', () => {
    const base = trustedUrl('/', 'a fixed base of this test');
    assert.equal(
      use('<script src="¤/¤.js"></script>', base, 'evil.example'),
      '<script src="/evil.example.js"></script>',
    );
    assert.equal(use('<a href="¤">', '/'), '<a href="/">');
  });

  it('is a whole query, as parameters', () => {
    const query = new URLSearchParams({ a: '&b=', 'c"': '<' });
    for (const source of ['/t?¤', '/t?x=1&¤', '/t?x=1&amp;¤', '?¤#x', 'https://a.example/?¤'])
      assert.equal(use(`<a href="${source}">`, query), `<a href="${source}">`.replace('¤', 'a=%26b%3D&amp;c%22=%3C'));
    for (const source of ['/t?x=¤', '/t#¤', '/t#?¤', '/t#x&¤', '/¤', '¤', 'mailto:a@b.example#¤'])
      assert.throws(() => use(`<a href="${source}">`, query), { code: 'html/value' });
    const forged: unknown = Object.create(URLSearchParams.prototype, { toString: { value: () => '/../x' } });
    assert.throws(() => use('<a href="/t?¤">', forged as URLSearchParams), TypeError);
  });

  for (const [source, write] of [
    ['javascript:f(¤)', /no value stands in a javascript: address/],
    ['JavaScript:f(¤)', /no value stands in a JavaScript: address/],
    ['java\tscript:¤', /no value stands in a javascript: address/],
    ['data:image/png,¤', /no value stands in a data: address/],
    ['¤:alert(1)', /the scheme or the path is not written out/],
    ['java¤:x', /the scheme or the path is not written out/],
    ['¤script:x/¤', /the scheme or the path is not written out/],
    ['¤&colon;alert(1)', /the scheme or the path is not written out/],
    ['java&Tab;script:¤', /the scheme or the path is not written out/],
    ['javascript&#58;¤', /the scheme or the path is not written out/],
    ['/&sol;¤', /the scheme or the path is not written out/],
    ['/&#47;¤', /the scheme or the path is not written out/],
    ['/&Tab;/¤', /the scheme or the path is not written out/],
    ['https://a.example¤', /a value would lengthen the host; write a \/ before it$/],
    ['//a.example¤/x', /a value would lengthen the host/],
  ] as const)
    it(`${source} takes none`, () =>
      assert.throws(() => use(`<a href="${source}">`, 'x', 'x'), { code: 'html/hole', message: write }));

  it('is the first segment, never an empty one that makes the second the host', () => {
    const [, href] = /"(.*)"/.exec(use('<a href="/¤/¤">', '', 'evil.example'))!;
    assert.equal(new URL(href!, 'https://our.example').host, 'our.example');
  });
});

describe('a list of addresses', () => {
  it('keeps its commas and sizes, whatever stands in an address', () =>
    assert.equal(
      use('<img srcset="/a/¤ 1x, ¤ 2x,\n¤/x/¤.png 3x">', 'b 9w, javascript:x', '/c d,e 7w', '', 'f g'),
      '<img srcset="/a/b%209w%2C%20javascript%3Ax 1x, /c%20d%2Ce%207w 2x,\n/x/f%20g.png 3x">',
    ));

  for (const source of ['/a ¤', '/a ¤x, /b 2x', '¤ ¤'])
    it(`takes no value as a size: ${source}`, () =>
      assert.throws(() => use(`<img srcset="${source}">`, '/x', '/x'), {
        code: 'html/hole',
        message: /a size is written out/,
      }));
});

describe('what passes unescaped', () => {
  it('gives a reason that says something', () => {
    for (const why of ['', 'x', 'aaaaaaaa', 'temporary', undefined as unknown as string, {} as string]) {
      assert.throws(() => raw('<b>', why), {
        code: 'html/reason',
        message: /raw: the reason says nothing; write raw\(…, '/,
      });
      assert.throws(() => trustedUrl('/x', why), { code: 'html/reason' });
    }
  });

  it('is text', () => {
    assert.throws(() => raw({ toString: () => '<b>' } as unknown as string, 'an object, not a text'), {
      code: 'html/value',
    });
    assert.throws(() => trustedUrl(undefined as unknown as string, 'nothing, not a text'), { code: 'html/value' });
  });

  it('is listed with its reason, its place and how often', () => {
    const print = (): Html => raw('<hr>', 'the line that this test draws');
    for (let i = 0; i < 3; i++) print();
    trustedUrl('/x', 'the line that this test draws');
    const found = rawUses().filter(({ why }) => why === 'the line that this test draws');
    assert.deepEqual(
      found.map(({ kind, count }) => [kind, count]),
      [
        ['raw', 3],
        ['trustedUrl', 1],
      ],
    );
    for (const { at } of found) assert.match(at, /url\.test\.ts:\d+$/);
  });

  it('gives no more reasons than somebody could read', () => {
    const reasons = new Reasons(3);
    const made = (i: number): void => reasons.count('raw', `made up for item ${i}`);
    [1, 2, 3, 3, 2, 1].forEach(made);
    assert.throws(() => made(4), {
      code: 'html/reason',
      message: /more than 3 reasons; write each out, without values/,
    });
    assert.deepEqual(
      reasons.list().map(({ count }) => count),
      [2, 2, 2],
    );
  });
});
