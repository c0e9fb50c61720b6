/**
 * What is taken away while a body is on its way, or while a password is being checked, is gone when it counts.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPromise, Refused } from '../kernel/index.ts';
import { memoryStores } from '../store/index.ts';
import type { AccountChange } from '../store/index.ts';
import type { SignIn } from './index.ts';
import { ann, SECOND, sessionStage } from './stage.test.ts';
import type { SessionStage } from './stage.test.ts';

const ENDED = { code: 'sessions/ended', status: 401 };

type Meanwhile = (on: SessionStage, hash: string) => unknown;

const TAKEN: readonly (readonly [what: string, meanwhile: Meanwhile])[] = [
  ['was revoked', (on, hash) => on.sessions.revoke('ann', hash)],
  ['was revoked with all of its account', (on) => on.sessions.revokeAll('ann', 'disabled')],
  ['lost a role', (on) => on.sessions.privilegesChanged('ann', [])],
  ['has another role', (on) => on.sessions.privilegesChanged('ann', ['agent'])],
  [
    'has another role, and rotated',
    async (on) => {
      await on.sessions.privilegesChanged('ann', ['agent']);
      for (const { hash } of await on.stores.sessions.list('ann'))
        await on.stores.sessions.change(hash, { hash: 'other', previous: hash, previousUntil: on.clock.at + SECOND });
    },
  ],
  [
    'owes a second factor',
    async (on, hash) => {
      await on.stores.sessions.change(hash, { pending: true });
      on.clock.at += 5 * SECOND;
    },
  ],
  [
    'came to its absolute end',
    (on) => {
      on.clock.at += 12 * 3600 * SECOND;
    },
  ],
];

describe('a session that, while the body was on its way,', () => {
  for (const late of [false, true])
    for (const [what, meanwhile] of TAKEN)
      it(`${what}, acts no more, ${late ? 'late' : 'synchronous'} store [SES-10]`, async () => {
        const on = await sessionStage();
        const browser = on.browser();
        await browser.signIn();
        await browser.who();
        on.manners.late = late;
        let reached = false;
        const { denial } = await browser.ask({
          method: 'POST',
          path: '/mine',
          meanwhile: () => meanwhile(on, browser.hash),
          handler: () => (reached = true),
        });
        assert.partialDeepStrictEqual(denial, ENDED);
        assert.equal(reached, false);
        const [refused] = on.said('request.refused');
        assert.partialDeepStrictEqual(refused, { ...ENDED, by: 'sessions', option: 'sessions', account: 'ann' });
      });

  for (const late of [false, true])
    it(`stayed what it was, is asked for without the store, or once where it rotated, ${late ? 'late' : 'synchronous'} store`, async () => {
      const on = await sessionStage();
      const browser = on.browser();
      await browser.signIn();
      await browser.who();
      on.manners.late = late;
      on.manners.calls.length = 0;
      const asked = { method: 'POST', path: '/mine' } as const;
      assert.equal((await browser.ask(asked)).denial, null);
      assert.deepEqual(on.manners.calls, []);
      const c = on.context(browser.id, [], '/mine', 'POST');
      assert.equal(isPromise(on.kernel.before(c)), false);
      assert.equal(on.kernel.after(c), null);
      // The same roles in another order are no other roles.
      await on.sessions.privilegesChanged('ann', ['customer']);
      assert.equal((await browser.ask(asked)).denial, null);
      on.clock.at += 6 * SECOND;
      assert.equal((await browser.ask({ ...asked, meanwhile: () => (on.clock.at += 6 * SECOND) })).denial, null);
    });

  it('had its roles told in another order, stayed what it was', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    await browser.signIn({ ...ann, roles: ['agent', 'customer'] });
    await browser.who();
    const meanwhile = (): unknown => on.sessions.privilegesChanged('ann', ['customer', 'agent']);
    assert.equal((await browser.ask({ method: 'POST', path: '/mine', meanwhile })).denial, null);
  });

  it('nobody asked for, or that only reads, is not looked up', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    await browser.signIn();
    await browser.who();
    on.manners.calls.length = 0;
    const none = [];
    for (const asked of [
      { method: 'POST', path: '/' },
      { method: 'GET', path: '/mine' },
      { method: 'HEAD', path: '/mine' },
    ]) {
      const meanwhile = (): number => (on.clock.at += 5 * SECOND);
      const { denial } = await browser.ask({ ...asked, meanwhile });
      none.push(denial);
    }
    assert.deepEqual(none, [null, null, null]);
    assert.deepEqual(
      on.manners.calls.filter((call) => call === 'get').length,
      2,
      'one for each that asked at the start, after the cache forgot',
    );
  });

  it('fails, fails the request', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    await browser.signIn();
    await browser.who();
    const meanwhile = (): void => {
      on.clock.at += 6 * SECOND;
      on.manners.broken = true;
    };
    await assert.rejects(browser.ask({ method: 'POST', path: '/mine', meanwhile }), /the store is down/);
  });
});

describe('a sign-in for which the account', () => {
  async function known(): Promise<{ readonly on: SessionStage; change(change: AccountChange): Promise<void> }> {
    const stores = memoryStores();
    const account = { id: 'ann', login: 'ann@desk.example', name: 'Ann', passwordHash: '', createdAt: 0 };
    await stores.accounts.create({ ...account, roles: ['customer', 'agent'], disabled: false });
    return {
      on: await sessionStage({}, { stores }),
      async change(change) {
        const { version } = (await stores.accounts.byId('ann'))!;
        assert.ok(await stores.accounts.update('ann', version, change));
      },
    };
  }

  const seen: SignIn = { ...ann, roles: ['customer'], version: 1 };
  const { version: _version, ...unversioned } = seen;

  const changes: readonly (readonly [what: string, change: AccountChange, who: SignIn, refused: boolean])[] = [
    ['was disabled', { disabled: true }, unversioned, true],
    ['lost the role', { roles: ['agent'] }, unversioned, true],
    ['lost a role that was not given', { roles: ['customer'] }, unversioned, false],
    ['has another password', { passwordHash: 'another' }, seen, true],
    ['has another password, where nobody said which was seen', { passwordHash: 'another' }, unversioned, false],
    ['is as it was', {}, seen, false],
  ];
  for (const late of [false, true])
    for (const [what, change, who, refused] of changes)
      it(`${what} meanwhile ${refused ? 'puts nothing' : 'begins a session'}, ${late ? 'late' : 'synchronous'} store`, async () => {
        const { on, change: write } = await known();
        if (Object.keys(change).length > 0) await write(change);
        on.manners.late = late;
        const browser = on.browser();
        if (refused)
          await assert.rejects(
            browser.signIn(who),
            (error) =>
              error instanceof Refused &&
              error.denial.code === 'sessions/account-changed' &&
              error.denial.status === 401,
          );
        else await browser.signIn(who);
        assert.equal((await on.stores.sessions.list('ann')).length, refused ? 0 : 1);
        assert.equal(browser.id === '', refused);
        assert.equal(on.said('session.created').length, refused ? 0 : 1);
      });

  it('is being demoted and signed out at that moment leaves no session with the old roles', async () => {
    const { on, change } = await known();
    on.manners.late = true;
    const demoted = on.stores.transaction(async () => {
      await change({ roles: ['agent'] });
      await on.sessions.privilegesChanged('ann', ['agent']);
      await on.sessions.revokeAll('ann', 'demoted');
    });
    const signIns = Array.from({ length: 5 }, () => on.browser().signIn(unversioned));
    const [, ...results] = await Promise.allSettled([demoted, ...signIns]);
    assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(['rejected']));
    assert.deepEqual(await on.stores.sessions.list('ann'), []);
  });

  it('is refused leaves the session that the browser had', async () => {
    const { on, change } = await known();
    const browser = on.browser();
    await browser.signIn({ ...ann, account: 'bob' });
    await change({ disabled: true });
    await assert.rejects(browser.signIn(unversioned), { message: 'sessions/account-changed' });
    assert.equal(await browser.who(), 'bob');
  });

  it('is kept elsewhere begins a session, and is refused where its version was seen here', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    await browser.signIn(ann);
    assert.equal(await browser.who(), 'ann');
    await assert.rejects(on.browser().signIn({ ...ann, version: 1 }), { message: 'sessions/account-changed' });
  });
});
