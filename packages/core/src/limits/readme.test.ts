/**
 * The README's snippets are this file's own text, so they compile and start; its tables are what there is.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { account, each, limit, limits, LIMITS_DEFAULTS, route, signInLimits } from './index.ts';
import { limitsStage } from './stage.test.ts';

const search = { limits: { rules: [limit('10 per minute', { name: 'search', by: account() })] } };
const signIn = { limits: { rules: signInLimits({ login: 'email' }) } };

const policy = {
  limits: {
    rules: [
      limit(
        { free: '1000 per day', paid: '100000 per day' },
        { name: 'plan', by: account(), choose: (c) => (c.facts.host === 'api.example' ? 'paid' : 'free') },
      ),
      limit('60 per minute', {
        name: 'api',
        by: each(account(), route()),
        slowDown: { after: 30, most: '2 seconds' },
        when: (c) => c.facts.path.startsWith('/api/'),
      }),
    ],
    meta: { refusals: '100 per hour', block: '15 minutes' },
    snapshot: '/var/lib/app/limits.bin',
  },
} as const;

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 2);
    for (const snippet of snippets) assert.ok(source.includes(snippet.replaceAll(/\s+/g, ' ')), snippet);
  });

  it('shows a policy and routes that start and count', async () => {
    const on = limitsStage(
      { ...policy.limits, snapshot: false },
      {
        routes: [
          { path: '/api/search', ...search },
          { path: '/sign-in', method: 'POST', ...signIn },
        ],
      },
    );
    const { field } = await on.ask({ target: '/api/search' });
    assert.equal(field('ratelimit'), '"search";r=9;t=6');
    const guess = { method: 'POST', target: '/sign-in', body: { email: 'ann@x.example' }, status: 401 };
    assert.deepEqual(await on.statuses(6, guess), [401, 401, 401, 401, 401, 429]);
  });

  it('names every code, and every option with its default', () => {
    for (const code of limits.codes) assert.ok(readme.includes(`\`${code}\``), code);
    for (const [name, value] of Object.entries(LIMITS_DEFAULTS)) {
      const shown = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
      assert.ok(readme.includes(`| \`${name}\` | \`${shown}\` |`), name);
    }
  });
});
