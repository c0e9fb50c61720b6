/**
 * The README's first snippet prints what it says; the second is what the Desk application does.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');
const [snippet = ''] = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(
  (match) => match[1]!,
);

describe('the README', () => {
  it('has a snippet that prints what it says', () => {
    const flags = ['--conditions=@dewar/source', '--input-type=module-typescript', '--eval', snippet];
    const env = { ...process.env };
    delete env['NODE_TEST_CONTEXT'];
    const { status, stdout, stderr } = spawnSync(process.execPath, flags, { cwd: root, env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const said = [...snippet.matchAll(/console\.log.*\/\/ (.*)$/gm)].map((match) => match[1]);
    assert.equal(said.length, 3);
    assert.deepEqual(stdout.trim().split('\n'), said);
  });
});
