/**
 * Which pages a list links to, and how names and texts look within others.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { avatar, named, pageNumbers, pager, searchForm, withQuery } from './parts.ts';

describe('the numbers of pages', () => {
  for (const [page, pages, shown] of [
    [1, 1, '1'],
    [1, 2, '1 2'],
    [1, 9, '1 2 … 9'],
    [3, 9, '1 2 3 4 … 9'],
    [4, 9, '1 2 3 4 5 … 9'],
    [5, 9, '1 … 4 5 6 … 9'],
    [7, 9, '1 … 6 7 8 9'],
    [9, 9, '1 … 8 9'],
    [12, 9, '1 … 9'],
    [1, 0, ''],
  ] as const)
    it(`on page ${page} of ${pages} are ${shown || 'none'}`, () =>
      assert.equal(
        pageNumbers(page, pages)
          .map((one) => one ?? '…')
          .join(' '),
        shown,
      ));

  it('are no navigation where there is one page', () => {
    assert.equal(pager(1, 1, String), null);
    assert.equal(pager(1, 0, String), null);
    assert.match(String(pager(3, 2, (page) => `/tickets?page=${page}`)), /href="\/tickets\?page=2"/);
  });
});

describe('an address', () => {
  it('holds what says something, and no more', () => {
    assert.equal(withQuery('/tickets', { q: '', page: null, status: undefined }), '/tickets');
    assert.equal(withQuery('/tickets', { q: 'a&b=c"', page: 2 }), '/tickets?q=a%26b%3Dc%22&page=2');
  });
});

describe('somebody’s face', () => {
  for (const [name, initials] of [
    ['Mira Santos', 'MS'],
    ['mira', 'M'],
    ['Ada B. C. Okafor', 'AO'],
    ['Zoë Nakamura-Álvarez', 'ZN'],
    ['陳美玲', '陳'],
    ['👩\u200d🔧 Kim', '👩K'],
    ['<b>', '&lt;'],
    ['', ''],
  ] as const)
    it(`of "${name}" is ${initials || 'empty'}`, () =>
      assert.match(String(avatar(name)), new RegExp(`aria-hidden="true">${initials}</span>$`)));

  it('is apart from the text around its name', () =>
    assert.equal(String(named('سمير <b>')), '<bdi>سمير &lt;b&gt;</bdi>'));
});

describe('a search box', () => {
  it('keeps what else the list was asked for, as text', () => {
    const box = String(searchForm('/tickets', 'Search tickets', '"><script>', 100, { status: 'open' }));
    assert.match(box, /<input type="hidden" name="status" value="open" \/>/);
    assert.match(box, /value="&quot;&gt;&lt;script&gt;"/);
  });
});
