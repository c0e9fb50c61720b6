/**
 * Whatever a value is, the page keeps the tree it has with a harmless one, and no address of it runs anything. parse5
 * judges, with scripts on and off, in every surrounding that reads markup in a way of its own.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { attributes, html, HtmlError, jsonData, trustedUrl } from './index.ts';
import type { Html, Value } from './index.ts';
import { rewritten, templateOf, templates, treeOf } from './oracle.test.ts';
import { planOf } from './plan.ts';
import type { Take } from './plan.ts';

const RUNS = 2500;

/** A hole, in the sources of templates below. */
const HOLE = '¤';

/** Every place that takes a value, each way that it can be written. */
const PIECES = [
  'text ¤ text',
  '<p>¤</p>',
  '<b>¤¤</b>',
  '<p title="¤">x</p>',
  "<p title='¤'>x</p>",
  '<p class="a ¤ b¤">x</p>',
  '<i data-x="¤" aria-label=\'¤\'></i>',
  '<title>¤</title>',
  '<textarea name="¤" rows=3>¤</textarea>',
  '<input ¤>',
  '<input ¤ required ¤ value="¤" />',
  '<a href="¤">x</a>',
  "<a href='¤'>x</a>",
  '<a href=" ¤">x</a>',
  '<a href="¤/x?y=¤">x</a>',
  '<a href="¤#¤">x</a>',
  '<a href="/a/¤?b=¤&c=¤#¤">x</a>',
  '<a href="/¤/¤">x</a>',
  '<a href="a/¤.html">x</a>',
  '<a href="?¤">x</a>',
  '<a href="/a?¤=1&amp;¤">x</a>',
  '<a href="#¤">x</a>',
  '<a href="https://a.example/¤">x</a>',
  '<a href="https://¤.a.example/">x</a>',
  '<a href="mailto:¤?subject=¤">x</a>',
  '<a href="tel:¤">x</a>',
  '<form action="¤"><button formaction="¤">x</button></form>',
  '<img src="¤" srcset="¤ 1x, /a/¤ 2x" alt="¤">',
  '<video poster="¤"><source src="¤" srcset="/a.png 1x, ¤"></video>',
  '<blockquote cite="¤">x</blockquote>',
  '<link rel="icon" href="¤">',
  '<link rel="stylesheet" href="/assets/¤.css?v=¤" nonce="¤">',
  '<script src="¤" nonce="¤"></script>',
  '<script src="/assets/¤" defer></script>',
  '<iframe src="/frames/¤" title="¤"></iframe>',
  '<meta name="description" content="¤">',
  '<meta http-equiv="refresh" content="3; url=¤">',
  '<meta http-equiv=refresh content="3;URL=/a/¤">',
  '<svg width="¤"><title>¤</title><a xlink:href="¤"><circle r="¤" fill="¤"/></a><use href="#¤"/></svg>',
  '<math><mtext>¤</mtext></math>',
  '<table><tr><td title="¤">¤</td></tr></table>',
  '<select name="¤"><option value="¤">¤</option></select>',
  '<template><p title="¤">¤</p></template>',
  '<!-- x --><p>¤</p><!---->',
  '<style>p { color: red }</style><p>¤</p>',
  '<script nonce="¤">f(1 < 2)</script>¤',
  '<noscript><p class="a">x</p></noscript><p>¤</p>',
];

const HOSTILE = [
  `"'><img src=x onerror=alert(1)>`,
  '</title></textarea></style></script><script>alert(1)</script>',
  '--><script>alert(1)</script>',
  ']]><script>alert(1)</script>',
  '<![CDATA[<b>',
  '<svg><style><img title="</style><img src onerror=alert(1)>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '" onfocus="alert(1)" autofocus="',
  "' onfocus='alert(1)' autofocus='",
  '` onfocus=`alert(1)',
  'x onfocus=alert(1)',
  'x/onfocus=alert(1)',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'java\tscript:alert(1)',
  'java\r\nscript:alert(1)',
  'javascript\n:alert(1)',
  'javascript&colon;alert(1)',
  '&#106;avascript:alert(1)',
  'javascript&#58;alert(1)',
  '&Tab;javascript:alert(1)',
  'javascript%3Aalert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://a.example/x',
  'feed:javascript:alert(1)',
  'x:y',
  '//evil.example/',
  '/\\evil.example/',
  'https://evil.example/',
  '"javascript:alert(1)"',
  "'javascript:alert(1)'",
  '..',
  '.',
  '%2e%2e',
  '@evil.example',
  '\\',
  'x\0y',
  '\uD800',
  'x\u2028y',
  '{{7*7}}${7*7}<%= 7*7 %>',
  'lt;img src=x onerror=alert(1)&gt;',
  '#58;alert(1)',
];

const pieces = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 })
  .map((list) => list.join('').split(HOLE));
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => `x${text}`) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom('<', '>', '"', "'", '&', '=', '/', ':', '-', '!', 'a', ' ', '#', ';'), { maxLength: 10 })
      .map((list) => `x${list.join('')}`),
  },
);
const values = fc.array(value, { minLength: 24, maxLength: 24 });

/** The value as this place wants it. */
function fit(take: Take, text: string): Value {
  if (take === 'attributes') return attributes({ title: text, 'data-x': text, hidden: true });
  if (take === 'query' && text.length % 2 === 0) return new URLSearchParams({ [text]: text, b: '1' });
  return take === 'trusted' ? trustedUrl('/assets/x', 'a fixed address of this test') : text;
}

/** The template with these values; harmless ones where there are none. `null`: the template is refused. */
function render(parts: readonly string[], given: readonly string[] | undefined): Html | null {
  const template = templateOf(parts);
  try {
    const { takes } = planOf(template);
    return html(
      template,
      ...takes.map((take, index) => fit(take, given === undefined ? 'w' : given[index % given.length]!)),
    );
  } catch (error) {
    if (error instanceof HtmlError) return null;
    throw error;
  }
}

