/**
 * Which SQL only reads, and that what owners write on GET through the shared connection is seen.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { watchWrites } from '@dewar/core/store';
import { sqliteStores } from './sqlite.ts';
import { onlyReads } from './statement.ts';

const reading: readonly string[] = [
  'SELECT 1',
  '  select * from t where a = ?;',
  '-- insert\nSELECT 1',
  '/* update */ SELECT 1',
  "SELECT 'delete from t; -- '",
  'SELECT "update", `delete`, [insert] FROM t',
  'WITH x AS (SELECT 1) SELECT * FROM x',
  "SELECT replace(a, 'x', 'y') FROM t",
  'VALUES (1), (2)',
  'EXPLAIN SELECT 1',
  'PRAGMA user_version',
  'BEGIN; SELECT 1; COMMIT',
  'SELECT updated_at FROM deletes',
  '',
];
const writing: readonly string[] = [
  'INSERT INTO t VALUES (1)',
  'update t set a = 1',
  'DELETE FROM t',
  'REPLACE INTO t VALUES (1)',
  'WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x',
  'WITH x AS (SELECT 1) DELETE FROM t',
  'CREATE TABLE t (a)',
  'DROP TABLE t',
  'ALTER TABLE t ADD b',
  'VACUUM',
  'PRAGMA user_version = 5',
  'ATTACH DATABASE "x" AS y',
  'SELECT 1; DELETE FROM t',
  "SELECT '--'; DELETE FROM t",
  '/* SELECT */ DELETE FROM t',
  "SELECT 'it''s'; UPDATE t SET a = 1",
];

describe('a statement', () => {
  for (const sql of reading) it(`only reads: ${JSON.stringify(sql)}`, () => assert.ok(onlyReads(sql)));
  for (const sql of writing) it(`changes something: ${JSON.stringify(sql)}`, () => assert.ok(!onlyReads(sql)));
});

describe('the shared connection', () => {
  it('tells of what is written to an owner’s table, and of nothing that is read [S-34]', () => {
    const stores = sqliteStores({ file: ':memory:' });
    stores.migrate('desk', [{ name: 'tickets', sql: 'CREATE TABLE ticket (title TEXT) STRICT' }]);
    const insert = stores.database.prepare('INSERT INTO ticket VALUES (?) RETURNING title');
    const count = stores.database.prepare('SELECT count(*) AS n FROM ticket');
    const told: string[] = [];
    watchWrites(
      (store, operation) => told.push(`${store}.${operation}`),
      () => {
        count.get();
        void stores.use((database) => database.prepare('SELECT 1').all());
        assert.deepEqual(told, []);
        insert.get('one');
        insert.run('two');
        stores.database.exec('DELETE FROM ticket');
      },
    );
    insert.run('outside');
    assert.deepEqual(told, ['sql.get', 'sql.run', 'sql.exec']);
    stores.close();
  });

  it('keeps a refused write out', () => {
    const stores = sqliteStores({ file: ':memory:' });
    stores.migrate('desk', [{ name: 'tickets', sql: 'CREATE TABLE ticket (title TEXT) STRICT' }]);
    const refuse = (): never => {
      throw new Error('refused');
    };
    watchWrites(refuse, () => {
      assert.throws(() => stores.database.prepare('INSERT INTO ticket VALUES (1)').run(), /refused/);
    });
    assert.equal(stores.database.prepare('SELECT count(*) AS n FROM ticket').get()?.['n'], 0);
    stores.close();
  });
});
