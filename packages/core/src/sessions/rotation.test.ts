/**
 * A change of privileges gives every session a new id, and nobody who is using it is signed out by that.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GRACE } from './life.ts';
import { ann, MINUTE, SECOND, sessionStage } from './stage.test.ts';
import type { Browser, SessionStage } from './stage.test.ts';

async function changed(on: SessionStage): Promise<{ readonly browser: Browser; readonly old: string }> {
  const browser = on.browser();
  await browser.signIn();
  await browser.who();
  await on.sessions.privilegesChanged('ann', ['agent']);
  return { browser, old: browser.id };
}

const rolesOf = async (browser: Browser): Promise<readonly string[] | undefined> => {
  const { c } = await browser.ask({ handler: (one) => one.who() });
  return c.identity?.kind === 'account' ? c.identity.roles : undefined;
};

describe('a change of privileges', () => {
  it('counts at once, on every session of the account and no other', async () => {
    const on = await sessionStage();
    const browsers = [on.browser(), on.browser()];
    const bob = on.browser();
    for (const browser of browsers) await browser.signIn();
    await bob.signIn({ ...ann, account: 'bob' });
    for (const browser of [...browsers, bob]) await browser.who();
    await on.sessions.privilegesChanged('ann', []);
    for (const browser of browsers) assert.deepEqual(await rolesOf(browser), []);
    assert.deepEqual(await rolesOf(bob), ['customer']);
  });

  it('gives a new id with the next request, once [SES-06]', async () => {
    const on = await sessionStage();
    const { browser, old } = await changed(on);
    const { setCookies, c } = await browser.ask({ handler: (one) => one.who() });
    assert.match(setCookies.join(), /^__Host-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    assert.notEqual(browser.id, old);
    assert.equal(c.identity?.kind === 'account' && c.identity.sessionId, browser.hash);
    assert.equal((await browser.ask({ handler: (one) => one.who() })).setCookies.length, 0);
    assert.equal(on.said('session.rotated').length, 1);
    assert.equal((await on.stores.sessions.list('ann')).length, 1);
  });

  it('keeps what forms are bound to, so that one that was open can be sent', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    const { c } = await browser.signIn();
    await on.sessions.privilegesChanged('ann', ['agent']);
    for (let round = 0; round < 2; round++)
      assert.equal((await browser.ask({ handler: (one) => one.who() })).c.binding, c.binding);
  });

  for (const late of [false, true])
    it(`signs out none of 50 parallel requests, and tells one of them the new id, ${late ? 'late' : 'synchronous'} store [SES-06]`, async () => {
      const on = await sessionStage();
      const { old } = await changed(on);
      on.manners.late = late;
      const browsers = Array.from({ length: 50 }, () => on.browser(old));
      const endings = await Promise.all(browsers.map((browser) => browser.ask({ handler: (c) => c.who() })));
      assert.ok(endings.every(({ c }) => c.identity?.kind === 'account'));
      assert.equal(endings.filter(({ setCookies }) => setCookies.length === 1).length, 1);
      assert.equal((await on.stores.sessions.list('ann')).length, 1);
      const winner = browsers.find(({ id }) => id !== old)!;
      assert.deepEqual(await rolesOf(winner), ['agent']);
    });

  it('leaves the id before ten seconds, in which it is neither seen nor renewed nor told the new one', async () => {
    const on = await sessionStage();
    const { browser, old } = await changed(on);
    await browser.who();
    const thief = on.browser(old);
    on.clock.at += GRACE - 1;
    on.manners.calls.length = 0;
    const { c, setCookies } = await thief.ask({ handler: (one) => one.who() });
    assert.equal(c.identity?.kind, 'account');
    assert.deepEqual([setCookies, on.manners.calls], [[], ['get']]);
    await on.sessions.privilegesChanged('ann', ['customer']);
    assert.deepEqual((await thief.ask({ handler: (one) => one.who() })).setCookies, []);
    on.clock.at += 1;
    assert.equal(await thief.who(), 'anonymous');
    assert.equal(await browser.who(), 'ann');
  });

  it('ends the id before together with the session, whatever is left of its seconds', async () => {
    for (const end of [
      (on: SessionStage, browser: Browser) => on.sessions.revoke('ann', browser.hash),
      (on: SessionStage) => on.sessions.revokeAll('ann', 'test'),
      (_on: SessionStage, browser: Browser) => browser.ask({ handler: signOut }),
    ]) {
      const on = await sessionStage();
      const { browser, old } = await changed(on);
      await browser.who();
      assert.equal(await on.browser(old).who(), 'ann');
      await end(on, browser);
      assert.equal(await on.browser(old).who(), 'anonymous');
    }
  });

  it('lets the id before sign out: it is the same browser', async () => {
    const on = await sessionStage();
    const { browser, old } = await changed(on);
    await browser.who();
    await on.browser(old).ask({ handler: signOut });
    assert.equal(await browser.who(), 'anonymous');
  });

  it('waits for a request whose head is not out', async () => {
    const on = await sessionStage();
    const { browser, old } = await changed(on);
    const c = on.context(old);
    c.headSent = true;
    on.manners.calls.length = 0;
    assert.equal((await c.who()).kind, 'account');
    assert.deepEqual(on.manners.calls, ['get']);
    assert.deepEqual(on.said('session.rotated'), []);
    assert.deepEqual(await rolesOf(browser), ['agent']);
    assert.notEqual(browser.id, old);
  });

  it('is undone when the head goes out while the store works', async () => {
    const on = await sessionStage();
    const { browser, old } = await changed(on);
    on.manners.late = true;
    const c = on.context(old);
    on.manners.before = (method) => {
      if (method === 'change') c.headSent = true;
    };
    const who = await c.who();
    assert.equal(who.kind === 'account' && who.sessionId, on.browser(old).hash);
    assert.deepEqual([...c.cookies], []);
    delete on.manners.before;
    on.clock.at += MINUTE;
    assert.equal(await browser.who(), 'ann');
    assert.notEqual(browser.id, old);
  });

  it('that is under way when the session is revoked brings nothing back', async () => {
    const on = await sessionStage();
    const { old } = await changed(on);
    on.manners.late = true;
    on.manners.before = (method) => {
      if (method === 'change') void on.stores.sessions.removeAll('ann');
    };
    const { c, setCookies } = await on.browser(old).ask({ handler: (one) => one.who() });
    assert.deepEqual([c.identity?.kind, setCookies], ['anonymous', []]);
    assert.deepEqual(await on.stores.sessions.list('ann'), []);
  });

  it('reaches a process that has the session in its cache within five seconds [SES-17]', async () => {
    const on = await sessionStage();
    const other = await sessionStage({}, { stores: on.stores });
    const browser = on.browser();
    await browser.signIn();
    const elsewhere = other.browser(browser.id);
    assert.equal(await elsewhere.who(), 'ann');
    await on.sessions.privilegesChanged('ann', []);
    other.clock.at += 5 * SECOND;
    assert.deepEqual(await rolesOf(elsewhere), []);
  });
});

function signOut(c: Parameters<SessionStage['sessions']['signOut']>[0]): Promise<void> {
  return (c.kernel.part('sessions') as SessionStage['sessions']).signOut(c);
}
