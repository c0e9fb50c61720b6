/**
 * Nothing that a session touched is kept by a cache, whatever the handler says.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cookies, setCookie } from '../cookies/index.ts';
import { guard } from '../kernel/kernel.fixture.ts';
import { assemble } from '../policy/index.ts';
import { memoryStores } from '../store/index.ts';
import { sessions, sessionsOf } from './index.ts';
import { ann, sessionStage } from './stage.test.ts';
import type { Asked, Ending } from './stage.test.ts';

const PUBLIC: readonly string[] = ['Cache-Control', 'public, max-age=600, s-maxage=600'];
const asks: Asked['handler'] = (c) => c.who();

function personal({ field }: Ending): void {
  assert.equal(field('cache-control'), 'no-store');
  assert.equal(field('vary'), 'Cookie');
}

describe('a response that touched the session [SES-15] [HDR-26]', () => {
  const handlers: readonly (readonly [title: string, own: readonly string[]])[] = [
    ['says nothing', []],
    ['says public', PUBLIC],
    ['says private', ['Cache-Control', 'private, max-age=600']],
    ['says it twice', [...PUBLIC, 'cache-control', 'public']],
  ];
  for (const [title, own] of handlers)
    it(`is no-store and varies by cookie where the handler ${title}`, async () => {
      const on = await sessionStage();
      const browser = on.browser();
      await browser.signIn();
      personal(await browser.ask({ handler: asks, own }));
    });

  it('keeps what else it varies by', async () => {
    const on = await sessionStage();
    const { field } = await on.browser().ask({ handler: asks, own: ['Vary', 'Accept-Encoding'] });
    assert.equal(field('vary'), 'Accept-Encoding, Cookie');
  });

  const fields = [
    'CDN-Cache-Control',
    'Cloudflare-CDN-Cache-Control',
    'Surrogate-Control',
    'X-Accel-Expires',
    'Edge-Control',
  ];
  for (const name of fields)
    it(`does not tell shared caches otherwise by ${name}`, async () => {
      const on = await sessionStage();
      const { field } = await on.browser().ask({ handler: asks, own: [name, 'max-age=600', 'X-Other', 'stays'] });
      assert.deepEqual([field(name.toLowerCase()), field('x-other')], [undefined, 'stays']);
    });

  const touches: readonly (readonly [title: string, asked: Asked])[] = [
    ['found nobody', { handler: asks }],
    ['refused', { path: '/no' }],
    ['is not modified', { handler: asks, status: 304 }],
    ['began a session', { handler: (c) => sessionsOf(c).signIn(c, ann) }],
    ['ended one', { handler: (c) => sessionsOf(c).signOut(c) }],
    ['set any cookie', { handler: (c) => setCookie(c, 'theme', 'dark') }],
    ['has a cookie that the handler wrote', { own: ['Set-Cookie', 'theme=dark', ...PUBLIC] }],
  ];
  for (const [title, asked] of touches)
    it(`is nobody else's when it ${title}`, async () => {
      const on = await sessionStage();
      personal(await on.browser().ask({ own: PUBLIC, ...asked }));
    });

  it('leaves the rest to the handler: what nobody asked about may be cached', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    await browser.signIn();
    const { field } = await browser.ask({ own: PUBLIC });
    assert.deepEqual([field('cache-control'), field('vary')], [PUBLIC[1], undefined]);
  });

  it('never carries a session id that a handler chose', async () => {
    const on = await sessionStage();
    const { setCookies } = await on
      .browser()
      .ask({ own: ['Set-Cookie', '__Host-session=planted', 'Set-Cookie', 'a=b'] });
    assert.deepEqual(setCookies, ['a=b; Path=/; Secure; HttpOnly; SameSite=Lax']);
    assert.equal(on.said('response.conflict').length, 1);
  });
});

/** A cache between visitors and us that keys by target alone. Of the fields it heeds Cache-Control only. */
function carelessCache(): { store(ending: Ending, body: string): void; get(): string | undefined } {
  let kept: string | undefined;
  return {
    store({ field }, body) {
      if (!/no-store|private/.test(String(field('cache-control')))) kept = body;
    },
    get: () => kept,
  };
}

describe('what caches leaked elsewhere', () => {
  it('CVE-2023-30861: a response that only renews the session cookie, and read nothing of it [c2-session]', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    await browser.signIn();
    await on.sessions.privilegesChanged('ann', ['agent']);
    const ending = await browser.ask({ handler: asks, own: PUBLIC });
    assert.equal(ending.setCookies.length, 1);
    personal(ending);
  });

  it('CVE-2026-27205: a page that only looks whether somebody is there, and finds nobody [c2-session]', async () => {
    const on = await sessionStage();
    const ending = await on.browser().ask({ handler: async (c) => 'kind' in (await c.who()), own: PUBLIC });
    assert.equal(ending.c.touchedSession, false);
    personal(ending);
  });

  it('CVE-2026-44457: a cache that ignores Vary keeps nothing of a signed-in page [c2-session]', async () => {
    const on = await sessionStage();
    const browser = on.browser();
    await browser.signIn();
    const cache = carelessCache();
    cache.store(await browser.ask({ handler: asks, own: PUBLIC }), 'the page of ann');
    assert.equal(cache.get(), undefined);
    cache.store(await browser.ask({ own: PUBLIC }), 'the page of everybody');
    assert.equal(cache.get(), 'the page of everybody');
  });

  it('Flask 3.1.0, CVE-2025-47278: the newest secret signs, and a change of secrets ends no session [c2-session]', async () => {
    const [old, fresh] = ['k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE', 'Zp4XwQ8rVn1KyB6mTgJ3hLc9DsFuE2aO'];
    const stores = memoryStores();
    let tag = '';
    const results: boolean[] = [];
    const csrf = guard({
      name: 'csrf',
      setup(_options, { keys }) {
        const mac = keys.mac('test');
        if (tag === '') tag = mac.sign('text');
        else results.push(mac.verify('text', tag));
        return undefined;
      },
    });
    for (const secret of [[fresh, old], fresh, old]) {
      const kernel = assemble({ profile: 'production', secret }, [cookies, sessions, csrf], { stores, events: [] });
      kernel.declare({ method: 'GET', path: '/', access: { kind: 'anyone' } });
    }
    assert.deepEqual(results, [true, false]);
    const before = await sessionStage({}, { secret: old, stores });
    const browser = before.browser();
    await browser.signIn();
    const after = await sessionStage({}, { secret: fresh, stores });
    assert.equal(await after.browser(browser.id).who(), 'ann');
  });
});
