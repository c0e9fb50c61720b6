/**
 * Every snippet of the README runs, and prints what it says.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'dewar-readme-'));
after(() => rmSync(folder, { recursive: true }));
const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);

describe('the README', () => {
  it('has snippets', () => assert.equal(snippets.length, 3));

  for (const [index, snippet] of snippets.entries())
    it(`has a snippet ${index + 1} that runs as it says`, () => {
      const code = snippet.replaceAll("'data/dewar.db'", JSON.stringify(join(folder, 'data', `${index}.db`)));
      const flags = ['--conditions=@dewar/source', '--input-type=module-typescript', '--eval', code];
      const env = { ...process.env };
      // Else node:test in the snippet reports to this run instead of deciding the exit code.
      delete env['NODE_TEST_CONTEXT'];
      const { status, stdout, stderr } = spawnSync(process.execPath, flags, {
        cwd: root,
        env,
        encoding: 'utf8',
        timeout: 60_000,
      });
      assert.equal(status, 0, stderr + stdout);
      const said = [...snippet.matchAll(/console\.log.*\/\/ (.*)$/gm)].map((match) => match[1]);
      if (said.length > 0) assert.deepEqual(stdout.trim().split('\n'), said);
    });
});