/** Places in a page, each read by rules of its own. */
const SURROUNDINGS: readonly (readonly [string, (inner: Html) => Html])[] = [
  ['nothing', (inner) => inner],
  [
    'a document',
    (inner) => html`<!doctype html><html lang="en"><head><title>x</title></head><body>${inner}</body></html>`,
  ],
  ['the head', (inner) => html`<!doctype html><html lang="en"><head>${inner}</head><body>x</body></html>`],
  ['a table', (inner) => html`<table>${inner}</table>`],
  ['a choice', (inner) => html`<select>${inner}</select>`],
  ['a drawing', (inner) => html`<svg>${inner}</svg>`],
  ['a formula', (inner) => html`<math><mi>${inner}</mi></math>`],
  ['a template', (inner) => html`<template>${inner}</template>`],
];

const SAFE: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:', 'about:']);
const ADDRESSES: ReadonlySet<string> = new Set(['href', 'src', 'action', 'formaction', 'poster', 'cite', 'xlink:href']);

function protocolOf(url: string): string {
  return URL.parse(url, 'https://our.example/page')?.protocol ?? 'about:';
}

function addressesOf(text: string): string[] {
  return treeOf(text).elements.flatMap(({ name, attrs }) =>
    [...attrs].flatMap(([key, found]) => {
      if (ADDRESSES.has(key)) return [found];
      if (key === 'srcset') return found.split(/\s+|,(?=\s)/).filter((part) => !/^\dx$/.test(part));
      const refreshes = name === 'meta' && key === 'content' && attrs.get('http-equiv') === 'refresh';
      return refreshes ? [found.replace(/^.*?url=\s*["']?/i, '')] : [];
    }),
  );
}

describe('[XSS-13] [S-25] a page', () => {
  it('has the tree that it has with harmless values, wherever it stands and however often it is parsed [c2-xss]', (t) => {
    const takes = new Map<Take, number>();
    let refused = 0;
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: pieces }, { weight: 1, arbitrary: templates }),
        values,
        fc.constantFrom(...SURROUNDINGS),
        (parts, given, [name, around]) => {
          const [tame, wild] = [render(parts, undefined), render(parts, given)];
          if (tame === null || wild === null) return void refused++;
          for (const take of planOf(templateOf(parts)).takes) takes.set(take, (takes.get(take) ?? 0) + 1);
          const [harmless, hostile] = [String(around(tame)), String(around(wild))];
          for (const scriptingEnabled of [true, false])
            assert.equal(
              treeOf(hostile, { scriptingEnabled }).shape,
              treeOf(harmless, { scriptingEnabled }).shape,
              `in ${name}: ${hostile}`,
            );
          assert.equal(
            treeOf(rewritten(hostile)).shape,
            treeOf(rewritten(harmless)).shape,
            `in ${name}, written again`,
          );
          for (const url of addressesOf(hostile))
            assert.ok(SAFE.has(protocolOf(url)), `${protocolOf(url)} in ${hostile}`);
        },
      ),
      { numRuns: RUNS },
    );
    t.diagnostic([...takes].map(([take, count]) => `${take} ${count}`).join(', '));
    const all: readonly Take[] = [
      'text',
      'plain',
      'attributes',
      'url',
      'trusted',
      'first',
      'segment',
      'query',
      'component',
      'listed',
    ];
    assert.deepEqual(
      all.filter((take) => !takes.has(take)),
      [],
      'places that nothing stood in',
    );
    assert.ok(refused < RUNS / 2, `${refused} refused`);
  });

  for (const piece of PIECES)
    it(`takes values in ${piece.replaceAll(/\s+/g, ' ')}`, () =>
      assert.notEqual(render(piece.split(HOLE), undefined), null));

  it('leads to the host that its author wrote, and no higher', () => {
    const written = fc.constantFrom(
      '/a/¤/¤',
      '/¤/¤/¤',
      '/¤¤/¤',
      '/a?¤=¤#¤',
      'https://a.example/¤/¤',
      '//a.example/¤',
      './¤/x',
      'a/¤',
      '¤/¤/¤',
    );
    fc.assert(
      fc.property(written, fc.array(fc.oneof(value, fc.constant('')), { minLength: 3, maxLength: 3 }), (url, given) => {
        // What the first value of an address chooses is its own affair.
        const own = url.startsWith(HOLE) ? ['', ...given] : given;
        const hrefOf = (list: readonly string[]): URL | null => {
          const page = String(render(`<a href="${url}"></a>`.split(HOLE), list));
          return URL.parse(treeOf(page).elements[0]!.attrs.get('href')!, 'https://our.example/dir/page');
        };
        const [tame, wild] = [hrefOf(own.map((one) => one && 'w')), hrefOf(own)];
        assert.equal(wild?.host, tame?.host);
        assert.equal(wild?.pathname.split('/').length, tame?.pathname.split('/').length, wild?.href);
      }),
      { numRuns: RUNS },
    );
  });

  it('[XSS-12] holds data for scripts that comes back as it was, in one element', () =>
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), value, (json, text) => {
        const data: unknown = [JSON.parse(json), text];
        const page = String(jsonData('data', data));
        const [script, ...others] = treeOf(page).elements;
        assert.deepEqual([script?.name, script?.attrs.get('type'), others.length], ['script', 'application/json', 0]);
        const content = page.slice(page.indexOf('>') + 1, page.lastIndexOf('</'));
        assert.doesNotMatch(content, /[<>&\u2028\u2029]/);
        assert.deepEqual(JSON.parse(content), JSON.parse(JSON.stringify(data)));
      }),
    ));
});
