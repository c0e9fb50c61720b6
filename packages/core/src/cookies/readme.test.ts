/**
 * The README's snippets are this file's own text, so they compile and hold.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Context } from '../kernel/index.ts';
import { guard, set, stage, withFields } from '../kernel/kernel.fixture.ts';
import type { Policy } from '../policy/index.ts';
import { clearCookie, cookies, COOKIES_DEFAULTS, getCookie, setCookie } from './index.ts';

const remember = (c: Context): void => setCookie(c, 'theme', 'dark', { maxAge: 86_400 });
const recall = (c: Context): string | undefined => getCookie(c, 'theme');
const forget = (c: Context): void => clearCookie(c, 'theme');

const policy: Policy = {
  cookies: {
    exceptions: {
      'XSRF-TOKEN': { readable: true, reason: 'the single-page application sends it back in a header' },
      widget: { sameSite: 'None', reason: 'the chat is framed by customers’ own sites' },
    },
  },
};

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 2);
    for (const snippet of snippets) assert.ok(source.includes(snippet), snippet);
  });

  it('shows the line that the browser sees', () => {
    const here = stage({ protections: [cookies] });
    const c = here.context(withFields('Cookie', '__Host-theme=dark'));
    remember(c);
    assert.ok(readme.includes(`\`${[...c.cookies].join()}\``));
    assert.equal(recall(c), 'dark');
    forget(c);
    assert.match([...c.cookies].join(), /Max-Age=0/);
  });

  it('shows exceptions that start', async () => {
    const csrf = guard({ name: 'csrf', defaults: { level: 3, names: [], cookie: 'XSRF-TOKEN' } as never });
    await stage({ protections: [set(cookies, policy.cookies), csrf] }).ready;
  });

  it('names every option with its default', () => {
    for (const [name, value] of Object.entries(COOKIES_DEFAULTS)) {
      const written = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
      assert.ok(readme.includes(`| \`${name}\` | \`${written}\` |`), name);
    }
  });
});
