/**
 * What sessions may be set to, and what they do not start with; what runs beside them.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { cookies } from '../cookies/index.ts';
import { ConfigError, detect, off } from '../kernel/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { guard, set, stage } from '../kernel/kernel.fixture.ts';
import { assemble } from '../policy/index.ts';
import type { Policy } from '../policy/index.ts';
import { memoryStores } from '../store/index.ts';
import type { SessionRecord, Stores } from '../store/index.ts';
import { SessionCache } from './cache.ts';
import type { Entry } from './cache.ts';
import { deviceOf } from './device.ts';
import { sessions, SESSIONS_DEFAULTS, sessionsOf } from './index.ts';
import type { SessionService } from './index.ts';
import { identityOf } from './life.ts';
import { ann, HOUR, sessionStage } from './stage.test.ts';

/** A date that a roll-out may have: within the 180 days. */
const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
const why = 'a test needs to see it';
const csrf = guard({ name: 'csrf' });
const SECRET = 'Zp4XwQ8rVn1KyB6mTgJ3hLc9DsFuE2aO';

function kernelOf(policy: Partial<Policy>, stores: Stores = memoryStores()): Kernel {
  return assemble({ profile: 'production', secret: SECRET, ...policy }, [cookies, sessions, csrf], {
    stores,
    events: [],
  });
}

async function faultsOf(policy: Partial<Policy>): Promise<readonly string[]> {
  try {
    await kernelOf(policy).start();
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults.map(({ option }) => option);
  }
}

describe('the policy of sessions', () => {
  const rows: readonly (readonly [title: string, policy: Partial<Policy>, options: readonly string[]])[] = [
    ['accepts the defaults', {}, []],
    ['accepts what is stricter', { sessions: { idle: '15 minutes', absolute: '8 hours', maxPerAccount: 1 } }, []],
    ['refuses a name that browsers do not guard', { sessions: { name: 'sid', reason: why } }, ['sessions.name']],
    ['asks why for a name that subdomains can set', { sessions: { name: '__Secure-sid' } }, ['sessions.name']],
    ['accepts one with a reason', { sessions: { name: '__Secure-sid', reason: why } }, []],
    ['refuses a duration that is none', { sessions: { idle: '1 fortnight' as '1 hour' } }, ['sessions.idle']],
    ['asks why for a longer idle time', { sessions: { idle: '2 hours' } }, ['sessions.idle']],
    ['asks why for a longer life', { sessions: { absolute: '30 days' } }, ['sessions.absolute']],
    ['asks why for a slower revocation', { sessions: { cacheFor: '1 minute' } }, ['sessions.cacheFor']],
    ['asks why for a browser that keeps its data', { sessions: { clearSiteData: false } }, ['sessions.clearSiteData']],
    ['refuses an idle time that ends nothing', { sessions: { absolute: '30 minutes' } }, ['sessions.idle']],
    ['refuses an idle time that ends what is in use', { sessions: { idle: '2 minutes' } }, ['sessions.idle']],
    ['refuses an empty cache', { sessions: { cache: 0 } }, ['sessions.cache']],
    ['refuses half a session', { sessions: { maxPerAccount: 1.5 } }, ['sessions.maxPerAccount']],
    ['refuses what is no switch', { sessions: { clearSiteData: 'yes' as never } }, ['sessions.clearSiteData']],
    ['refuses a misspelt option', { sessions: { idel: '1 hour' } as never }, ['sessions.idel']],
    ['refuses to observe', { sessions: { mode: detect(why, { until: soon }) } }, ['sessions.mode']],
    ['refuses sessions without cookies', { cookies: off(why) }, ['cookies']],
    ['refuses sessions without csrf [CSRF-22]', { csrf: off(why) } as Partial<Policy>, ['csrf']],
    ['lets csrf observe for a reason and until a date', { csrf: { mode: detect(why, { until: soon }) } }, []],
    ['accepts no csrf where no session is', { csrf: off(why), sessions: off(why) } as Partial<Policy>, []],
    [
      'refuses a session that scripts can read',
      { cookies: { exceptions: { '__Host-session': { readable: true, reason: why } } } },
      ['cookies.exceptions["__Host-session"].readable'],
    ],
    [
      'refuses the session cookie in clear text, with SameSite=None or without',
      { cookies: { exceptions: { '__Host-session': { sameSite: 'None', insecure: true, reason: why } } } },
      ['cookies.exceptions["__Host-session"].insecure', 'cookies.exceptions["__Host-session"]'],
    ],
  ];
  for (const [title, policy, options] of rows) it(title, async () => assert.deepEqual(await faultsOf(policy), options));

  it('counts csrf as off where it is not part of the kernel', async () => {
    await assert.rejects(stage({ protections: [cookies, sessions] }).ready, /csrf: is off/);
  });

  it('cannot be set for one route', async () => {
    const routes = [{ overrides: { sessions: { idle: '5 minutes' } as object } }];
    await assert.rejects(stage({ protections: [cookies, sessions, csrf], routes }).ready, /a route has no sessions/);
  });

  it('has frozen defaults', () => assert.ok(Object.isFrozen(SESSIONS_DEFAULTS)));

  it('says so where sessions are off', () => {
    assert.throws(
      () => sessionsOf(kernelOf({ sessions: off(why), csrf: off(why) } as Partial<Policy>)),
      /sessions are off/,
    );
  });

  it('in development signs nobody in without the cookies part', async () => {
    const here = stage({ profile: 'development', protections: [set(cookies, off(why)), sessions, csrf] });
    await here.ready;
    await assert.rejects(sessionsOf(here.kernel).signIn(here.context(), ann), /cookies are off/);
  });
});

