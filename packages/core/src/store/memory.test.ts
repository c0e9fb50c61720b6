/**
 * What is particular to memory: its bounds, and that it answers at once. The contract of all stores is tested in @dewar/stores.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { KeyedHeap } from './keyed-heap.ts';
import { memoryStores } from './memory.ts';
import { MemoryCounters } from './memory-counters.ts';
import type { SessionRecord } from './types.ts';

const T0 = 1_700_000_000_000;

function session(hash: string, change: Partial<SessionRecord> = {}): SessionRecord {
  const times = { createdAt: T0, authenticatedAt: T0, seenAt: T0, expiresAt: T0 + 1000 };
  const marks = { pending: false, rotate: false, binding: '', previous: '', previousUntil: 0 };
  return { hash, account: 'ada', roles: [], methods: [], device: '', address: '', ...times, ...marks, ...change };
}

describe('counters in memory', () => {
  it('stay bounded, and forget first what is full again [LIM-19]', () => {
    const counters = new MemoryCounters(3);
    counters.take('attacker', 60_000, 1, 1, T0);
    counters.take('short', 1000, 1, 1, T0);
    counters.take('shorter', 500, 1, 1, T0);
    counters.take('new', 1000, 1, 1, T0 + 600);
    assert.equal(counters.size, 3);
    assert.equal(counters.take('short', 1000, 1, 1, T0 + 600).allowed, false, 'only the full one made room');
    assert.equal(counters.take('attacker', 60_000, 1, 1, T0 + 600).allowed, false);
  });

  it('forget who has least left to wait when none is full, so that a flood frees no locked-out account [LIM-19]', () => {
    const counters = new MemoryCounters(100);
    counters.take('account under attack', 900_000, 1, 1, T0);
    for (let index = 0; index < 10_000; index++) counters.take(`flood ${index}`, 1000, 5, 1, T0 + (index % 7));
    assert.equal(counters.size, 100);
    assert.equal(counters.take('account under attack', 900_000, 1, 1, T0 + 1000).allowed, false);
  });

  it('shrink by themselves after a flood', () => {
    const counters = new MemoryCounters(1000);
    for (let index = 0; index < 1000; index++) counters.take(`flood ${index}`, 1000, 1, 1, T0);
    for (let index = 0; index < 1000; index++) counters.take(`calm ${index}`, 1, 1, 1, T0 + 2000 + index * 2);
    assert.ok(counters.size < 10, `${counters.size} left`);
  });

  it('keep counting while a transaction is open and when it is undone', async () => {
    const stores = memoryStores();
    await assert.rejects(
      stores.transaction(() => {
        stores.counters.take('k', 1000, 1, 1, T0);
        throw new Error('undo');
      }),
      /undo/,
    );
    assert.deepEqual(await stores.counters.take('k', 1000, 1, 0, T0), {
      allowed: true,
      remaining: 0,
      retryAfter: 0,
      resetAfter: 1000,
    });
  });
});

describe('sessions, tickets and accounts in memory', () => {
  it('sign out the session longest unseen when full', async () => {
    const { sessions } = memoryStores({ sessions: 2 });
    await sessions.put(session('a'));
    await sessions.put(session('b'));
    await sessions.touch('a', T0 + 1);
    await sessions.put(session('b', { rotate: true }));
    await sessions.touch('a', T0 + 2);
    await sessions.put(session('c'));
    const left = (await sessions.list('ada')).map((record) => record.hash).sort();
    assert.deepEqual(left, ['a', 'c']);
    assert.equal(await sessions.get('b'), null);
  });

  it('drop the ticket that would expire soonest when full', async () => {
    const { tickets } = memoryStores({ tickets: 2 });
    await tickets.put('soon', 'v', T0 + 1);
    await tickets.put('late', 'v', T0 + 3);
    await tickets.put('late', 'again', T0 + 3);
    await tickets.put('mid', 'v', T0 + 2);
    assert.deepEqual([await tickets.takeOnce('soon', T0), await tickets.takeOnce('late', T0)], [null, 'again']);
  });

  it('bring evicted ones back when a transaction is undone', async () => {
    const stores = memoryStores({ sessions: 1, tickets: 1 });
    await stores.sessions.put(session('kept'));
    await stores.tickets.put('kept', 'v', T0 + 1);
    const failing = stores.transaction(async () => {
      await stores.sessions.put(session('new'));
      await stores.tickets.put('new', 'v', T0 + 2);
      throw new Error('undo');
    });
    await assert.rejects(failing, /undo/);
    assert.deepEqual([await stores.sessions.get('new'), await stores.tickets.takeOnce('new', T0)], [null, null]);
    assert.notEqual(await stores.sessions.get('kept'), null);
    assert.equal(await stores.tickets.takeOnce('kept', T0), 'v');
  });

  it('never evict an account: making one more fails by name', async () => {
    const { accounts } = memoryStores({ accounts: 1 });
    const account = { id: 'a', login: 'a', name: '', passwordHash: '', roles: [], disabled: false, createdAt: T0 };
    await accounts.create(account);
    assert.throws(() => accounts.create({ ...account, id: 'b', login: 'b' }), { code: 'store/full' });
    assert.equal(await accounts.create(account), 'taken');
  });

  it('answer at once while no transaction is open', () => {
    const { sessions, tickets, accounts } = memoryStores();
    const answers = [sessions.put(session('h')), sessions.get('h'), tickets.takeOnce('k', T0), accounts.byId('x')];
    assert.deepEqual(
      answers.filter((answer) => answer instanceof Promise),
      [],
    );
  });

  it('refuse bounds that are none', () => {
    for (const bound of [0, -1, 1.5, NaN, Infinity])
      assert.throws(() => memoryStores({ sessions: bound }), /sessions must be a whole number/);
  });
});

describe('an undone transaction', () => {
  it('is undone by itself after its time limit, and lets the others in', async () => {
    const stores = memoryStores({ transactionLimit: 20 });
    const never = Promise.withResolvers<void>();
    let straggler: Promise<unknown> = Promise.resolve();
    const stuck = stores.transaction(async () => {
      await stores.sessions.put(session('stuck'));
      straggler = never.promise.then(() => stores.sessions.put(session('straggler')));
      await straggler;
    });
    const waiting = stores.sessions.put(session('waiting'));
    await assert.rejects(stuck, { code: 'store/timeout' });
    await waiting;
    never.resolve();
    await assert.rejects(straggler, { code: 'store/rolled-back' });
    assert.deepEqual(
      (await stores.sessions.list('ada')).map((record) => record.hash),
      ['waiting'],
    );
  });

  it('cannot close its own store', async () => {
    const stores = memoryStores();
    await assert.rejects(
      stores.transaction(() => stores.close()),
      { code: 'store/busy' },
    );
  });

  it('restores every map, whatever was done', async () => {
    const keys = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.tuple(fc.nat(7), keys, keys, fc.nat(100));
    const run = fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      fc.array(step, { maxLength: 20 }),
      async (before, inside) => {
        const stores = memoryStores({ sessions: 3, tickets: 3 });
        let moves = 0;
        for (const one of before) await perform(one);
        const kept = await snapshot();
        const failing = stores.transaction(async () => {
          for (const one of inside) await perform(one);
          throw new Error('undo');
        });
        await assert.rejects(failing, /undo/);
        assert.deepEqual(await snapshot(), kept);
        for (const key of ['a', 'b', 'c', 'd']) await stores.tickets.takeOnce(key, T0);

        async function perform([kind, one, two, time]: readonly [number, string, string, number]): Promise<unknown> {
          if (kind === 0) return stores.sessions.put(session(one, { account: two, seenAt: T0 + time }));
          if (kind === 1) return stores.sessions.change(one, { hash: two, previous: `p${moves++}` });
          if (kind === 2) return stores.sessions.removeAll(one, two);
          if (kind === 3) return stores.sessions.touch(one, T0 + time);
          if (kind === 4) return stores.tickets.put(one, `${two}${time}`, T0 + time);
          if (kind === 5) return stores.tickets.takeOnce(one, T0 + time);
          if (kind === 6) return stores.sessions.changeAll(one, { roles: [two], rotate: true });
          return stores.sessions.prune(0, T0 + time);
        }

        async function snapshot(): Promise<unknown> {
          const sessions = [];
          const before = Array.from({ length: 40 }, (_, index) => `p${index}`);
          for (const key of ['a', 'b', 'c', 'd', ...before]) sessions.push(await stores.sessions.get(key));
          const lists = [];
          for (const key of ['ada', 'a', 'b', 'c', 'd'])
            lists.push((await stores.sessions.list(key)).map((record) => record.hash).sort());
          return { sessions, lists, detail: (await stores.health()).detail };
        }
      },
    );
    await fc.assert(run);
  });
});

describe('the heap', () => {
  it('always knows the least, like a sorted list', () => {
    const command = fc.tuple(fc.nat(30), fc.option(fc.nat(50)));
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const heap = new KeyedHeap<number>();
        const model = new Map<string, number>();
        for (const [key, rank] of commands) {
          if (rank === null) assert.equal(heap.delete(`${key}`), model.delete(`${key}`));
          else {
            heap.set(`${key}`, rank, key);
            model.set(`${key}`, rank);
          }
          assert.equal(heap.size, model.size);
          assert.equal(heap.least()?.rank, model.size === 0 ? undefined : Math.min(...model.values()));
        }
        for (const [key, rank] of model)
          assert.deepEqual([heap.get(key)?.rank, heap.get(key)?.value], [rank, Number(key)]);
      }),
    );
  });
});
