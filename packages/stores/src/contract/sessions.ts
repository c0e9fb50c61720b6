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
      session('h2', { rotate: true, roles: [], methods: [], device: '', address: '' }),
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
    await sessions.replace('h', session('h', { roles: replaced }));
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

  it('replaces a session: the old hash is gone at once', async () => {
    const { sessions } = await opened();
    await sessions.put(session('old'));
    assert.equal(await sessions.replace('old', session('new', { roles: ['admin'] })), true);
    assert.equal(await sessions.get('old'), null);
    assert.deepEqual((await sessions.get('new'))?.roles, ['admin']);
    assert.deepEqual(
      (await sessions.list('ada')).map((record) => record.hash),
      ['new'],
    );
  });

  it('replaces a session under its own hash', async () => {
    const { sessions } = await opened();
    await sessions.put(session('h'));
    assert.equal(await sessions.replace('h', session('h', { rotate: true })), true);
    assert.equal((await sessions.get('h'))?.rotate, true);
  });

  it('replaces nothing after a revocation: a rotation under way does not bring the session back', async () => {
    const { sessions } = await opened();
    await sessions.put(session('old'));
    await sessions.remove('old');
    assert.equal(await sessions.replace('old', session('new')), false);
    assert.equal(await sessions.get('new'), null);
    assert.deepEqual(await sessions.list('ada'), []);
  });

  it('lets exactly one of 50 parallel rotations win', async () => {
    const { sessions } = await opened();
    await sessions.put(session('old'));
    const calls = Array.from({ length: 50 }, (_, index) => sessions.replace('old', session(`new${index}`)));
    assert.equal((await Promise.all(calls)).filter(Boolean).length, 1);
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
