/**
 * The README's snippets are this file's own text, so they compile and hold.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { anyone } from '../access/index.ts';
import { detect, off } from '../kernel/index.ts';
import { createKernel } from '../policy/index.ts';
import { SAFE_METHODS_DEFAULTS, safeMethods } from './index.ts';

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);

describe('the README', () => {
  it('shows nothing but snippets of this test, and they start', async () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 2);
    for (const snippet of snippets) assert.ok(source.includes(snippet.replaceAll(/\s+/g, ' ')), snippet);

    const route = { policy: { safeMethods: off('a link in a mail confirms the address, once') } };
    const observed = safeMethods({ mode: detect('looking for GET routes that write', { until }) });
    const policy = { hosts: { allowed: ['app.example'] }, safeMethods: observed.setting as object };
    const kernel = createKernel(policy, {
      secret: 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE',
      profile: 'production',
      events: [],
    });
    kernel.declare({ method: 'GET', path: '/confirm', access: anyone(), ...route });
    await kernel.start();
    await kernel.close();
  });

  it('names every code, and every option with its default', () => {
    for (const code of safeMethods.codes) assert.ok(readme.includes(`\`${code}\``), code);
    for (const [name, value] of Object.entries(SAFE_METHODS_DEFAULTS)) {
      assert.ok(readme.includes(`| \`${name}\` | \`${JSON.stringify(value)}\` |`), name);
    }
  });
});
