/**
 * The README's snippets are this file's own text, so they compile and hold.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Context, Kernel } from '../kernel/index.ts';
import { sessions, SESSIONS_DEFAULTS, sessionsOf } from './index.ts';
import { sessionStage } from './stage.test.ts';

const signIn = (c: Context): Promise<void> =>
  sessionsOf(c).signIn(c, { account: 'ann', roles: ['customer'], methods: ['password'] });
const secondFactor = (c: Context): Promise<void> =>
  sessionsOf(c).signIn(c, { account: 'ann', roles: ['customer'], methods: ['password', 'totp'] });
const confirm = (c: Context): Promise<void> => sessionsOf(c).reauthenticate(c, ['password']);
const leave = (c: Context): Promise<void> => sessionsOf(c).signOut(c);

const passwordChanged = async (c: Context): Promise<void> => {
  await sessionsOf(c).reauthenticate(c, ['password']);
  await sessionsOf(c).revokeOthers(c);
};
const passwordReset = (kernel: Kernel): Promise<number> => sessionsOf(kernel).revokeAll('ann', 'password-reset');
const demoted = (kernel: Kernel): Promise<void> => sessionsOf(kernel).privilegesChanged('ann', ['customer']);

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 2);
    for (const snippet of snippets) assert.ok(source.includes(snippet), snippet);
  });

  it('shows what works', async () => {
    const on = await sessionStage();
    const [here, there] = [on.browser(), on.browser()];
    for (const handler of [signIn, secondFactor, confirm]) await here.ask({ handler });
    await there.ask({ handler: signIn });
    await here.ask({ handler: passwordChanged });
    assert.deepEqual([await here.who(), await there.who()], ['ann', 'anonymous']);
    await demoted(on.kernel);
    assert.equal(await here.who(), 'ann');
    await here.ask({ handler: leave });
    assert.equal(await here.who(), 'anonymous');
    await here.ask({ handler: signIn });
    assert.equal(await passwordReset(on.kernel), 1);
    assert.equal(await here.who(), 'anonymous');
  });

  it('names every code, and every option with its default', () => {
    for (const code of sessions.codes) assert.ok(readme.includes(`\`${code}\``), code);
    for (const [name, value] of Object.entries(SESSIONS_DEFAULTS)) {
      const written = typeof value === 'string' ? `'${value}'` : String(value).replace(/000$/, '_000');
      assert.ok(readme.includes(`| \`${name}\` | \`${written}\` |`), name);
    }
  });
});
