/**
 * What every transaction must hold to.
 * @module
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Opened } from './opened.ts';
import { account, session, T0 } from './records.ts';

export function transactionContract(opened: Opened): void {
  it('keeps everything a transaction did, and answers its value', async () => {
    const stores = await opened();
    const answer = await stores.transaction(async () => {
      await stores.accounts.create(account('ada'));
      await turn();
      await stores.sessions.put(session('h'));
      assert.notEqual(await stores.sessions.get('h'), null, 'it sees its own writes');
      return 42;
    });
    assert.equal(answer, 42);
    assert.notEqual(await stores.accounts.byId('ada'), null);
    assert.notEqual(await stores.sessions.get('h'), null);
  });

  it('undoes everything a failing transaction did, and passes its error on', async () => {
    const stores = await opened();
    await stores.sessions.put(session('removed'));
    await stores.sessions.put(session('rotated'));
    await stores.sessions.put(session('touched'));
    await stores.tickets.put('taken', 'value', T0 + 1000);
    await stores.tickets.put('changed', 'before', T0 + 1000);
    await stores.accounts.create(account('bob'));
    const before = await everything(stores);
    const failure = new Error('the work failed');
    await assert.rejects(
      stores.transaction(async () => {
        await stores.accounts.create(account('ada'));
        await stores.accounts.update('bob', 1, { login: 'robert', roles: ['admin'] });
        await stores.sessions.put(session('new'));
        await stores.sessions.remove('removed');
        await turn();
        await stores.sessions.change('rotated', { hash: 'rotated again', previous: 'rotated', rotate: true });
        await stores.sessions.touch('touched', T0 + 60_000);
        await stores.sessions.changeAll('ada', { roles: ['admin'], rotate: true });
        await stores.sessions.removeAll('ada');
        assert.equal(await stores.tickets.takeOnce('taken', T0), 'value');
        await stores.tickets.put('changed', 'after', T0 + 2000);
        await stores.tickets.put('new', 'value', T0 + 1000);
        throw failure;
      }),
      failure,
    );
    assert.deepEqual(await everything(stores), before);
    assert.equal(await stores.tickets.takeOnce('taken', T0), 'value');
    assert.equal(await stores.tickets.takeOnce('changed', T0), 'before');
    assert.equal(await stores.tickets.takeOnce('new', T0), null);
    assert.equal(await stores.accounts.byLogin('robert'), null);
    assert.equal(await stores.accounts.update('bob', 1, { name: 'still version 1' }), true);
  });

  it('undoes after a synchronous throw', async () => {
    const stores = await opened();
    const calls: Promise<unknown>[] = [];
    const thrower = (): never => {
      calls.push(Promise.resolve(stores.tickets.put('k', 'v', T0 + 1000)));
      throw new RangeError('at once');
    };
    await assert.rejects(stores.transaction(thrower), RangeError);
    // A store that answers late refuses the call instead; either way nothing of it stays.
    await Promise.allSettled(calls);
    assert.equal(await stores.tickets.takeOnce('k', T0), null);
  });

  it("keeps another caller's writes when a transaction is undone", async () => {
    const stores = await opened();
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const undone = stores.transaction(async () => {
      await stores.accounts.create(account('ada'));
      started.resolve();
      await finish.promise;
      throw new Error('undo');
    });
    await started.promise;
    const others = Promise.all([
      stores.sessions.put(session('other')),
      stores.tickets.put('other', 'value', T0 + 1000),
      stores.accounts.create(account('bob')),
      stores.counters.take('other', 1000, 1, 1, T0),
    ]);
    await turn();
    finish.resolve();
    await assert.rejects(undone, /undo/);
    const [, , made, taken] = await others;
    assert.deepEqual([made, taken.allowed], ['made', true]);
    assert.notEqual(await stores.sessions.get('other'), null);
    assert.equal(await stores.tickets.takeOnce('other', T0), 'value');
    assert.notEqual(await stores.accounts.byId('bob'), null);
    assert.equal((await stores.counters.take('other', 1000, 1, 1, T0)).allowed, false);
    assert.equal(await stores.accounts.byId('ada'), null);
  });

  it('shows nobody what may still be undone', async () => {
    const stores = await opened();
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const undone = stores.transaction(async () => {
      await stores.accounts.create(account('ada', { roles: ['admin'] }));
      await stores.sessions.put(session('h', { roles: ['admin'] }));
      started.resolve();
      await finish.promise;
      throw new Error('undo');
    });
    await started.promise;
    const seen = Promise.all([
      stores.accounts.byId('ada'),
      stores.accounts.byLogin('ada@example.org'),
      stores.accounts.list({ limit: 10 }),
      stores.sessions.get('h'),
      stores.sessions.list('ada'),
    ]);
    await turn();
    finish.resolve();
    await assert.rejects(undone, /undo/);
    assert.deepEqual(await seen, [null, null, [], null, []]);
  });

  it('lets transactions follow each other', async () => {
    const stores = await opened();
    await stores.accounts.create(account('ada', { name: '0' }));
    const add = (): Promise<void> =>
      stores.transaction(async () => {
        const found = await stores.accounts.byId('ada');
        await turn();
        assert.equal(await stores.accounts.update('ada', found!.version, { name: `${Number(found!.name) + 1}` }), true);
      });
    await Promise.all(Array.from({ length: 10 }, add));
    assert.equal((await stores.accounts.byId('ada'))?.name, '10');
  });

  it('joins a nested transaction to the outer one', async () => {
    const stores = await opened();
    const failing = stores.transaction(async () => {
      assert.equal(await stores.transaction(() => stores.accounts.create(account('ada'))), 'made');
      throw new Error('outer');
    });
    await assert.rejects(failing, /outer/);
    assert.equal(await stores.accounts.byId('ada'), null);
    await stores.transaction(() => stores.transaction(() => stores.accounts.create(account('bob'))));
    assert.notEqual(await stores.accounts.byId('bob'), null);
  });

  it('undoes the outer transaction when a nested one failed, even if the error was caught', async () => {
    const stores = await opened();
    const caught = stores.transaction(async () => {
      await stores.accounts.create(account('ada'));
      await stores
        .transaction(async () => {
          await stores.accounts.create(account('bob'));
          throw new Error('nested');
        })
        .catch(() => {});
      return 'looks fine';
    });
    await assert.rejects(caught, { code: 'store/rolled-back' });
    assert.deepEqual(await stores.accounts.list({ limit: 10 }), []);
  });

  it('refuses what a failed transaction still tries', async () => {
    const stores = await opened();
    const gate = Promise.withResolvers<void>();
    let straggler: Promise<unknown> = Promise.resolve();
    const failing = stores.transaction(async () => {
      straggler = gate.promise.then(() => stores.accounts.create(account('ada', { roles: ['admin'] })));
      throw new Error('failed first');
    });
    await assert.rejects(failing, /failed first/);
    gate.resolve();
    await assert.rejects(straggler, { code: 'store/rolled-back' });
    assert.equal(await stores.accounts.byId('ada'), null);
  });

  it('waits for an open transaction before it closes, and closes twice', async () => {
    const stores = await opened();
    const order: string[] = [];
    const started = Promise.withResolvers<void>();
    const work = stores.transaction(async () => {
      started.resolve();
      await turn();
      await stores.accounts.create(account('ada'));
      order.push('work');
    });
    await started.promise;
    const closed = Promise.resolve(stores.close()).then(() => order.push('closed'));
    await Promise.all([work, closed]);
    assert.deepEqual(order, ['work', 'closed']);
    await stores.close();
  });

  it('is healthy, and says what it is', async () => {
    const stores = await opened();
    const { ok, detail } = await stores.health();
    assert.equal(ok, true);
    assert.notEqual(detail, '');
  });
}

async function everything(stores: Awaited<ReturnType<Opened>>): Promise<unknown> {
  const sessions = [...(await stores.sessions.list('ada')), ...(await stores.sessions.list('bob'))];
  const sorted = sessions.map((record) => ({ ...record })).sort((a, b) => (a.hash < b.hash ? -1 : 1));
  return { sessions: sorted, accounts: (await stores.accounts.list({ limit: 100 })).map((record) => ({ ...record })) };
}
