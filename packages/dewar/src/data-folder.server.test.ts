/**
 * The development secret: made once, kept, and refused where others could know or choose it.
 * @module
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ConfigError, SECRET_BYTES } from '@dewar/core';
import { devSecret } from './data-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'dewar-data-'));
after(() => rmSync(root, { recursive: true }));
let made = 0;
const fresh = (): string => join(root, String(made++));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('devSecret', () => {
  const before = process.env['DEWAR_SECRET'];
  beforeEach(() => delete process.env['DEWAR_SECRET']);
  afterEach(() => {
    if (before === undefined) delete process.env['DEWAR_SECRET'];
    else process.env['DEWAR_SECRET'] = before;
  });

  it('makes 32 random bytes that only their owner can read', () => {
    const folder = join(fresh(), 'below');
    const secret = devSecret(folder, 'development');
    assert.equal(Buffer.from(secret, 'base64url').length, SECRET_BYTES);
    assert.notEqual(secret, devSecret(fresh(), 'development'));
    assert.equal(modeOf(join(folder, 'secret')), 0o600);
    assert.equal(modeOf(folder), 0o700);
    assert.deepEqual(readdirSync(folder), ['secret'], 'no draft is left behind');
  });

  it('gives the same secret at the next start', () => {
    const folder = fresh();
    assert.equal(devSecret(folder, 'development'), devSecret(folder, 'development'));
  });

  it('gives one secret to processes that start together', async () => {
    const folder = fresh();
    const code = `import { devSecret } from ${JSON.stringify(join(import.meta.dirname, 'data-folder.ts'))};
      process.stdout.write(devSecret(${JSON.stringify(folder)}, 'development'));`;
    const flags = ['--conditions=@dewar/source', '--input-type=module-typescript', '--eval', code];
    const told = await Promise.all(
      Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, flags, { timeout: 30_000 })),
    );
    assert.equal(new Set(told.map(({ stdout }) => stdout)).size, 1);
    assert.equal(told[0]!.stdout, readFileSync(join(folder, 'secret'), 'utf8').trim());
  });

  for (const profile of ['production', 'test', 'prodution', undefined])
    it(`makes nothing in the profile ${profile}, so that a start is refused`, () => {
      const folder = fresh();
      assert.equal(devSecret(folder, profile ?? ''), '');
      assert.equal(existsSync(folder), false);
    });

  it('lets DEWAR_SECRET decide in every profile', () => {
    const folder = fresh();
    process.env['DEWAR_SECRET'] = 'from the environment';
    assert.equal(devSecret(folder, 'production'), 'from the environment');
    assert.equal(devSecret(folder, 'development'), 'from the environment');
    assert.equal(existsSync(folder), false);
  });

  type Row = readonly [name: string, spoil: (folder: string, file: string) => void, fault: RegExp];
  const spoilt: readonly Row[] = [
    ['a secret the group can read', (_, file) => chmodSync(file, 0o640), /mode 0640, so others can read it.*chmod 600/],
    ['a secret everybody can write', (_, file) => chmodSync(file, 0o602), /mode 0602/],
    ['a folder others can write to', (folder) => chmodSync(folder, 0o770), /mode 0770, so others can write.*chmod 700/],
    ['a short secret', (_, file) => writeFileSync(file, 'short'), /fewer than 32 bytes/],
    ['an empty file', (_, file) => writeFileSync(file, ''), /fewer than 32 bytes/],
    [
      'a link',
      (folder, file) => {
        writeFileSync(join(folder, 'other'), 'x'.repeat(64), { mode: 0o600 });
        rmSync(file);
        symlinkSync(join(folder, 'other'), file);
      },
      /is a link/,
    ],
    ['a folder in its place', (_, file) => (rmSync(file), mkdirSync(file)), /is no file/],
  ];
  for (const [name, spoil, fault] of spoilt)
    it(`refuses ${name}, and never repeats what it holds`, () => {
      const folder = fresh();
      const secret = devSecret(folder, 'development');
      spoil(folder, join(folder, 'secret'));
      assert.throws(
        () => devSecret(folder, 'development'),
        (error) => error instanceof ConfigError && fault.test(error.message) && !error.message.includes(secret),
      );
    });
});
