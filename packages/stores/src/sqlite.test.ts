/**
 * What is particular to SQLite: the file, the connection that owners share, and what survives.
 * @module
 */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { memoryStores } from '@dewar/core/store';
import fc from 'fast-check';
import { account, session, T0 } from './contract/records.ts';
import { sqliteStores } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'dewar-sqlite-'));
after(() => rmSync(folder, { recursive: true }));
const posix = process.platform !== 'win32';
const mode = (name: string): string => (statSync(name).mode & 0o777).toString(8);

describe('the file', () => {
  it('is readable by its owner alone, with its folder and its log', { skip: !posix }, async () => {
    const before = process.umask(0);
    const file = join(folder, 'deep', 'data', 'dewar.db');
    const stores = sqliteStores({ file });
    await stores.accounts.create(account('ada'));
    process.umask(before);
    assert.deepEqual(
      [file, `${file}-wal`, `${file}-shm`, join(folder, 'deep', 'data'), join(folder, 'deep')].map(mode),
      ['600', '600', '600', '700', '700'],
    );
    stores.close();
  });

  it('is narrowed when it was readable by others', { skip: !posix }, () => {
    const file = join(folder, 'wide.db');
    sqliteStores({ file }).close();
    chmodSync(file, 0o644);
    sqliteStores({ file }).close();
    assert.equal(mode(file), '600');
  });

  for (const wide of [0o620, 0o602, 0o666])
    it(`is refused when others could write to it: ${wide.toString(8)}`, { skip: !posix }, () => {
      const file = join(folder, `written-${wide}.db`);
      sqliteStores({ file }).close();
      chmodSync(file, wide);
      const command = `run: chmod 600 "${file}"`;
      assert.throws(
        () => sqliteStores({ file }),
        (error: Error) =>
          /has mode 06\d\d, so others can write to it; /.test(error.message) && error.message.endsWith(command),
      );
      assert.equal(mode(file), wide.toString(8));
      chmodSync(file, 0o600);
      sqliteStores({ file }).close();
    });

  for (const wide of [0o770, 0o707, 0o1777])
    it(`is refused in a folder that others can write to: ${wide.toString(8)}`, { skip: !posix }, () => {
      const data = join(folder, `open-${wide}`);
      mkdirSync(data);
      chmodSync(data, wide);
      const file = join(data, 'dewar.db');
      assert.throws(
        () => sqliteStores({ file }),
        (error: Error) => error.message.includes(`"${data}" has mode`) && error.message.includes(`chmod 700 "${data}"`),
      );
      assert.throws(() => statSync(file), /ENOENT/);
      chmodSync(data, 0o755);
      sqliteStores({ file }).close();
    });

  it('is refused when it belongs to somebody else', { skip: process.getuid?.() !== 0 }, () => {
    const data = join(folder, 'foreign');
    const file = join(data, 'dewar.db');
    sqliteStores({ file }).close();
    chownSync(file, 65_534, 65_534);
    assert.throws(() => sqliteStores({ file }), /dewar\.db" belongs to somebody else/);
    chownSync(file, 0, 0);
    chownSync(data, 65_534, 65_534);
    assert.throws(() => sqliteStores({ file }), /foreign" belongs to somebody else/);
  });

  it('keeps everything across a restart', async () => {
    const file = join(folder, 'restart.db');
    const first = sqliteStores({ file });
    await first.accounts.create(account('ada'));
    await first.sessions.put(session('h'));
    await first.tickets.put('k', 'value', T0 + 1000);
    await first.counters.take('c', 1000, 1, 1, T0);
    first.close();
    const second = sqliteStores({ file });
    assert.deepEqual(await second.accounts.byId('ada'), { ...account('ada'), version: 1 });
    assert.deepEqual(await second.sessions.get('h'), session('h'));
    assert.equal(await second.tickets.takeOnce('k', T0), 'value');
    assert.equal((await second.counters.take('c', 1000, 1, 1, T0)).allowed, false);
    second.close();
  });

  it('is refused by name when it is no database, or a folder', () => {
    const file = join(folder, 'text.db');
    writeFileSync(file, 'this is not a database, but long enough to be looked at as one'.repeat(20));
    assert.throws(() => sqliteStores({ file }), {
      code: 'store/file',
      message: /text\.db" cannot be opened: file is not a database/,
    });
    assert.throws(() => sqliteStores({ file: folder }), { code: 'store/file' });
  });

  it('never reads its name as a URI with switches', () => {
    const before = process.cwd();
    process.chdir(folder);
    const stores = sqliteStores({ file: 'file:x.db?mode=memory' });
    process.chdir(before);
    stores.close();
    assert.equal(statSync(join(folder, 'file:x.db?mode=memory')).isFile(), true);
  });

  it('is unhealthy when it was replaced, removed or closed', async () => {
    const file = join(folder, 'moved.db');
    const stores = sqliteStores({ file });
    assert.equal((await stores.health()).ok, true);
    renameSync(file, `${file}.old`);
    assert.match((await stores.health()).detail, /no such file/);
    writeFileSync(file, '');
    assert.deepEqual(await stores.health(), {
      ok: false,
      detail: `sqlite: "${file}" was replaced while it was open; restart`,
    });
    stores.close();
    assert.equal((await stores.health()).ok, false);
  });
});

describe('the connection', () => {
  it('trusts nothing in the file and logs ahead', () => {
    const stores = sqliteStores({ file: join(folder, 'pragmas.db') });
    const names = ['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema', 'busy_timeout', 'secure_delete'];
    const values = names.map((name) => Object.values(stores.database.prepare(`PRAGMA ${name}`).get()!)[0]);
    assert.deepEqual(values, ['wal', 1, 1, 0, 2000, 2]);
    stores.database.exec('PRAGMA writable_schema = ON');
    assert.throws(
      () => stores.database.exec("DELETE FROM sqlite_schema WHERE name = 'dewar_accounts'"),
      /may not be modified/,
    );
    assert.throws(() => stores.database.loadExtension('x'), { code: 'ERR_INVALID_STATE' });
    stores.close();
  });

  it('waits for the disk when asked to', () => {
    const stores = sqliteStores({ file: join(folder, 'full.db'), synchronous: 'full' });
    assert.equal(stores.database.prepare('PRAGMA synchronous').get()?.['synchronous'], 2);
    stores.close();
  });

  it('refuses options that make no sense', () => {
    assert.throws(() => sqliteStores({ file: '' }), /file must be a path/);
    assert.throws(() => sqliteStores({ file: ':memory:', busyTimeout: 0 }), /busyTimeout must be/);
    assert.throws(() => sqliteStores({ file: ':memory:', transactionLimit: NaN }), /transactionLimit must be/);
    assert.throws(() => sqliteStores({ file: ':memory:', synchronous: 'off' as 'full' }), /synchronous must be/);
  });

  const plans: readonly (readonly [string, RegExp])[] = [
    [
      'SELECT * FROM dewar_sessions WHERE account = ? ORDER BY created_at DESC',
      /^SEARCH dewar_sessions USING INDEX dewar_sessions_by_account/,
    ],
    [
      "SELECT hash FROM dewar_sessions WHERE previous = ? AND previous <> '' LIMIT 1",
      /^SEARCH dewar_sessions USING (COVERING )?INDEX dewar_sessions_by_previous/,
    ],
    [
      'SELECT hash FROM dewar_sessions WHERE expires_at <= ? OR seen_at < ? LIMIT 10',
      /MULTI-INDEX OR.*by_end.*by_sight/,
    ],
    [
      'DELETE FROM dewar_sessions WHERE account = ? AND hash IS NOT ?',
      /^SEARCH dewar_sessions USING (COVERING )?INDEX dewar_sessions_by_account/,
    ],
    [
      'SELECT key FROM dewar_tickets WHERE until <= ? LIMIT 10',
      /^SEARCH dewar_tickets USING COVERING INDEX dewar_tickets_by_end/,
    ],
    ['SELECT * FROM dewar_accounts WHERE login > ? ORDER BY login LIMIT ?', /^SEARCH dewar_accounts USING INDEX/],
  ];
  for (const [sql, plan] of plans)
    it(`answers by an index: ${sql}`, () => {
      const stores = sqliteStores({ file: ':memory:' });
      const rows = stores.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      const text = rows.map((row) => row['detail']).join('; ');
      assert.match(text, plan);
      assert.doesNotMatch(text, /SCAN|TEMP B-TREE/);
      stores.close();
    });
});

describe("owners' own tables", () => {
  const tickets = [{ name: 'notes', sql: 'CREATE TABLE desk_notes (text TEXT NOT NULL) STRICT' }];
  const count = 'SELECT count(*) AS n FROM desk_notes';

  it('take part in a transaction', async () => {
    const stores = sqliteStores({ file: ':memory:' });
    stores.migrate('desk', tickets);
    const insert = stores.database.prepare('INSERT INTO desk_notes (text) VALUES (?)');
    const failing = stores.transaction(async () => {
      insert.run('undone');
      await stores.accounts.create(account('ada'));
      throw new Error('undo');
    });
    await assert.rejects(failing, /undo/);
    assert.equal(stores.database.prepare(count).get()?.['n'], 0);
    await stores.transaction(() => insert.run('kept'));
    assert.equal(stores.database.prepare(count).get()?.['n'], 1);
    stores.close();
  });

  it('are never written inside the transaction of somebody else: use() waits, a bare statement throws', async () => {
    const stores = sqliteStores({ file: ':memory:' });
    stores.migrate('desk', tickets);
    const insert = stores.database.prepare('INSERT INTO desk_notes (text) VALUES (?)');
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const undone = stores.transaction(async () => {
      insert.run('undone');
      started.resolve();
      await finish.promise;
      throw new Error('undo');
    });
    await started.promise;
    const busy = { code: 'store/busy', message: /stores\.use/ };
    assert.throws(() => insert.run('lost'), busy);
    assert.throws(() => stores.database.exec("INSERT INTO desk_notes (text) VALUES ('lost')"), busy);
    assert.throws(() => stores.database.prepare(count).get(), busy);
    assert.throws(() => stores.database.prepare(count).all(), busy);
    assert.throws(() => [...stores.database.prepare(count).iterate()], busy);
    assert.throws(() => stores.migrate('other', tickets), busy);
    assert.throws(() => stores.database.createTagStore(), { code: 'store/busy' });
    const waits = stores.use(() => insert.run('kept').changes);
    finish.resolve();
    await assert.rejects(undone, /undo/);
    assert.equal(await waits, 1);
    assert.deepEqual(
      stores.database
        .prepare('SELECT text FROM desk_notes')
        .all()
        .map((row) => row['text']),
      ['kept'],
    );
    stores.close();
  });

  it('use() runs in the context of whoever asked, however long it waited', async () => {
    const stores = sqliteStores({ file: ':memory:' });
    const request = new AsyncLocalStorage<string>();
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const open = request.run('one', () =>
      stores.transaction(async () => {
        started.resolve();
        await finish.promise;
      }),
    );
    await started.promise;
    const seen = request.run('two', () => stores.use(() => request.getStore()));
    finish.resolve();
    await open;
    assert.equal(await seen, 'two');
    stores.close();
  });

  it('use() answers at once when nothing is open, and refuses work that waits', async () => {
    const stores = sqliteStores({ file: ':memory:' });
    assert.equal(
      stores.use((database) => database.prepare('SELECT 7 AS n').get()?.['n']),
      7,
    );
    assert.throws(() => stores.use(async () => turn()), /synchronous work/);
    stores.close();
  });
});

describe('a transaction on SQLite', () => {
  it('is undone after its time limit, and lets the others in', async () => {
    const stores = sqliteStores({ file: ':memory:', transactionLimit: 20 });
    const stuck = stores.transaction(async () => {
      await stores.accounts.create(account('stuck'));
      await new Promise(() => {});
    });
    const waiting = stores.accounts.create(account('waiting'));
    await assert.rejects(stuck, { code: 'store/timeout' });
    assert.equal(await waiting, 'made');
    assert.deepEqual(
      (await stores.accounts.list({ limit: 10 })).map((record) => record.id),
      ['waiting'],
    );
    stores.close();
  });

  it('refuses to go on when SQLite ended it behind its back', async () => {
    const stores = sqliteStores({ file: ':memory:' });
    const broken = stores.transaction(async () => {
      await stores.accounts.create(account('first'));
      stores.database.exec('ROLLBACK');
      await stores.accounts.create(account('second'));
    });
    await assert.rejects(broken, { code: 'store/rolled-back' });
    assert.deepEqual(await stores.accounts.list({ limit: 10 }), []);
    await stores.transaction(() => stores.accounts.create(account('third')));
    assert.notEqual(await stores.accounts.byId('third'), null);
    stores.close();
  });

  it('leaves nothing of a failed statement, and the rest of the transaction whole', async () => {
    const stores = sqliteStores({ file: ':memory:' });
    await stores.accounts.create(account('ada'));
    await stores.accounts.create(account('bob'));
    await stores.transaction(async () => {
      assert.equal(await stores.accounts.update('bob', 1, { login: 'ada@example.org' }), false);
      assert.equal(await stores.accounts.update('bob', 1, { name: 'Bob' }), true);
    });
    assert.equal((await stores.accounts.byId('bob'))?.name, 'Bob');
    stores.close();
  });
});

describe('counters on SQLite', () => {
  it('decide as those in memory do', async () => {
    const call = fc.tuple(fc.constantFrom('a', 'b'), fc.nat(3000), fc.nat(4));
    const [sqlite, memory] = [sqliteStores({ file: ':memory:' }), memoryStores()];
    let round = 0;
    const same = fc.asyncProperty(
      fc.double({ min: 0.01, max: 3000, noNaN: true }),
      fc.integer({ min: 1, max: 8 }),
      fc.array(call, { maxLength: 30 }),
      async (emission, burst, calls) => {
        round += 1;
        let now = T0;
        for (const [key, wait, cost] of calls) {
          now += wait;
          const answers = [sqlite, memory].map(({ counters }) =>
            counters.take(`${round} ${key}`, emission, burst, cost, now),
          );
          assert.deepEqual(answers[0], answers[1]);
        }
      },
    );
    await fc.assert(same);
    sqlite.close();
  });
});
