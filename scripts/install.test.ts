import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { difference } from './install.js';

const a = { version: '1.0.0', integrity: 'sha512-a' };
const locked = { '': {}, 'node_modules/a': a, 'node_modules/other-machine': { ...a, optional: true } };

describe('bootstrap', () => {
  let root = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'dewar-install-'));
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: locked }));
  });
  after(() => rmSync(root, { recursive: true }));

  it('installs into a fresh clone', () => {
    assert.equal(difference(root), 'nothing is installed yet');
  });

  const cases: readonly (readonly [why: string, installed: object, difference: string | undefined])[] = [
    ['leaves an install alone that lacks only builds for other machines', { 'node_modules/a': a }, undefined],
    ['installs a package that is missing', {}, 'node_modules/a is not as package-lock.json says'],
    [
      'installs again for another version',
      { 'node_modules/a': { ...a, version: '1.0.1' } },
      'node_modules/a is not as package-lock.json says',
    ],
    [
      'installs again for other content',
      { 'node_modules/a': { ...a, integrity: 'sha512-b' } },
      'node_modules/a is not as package-lock.json says',
    ],
    [
      'installs again for a package that was removed',
      { 'node_modules/a': a, 'node_modules/b': a },
      'node_modules/b is not in package-lock.json',
    ],
  ];
  for (const [why, packages, expected] of cases) {
    it(why, () => {
      writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
      assert.equal(difference(root), expected);
    });
  }
});
