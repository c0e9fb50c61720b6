/**
 * Where redirects may lead.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { safeNext } from './next.ts';

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
