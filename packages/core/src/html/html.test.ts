/**
 * What each place of a template makes of a value, and which places take none.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attr, attributes, html, HtmlError, isHtml, raw, trustedUrl } from './index.ts';
import type { Html, Value } from './index.ts';

const HOSTILE = `"'><img src=x onerror=alert(1)>&`;
const ESCAPED = '&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;';

describe('a value', () => {
  for (const [place, printed, expected] of [
    ['text', html`<p>${HOSTILE}</p>`, `<p>${ESCAPED}</p>`],
    ['a quoted value', html`<p title="${HOSTILE}"></p>`, `<p title="${ESCAPED}"></p>`],
    ['a value in single quotes', html`<p title='${HOSTILE}'></p>`, `<p title='${ESCAPED}'></p>`],
    ['a part of a value', html`<p class="a ${HOSTILE} b"></p>`, `<p class="a ${ESCAPED} b"></p>`],
    ['a title', html`<title>${HOSTILE} – us</title>`, `<title>${ESCAPED} – us</title>`],
    ['a text area', html`<textarea>${`\n${HOSTILE}`}</textarea>`, `<textarea>\n${ESCAPED}</textarea>`],
    ['what looks escaped', html`${'&lt;b&gt;'}`, '&amp;lt;b&amp;gt;'],
    ['the title of a drawing', html`<svg><title>${'<b>'}</title></svg>`, '<svg><title>&lt;b&gt;</title></svg>'],
    [
      'data for a script',
      html`<i data-x-1="${'"'}" aria-label="${'"'}"></i>`,
      '<i data-x-1="&quot;" aria-label="&quot;"></i>',
    ],
    [
      'a meta with a name',
      html`<meta name="csrf-token" content="${'"'}" />`,
      '<meta name="csrf-token" content="&quot;" />',
    ],
    ['a nonce', html`<script nonce="${'n"'}"></script>`, '<script nonce="n&quot;"></script>'],
  ] satisfies readonly [string, Html, string][])
    it(`[XSS-01] [XSS-13] is escaped in ${place}`, () => assert.equal(String(printed), expected));

  for (const [value, printed] of [
    [7, '7'],
    [0, '0'],
    [10n ** 20n, '100000000000000000000'],
    [Number.NaN, 'NaN'],
    ['', ''],
    [null, ''],
    [undefined, ''],
    [false, ''],
    [['<', ['>', null, 1], html`<b></b>`], '&lt;&gt;1<b></b>'],
    [[], ''],
  ] satisfies readonly [Value, string][])
    it(`prints ${typeof value} ${String(value)} as ${JSON.stringify(printed)}`, () =>
      assert.equal(String(html`${value}`), printed));

  for (const [name, value] of [
    ['an object that prints as markup', { toString: () => '<b>' }],
    ['an object with the shape of markup', { text: '<b>', '#text': '<b>' }],
    ['an object made from the prototype of markup', Object.create(Object.getPrototypeOf(html``) as object)],
    ['a promise', Promise.resolve('x')],
    ['true', true],
    ['a function', () => ''],
    ['a symbol', Symbol('s')],
    ['attributes', attr('id', 'x')],
    ['a trusted address', trustedUrl('/x', 'made for this test')],
    ['a list that holds an object', [{}]],
  ] as const)
    it(`[XSS-02] is not ${name}`, () =>
      assert.throws(() => html`<p>${value as Value}</p>`, { name: 'HtmlError', code: 'html/value' }));

  it('is never repeated by an error', () =>
    assert.throws(
      () => html`<script src="${'/secret-value'}"></script>`,
      (error) => error instanceof HtmlError && !error.message.includes('secret-value'),
    ));

  it('that is a promise says to await it', () =>
    assert.throws(
      () => html`${Promise.resolve() as unknown as Value}`,
      /hole 1, \$\{…\}: the value is a promise; await it/,
    ));
});

describe('[XSS-02] markup', () => {
  it('stands in text as it is', () =>
    assert.equal(
      html`<p>${html`<b>${'<'}</b>`}${raw('<hr>', 'a fixed line of this test')}</p>`.toString(),
      '<p><b>&lt;</b><hr></p>',
    ));

  for (const [place, print] of [
    ['a quoted value', () => html`<p title="${html`<b></b>`}"></p>`],
    ['a title', () => html`<title>${html`<b></b>`}</title>`],
    ['a list in a quoted value', () => html`<p title="${['x', html`<b></b>`]}"></p>`],
    ['an address', () => html`<a href="${html`<b></b>`}"></a>`],
    ['a part of an address', () => html`<a href="/${html`<b></b>`}"></a>`],
    ['a tag', () => html`<p ${html`id="x"`}></p>`],
  ] as const)
    it(`never stands in ${place}`, () => assert.throws(print, { code: 'html/value' }));

  it('cannot be made by hand', () => {
    const { constructor } = html``;
    for (const make of [
      () => Reflect.construct(constructor, [Symbol('x'), '<b>']),
      () => Reflect.construct(constructor, ['<b>']),
      () => Reflect.construct(attr('id', 1).constructor, ['', ' onclick="x"']),
      () => Reflect.construct(trustedUrl('/x', 'made for this test').constructor, ['', 'javascript:x']),
    ])
      assert.throws(make, { code: 'html/forged' });
  });

  it('is told from what looks like it', () => {
    assert.equal(isHtml(html`x`), true);
    for (const other of ['<b>', null, {}, { toString: () => '' }, attr('id', 1), undefined])
      assert.equal(isHtml(other), false);
  });

  it('becomes empty JSON, should somebody send it as that', () => assert.equal(JSON.stringify(html`<b></b>`), '{}'));
});

describe('[INJ-08] a template', () => {
  const forged = (parts: unknown): unknown => Reflect.apply(html, undefined, [parts, 'x']);

  for (const [name, parts] of [
    ['a list of texts', ['<script>', '</script>']],
    ['a frozen list', Object.freeze(['<b>', '</b>'])],
    ['a list with raw', Object.assign(['<b>', '</b>'], { raw: ['<b>', '</b>'] })],
    ['what JSON makes', JSON.parse('{"0":"<b>","1":"</b>","length":2,"raw":["<b>","</b>"]}')],
    ['a text', '<b>'],
  ] as const)
    it(`is never ${name}`, () => assert.throws(() => forged(parts), { code: 'html/forged' }));

  it('is not forged by a polluted prototype [c2-xss]', (t) => {
    Object.defineProperty(Array.prototype, 'raw', { value: ['<b>', '</b>'], configurable: true });
    t.after(() => Reflect.deleteProperty(Array.prototype, 'raw'));
    assert.throws(() => forged(Object.freeze(['<b>', '</b>'])), { code: 'html/forged' });
  });

  it('with an escape that JavaScript does not know is refused', () =>
    assert.throws(() => html`\u${'x'}`, { code: 'html/template' }));
});

describe('attributes', () => {
  for (const [values, printed] of [
    [{ id: HOSTILE }, ` id="${ESCAPED}"`],
    [{ checked: true, disabled: false, selected: null, required: undefined }, ' checked'],
    [{ 'aria-invalid': true, 'aria-current': false, 'data-x': '' }, ' aria-invalid="true" data-x=""'],
    [{ maxlength: 10, value: 10n }, ' maxlength="10" value="10"'],
    [{}, ''],
  ] satisfies readonly [Parameters<typeof attributes>[0], string][])
    it(`are ${JSON.stringify(printed)}`, () =>
      assert.equal(String(html`<input ${attributes(values)}>`), `<input ${printed}>`));

  it('stand beside each other and beside others, or are absent', () =>
    assert.equal(
      String(html`<input required ${attr('id', 1)}${attr('name', 'n')} ${null} value="v" ${false}/>`),
      '<input required  id="1" name="n"  value="v" />',
    ));

  for (const name of [
    'onclick',
    'ONCLICK',
    'style',
    'srcdoc',
    'href',
    'src',
    'action',
    'formaction',
    'nonce',
    'http-equiv',
    'content',
    'x onclick',
    'x=1',
    'x>',
    '',
    'ID',
    'data-"',
    'data-',
    'aria-x y',
    '__proto__',
    'constructor',
  ])
    it(`are never called ${JSON.stringify(name)}`, () => {
      assert.throws(() => attr(name, 'x'), { code: 'html/attribute' });
      // Absent or not: a name is wrong before its value comes.
      assert.throws(() => attributes({ [name]: 'x', id: 'x' } as Record<string, string>), { code: 'html/attribute' });
      assert.throws(() => attr(name, null), { code: 'html/attribute' });
    });

  it('take no objects', () => {
    assert.throws(() => attr('id', { toString: () => 'x' } as unknown as string), { code: 'html/value' });
    assert.throws(() => attr('id', html`<b></b>` as unknown as string), { code: 'html/value' });
  });

  it('are those of the object itself, whatever its prototype was polluted with [c2-xss]', (t) => {
    Object.defineProperty(Object.prototype, 'autofocus', { value: true, enumerable: true, configurable: true });
    t.after(() => Reflect.deleteProperty(Object.prototype, 'autofocus'));
    assert.equal(String(attributes({ id: 'x' })), ' id="x"');
  });

  it('are no text and no number', () => {
    for (const value of [' onclick=x', 7, 7.5, ''])
      assert.throws(() => html`<p ${value}></p>`, { code: 'html/value', message: /write attr\(name, value\)/ });
  });
});
