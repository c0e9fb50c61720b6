/**
 * The README's snippets are this file's own text, so they compile and hold; its table is the one that was decided.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { cookies } from '../cookies/index.ts';
import type { Context } from '../kernel/index.ts';
import { csrf, CSRF_DEFAULTS, csrfField, csrfMeta } from './index.ts';
import { csrfStage, FORM } from './stage.test.ts';

async function orderPage(c: Context): Promise<string> {
  return `<!doctype html><head>${await csrfMeta(c)}</head>
<form method="post" action="/orders">${await csrfField(c)}<button>Order</button></form>`;
}

const policy = {
  csrf: { cookie: 'XSRF-TOKEN' },
  cookies: { exceptions: { 'XSRF-TOKEN': { readable: true, reason: 'sent back in X-XSRF-Token' } } },
} as const;

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 2);
    for (const snippet of snippets) assert.ok(source.includes(snippet.replaceAll(/\s+/g, ' ')), snippet);
  });

  it('shows a page whose form is taken, by field and by header', async () => {
    const on = csrfStage({ protections: [cookies(policy.cookies), csrf(policy.csrf)] });
    let html = '';
    const { cookies: set } = await on.ask({
      method: 'GET',
      async handler(c) {
        html = await orderPage(c);
      },
    });
    const cookie = set.map((line) => line.split(';')[0]!).join('; ');
    const [inMeta, inField] = [...html.matchAll(/"([\w-]{65})"/g)].map(([, token]) => token!);
    const inCookie = /XSRF-TOKEN=([\w-]{65})/.exec(cookie)![1]!;
    const fields = { Cookie: cookie, 'Content-Type': FORM };
    assert.equal((await on.ask({ fields })).denial?.code, 'csrf/token-missing');
    assert.equal((await on.ask({ fields, body: { _csrf: inField } })).denial, null);
    assert.equal((await on.ask({ fields: { ...fields, 'X-CSRF-Token': inMeta! } })).denial, null);
    assert.equal((await on.ask({ fields: { ...fields, 'X-XSRF-Token': inCookie } })).denial, null);
  });

  it('names every code, and every option with its default', () => {
    for (const code of csrf.codes) assert.ok(readme.includes(`\`${code}\``), code);
    for (const [name, value] of Object.entries(CSRF_DEFAULTS)) {
      const shown = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
      assert.ok(readme.includes(`| \`${name}\` | \`${shown}\` |`), name);
    }
  });
});
