/**
 * What every session store must hold to.
 * @module
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Opened } from './opened.ts';
import { ODD_TEXTS, session, T0 } from './records.ts';

export function sessionContract(opened: Opened): void {
  it('gives back a session exactly as it was put', async () => {
    const { sessions } = await opened();
    for (const record of [
      session('h1'),
      session('h2', { rotate: true, pending: true, roles: [], methods: [], device: '', address: '' }),
      session('h4', { previous: 'h0', previousUntil: T0 }),
    ]) {
      await sessions.put(record);
      assert.deepEqual({ ...(await sessions.get(record.hash)) }, record);
    }
    assert.equal(await sessions.get('h3'), null);
  });

  it('keeps odd text of a session', async () => {
    const { sessions } = await opened();
    for (const text of ODD_TEXTS) {
      await sessions.put(session(text, { account: text, device: text, roles: [text] }));
      assert.deepEqual(
        { ...(await sessions.get(text)) },
        session(text, { account: text, device: text, roles: [text] }),
      );
      assert.equal((await sessions.list(text)).length, 1);
    }
  });

  it('keeps a copy of a session, not the object it was given', async () => {
    const { sessions } = await opened();
    const roles = ['customer'];
    await sessions.put(session('h', { roles }));
    const replaced = ['agent'];
    await sessions.change('h', { roles: replaced });
    roles.push('admin');
    replaced.push('admin');
    assert.deepEqual((await sessions.get('h'))?.roles, ['agent']);
    await sessions.put(session('h', { roles }));
    roles.push('root');
    assert.deepEqual((await sessions.get('h'))?.roles, ['customer', 'admin']);
  });

  it('overwrites a session of the same hash, in every list', async () => {
    const { sessions } = await opened();
    await sessions.put(session('h'));
    await sessions.put(session('h', { account: 'bob' }));
    assert.equal((await sessions.get('h'))?.account, 'bob');
    assert.deepEqual(await sessions.list('ada'), []);
    assert.equal((await sessions.list('bob')).length, 1);
  });

  it('gives an ended session too: ending is policy', async () => {
    const { sessions } = await opened();
    await sessions.put(session('h', { expiresAt: 1 }));
    assert.equal((await sessions.get('h'))?.expiresAt, 1);
  });

  it('moves a session to another hash, and finds it by the one before', async () => {
    const { sessions } = await opened();
    await sessions.put(session('old'));
    const moved = session('new', { previous: 'old', previousUntil: T0 + 10, roles: ['admin'] });
    const change = { hash: 'new', previous: 'old', previousUntil: T0 + 10, roles: ['admin'] };
    assert.deepEqual({ ...(await sessions.change('old', change)) }, moved);
    for (const hash of ['new', 'old']) assert.deepEqual({ ...(await sessions.get(hash)) }, moved);
    assert.equal(await sessions.get(''), null);
    assert.deepEqual(
      (await sessions.list('ada')).map((record) => ({ ...record })),
      [moved],
    );
  });

  it('finds a session by no hash but its own and the one before', async () => {
    const { sessions } = await opened();
    await sessions.put(session('first'));
    await sessions.change('first', { hash: 'second', previous: 'first', previousUntil: T0 });
    await sessions.change('second', { hash: 'third', previous: 'second', previousUntil: T0 });
    assert.equal(await sessions.get('first'), null);
    assert.equal((await sessions.get('second'))?.hash, 'third');
    await sessions.change('third', { previous: '', previousUntil: 0 });
    assert.equal(await sessions.get('second'), null);
  });

  it('forgets the hash before with the session', async () => {
    const { sessions } = await opened();
    for (const [hash, remove] of [
      ['a', () => sessions.remove('a')],
      ['b', () => sessions.removeAll('ada')],
      ['c', () => sessions.prune(T0 + 86_400_000, 0)],
    ] as const) {
      await sessions.put(session(hash, { previous: `before ${hash}` }));
      assert.equal((await sessions.get(`before ${hash}`))?.hash, hash);
      await remove();
      assert.equal(await sessions.get(`before ${hash}`), null);
    }
  });

  it('acts on a session by its present hash only', async () => {
    const { sessions } = await opened();
    await sessions.put(session('new', { previous: 'old', previousUntil: T0 }));
    assert.equal(await sessions.change('old', { rotate: true }), null);
    assert.equal(await sessions.remove('old'), false);
    await sessions.touch('old', T0 + 60_000);
    assert.deepEqual({ ...(await sessions.get('new')) }, session('new', { previous: 'old', previousUntil: T0 }));
  });

  it('changes only the fields that are given', async () => {
    const { sessions } = await opened();
    const changes = [
      { roles: [] },
      { authenticatedAt: T0 + 5 },
      { methods: ['passkey'] },
      { pending: true },
      { pending: false },
      { rotate: true },
      { rotate: false },
      { binding: 'another' },
    ] as const;
    let expected = session('h');
    await sessions.put(expected);
    for (const change of changes) {
      expected = { ...expected, ...change };
      assert.deepEqual({ ...(await sessions.change('h', change)) }, expected);
      assert.deepEqual({ ...(await sessions.get('h')) }, expected);
    }
  });

  it('changes nothing after a revocation: a rotation under way does not bring the session back', async () => {
    const { sessions } = await opened();
    await sessions.put(session('old'));
    await sessions.remove('old');
    assert.equal(await sessions.change('old', { hash: 'new' }), null);
    assert.equal(await sessions.get('new'), null);
    assert.deepEqual(await sessions.list('ada'), []);
  });

  it('changes the roles of all sessions of an account, and a rotation under way does not undo it', async () => {
    const { sessions } = await opened();
    for (const hash of ['a', 'b']) await sessions.put(session(hash));
    await sessions.put(session('other', { account: 'bob' }));
    assert.equal(await sessions.changeAll('ada', { roles: ['customer'], rotate: true }), 2);
    assert.deepEqual({ ...(await sessions.get('a')) }, session('a', { roles: ['customer'], rotate: true }));
    assert.deepEqual({ ...(await sessions.get('other')) }, session('other', { account: 'bob' }));
    const rotated = await sessions.change('b', { hash: 'c', previous: 'b', previousUntil: T0, rotate: false });
    assert.deepEqual(rotated?.roles, ['customer']);
    assert.equal(await sessions.changeAll('nobody', { roles: [] }), 0);
  });

  it('lets exactly one of 50 parallel rotations win', async () => {
    const { sessions } = await opened();
    await sessions.put(session('old'));
    const calls = Array.from({ length: 50 }, (_, index) => sessions.change('old', { hash: `new${index}` }));
    assert.equal((await Promise.all(calls)).filter((record) => record !== null).length, 1);
    assert.equal((await sessions.list('ada')).length, 1);
  });

  it('moves the last sight forward, never back', async () => {
    const { sessions } = await opened();
    await sessions.put(session('h', { seenAt: T0 }));
    await sessions.touch('h', T0 + 60_000);
    await sessions.touch('h', T0 + 30_000);
    assert.deepEqual({ ...(await sessions.get('h')) }, session('h', { seenAt: T0 + 60_000 }));
  });

  it('does not bring a removed session back by touching it', async () => {
    const { sessions } = await opened();
    await sessions.put(session('h'));
    await sessions.remove('h');
    await sessions.touch('h', T0 + 60_000);
    assert.equal(await sessions.get('h'), null);
  });

  it('tells whether there was a session to remove', async () => {
    const { sessions } = await opened();
    await sessions.put(session('h'));
    assert.deepEqual([await sessions.remove('h'), await sessions.remove('h')], [true, false]);
    assert.deepEqual(await sessions.list('ada'), []);
  });

  it('lists the sessions of one account, newest first', async () => {
    const { sessions } = await opened();
    for (const [hash, age] of [
      ['b', 2],
      ['a', 3],
      ['c', 1],
    ] as const)
      await sessions.put(session(hash, { createdAt: T0 - age }));
    await sessions.put(session('other', { account: 'Ada' }));
    assert.deepEqual(
      (await sessions.list('ada')).map((record) => record.hash),
      ['c', 'b', 'a'],
    );
    assert.deepEqual(await sessions.list('nobody'), []);
  });

  it('removes all sessions of an account, or all but one', async () => {
    const { sessions } = await opened();
    for (const hash of ['a', 'b', 'c']) await sessions.put(session(hash));
    await sessions.put(session('other', { account: 'bob' }));
    assert.equal(await sessions.removeAll('ada', 'b'), 2);
    assert.deepEqual(
      (await sessions.list('ada')).map((record) => record.hash),
      ['b'],
    );
    assert.equal(await sessions.removeAll('ada', 'other'), 1, 'a foreign hash spares nothing');
    assert.equal(await sessions.removeAll('ada'), 0);
    assert.notEqual(await sessions.get('other'), null);
  });

  it('prunes what has ended or was not seen, and nothing else', async () => {
    const { sessions } = await opened();
    await sessions.put(session('ended', { expiresAt: T0 }));
    await sessions.put(session('idle', { seenAt: T0 - 1001 }));
    await sessions.put(session('ends next', { expiresAt: T0 + 1 }));
    await sessions.put(session('just seen', { seenAt: T0 - 1000 }));
    assert.equal(await sessions.prune(T0, T0 - 1000), 2);
    assert.deepEqual((await sessions.list('ada')).map((record) => record.hash).sort(), ['ends next', 'just seen']);
  });

  it('prunes everything that has ended when asked until it answers 0', async () => {
    const { sessions } = await opened();
    for (let index = 0; index < 300; index++) await sessions.put(session(`h${index}`, { expiresAt: T0 }));
    let gone = 0;
    for (let batch = -1; batch !== 0; gone += batch) batch = await sessions.prune(T0, 0);
    assert.equal(gone, 300);
    assert.deepEqual(await sessions.list('ada'), []);
  });
}
