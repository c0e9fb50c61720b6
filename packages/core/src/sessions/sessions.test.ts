/**
 * A session from sign-in to its end.
 * @module
 */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sha256, systemRandom } from '../crypto/index.ts';
import { isPromise, Refused } from '../kernel/index.ts';
import type { AccountIdentity, Context } from '../kernel/index.ts';
import { sessionsOf } from './index.ts';
import { ann, HOUR, MINUTE, SECOND, sessionStage } from './stage.test.ts';
import type { Browser, SessionStage } from './stage.test.ts';

const account = (c: Context): AccountIdentity => {
  assert.equal(c.identity?.kind, 'account');
  return c.identity as AccountIdentity;
};

async function signedIn(on: SessionStage): Promise<Browser> {
  const browser = on.browser();
  await browser.signIn();
  return browser;
}

describe('the cache', () => {
  it('keeps no session beyond its end, however short ago it was looked up [SES-08] [SES-17]', async () => {
    const on = await sessionStage({ absolute: '1 hour' });
    const browser = await signedIn(on);
    on.clock.at += HOUR - SECOND;
    assert.equal(await browser.who(), 'ann');
    on.clock.at += SECOND;
    assert.equal(await browser.who(), 'anonymous');
  });
});

describe('sign-in', () => {
  it('hands out 256 random bits in a guarded cookie that ends with the browser [SES-03] [SES-04]', async () => {
    const on = await sessionStage();
    const { setCookies } = await on.browser().signIn();
    assert.equal(setCookies.length, 1);
    assert.match(setCookies[0]!, /^__Host-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
  });

  it('keeps the hash of the id and nothing else of it, in store, events and identity [SES-01] [SES-14]', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    const { c } = await browser.signIn();
    const list = await on.stores.sessions.list('ann');
    assert.deepEqual(
      list.map(({ hash }) => hash),
      [sha256(browser.id)],
    );
    assert.equal(account(c).sessionId, sha256(browser.id));
    assert.ok(!JSON.stringify([list, on.events, c.identity, c.binding]).includes(browser.id));
  });

  it('notes who, since when, and where', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    await browser.ask({
      fields: ['User-Agent', agent],
      handler: (c) => sessionsOf(c).signIn(c, { ...ann, pending: true }),
    });
    const { hash: _hash, binding, ...record } = (await on.stores.sessions.get(browser.hash))!;
    const now = on.clock.at;
    assert.match(binding, /^[\w-]{22}$/);
    assert.deepEqual(record, {
      account: 'ann',
      roles: ['customer'],
      methods: ['password'],
      pending: true,
      rotate: false,
      createdAt: now,
      authenticatedAt: now,
      seenAt: now,
      expiresAt: now + 12 * HOUR,
      previous: '',
      previousUntil: 0,
      device: 'Firefox on Linux',
      address: '192.0.2.1',
    });
    assert.deepEqual(
      on.said('session.created').map(({ account: who, client }) => [who, client]),
      [['ann', '192.0.2.1']],
    );
  });

  it('makes the identity of the very request, and of those that follow', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    const { c } = await browser.signIn();
    const later = await browser.ask({ handler: (one) => one.who() });
    assert.deepEqual(account(later.c), account(c));
    assert.deepEqual([later.c.binding, c.binding.length], [c.binding, 22]);
    assert.equal(account(c).pending, false);
  });

  it('never takes an id that the browser brought, known or not [SES-05]', async () => {
    const on = await sessionStage();
    const planted = systemRandom().token(32);
    const victim = on.browser(planted);
    await victim.signIn();
    assert.notEqual(victim.id, planted);
    assert.equal(await on.browser(planted).who(), 'anonymous');
  });

  it('ends the session that the browser had, its own or one that somebody planted [SES-05]', async () => {
    const on = await sessionStage();
    const thief = on.browser();
    await thief.signIn({ ...ann, account: 'eve' });
    const victim = on.browser(thief.id);
    await victim.signIn();
    assert.equal(await thief.who(), 'anonymous');
    const before = victim.id;
    await victim.signIn();
    assert.equal(await on.browser(before).who(), 'anonymous');
    assert.deepEqual(
      on.said('session.ended').map(({ why }) => why),
      ['replaced', 'replaced'],
    );
  });

  it('is not undone by a look-up that somebody began before and did not wait for', async () => {
    for (const leave of [true, false]) {
      const on = await sessionStage();
      const eve = on.browser();
      await eve.signIn({ ...ann, account: 'eve' });
      const { c } = await eve.ask({
        async handler(one) {
          on.manners.late = true;
          const asked = one.who();
          on.manners.late = false;
          await (leave ? sessionsOf(one).signOut(one) : sessionsOf(one).signIn(one, ann));
          await asked;
        },
      });
      assert.equal(c.identity?.kind === 'account' ? c.identity.id : '', leave ? '' : 'ann');
      assert.equal(c.binding === '', leave);
    }
  });

  it('ends the oldest session when an account has too many [SES-12]', async () => {
    const on = await sessionStage({ maxPerAccount: 3 });
    const browsers = [];
    for (let index = 0; index < 5; index++) {
      on.clock.at += SECOND;
      browsers.push(await signedIn(on));
    }
    const who = [];
    for (const browser of browsers) who.push(await browser.who());
    assert.deepEqual(who, ['anonymous', 'anonymous', 'ann', 'ann', 'ann']);
    assert.deepEqual(
      on.said('session.ended').map(({ why }) => why),
      ['limit', 'limit'],
    );
  });

  it('comes too late once the head is out, and leaves no session behind', async () => {
    const on = await sessionStage();
    const c = on.context();
    c.headSent = true;
    await assert.rejects(on.sessions.signIn(c, ann), /too late/);
    on.manners.late = true;
    const slow = on.context();
    const signing = on.sessions.signIn(slow, ann);
    slow.headSent = true;
    await assert.rejects(signing, /too late/);
    assert.deepEqual(await on.stores.sessions.list('ann'), []);
  });
});

