/**
 * What is a write and what is not, who is asked for it, and when the watch ends.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { cookies } from '../cookies/index.ts';
import { detect, enterHandler, off, Refused } from '../kernel/index.ts';
import type { Configured, Context, Kernel, RawRequest, SecurityEvent } from '../kernel/index.ts';
import { rawRequest } from '../kernel/kernel.fixture.ts';
import { assemble } from '../policy/index.ts';
import { sessions, sessionsOf } from '../sessions/index.ts';
import { memoryStores } from '../store/index.ts';
import type { Stores } from '../store/index.ts';
import { safeMethods } from './index.ts';

const RECORD = { id: 'a', login: 'a@b.c', name: 'A', passwordHash: '', roles: [], disabled: false, createdAt: 0 };
const ANN = { account: 'ann', roles: [], methods: ['password'] };

interface On {
  readonly kernel: Kernel;
  readonly stores: Stores;
  readonly events: SecurityEvent[];
  /** Runs a handler as an adapter does; answers the code it was refused with, or `null`. */
  ask(handler: (c: Context) => unknown, head?: Partial<RawRequest>, policy?: object): Promise<string | null>;
}

function on(setting: Configured = safeMethods(), given: Stores = memoryStores()): On {
  const events: SecurityEvent[] = [];
  const protections = [cookies(), sessions(), setting];
  const policy = { protections };
  const replacements = {
    profile: 'test',
    secret: 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE',
    stores: given,
    events: [(event: SecurityEvent) => void events.push(event)],
  } as const;
  const kernel = assemble(policy, [], replacements);
  let count = 0;
  return {
    kernel,
    stores: given,
    events,
    async ask(handler, head = {}, own) {
      const raw = rawRequest({ method: 'GET', target: `/r${count++}`, ...head });
      const route = kernel.declare({
        method: raw.method,
        path: raw.target,
        ...(own === undefined ? {} : { policy: own }),
      });
      const c = kernel.context(kernel.readFacts(raw), route, {});
      const { promise, resolve, reject } = Promise.withResolvers<null>();
      enterHandler(c, () => {
        void (async () => handler(c))().then(() => resolve(null), reject);
      });
      return promise.catch((error: unknown) => {
        assert.ok(error instanceof Refused, String(error));
        return error.denial.code;
      });
    },
  };
}

const writes: readonly (readonly [what: string, write: (stores: Stores) => unknown])[] = [
  ['sessions.remove', ({ sessions: store }) => store.remove('h')],
  ['sessions.removeAll', ({ sessions: store }) => store.removeAll('ann')],
  ['sessions.change', ({ sessions: store }) => store.change('h', { rotate: true })],
  ['sessions.changeAll', ({ sessions: store }) => store.changeAll('ann', { rotate: true })],
  ['tickets.put', ({ tickets }) => tickets.put('k', 'v', 9e15)],
  ['tickets.takeOnce', ({ tickets }) => tickets.takeOnce('k', 0)],
  ['accounts.create', ({ accounts }) => accounts.create(RECORD)],
  ['accounts.update', ({ accounts }) => accounts.update('a', 1, { name: 'B' })],
];

const reads: readonly (readonly [what: string, read: (stores: Stores) => unknown])[] = [
  ['sessions.get', ({ sessions: store }) => store.get('h')],
  ['sessions.list', ({ sessions: store }) => store.list('ann')],
  ['sessions.touch', ({ sessions: store }) => store.touch('h', 1)],
  ['counters.take', ({ counters }) => counters.take('k', 1, 1, 1, 0)],
  ['accounts.byId', ({ accounts }) => accounts.byId('a')],
  ['accounts.list', ({ accounts }) => accounts.list({ limit: 1 })],
  ['an empty transaction', (stores) => stores.transaction(() => 1)],
  ['health', (stores) => stores.health()],
];

describe('a handler of GET [S-34] [CSRF-21]', () => {
  for (const [what, write] of writes)
    it(`cannot call ${what}, and nothing is written`, async () => {
      const { ask, stores } = on();
      assert.equal(await ask(() => write(stores)), 'safeMethods/write');
      assert.equal(await stores.accounts.byId('a'), null);
      assert.equal(await stores.tickets.takeOnce('k', 0), null);
    });

  for (const [what, read] of reads)
    it(`can call ${what}`, async () => {
      const { ask, stores, events } = on();
      assert.equal(await ask(() => read(stores)), null);
      assert.deepEqual(events, []);
    });

  it('cannot after it waited, in a transaction, or in what it starts', async () => {
    const { ask, stores } = on();
    const ways: readonly ((c: Context) => unknown)[] = [
      async () => {
        await turn();
        await stores.accounts.create(RECORD);
      },
      () => stores.transaction(() => stores.accounts.create(RECORD)),
      () => Promise.all([turn(), turn().then(() => stores.accounts.create(RECORD))]),
      (c) => c.kernel.stores.accounts.create(RECORD),
    ];
    for (const way of ways) assert.equal(await ask(way), 'safeMethods/write');
    assert.equal(await stores.accounts.byId('a'), null);
  });

  it('cannot sign anybody in or out', async () => {
    const { ask, stores } = on();
    assert.equal(await ask((c) => sessionsOf(c).signIn(c, ANN)), 'safeMethods/write');
    assert.deepEqual(await stores.sessions.list('ann'), []);
  });

  it('says which store, which operation and which route', async () => {
    const { ask, stores, events } = on();
    await ask(() => stores.accounts.create(RECORD));
    const [event] = events;
    assert.equal(event?.name, 'store.unsafe_write');
    const { store, operation, refused, route, method } = event.fields as Readonly<Record<string, unknown>>;
    assert.deepEqual([store, operation, refused, route, method], ['accounts', 'create', true, '/r0', 'GET']);
  });
});

