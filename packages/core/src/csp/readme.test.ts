/**
 * The README's snippets are this file's own text, so they compile and hold.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { detect } from '../kernel/index.ts';
import type { Context, Setting } from '../kernel/index.ts';
import { fieldOf, set, stage } from '../kernel/kernel.fixture.ts';
import { csp, CSP_DEFAULTS, TIGHT_DATA } from './index.ts';
import type { CspOptions } from './index.ts';
import { serialize } from './serialize.ts';

const welcome = (c: Context): string =>
  `<!doctype html><title>Desk</title><script nonce="${c.nonce()}" src="/app.js"></script>`;

const singlePage = {
  csp: { directives: { 'script-src': ["'self'"] }, reason: 'static page of a build, which carries no nonce' },
};

const policy = {
  csp: {
    directives: {
      'img-src': ["'self'", 'https://images.example'],
      'connect-src': ["'self'", 'https://api.example'],
      'trusted-types': ['dompurify'],
    },
    reports: '/csp-reports',
  },
};

const worker = {
  csp: { data: { 'connect-src': ["'self'"], sandbox: false }, reason: 'a worker runs under the policy of its script' },
} as const;

const rollOut = {
  csp: { mode: detect('roll-out beside the old templates', { until: '2027-01-31' }), reports: '/csp-reports' },
};

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
const HTML = ['content-type', 'text/html'];

/** The policy that a page, or data, leaves with. */
async function sent(setting: Setting<CspOptions> | undefined, own: readonly string[] = HTML): Promise<string> {
  const { send } = stage({ profile: 'development', protections: [set(csp, setting)] });
  const { field } = await send({}, own);
  return (field('content-security-policy') ?? field('content-security-policy-report-only')) as string;
}

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 5);
    for (const snippet of snippets) assert.ok(source.includes(snippet.replace(/;$/, '')), snippet);
  });

  it('shows settings that start, and do what it says', async () => {
    assert.match(await sent(singlePage.csp), /script-src 'self';/);
    assert.match(
      await sent(policy.csp),
      /img-src 'self' https:\/\/images\.example;.*connect-src .*report-uri \/csp-reports/,
    );
    assert.match(await sent(worker.csp, []), /^default-src 'none'.*connect-src 'self'$/);
    // The clock of the stage stands long before the day that the README shows.
    const mode = detect('roll-out beside the old templates', { until: '2026-01-31' });
    assert.match(await sent({ ...rollOut.csp, mode }), /script-src 'none'/);
  });

  it('shows a page whose script runs', async () => {
    const on = stage({ protections: [csp] });
    await on.ready;
    const c = on.context();
    const [, nonce] = /nonce="([^"]+)"/.exec(welcome(c))!;
    const value = fieldOf(on.kernel.head(c, 200, HTML), 'content-security-policy') as string;
    assert.ok(value.includes(`script-src 'strict-dynamic' 'nonce-${nonce}'`));
  });

  it('tells the policies as they leave', async () => {
    const page = (await sent(undefined)).replace('; upgrade-insecure-requests', '');
    const told = readme.replaceAll('` + nonce`', '').replace("script-src 'strict-dynamic'", "script-src 'none'");
    assert.ok(told.includes(`\`${page}\``), page);
    const data = serialize(TIGHT_DATA, { nonceIn: [], secure: true, reportOnly: false, reportTo: '' });
    assert.ok(readme.includes(`\`${data}\``), data);
  });

  it('names every option with its default', () => {
    for (const [name, value] of Object.entries(CSP_DEFAULTS)) {
      const shown = JSON.stringify(value).replaceAll('"', "'").replaceAll(',', ', ');
      assert.ok(readme.includes(`| \`${name}\` | \`${shown}\` |`), name);
    }
  });
});