describe('a visitor who never signed in', () => {
  it('has no row, no cookie, and costs the store nothing, even when asked for', async () => {
    const on = await sessionStage();
    const { c, setCookies } = await on.browser().ask({ handler: (one) => one.who() });
    assert.equal(c.identity?.kind, 'anonymous');
    assert.deepEqual([setCookies, on.manners.calls], [[], []]);
  });

  it('who brings anything but an id reaches no hash and no store', async () => {
    const on = await sessionStage();
    const value = fc.oneof(fc.string({ unit: fc.constantFrom(...'abAB01-_=.%') }), fc.base64String({ minLength: 44 }));
    await fc.assert(
      fc.asyncProperty(value, async (id) => {
        fc.pre(!/^[\w-]{43}$/.test(id) && id !== '');
        assert.equal(await on.browser(id).who(), 'anonymous');
      }),
    );
    assert.deepEqual(on.manners.calls, []);
  });

  it('who guesses an id is told no more than that it is none', async () => {
    const on = await sessionStage();
    await signedIn(on);
    const { c, setCookies, field } = await on.browser(systemRandom().token(32)).ask({ handler: (one) => one.who() });
    assert.deepEqual([c.identity?.kind, setCookies, field('cache-control')], ['anonymous', [], 'no-store']);
    assert.deepEqual(
      on.said('identity.failed').map(({ kind }) => kind),
      ['session'],
    );
  });

  it('ids are 43 characters that never repeat', () => {
    const random = systemRandom();
    const ids = Array.from({ length: 10_000 }, () => random.token(32));
    assert.ok(ids.every((id) => /^[\w-]{43}$/.test(id)));
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('a request with a session', () => {
  it('that nobody asks about leaves the store alone', async () => {
    const on = await sessionStage();
    const browser = await signedIn(on);
    on.manners.calls.length = 0;
    const { c, field } = await browser.ask({ own: ['Cache-Control', 'public, max-age=60'] });
    assert.deepEqual([on.manners.calls, c.touchedSession, field('cache-control')], [[], false, 'public, max-age=60']);
  });

  it('is answered without waiting, from the store when it is synchronous, then from the cache', async () => {
    const on = await sessionStage();
    const browser = await signedIn(on);
    on.manners.calls.length = 0;
    for (let round = 0; round < 3; round++) {
      const who = on.context(browser.id).who();
      assert.ok(!isPromise(who));
      assert.equal(who.kind, 'account');
    }
    assert.deepEqual(on.manners.calls, ['get']);
  });

  it('waits once for a late store, then no more', async () => {
    const on = await sessionStage();
    on.manners.late = true;
    const browser = await signedIn(on);
    const first = on.context(browser.id).who();
    assert.ok(isPromise(first));
    assert.equal((await first).kind, 'account');
    assert.ok(!isPromise(on.context(browser.id).who()));
  });

  it('is seen at most once a minute in the store', async () => {
    const on = await sessionStage();
    const browser = await signedIn(on);
    const from = on.clock.at;
    on.manners.calls.length = 0;
    for (let second = 1; second <= 150; second++) {
      on.clock.at += SECOND;
      await browser.who();
    }
    assert.equal(on.manners.calls.filter((call) => call === 'touch').length, 2);
    assert.equal((await on.stores.sessions.get(browser.hash))?.seenAt, from + 120 * SECOND);
  });

  const ends: readonly (readonly [title: string, step: number, steps: number, who: string, why: string | undefined])[] =
    [
      ['lives while it is used', 59 * MINUTE, 11, 'ann', undefined],
      ['ends when it was idle for an hour [SES-07]', HOUR, 1, 'anonymous', 'idle'],
      ['ends 12 hours after sign-in, however much it was used [SES-08]', 30 * MINUTE, 24, 'anonymous', 'absolute'],
    ];
  for (const [title, step, steps, who, why] of ends)
    for (const late of [false, true])
      it(`${title}, ${late ? 'late' : 'synchronous'} store`, async () => {
        const on = await sessionStage();
        on.manners.late = late;
        const browser = await signedIn(on);
        let last = '';
        for (let index = 0; index < steps; index++) {
          on.clock.at += step;
          last = await browser.who();
        }
        assert.equal(last, who);
        assert.deepEqual(
          on.said('session.ended').map((one) => one.why),
          why === undefined ? [] : [why],
        );
        assert.equal((await on.stores.sessions.get(browser.hash)) === null, why !== undefined);
      });

  it('ends by an absolute time that was shortened since', async () => {
    const on = await sessionStage();
    const browser = await signedIn(on);
    const next = await sessionStage({ absolute: '30 minutes', idle: '20 minutes' }, { stores: on.stores });
    next.clock.at += 19 * MINUTE;
    assert.equal(await next.browser(browser.id).who(), 'ann');
    next.clock.at += 11 * MINUTE;
    assert.equal(await next.browser(browser.id).who(), 'anonymous');
  });

  for (const late of [false, true])
    it(`fails when the ${late ? 'late' : 'synchronous'} store fails, and is nobody's meanwhile`, async () => {
      const on = await sessionStage();
      const browser = await signedIn(on);
      Object.assign(on.manners, { late, broken: true });
      const c = on.context(browser.id);
      await assert.rejects(async () => c.who(), /the store is down/);
      assert.equal(c.identity, undefined);
      await assert.rejects(async () => on.kernel.before(on.context(browser.id, [], '/no')), /the store is down/);
      const { fields } = on.kernel.fail(c, new Error('the store is down'));
      assert.ok(fields.join('\n').includes('cache-control\nno-store'));
      assert.equal(fields[fields.indexOf('vary') + 1], 'Cookie');
      on.manners.broken = false;
      assert.equal(await browser.who(), 'ann');
    });

  it('fails when its sight cannot be written', async () => {
    const on = await sessionStage();
    const browser = await signedIn(on);
    await browser.who();
    on.clock.at += 2 * MINUTE;
    await browser.who();
    on.clock.at += MINUTE + 4 * SECOND;
    on.manners.before = (method) => {
      if (method === 'touch') throw new Error('read-only');
    };
    await assert.rejects(browser.who(), /read-only/);
  });
});

describe('sign-out', () => {
  it('ends the session, takes the cookie back and clears the browser [HDR-25]', async () => {
    const on = await sessionStage();
    const browser = await signedIn(on);
    const { id } = browser;
    await browser.who();
    const { c, setCookies, field } = await browser.ask({ handler: (one) => sessionsOf(one).signOut(one) });
    assert.deepEqual(setCookies, ['__Host-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax']);
    assert.equal(field('clear-site-data'), '"cache", "storage"');
    assert.deepEqual([c.identity?.kind, c.binding], ['anonymous', '']);
    assert.equal(await on.browser(id).who(), 'anonymous');
    assert.deepEqual(
      on.said('session.ended').map(({ why }) => why),
      ['signed-out'],
    );
  });

  it('of nobody is no error', async () => {
    const on = await sessionStage();
    const { setCookies } = await on.browser().ask({ handler: (c) => sessionsOf(c).signOut(c) });
    assert.equal(setCookies.length, 1);
    assert.deepEqual(on.said('session.ended'), []);
  });

  it('leaves the browser its data where that was asked for', async () => {
    const on = await sessionStage({ clearSiteData: false, reason: 'an offline application keeps drafts' });
    const { field } = await (await signedIn(on)).ask({ handler: (c) => sessionsOf(c).signOut(c) });
    assert.equal(field('clear-site-data'), undefined);
  });

  it('then sign-in in one request is a sign-in', async () => {
    const on = await sessionStage();
    const browser = await signedIn(on);
    const { field } = await browser.ask({
      async handler(c) {
        await sessionsOf(c).signOut(c);
        await sessionsOf(c).signIn(c, { ...ann, account: 'bob' });
      },
    });
    assert.equal(field('clear-site-data'), undefined);
    assert.equal(await browser.who(), 'bob');
  });
});

describe('a new proof', () => {
  const again = (methods: readonly string[]) => ({ handler: (c: Context) => sessionsOf(c).reauthenticate(c, methods) });

  it('has a new id, a new time and a new binding; the old id ends at once [SES-05]', async () => {
    const on = await sessionStage();
    const browser = await signedIn(on);
    const { id } = browser;
    const before = (await browser.ask({ handler: (c) => c.who() })).c;
    on.clock.at += 10 * MINUTE;
    const { c } = await browser.ask(again(['totp', 'password']));
    assert.notEqual(browser.id, id);
    assert.equal(await on.browser(id).who(), 'anonymous');
    assert.deepEqual(account(c).methods, ['password', 'totp']);
    assert.equal(account(c).authenticatedAt, on.clock.at);
    assert.notEqual(c.binding, before.binding);
    assert.equal((await on.stores.sessions.get(browser.hash))?.expiresAt, on.clock.at - 10 * MINUTE + 12 * HOUR);
    assert.equal(await browser.who(), 'ann');
  });

  it('pays no second factor that is owed: only signing in again does', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    await browser.signIn({ ...ann, pending: true });
    const { c } = await browser.ask(again(['password']));
    assert.equal(account(c).pending, true);
    const half = browser.id;
    const whole = await browser.signIn({ ...ann, methods: ['password', 'totp'] });
    assert.equal(account(whole.c).pending, false);
    assert.equal(await on.browser(half).who(), 'anonymous');
  });

  it('is refused for nobody, and for a session that was revoked meanwhile', async () => {
    const on = await sessionStage();
    const refused = { name: 'Refused', message: 'sessions/ended' };
    await assert.rejects(on.browser().ask(again(['password'])), refused);
    const browser = await signedIn(on);
    const asked = browser.ask({
      async handler(c) {
        await c.who();
        await on.sessions.revokeAll('ann', 'test');
        await sessionsOf(c).reauthenticate(c, ['password']);
      },
    });
    await assert.rejects(asked, (error) => error instanceof Refused && error.denial.status === 401);
  });
});

describe('the sessions of an account', () => {
  it('are listed newest first, without those that ended [SES-09]', async () => {
    const on = await sessionStage();
    const first = await signedIn(on);
    on.clock.at += 50 * MINUTE;
    const second = await signedIn(on);
    assert.deepEqual(
      (await on.sessions.list('ann')).map(({ hash }) => hash),
      [second.hash, first.hash],
    );
    on.clock.at += 20 * MINUTE;
    assert.deepEqual(
      (await on.sessions.list('ann')).map(({ hash }) => hash),
      [second.hash],
    );
  });

  it('are revoked one by one, by their owner only, at once [SES-10]', async () => {
    const on = await sessionStage();
    const [one, two] = [await signedIn(on), await signedIn(on)];
    for (const browser of [one, two]) assert.equal(await browser.who(), 'ann');
    assert.equal(await on.sessions.revoke('eve', one.hash), false);
    assert.equal(await one.who(), 'ann');
    assert.equal(await on.sessions.revoke('ann', one.hash), true);
    assert.deepEqual([await one.who(), await two.who()], ['anonymous', 'ann']);
    assert.equal(await on.sessions.revoke('ann', one.hash), false);
  });

  for (const late of [false, true])
    it(`are revoked by the hash they had before a rotation as well, ${late ? 'late' : 'synchronous'} store [SES-10]`, async () => {
      const on = await sessionStage();
      const thief = await signedIn(on);
      const listed = thief.hash;
      await on.sessions.privilegesChanged('ann', ['agent']);
      assert.equal(await thief.who(), 'ann');
      assert.notEqual(thief.hash, listed);
      on.manners.late = late;
      assert.equal(await on.sessions.revoke('ann', listed), true);
      assert.equal(await thief.who(), 'anonymous');
      assert.deepEqual(on.said('session.revoked'), [{ account: 'ann', count: 1, why: 'revoked' }]);
    });

  it('are revoked although they rotate at that very moment', async () => {
    const on = await sessionStage();
    const thief = await signedIn(on);
    await on.sessions.privilegesChanged('ann', ['agent']);
    const { hash } = thief;
    const rotation = { hash: 'rotated', previous: hash, previousUntil: on.clock.at + SECOND, rotate: false };
    const elsewhere = AsyncLocalStorage.snapshot();
    const rotated: unknown[] = [];
    on.manners.before = (method) => {
      if (method === 'remove') rotated.push(elsewhere(() => on.stores.sessions.change(hash, rotation)));
    };
    assert.equal(await on.sessions.revoke('ann', hash), true);
    assert.deepEqual(await Promise.all(rotated), [null]);
    assert.deepEqual(await on.stores.sessions.list('ann'), []);
  });

  it('are revoked but for the one that asks, an id it had before included [SES-10]', async () => {
    const on = await sessionStage();
    const [one, two] = [await signedIn(on), await signedIn(on)];
    await two.who();
    await on.sessions.privilegesChanged('ann', ['agent']);
    const before = one.id;
    await one.who();
    assert.equal(await on.browser(before).who(), 'ann');
    const { c } = await one.ask({
      handler: async (asking) => assert.equal(await sessionsOf(asking).revokeOthers(asking), 1),
    });
    assert.equal(c.touchedSession, true);
    assert.deepEqual(
      [await one.who(), await two.who(), await on.browser(before).who()],
      ['ann', 'anonymous', 'anonymous'],
    );
    await assert.rejects(on.browser().ask({ handler: (asking) => sessionsOf(asking).revokeOthers(asking) }), Refused);
  });

  it('are revoked all at once [SES-10]', async () => {
    const on = await sessionStage();
    const [one, two, bob] = [await signedIn(on), await signedIn(on), on.browser()];
    await bob.signIn({ ...ann, account: 'bob' });
    for (const browser of [one, two, bob]) await browser.who();
    assert.equal(await on.sessions.revokeAll('ann', 'password-reset'), 2);
    assert.deepEqual([await one.who(), await two.who(), await bob.who()], ['anonymous', 'anonymous', 'bob']);
    assert.deepEqual(on.said('session.revoked'), [{ account: 'ann', count: 2, why: 'password-reset' }]);
    assert.equal(await on.sessions.revokeAll('ann', 'password-reset'), 0);
  });

  it('are believed by another process for five seconds more, and no longer', async () => {
    const on = await sessionStage();
    const other = await sessionStage({}, { stores: on.stores });
    const browser = await signedIn(on);
    const elsewhere = other.browser(browser.id);
    assert.equal(await elsewhere.who(), 'ann');
    await on.sessions.revokeAll('ann', 'test');
    assert.equal(await browser.who(), 'anonymous');
    other.clock.at += 5 * SECOND - 1;
    assert.equal(await elsewhere.who(), 'ann');
    other.clock.at += 1;
    assert.equal(await elsewhere.who(), 'anonymous');
  });

  for (const one of [true, false])
    it(`are not put back into the cache by a look-up that began before ${one ? 'one was' : 'all were'} revoked`, async () => {
      const on = await sessionStage();
      const browser = await signedIn(on);
      on.manners.late = true;
      const slow = on.context(browser.id).who();
      on.manners.late = false;
      const unhurried = on.stores.sessions.get(browser.hash);
      await unhurried;
      // The record was read; now it goes, before the reader hears of it.
      await new Promise((resolve) => setImmediate(resolve));
      await (one ? on.sessions.revoke('ann', browser.hash) : on.sessions.revokeAll('ann', 'test'));
      await slow;
      assert.equal(await browser.who(), 'anonymous');
    });
});