describe('the methods', () => {
  for (const method of ['HEAD', 'OPTIONS'])
    it(`${method} changes nothing either`, async () => {
      const { ask, stores } = on();
      assert.equal(await ask(() => stores.accounts.create(RECORD), { method }), 'safeMethods/write');
    });

  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])
    it(`${method} may write, and is not even watched`, async () => {
      const { ask, stores, kernel } = on();
      assert.equal(await ask(() => stores.accounts.create(RECORD), { method }), null);
      assert.equal(kernel.declare({ method, path: '/x' }).scopes.length, 0);
    });

  it('a websocket that opens with GET may', async () => {
    const { ask, stores } = on();
    assert.equal(await ask(() => stores.accounts.create(RECORD), { kind: 'upgrade' }), null);
  });
});

describe('the watch', () => {
  it('is not on another request that runs at the same time', async () => {
    const { ask, stores } = on();
    const post = ask(() => turn().then(() => stores.accounts.create(RECORD)), { method: 'POST' });
    const get = ask(() => turn().then(() => stores.tickets.put('k', 'v', 9e15)));
    assert.deepEqual(await Promise.all([post, get]), [null, 'safeMethods/write']);
  });

  it('ends with the request: a timer that a handler left is nobody’s request', async () => {
    const { ask, stores, events } = on();
    let later: Promise<unknown> | undefined;
    await ask((c) => {
      later = turn().then(() => {
        c.over = true;
        return stores.accounts.create(RECORD);
      });
    });
    assert.equal(await later, 'made');
    assert.deepEqual(events, []);
  });

  it('does not see what Dewar does by itself: a session that ended is removed, one whose roles changed rotates', async () => {
    const { ask, stores, kernel } = on();
    let cookie = '';
    await ask(
      async (c) => {
        await sessionsOf(c).signIn(c, ANN);
        cookie = [...c.cookies][0]!.split(';')[0]!;
      },
      { method: 'POST' },
    );
    await stores.sessions.changeAll('ann', { rotate: true });
    const head = { headers: ['Host', 'app.example', 'Cookie', cookie] };
    let rotated = '';
    assert.equal(
      await ask(async (c) => {
        assert.equal((await c.who()).kind, 'account');
        rotated = [...c.cookies][0]!.split(';')[0]!;
      }, head),
      null,
    );
    assert.notEqual(rotated, cookie);
    const [record] = await stores.sessions.list('ann');
    await stores.sessions.put({ ...record!, expiresAt: kernel.clock.now() - 1 });
    const ended = { headers: ['Host', 'app.example', 'Cookie', rotated] };
    assert.equal(await ask(async (c) => assert.equal((await c.who()).kind, 'anonymous'), ended), null);
    assert.equal((await stores.sessions.list('ann')).length, 0);
  });
});

describe('the policy', () => {
  it('is off on a route for a reason', async () => {
    const { ask, stores } = on();
    const policy = { safeMethods: off('the link in the mail signs in') };
    assert.equal(await ask(() => stores.accounts.create(RECORD), {}, policy), null);
  });

  it('observes until a day, and then refuses', async () => {
    const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    const { ask, stores, events } = on(safeMethods({ mode: detect('rolling it out', { until }) }));
    assert.equal(await ask(() => stores.accounts.create(RECORD)), null);
    assert.deepEqual(
      events.map(({ name }) => name),
      ['store.unsafe_write', 'request.would_refuse'],
    );
    assert.equal((await stores.accounts.byId('a'))?.id, 'a');
  });

  it('says at start which store it cannot see', async () => {
    const stores = memoryStores();
    const { events, kernel } = on(safeMethods(), {
      ...stores,
      tickets: Object.freeze(Object.create(stores.tickets)) as Stores['tickets'],
    });
    kernel.declare({ method: 'GET', path: '/' });
    assert.match(JSON.stringify(events), /stores\.tickets, which is frozen/);
  });

  it('is checked', () => {
    const faults = safeMethods.check({ sql: 'no' as unknown as boolean }, 'safeMethods', {
      profile: 'test',
      now: 0,
      route: false,
    });
    assert.equal(faults[0]?.option, 'safeMethods.sql');
    assert.deepEqual(safeMethods.weaker?.({ sql: false }), ['sql']);
  });
});
