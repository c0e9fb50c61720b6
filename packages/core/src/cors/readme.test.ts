/**
 * The README's snippet is this file's own text, so it compiles and holds.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { stage } from '../kernel/kernel.fixture.ts';
import { cors, CORS_DEFAULTS } from './index.ts';
import { RULE_DEFAULTS } from './policy.ts';

const policy = {
  cors: {
    rules: [
      { path: '/api/orders', origins: ['https://shop.example'], credentials: true },
      {
        path: '/api/orders/:id',
        origins: ['https://shop.example'],
        methods: ['GET', 'PUT'],
        headers: ['content-type'],
      },
      { path: '/api/catalogue/*', origins: ['*'], expose: ['x-total-count'] },
    ],
    reason: 'the catalogue is public and knows no cookies',
  },
} as const;

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 1);
    for (const snippet of snippets) assert.ok(source.includes(snippet), snippet);
  });

  it('shows rules that start, and open what they say', async () => {
    const on = stage({
      protections: [cors(policy.cors)],
      routes: [{ path: '/api/orders' }, { path: '/api/catalogue/7' }],
    });
    const readBy = async (target: string, origin: string): Promise<unknown> => {
      const { field } = await on.send({ target, headers: ['Host', 'app.example', 'Origin', origin] });
      return field('access-control-allow-origin');
    };
    assert.equal(await readBy('/api/orders', 'https://shop.example'), 'https://shop.example');
    assert.equal(await readBy('/api/orders', 'https://evil.example'), undefined);
    assert.equal(await readBy('/api/catalogue/7', 'https://evil.example'), '*');
  });

  it('names every code, and every option with its default', () => {
    for (const code of cors.codes) assert.ok(readme.includes(`\`${code}\``), code);
    for (const [name, value] of Object.entries(RULE_DEFAULTS)) {
      const shown = JSON.stringify(value).replaceAll('"', "'");
      assert.ok(readme.includes(`| \`${name}\` | \`${shown}\` |`), name);
    }
    assert.deepEqual(CORS_DEFAULTS, { rules: [] });
  });
});
