/**
 * Escaping, and where redirects may lead.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { html, raw } from './html.ts';
import { safeNext } from './next.ts';

describe('a template', () => {
  for (const [value, printed, why] of [
    [`<img src=x onerror=alert(1)>`, '&lt;img src=x onerror=alert(1)&gt;', 'tags'],
    [`" onfocus="alert(1)`, '&quot; onfocus=&quot;alert(1)', 'double quotes'],
    [`' onfocus='alert(1)`, '&#39; onfocus=&#39;alert(1)', 'single quotes'],
    ['&lt;script&gt;', '&amp;lt;script&amp;gt;', 'what looks escaped'],
    [7, '7', 'numbers'],
    [['<a>', '<b>'], '&lt;a&gt;&lt;b&gt;', 'each of a list'],
    [null, '', 'nothing'],
    [false, '', 'what does not apply'],
    [{ toString: () => '<b>' } as unknown as string, '&lt;b&gt;', 'objects that print as markup'],
  ] as const)
    it(`escapes ${why}`, () => assert.equal(html`${value}`.toString(), printed));

  it('leaves markup of other templates, and of raw(), as it is', () =>
    assert.equal(html`<p>${html`<b>${'<'}</b>`}${raw('<hr>')}</p>`.toString(), '<p><b>&lt;</b><hr></p>'));
});

describe('where to go after signing in', () => {
  for (const own of ['/', '/tickets/7', '/tickets?status=open&page=2', '/a:b@c'])
    it(`is ${own}`, () => assert.equal(safeNext(own, '/else'), own));

  for (const foreign of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    '/x\\..\\/evil.example',
    'javascript:alert(1)',
    ' /tickets',
    'tickets',
    '',
    '/\u3002evil',
    `/${'x'.repeat(3000)}`,
    ['/tickets', '//evil.example'],
    undefined,
  ])
    it(`is never ${JSON.stringify(foreign)?.slice(0, 40)}`, () => assert.equal(safeNext(foreign, '/else'), '/else'));
});
