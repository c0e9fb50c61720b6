/**
 * What is published is tested as published: packed, installed into a scratch project, run without the sources.
 * @module
 */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ATTACKS, verdictOf } from '@dewar/testing';
import type { Outcome } from '@dewar/testing';
import { npm, pack } from '../scripts/pack.ts';
import { run } from '../scripts/process.ts';
import { root } from '../scripts/tree.ts';

interface Summary {
  readonly exported: Readonly<Record<string, { readonly file: string; readonly names: readonly string[] }>>;
}

describe('packed packages in a project of their own', () => {
  let folder = '';
  let entries: readonly string[] = [];

  before(async () => {
    // The real path, because a program there reports real paths.
    folder = await realpath(await mkdtemp(join(tmpdir(), 'dewar-packed-')));
    const packages = await pack(folder);
    entries = packages.flatMap((one) => one.entries);
    const dependencies = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
    await writeJson('package.json', {
      private: true,
      type: 'module',
      dependencies: { ...dependencies, fastify: await pinnedFastify() },
    });
    await writeJson('entries.json', entries);
    for (const file of ['run.mjs', 'matrix.mjs']) {
      await copyFile(join(import.meta.dirname, 'packed', file), join(folder, file));
    }
    const quick = ['--prefer-offline', '--no-audit', '--no-fund'];
    const { code, output } = await npm(['install', ...quick], { cwd: folder });
    assert.equal(code, 0, output);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('every export path of every package imports, from what was packed', async () => {
    const { code, output } = await run(process.execPath, ['run.mjs'], { cwd: folder });
    assert.equal(code, 0, output);
    const { exported } = JSON.parse(output) as Summary;
    assert.deepEqual(Object.keys(exported).toSorted(), entries.toSorted());
    for (const [entry, { file, names }] of Object.entries(exported)) {
      assert.ok(file.startsWith(join(folder, 'node_modules')), `${entry} comes from ${file}`);
      assert.match(file, /\/dist\/.*\.js$/);
      assert.ok(names.length > 0, `${entry} exports nothing`);
    }
  });

  it('every attack succeeds on the twin and fails on the protected application, as published', async () => {
    const { code, output } = await run(process.execPath, ['matrix.mjs'], { cwd: folder });
    assert.equal(code, 0, output);
    const outcomes = JSON.parse(output) as Outcome[];
    assert.equal(outcomes.length, ATTACKS.length);
    for (const outcome of outcomes) assert.equal(verdictOf(outcome), null, outcome.title);
  });

  it('the declarations hold together without the sources', async () => {
    await writeFile(join(folder, 'all.ts'), entries.map((entry, i) => `export * as e${i} from '${entry}';\n`).join(''));
    await writeJson('tsconfig.json', {
      compilerOptions: {
        module: 'nodenext',
        target: 'es2024',
        strict: true,
        noEmit: true,
        types: ['node'],
        typeRoots: [join(root, 'node_modules', '@types')],
      },
      files: ['all.ts'],
    });
    const { code, output } = await run('tsc', ['--project', folder]);
    assert.equal(code, 0, output);
  });

  const writeJson = (name: string, value: unknown): Promise<void> =>
    writeFile(join(folder, name), JSON.stringify(value, null, 2));
});

/** The version that the adapter is tested with in the workspace. */
async function pinnedFastify(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'packages/fastify/package.json'), 'utf8')) as {
    readonly devDependencies: { readonly fastify: string };
  };
  return manifest.devDependencies.fastify;
}
