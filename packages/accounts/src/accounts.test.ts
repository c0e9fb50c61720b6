/**
 * Registration, sign-in and roles, over stores that answer at once and over such that answer late.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hash as argon2 } from '@node-rs/argon2';
import { memoryStores } from '@dewar/core';
import type { AccountRecord, Context, Stores } from '@dewar/core';
import { sqliteStores } from '@dewar/stores';
import { createAccounts } from './accounts.ts';
import type { Accounts, AccountsOptions } from './accounts.ts';

const PASSWORD = 'correct horse battery';
const ADA = { login: 'Ada@Desk.Example', name: ' Ada Lovelace ', password: PASSWORD };

function setUp(stores: Stores = memoryStores(), more: Partial<AccountsOptions> = {}): Accounts {
  const roles = ['customer', 'agent', 'administrator'];
  return createAccounts({ stores, roles, newcomer: ['customer'], administrator: 'administrator', ...more });
}

async function made(accounts: Accounts, input: Partial<typeof ADA> = {}): Promise<AccountRecord> {
  const done = await accounts.register({ ...ADA, ...input });
  assert.equal(done.result, 'made');
  return (done as { account: AccountRecord }).account;
}

describe('registration', () => {
  it('keeps login and name in one spelling, and never the password [S-17]', async () => {
    const stores = memoryStores();
    const account = await made(setUp(stores, { clock: { now: () => 42 } }));
    assert.deepEqual(await stores.accounts.byLogin('ada@desk.example'), account);
    const { login, name, roles, createdAt, disabled } = account;
    assert.deepEqual(
      [login, name, roles, createdAt, disabled],
      ['ada@desk.example', 'Ada Lovelace', ['customer'], 42, false],
    );
    assert.ok(!JSON.stringify(account).includes(PASSWORD));
  });

  it('answers taken for a login in any spelling', async () => {
    const accounts = setUp();
    await made(accounts);
    assert.equal((await accounts.register({ ...ADA, login: ' ADA\uff20desk.example' })).result, 'taken');
  });

  it('lets one of fifty at the same moment have a login', async () => {
    const accounts = setUp(sqliteStores({ file: ':memory:' }));
    const all = await Promise.all(Array.from({ length: 50 }, () => accounts.register(ADA)));
    assert.equal(all.filter(({ result }) => result === 'made').length, 1);
  });

  it('gives nobody the roles they send', async () => {
    const sent = { ...ADA, roles: ['administrator'], disabled: false, id: 'mine' };
    const done = await setUp().register(sent);
    assert.equal(done.result, 'made');
    assert.deepEqual([(done as { account: AccountRecord }).account.roles], [['customer']]);
    assert.notEqual((done as { account: AccountRecord }).account.id, 'mine');
  });

  for (const [input, faults] of [
    [{ login: 'ada' }, [{ field: 'login', wrong: 'not-an-address' }]],
    [{ name: '   ' }, [{ field: 'name', wrong: 'missing' }]],
    [{ name: 'x'.repeat(81) }, [{ field: 'name', wrong: 'too-long' }]],
    [{ name: 'Ada\u202e' }, [{ field: 'name', wrong: 'not-text' }]],
    [{ password: 'short' }, [{ field: 'password', wrong: 'too-short' }]],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(input).slice(0, 40)}`, async () =>
      assert.deepEqual(await setUp().register({ ...ADA, ...input }), { result: 'invalid', faults }));

  it('says everything that is wrong at once', async () => {
    const done = await setUp().register({ login: '', name: '', password: '' });
    assert.deepEqual(done.result === 'invalid' && done.faults.map(({ field }) => field), ['login', 'name', 'password']);
  });
});

describe('sign-in', () => {
  it('answers the account for its login in any spelling, and nobody for anything else', async () => {
    const accounts = setUp();
    const ada = await made(accounts);
    assert.equal((await accounts.authenticate(' ada@DESK.example', PASSWORD))?.id, ada.id);
    assert.equal(await accounts.authenticate('ada@desk.example', 'correct horse batterx'), null);
    assert.equal(await accounts.authenticate('eve@desk.example', PASSWORD), null);
    assert.equal(await accounts.authenticate('no login', PASSWORD), null);
  });

  it('does the same work for known, unknown, disabled and impossible logins [PWD-17]', async () => {
    const stores = memoryStores();
    const counted: string[] = [];
    const accounts = new Proxy(stores.accounts, {
      get: (target, name) => {
        const method = target[name as 'byLogin'].bind(target);
        return (...input: readonly [string]) => {
          counted.push(String(name));
          return method(...input);
        };
      },
    });
    const service = setUp({ ...stores, accounts });
    const ada = await made(service);
    const bob = await made(service, { login: 'bob@desk.example' });
    await stores.accounts.update(bob.id, 1, { disabled: true });
    const hashes: number[] = [];
    for (const login of [ada.login, 'eve@desk.example', bob.login, 'no login', '']) {
      counted.length = 0;
      const start = performance.now();
      assert.equal(await service.authenticate(login, 'wrong horse battery'), null);
      hashes.push(performance.now() - start);
      assert.deepEqual(counted, ['byLogin'], login);
    }
    // Without its hash an answer takes a twentieth of a millisecond.
    assert.ok(Math.min(...hashes) > 2, `fastest answer after ${Math.min(...hashes)} ms`);
  });

  it('lets nobody in on an account without a password, or a disabled one', async () => {
    const stores = memoryStores();
    const accounts = setUp(stores);
    const ada = await made(accounts);
    await stores.accounts.update(ada.id, 1, { passwordHash: '' });
    for (const password of ['', PASSWORD]) assert.equal(await accounts.authenticate(ada.login, password), null);
    await stores.accounts.update(ada.id, 2, { passwordHash: ada.passwordHash, disabled: true });
    assert.equal(await accounts.authenticate(ada.login, PASSWORD), null);
  });

  it('tells of failures, without what was typed [PWD-26]', async () => {
    const accounts = setUp();
    const ada = await made(accounts);
    const events: unknown[] = [];
    const kernel = { emit: (...event: unknown[]) => events.push(event) };
    // What the accounts touch of a context.
    const c = { kernel, facts: { id: 'r1', client: { ip: '192.0.2.7' } } } as unknown as Context;
    await accounts.authenticate(ada.login, 'wrong horse battery', c);
    await accounts.authenticate('correct horse battery', '', c);
    const asked = { request: 'r1', client: '192.0.2.7' };
    assert.deepEqual(events, [
      ['account.sign_in_failed', { ...asked, account: ada.id }],
      ['account.sign_in_failed', asked],
    ]);
  });

  it('brings an older hash up to date [PWD-09]', async () => {
    const stores = memoryStores();
    const accounts = setUp(stores);
    const ada = await made(accounts);
    const old = await argon2(PASSWORD, { memoryCost: 12_288, timeCost: 3 });
    await stores.accounts.update(ada.id, 1, { passwordHash: old });
    const back = await accounts.authenticate(ada.login, PASSWORD);
    const kept = await stores.accounts.byId(ada.id);
    assert.match(kept!.passwordHash, /m=19456,t=2,p=1/);
    assert.deepEqual(back, kept);
    assert.equal((await accounts.authenticate(ada.login, PASSWORD))?.version, 3);
  });
});

for (const [name, open] of [
  ['memory', () => memoryStores()],
  ['SQLite', () => sqliteStores({ file: ':memory:' })],
] as const)
  describe(`names, in ${name}`, () => {
    it('change alone, by the rules of registration', async () => {
      const stores = open();
      const accounts = setUp(stores);
      const before = await made(accounts);
      assert.equal(await accounts.rename(before.id, '  Ada  King '), 'changed');
      const expected = { ...before, name: 'Ada  King', version: before.version + 1 };
      assert.deepEqual({ ...(await stores.accounts.byId(before.id)) }, expected);
      assert.equal(await accounts.rename(before.id, 'Ada  King'), 'unchanged');
      assert.equal(await accounts.rename('nobody', 'Ada'), 'unknown-account');
      for (const [typed, fault] of [
        ['', 'missing'],
        [' \u00a0', 'missing'],
        ['x'.repeat(81), 'too-long'],
        ['\u202eevil', 'not-text'],
        ['a\nb', 'not-text'],
        ['a\ud800', 'not-text'],
        [['Ada'] as unknown as string, 'missing'],
      ] as const)
        assert.equal(await accounts.rename(before.id, typed), fault, JSON.stringify(typed));
      assert.deepEqual({ ...(await stores.accounts.byId(before.id)) }, expected);
    });
  });

for (const [name, open] of [
  ['memory', () => memoryStores()],
  ['SQLite', () => sqliteStores({ file: ':memory:' })],
] as const)
  describe(`roles, in ${name}`, () => {
    const quiet = (): void => undefined;

    it('are given, and sessions are told with the change', async () => {
      const stores = open();
      const accounts = setUp(stores);
      const ada = await made(accounts);
      const told: unknown[] = [];
      const result = await accounts.setRoles(ada.id, ['agent', 'agent'], (...what) => told.push(what));
      assert.deepEqual([result, told], ['changed', [[ada.id, ['agent']]]]);
      assert.deepEqual((await stores.accounts.byId(ada.id))?.roles, ['agent']);
      assert.equal(await accounts.setRoles(ada.id, ['agent'], (...what) => told.push(what)), 'unchanged');
      assert.equal(told.length, 1);
    });

    it('stay as they were when sessions cannot be told', async () => {
      const stores = open();
      const accounts = setUp(stores);
      const ada = await made(accounts);
      const broken = (): never => {
        throw new Error('sessions are away');
      };
      await assert.rejects(accounts.setRoles(ada.id, ['agent'], broken), /sessions are away/);
      assert.deepEqual((await stores.accounts.byId(ada.id))?.roles, ['customer']);
    });

    it('that nobody knows are refused, and so is an account that nobody knows', async () => {
      const accounts = setUp(open());
      const ada = await made(accounts);
      assert.equal(await accounts.setRoles(ada.id, ['root'], quiet), 'unknown-role');
      assert.equal(await accounts.setRoles('nobody', ['agent'], quiet), 'unknown-account');
    });

    it('leave one administrator who can sign in, also when two resign at the same moment', async () => {
      const stores = open();
      const accounts = setUp(stores);
      const ids: string[] = [];
      for (const login of ['a@desk.example', 'b@desk.example', 'c@desk.example']) {
        const { id } = await made(accounts, { login });
        ids.push(id);
        await accounts.setRoles(id, ['administrator'], quiet);
      }
      const [a, b, c] = ids as [string, string, string];
      await stores.accounts.update(c, 2, { disabled: true });
      const results = await Promise.all([a, b].map((id) => accounts.setRoles(id, ['customer'], quiet)));
      assert.deepEqual(results.toSorted(), ['changed', 'last-administrator']);
    });
  });

for (const [name, open] of [
  ['memory', () => memoryStores()],
  ['SQLite', () => sqliteStores({ file: ':memory:' })],
] as const)
  describe(`disabling, in ${name}`, () => {
    const quiet = (): void => undefined;

    it('keeps the account out, and sessions end with it; enabling lets it in again, and ends none', async () => {
      const stores = open();
      const accounts = setUp(stores);
      const ada = await made(accounts);
      const told: unknown[] = [];
      assert.equal(await accounts.disable(ada.id, (...what) => told.push(what)), 'changed');
      assert.deepEqual(told, [[ada.id]]);
      assert.equal((await stores.accounts.byId(ada.id))?.disabled, true);
      assert.equal(await accounts.authenticate(ada.login, PASSWORD), null);
      assert.equal(await accounts.enable(ada.id), 'changed');
      assert.equal((await accounts.authenticate(ada.login, PASSWORD))?.id, ada.id);
      assert.equal(told.length, 1);
    });

    it('changes nothing when sessions cannot be told', async () => {
      const stores = open();
      const accounts = setUp(stores);
      const ada = await made(accounts);
      const broken = async (): Promise<never> => Promise.reject(new Error('sessions are away'));
      await assert.rejects(accounts.disable(ada.id, broken), /sessions are away/);
      assert.deepEqual(await stores.accounts.byId(ada.id), ada);
    });

    it('ends sessions of an account that was disabled by other means, and changes nothing else', async () => {
      const stores = open();
      const accounts = setUp(stores);
      const ada = await made(accounts);
      await stores.accounts.update(ada.id, 1, { disabled: true });
      const told: unknown[] = [];
      assert.equal(await accounts.disable(ada.id, (id) => told.push(id)), 'unchanged');
      assert.deepEqual([told, (await stores.accounts.byId(ada.id))?.version], [[ada.id], 2]);
    });

    it('knows what it cannot do', async () => {
      const accounts = setUp(open());
      const ada = await made(accounts);
      assert.equal(await accounts.enable(ada.id), 'unchanged');
      assert.equal(await accounts.enable('nobody'), 'unknown-account');
      assert.equal(await accounts.disable('nobody', quiet), 'unknown-account');
    });

    it('leaves one administrator who can sign in, also when two are disabled at the same moment', async () => {
      const accounts = setUp(open());
      const ids: string[] = [];
      for (const login of ['a@desk.example', 'b@desk.example']) {
        const { id } = await made(accounts, { login });
        ids.push(id);
        await accounts.setRoles(id, ['administrator'], quiet);
      }
      const results = await Promise.all(ids.map((id) => accounts.disable(id, quiet)));
      assert.deepEqual(results.toSorted(), ['changed', 'last-administrator']);
    });

    it('is told as events, where something changed', async () => {
      const accounts = setUp(open());
      const ada = await made(accounts);
      const events: unknown[] = [];
      const kernel = { emit: (...event: unknown[]) => events.push(event) };
      // What the accounts touch of a context.
      const c = { kernel, facts: { id: 'r1', client: { ip: '192.0.2.7' } } } as unknown as Context;
      for (let round = 0; round < 2; round++) await accounts.disable(ada.id, quiet, c);
      for (let round = 0; round < 2; round++) await accounts.enable(ada.id, c);
      const about = { request: 'r1', client: '192.0.2.7', account: ada.id };
      assert.deepEqual(events, [
        ['account.disabled', about],
        ['account.enabled', about],
      ]);
    });
  });

describe('createAccounts', () => {
  it('refuses roles that it does not know, and newcomers who are administrators', () => {
    assert.throws(() => setUp(memoryStores(), { newcomer: ['guest'] }), /"guest" is not in roles/);
    assert.throws(() => setUp(memoryStores(), { administrator: 'root' }), /"root" is not in roles/);
    assert.throws(() => setUp(memoryStores(), { newcomer: ['administrator'] }), /whoever registers/);
  });
});