describe('housekeeping', () => {
  it('prunes sessions, single-use values and counters until nothing is left', async () => {
    const stores = memoryStores();
    const asked: string[] = [];
    const batches = <S extends object>(store: S, name: string): S =>
      ({ ...store, prune: () => (asked.push(name), asked.filter((one) => one === name).length < 3 ? 1 : 0) }) as S;
    const counted = {
      ...stores,
      sessions: batches(stores.sessions, 'sessions'),
      tickets: batches(stores.tickets, 'tickets'),
      counters: batches(stores.counters, 'counters'),
    };
    await (kernelOf({}, counted).part('sessions') as SessionService).prune();
    assert.deepEqual(
      asked,
      ['sessions', 'tickets', 'counters'].flatMap((name) => [name, name, name]),
    );
  });

  it('removes what nobody used or may use, and keeps the rest', async () => {
    const on = await sessionStage();
    const idle = on.browser();
    await idle.signIn();
    on.clock.at += HOUR + 1;
    const alive = on.browser();
    await alive.signIn({ ...ann, account: 'bob' });
    await (on.kernel.part('sessions') as SessionService).prune();
    assert.equal(await on.stores.sessions.get(idle.hash), null);
    assert.equal(await alive.who(), 'bob');
  });

  it('forgets what other processes change, and stops listening with the kernel', async () => {
    const stores = memoryStores();
    let tell: ((hash: string) => void) | undefined;
    const watched = new Proxy(stores.sessions, {
      get: (target, name) =>
        name === 'watch'
          ? (changed: (hash: string) => void) => ((tell = changed), () => (tell = undefined))
          : (Reflect.get(target, name) as () => unknown).bind(target),
    });
    const on = await sessionStage({}, { stores: { ...stores, sessions: watched } });
    const browser = on.browser();
    await browser.signIn();
    await browser.who();
    await stores.sessions.removeAll('ann');
    assert.equal(await browser.who(), 'ann');
    tell!(browser.hash);
    assert.equal(await browser.who(), 'anonymous');
    await on.kernel.close();
    assert.equal(tell, undefined);
  });

  it('stops only when the batch that is under way is done, and begins no other', async () => {
    const stores = memoryStores();
    let running = 0;
    const prune = async (): Promise<number> => {
      running++;
      await turn();
      running--;
      return 1;
    };
    const slow = Object.assign(Object.create(stores.sessions) as typeof stores.sessions, { prune });
    const kernel = kernelOf({}, { ...stores, sessions: slow });
    await kernel.start();
    const pruning = (kernel.part('sessions') as SessionService).prune();
    assert.equal(running, 1);
    await kernel.close();
    assert.equal(running, 0);
    await pruning;
  });
});

describe('the cache', () => {
  const record = { hash: 'h', account: 'ann', roles: [], methods: [] } as unknown as SessionRecord;
  const entry = (until = Infinity): Entry => ({ record, identity: identityOf(record), seenAt: 0, until, used: false });

  it('is bounded, and lets go first of what is not used', () => {
    const cache = new SessionCache(100);
    cache.put('used', entry());
    for (let index = 0; index < 10_000; index++) {
      cache.get('used', 0);
      cache.put(`h${index}`, entry());
    }
    assert.equal(cache.size, 100);
    assert.notEqual(cache.get('used', 0), undefined);
    assert.equal(cache.get('h0', 0), undefined);
  });

  it('stays bounded when everything is used', () => {
    const cache = new SessionCache(10);
    for (let index = 0; index < 1000; index++) {
      cache.put(`h${index}`, entry());
      for (let other = 0; other <= index; other++) cache.get(`h${other}`, 0);
      assert.ok(cache.size <= 10);
    }
  });

  it('believes nothing for longer than it was told', () => {
    const cache = new SessionCache(10);
    cache.put('h', entry(5));
    assert.deepEqual([cache.get('h', 4) !== undefined, cache.get('h', 5), cache.size], [true, undefined, 0]);
  });
});

describe('the label of a device', () => {
  const rows: readonly (readonly [agent: string | undefined, label: string])[] = [
    [undefined, 'Unknown device'],
    ['', 'Unknown device'],
    ['<script>alert(1)</script>', 'Unknown device'],
    ['curl/8.5.0', 'curl'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
      'Chrome on Windows',
    ],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0', 'Edge on Windows'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
      'Safari on macOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Safari/604.1',
      'Chrome on iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['Mozilla/5.0 (iPad) something else', 'Unknown browser on iPad'],
  ];
  for (const [agent, label] of rows)
    it(`of ${agent ?? 'nothing'} is ${label}`, () => assert.equal(deviceOf(agent), label));

  it('holds no text of the client', () => {
    const words = fc.array(fc.oneof(fc.string(), fc.constantFrom('Chrome/', 'Windows', 'Edg', '<b>', '\u202e')));
    fc.assert(fc.property(words, (list) => assert.match(deviceOf(list.join('')), /^[A-Za-z ]{4,40}$/)));
  });
});
