/**
 * The README's snippets are this file's own text, and do what it says.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { csrfStage } from '../csrf/stage.test.ts';
import type { Context } from '../kernel/index.ts';
import { attr, attributes, csrfInput, html, jsonData, raw, rawUses } from './index.ts';
import type { Html, HtmlCode } from './index.ts';
import { treeOf } from './oracle.test.ts';

interface Ticket {
  readonly id: number;
  readonly subject: string;
  readonly status: string;
  readonly list: string;
  readonly open: boolean;
  readonly internal: boolean;
}

const asset = 'desk.1f.js';
const drawing = '<svg></svg>';
const ticket: Ticket = { id: 7, subject: '<b>', status: 'open', list: 'a&b', open: true, internal: false };

const entry = (one: Ticket): Html => html`<li class="${one.status}">
  <a href="/tickets/${one.id}?from=${one.list}" ${attr('aria-current', one.open && 'page')}>${one.subject}</a>
  ${one.internal ? html`<b>internal</b>` : null}
</li>`;

const page = async (c: Context, list: readonly Ticket[]): Promise<Html> => html`<!doctype html>
  <html lang="en">
    <head>
      <title>${list.length} tickets</title>
      <script src="/assets/${asset}" nonce="${c.nonce()}" defer></script>
    </head>
    <body>
      <ul>${list.map(entry)}</ul>
      <form method="post" action="/tickets">
        ${await csrfInput(c)}<input name="subject" ${attributes({ required: true, maxlength: 80, value: null })} />
      </form>
      ${jsonData('statuses', ['open', 'closed'])}
    </body>
  </html>`;

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/ (?=[<$])|(?<=>) /g, '');
    const source = flat(readFileSync(new URL(import.meta.url), 'utf8'));
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 2);
    for (const snippet of snippets) assert.ok(source.includes(flat(snippet)), snippet);
  });

  it('[S-27] shows a page with its values escaped, its nonce and its token', async () => {
    const on = csrfStage();
    let text = '';
    let nonce = '';
    const { field } = await on.ask({
      method: 'GET',
      async handler(c) {
        text = String(await page(c, [ticket]));
        nonce = c.nonce();
      },
    });
    const { elements } = treeOf(text);
    const find = (name: string) =>
      elements.filter((one) => one.name === name).map(({ attrs }) => Object.fromEntries(attrs));
    assert.deepEqual(find('a'), [{ href: '/tickets/7?from=a%26b', 'aria-current': 'page' }]);
    assert.deepEqual(find('script'), [
      { src: '/assets/desk.1f.js', nonce, defer: '' },
      { type: 'application/json', id: 'statuses' },
    ]);
    assert.deepEqual(find('b'), []);
    assert.match(text, />&lt;b&gt;<\/a>/);
    const [token, subject] = find('input');
    assert.match(token!['value']!, /^[\w-]{65}$/);
    assert.deepEqual([token!['type'], token!['name']], ['hidden', '_csrf']);
    assert.deepEqual(subject, { name: 'subject', required: '', maxlength: '80' });
    assert.equal(field('cache-control'), 'no-store');
  });

  it('counts what passes unescaped', () => {
    const chart = raw(drawing, 'SVG of the chart library, drawn from numbers alone');
    const { why, at, count } = rawUses().at(-1)!;
    assert.equal(String(html`${chart}`), drawing);
    assert.equal(why, 'SVG of the chart library, drawn from numbers alone');
    assert.match(at, /readme\.test\.ts:\d+$/);
    assert.equal(count, 1);
  });

  it('names every code', () => {
    const codes: Readonly<Record<HtmlCode, true>> = {
      'html/template': true,
      'html/hole': true,
      'html/value': true,
      'html/attribute': true,
      'html/reason': true,
      'html/forged': true,
    };
    for (const code of Object.keys(codes)) assert.ok(readme.includes(`\`${code}\``), code);
  });
});

describe('csrfInput', () => {
  for (const late of [false, true])
    it(`is a field whose token is taken, ${late ? 'once it is known who asks' : 'at once'}`, async () => {
      const on = csrfStage({ late });
      let input = '';
      const { cookies } = await on.ask({
        method: 'GET',
        async handler(c) {
          input = String(html`<form>${await csrfInput(c)}</form>`);
        },
      });
      const [, , field] = treeOf(`<p></p>${input}`).elements;
      const fields = {
        Cookie: cookies.map((line) => line.split(';')[0]!).join('; '),
        'Content-Type': 'application/x-www-form-urlencoded',
      };
      assert.equal((await on.ask({ fields })).denial?.code, 'csrf/token-missing');
      const body = { [field!.attrs.get('name')!]: field!.attrs.get('value') };
      assert.equal((await on.ask({ fields, body })).denial, null);
    });

  it('is nothing where csrf is off', async () => {
    const on = csrfStage({ protections: [] });
    await on.ask({
      method: 'GET',
      async handler(c) {
        assert.equal(String(await csrfInput(c)), '');
      },
    });
  });
});
