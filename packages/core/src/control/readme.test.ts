/**
 * The README's snippet is this file's own text, so it compiles and holds.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { stage } from '../kernel/kernel.fixture.ts';
import { askControl as ask, openControl as open } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'dewar-ctl-'));
/** As in the README, in a folder of the test's own. */
const openControl: typeof open = (options) => open({ ...options, path: join(folder, options.path) });
const askControl: typeof ask = (path, request) => ask(join(folder, path), request);

describe('the README', () => {
  it('shows the snippet of this test, and it answers', async () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    const source = readFileSync(new URL(import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
    const [, snippet] = /^```ts\n([\s\S]*?)^```/m.exec(readme)!;
    assert.ok(source.includes(snippet!.trim().replaceAll(/\s+/g, ' ')), snippet);

    const dewar = stage();
    const { id } = (await dewar.send({ target: '/nowhere' })).c.facts;
    const control = await openControl({ kernel: dewar.kernel, path: '.data/control' });
    const why = await askControl('.data/control', { ask: 'explain', id });
    await control.close();
    assert.equal(why.ok, true);
    rmSync(folder, { recursive: true });
  });
});
