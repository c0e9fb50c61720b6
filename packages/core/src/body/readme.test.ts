/**
 * The README's snippets are this file's own text, so they compile and hold.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { set, stage } from '../kernel/kernel.fixture.ts';
import type { RoutePolicy } from '../policy/index.ts';
import { body, BODY_DEFAULTS } from './index.ts';

const bookings = {
  body: { types: ['application/json'], limit: 8_000_000, maxItems: 50_000, reason: 'a month of bookings at once' },
} as const;
const events = {
  body: { types: ['application/json'], limit: 20_000, maxItems: 100, maxDepth: 4 },
} as const;

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 1);
    for (const snippet of snippets) assert.ok(source.includes(snippet), snippet);
  });

  it('shows routes that start', async () => {
    const routes: readonly RoutePolicy[] = [bookings, events];
    for (const route of routes) {
      await stage({
        protections: [set(body, undefined)],
        routes: [{ method: 'POST', overrides: { body: route.body! } }],
      }).ready;
    }
  });

  it('names every code, and every option with its default', () => {
    for (const code of body.codes) assert.ok(readme.includes(`\`${code}\``), code);
    for (const [name, value] of Object.entries(BODY_DEFAULTS))
      assert.ok(readme.includes(`| \`${name}\` | \`${JSON.stringify(value)}\` |`), name);
  });
});
