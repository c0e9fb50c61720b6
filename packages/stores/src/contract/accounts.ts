/**
 * What every account store must hold to.
 * @module
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Opened } from './opened.ts';
import { account, ODD_TEXTS } from './records.ts';

export function accountContract(opened: Opened): void {
  it('gives an account back by id and by login, with version 1', async () => {
    const { accounts } = await opened();
    assert.equal(await accounts.create(account('ada')), 'made');
    assert.deepEqual({ ...(await accounts.byId('ada')) }, { ...account('ada'), version: 1 });
    assert.deepEqual({ ...(await accounts.byLogin('ada@example.org')) }, { ...account('ada'), version: 1 });
    assert.deepEqual([await accounts.byId('ada@example.org'), await accounts.byLogin('ada')], [null, null]);
  });

  it('keeps odd text of an account, compared exactly', async () => {
    const { accounts } = await opened();
    for (const text of ODD_TEXTS) {
      assert.equal(await accounts.create(account(text, { login: text, name: text, roles: [text] })), 'made');
      assert.equal((await accounts.byLogin(text))?.name, text);
      assert.equal(await accounts.byLogin(`${text}.`), null);
    }
    assert.equal(await accounts.byLogin('1000'), null, 'text that looks like a number is text');
    assert.equal(await accounts.byLogin('ASTRAL \u{1F512}'), null);
    assert.equal(await accounts.byLogin('combining \u00e9 is not \u00e9'), null);
  });

  it('makes no account with a login or an id that exists', async () => {
    const { accounts } = await opened();
    await accounts.create(account('ada'));
    assert.equal(await accounts.create(account('eve', { login: 'ada@example.org', roles: ['admin'] })), 'taken');
    assert.equal(await accounts.create(account('ada', { login: 'eve@example.org', roles: ['admin'] })), 'taken');
    assert.deepEqual([await accounts.byId('eve'), await accounts.byLogin('eve@example.org')], [null, null]);
    assert.deepEqual({ ...(await accounts.byId('ada')) }, { ...account('ada'), version: 1 });
  });

  it('makes one account of 50 parallel registrations of a login', async () => {
    const { accounts } = await opened();
    const calls = Array.from({ length: 50 }, (_, index) => accounts.create(account(`id${index}`, { login: 'ada' })));
    assert.equal((await Promise.all(calls)).filter((answer) => answer === 'made').length, 1);
  });

  it('changes only what it was told, and the version', async () => {
    const { accounts } = await opened();
    await accounts.create(account('ada'));
    const changes = [
      { disabled: true },
      { roles: [] },
      { name: '' },
      { passwordHash: '' },
      { disabled: false },
      { login: 'l' },
    ];
    let expected = { ...account('ada'), version: 1 };
    for (const change of changes) {
      assert.equal(await accounts.update('ada', expected.version, change), true);
      expected = { ...expected, ...change, version: expected.version + 1 };
      assert.deepEqual({ ...(await accounts.byId('ada')) }, expected);
    }
    assert.equal(await accounts.byLogin('ada@example.org'), null);
    assert.equal((await accounts.byLogin('l'))?.id, 'ada');
    assert.equal(await accounts.create(account('new', { login: 'ada@example.org' })), 'made', 'the old login is free');
  });

  it('changes nothing on another version or an unknown id', async () => {
    const { accounts } = await opened();
    await accounts.create(account('ada'));
    await accounts.update('ada', 1, { name: 'second' });
    for (const version of [0, 1, 3]) assert.equal(await accounts.update('ada', version, { roles: ['admin'] }), false);
    assert.equal(await accounts.update('nobody', 1, { roles: ['admin'] }), false);
    assert.deepEqual({ ...(await accounts.byId('ada')) }, { ...account('ada'), name: 'second', version: 2 });
  });

  it('changes nothing when the new login is taken', async () => {
    const { accounts } = await opened();
    await accounts.create(account('ada'));
    await accounts.create(account('bob'));
    assert.equal(await accounts.update('bob', 1, { login: 'ada@example.org', name: 'x' }), false);
    assert.deepEqual({ ...(await accounts.byId('bob')) }, { ...account('bob'), version: 1 });
    assert.equal((await accounts.byLogin('ada@example.org'))?.id, 'ada');
    assert.equal(await accounts.update('bob', 1, { login: 'bob@example.org' }), true, 'its own login is not taken');
  });

  it('lets exactly one of 50 parallel changes of a version win', async () => {
    const { accounts } = await opened();
    await accounts.create(account('ada'));
    const calls = Array.from({ length: 50 }, (_, index) => accounts.update('ada', 1, { name: `n${index}` }));
    assert.equal((await Promise.all(calls)).filter(Boolean).length, 1);
    assert.equal((await accounts.byId('ada'))?.version, 2);
  });

  it('keeps a copy of an account, not the object it was given', async () => {
    const { accounts } = await opened();
    const roles = ['customer'];
    await accounts.create(account('ada', { roles }));
    roles.push('admin');
    assert.deepEqual((await accounts.byId('ada'))?.roles, ['customer']);
    const changed = ['agent'];
    await accounts.update('ada', 1, { roles: changed });
    changed.push('admin');
    assert.deepEqual((await accounts.byId('ada'))?.roles, ['agent']);
  });

  it('refuses logins that are not well-formed Unicode, and never mistakes one for another', async () => {
    const { accounts } = await opened();
    await accounts.create(account('ada', { login: 'a\ufffd' }));
    await accounts.create(account('bob'));
    await assert.rejects(async () => accounts.create(account('eve', { login: 'a\ud800' })), TypeError);
    await assert.rejects(async () => accounts.create(account('e\udc00')), TypeError);
    await assert.rejects(async () => accounts.update('bob', 1, { login: 'b\ud800' }), TypeError);
    assert.equal(await accounts.byLogin('a\ud800'), null);
  });

  it('lists accounts in pages, by code point of the login', async () => {
    const { accounts } = await opened();
    const logins = ['', '!', '0', 'A', 'a', 'ab', 'b', '\u00e9', '\uffee', '\u{1F512}'];
    for (const login of [...logins].reverse()) await accounts.create(account(`id ${login}`, { login }));
    const seen: string[] = [];
    for (
      let page = await accounts.list({ limit: 3 });
      page.length > 0;
      page = await accounts.list({ after: seen.at(-1)!, limit: 3 })
    )
      seen.push(...page.map((record) => record.login));
    assert.deepEqual(seen, logins);
    assert.equal((await accounts.list({ limit: 1000 })).length, logins.length);
    assert.deepEqual(
      (await accounts.list({ after: 'aa', limit: 1 })).map((record) => record.login),
      ['ab'],
    );
  });

  it('lists accounts by text within login or name, and by role', async () => {
    const { accounts } = await opened();
    const people = [
      ['ada', 'Ada O’Kafor 100%', ['admin', 'agent']],
      ['bob', 'Bob_Ross', ['agent']],
      ['eve', 'EVÉ', []],
      ['kim', 'Kim "agent"', ['agent-of-nobody']],
    ] as const;
    for (const [id, name, roles] of people)
      await accounts.create(account(id, { login: `${id}@example.org`, name, roles }));
    for (const [selection, found] of [
      [{ containing: 'o' }, ['ada', 'bob', 'eve', 'kim']],
      [{ containing: 'ROSS' }, ['bob']],
      [{ containing: 'KIM@' }, ['kim']],
      [{ containing: '%' }, ['ada']],
      [{ containing: '_' }, ['bob']],
      [{ containing: '"' }, ['kim']],
      [{ containing: `' OR 1=1 --` }, []],
      [{ containing: 'é' }, []],
      [{ containing: 'É' }, ['eve']],
      [{ containing: '\ud800' }, []],
      [{ containing: '' }, ['ada', 'bob', 'eve', 'kim']],
      [{ role: 'agent' }, ['ada', 'bob']],
      [{ role: 'agent', containing: 'ross' }, ['bob']],
      [{ role: 'agent', after: 'ada@example.org' }, ['bob']],
      [{ containing: 'o', after: 'bob@example.org', limit: 1 }, ['eve']],
      [{ role: 'Agent' }, []],
      [{ role: '\udc00' }, []],
    ] as const) {
      const page = await accounts.list({ limit: 10, ...selection });
      assert.deepEqual(
        page.map(({ id }) => id),
        found,
        JSON.stringify(selection),
      );
    }
  });

  it('refuses pages of no sensible size', async () => {
    const { accounts } = await opened();
    for (const limit of [0, -1, 1.5, NaN, 1001, Infinity])
      await assert.rejects(async () => accounts.list({ limit }), RangeError, String(limit));
  });
}
