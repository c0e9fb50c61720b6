/**
 * Code and database that do not belong together are told at start.
 * @module
 */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { migrate, type Migration } from './migrations.ts';
import { sqliteStores } from './sqlite.ts';

const one: Migration = { name: 'tickets', sql: 'CREATE TABLE desk_tickets (id TEXT PRIMARY KEY) STRICT;\nSELECT 1;' };
const two: Migration = { name: 'titles', sql: "ALTER TABLE desk_tickets ADD COLUMN title TEXT NOT NULL DEFAULT ''" };

function tables(database: DatabaseSync): unknown[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'desk%'").all();
  return rows.map((row) => row['name']);
}

describe('migrations', () => {
  it('apply once, in order, and record what they did', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, 'desk', [one]);
    migrate(database, 'desk', [one, two]);
    migrate(database, 'desk', [one, two]);
    const rows = database.prepare('SELECT namespace, version, name FROM dewar_migrations ORDER BY version').all();
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { namespace: 'desk', version: 1, name: 'tickets' },
        { namespace: 'desk', version: 2, name: 'titles' },
      ],
    );
    database.exec("INSERT INTO desk_tickets (id, title) VALUES ('a', 'b')");
  });

  it('keep namespaces apart', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, 'desk', [one]);
    migrate(database, 'other', [{ name: 'first', sql: 'CREATE TABLE other (id TEXT) STRICT' }]);
    assert.equal(database.prepare('SELECT count(*) AS n FROM dewar_migrations').get()?.['n'], 2);
  });

  it('refuse an applied migration whose text or name has changed, by name', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, 'desk', [one, two]);
    for (const changed of [{ ...one, sql: `${one.sql} ` }, { ...one, name: 'renamed' }, two])
      assert.throws(() => migrate(database, 'desk', [changed, two]), {
        code: 'store/migration-changed',
        message: /migration 1 "tickets" of "desk" was applied with another text/,
      });
  });

  it('take no offence at line ends that a checkout changed', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, 'desk', [one]);
    migrate(database, 'desk', [{ ...one, sql: one.sql.replaceAll('\n', '\r\n') }]);
    assert.deepEqual(tables(database), ['desk_tickets']);
  });

  it('refuse a database that is newer than the code, by name', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, 'desk', [one, two]);
    assert.throws(() => migrate(database, 'desk', [one]), {
      code: 'store/migration-newer',
      message: /"desk" stands at 2 \("titles"\), the code knows 1/,
    });
  });

  it('change nothing when one fails, and keep those before it', () => {
    const database = new DatabaseSync(':memory:');
    const broken = {
      name: 'broken',
      sql: 'CREATE TABLE desk_extra (id TEXT) STRICT; CREATE TABLE desk_tickets (x TEXT)',
    };
    assert.throws(() => migrate(database, 'desk', [one, broken]), {
      code: 'store/migration-failed',
      message: /migration 2 "broken" of "desk" failed and changed nothing: table desk_tickets already exists/,
    });
    assert.deepEqual(tables(database), ['desk_tickets']);
    assert.equal(database.isTransaction, false);
    migrate(database, 'desk', [one, two]);
  });

  for (const sql of ['COMMIT', 'BEGIN', 'ROLLBACK', "ATTACH ':memory:' AS other"])
    it(`refuse ${sql.split(' ')[0]} inside a migration before it does harm`, () => {
      const database = new DatabaseSync(':memory:');
      const list = [{ name: 'escape', sql: `CREATE TABLE desk_half (id TEXT) STRICT; ${sql}; SELECT broken` }];
      assert.throws(() => migrate(database, 'desk', list), { code: 'store/migration-failed' });
      assert.deepEqual(tables(database), []);
      database.exec('BEGIN; COMMIT');
    });

  it('refuse namespaces that are none, and the one of the stores', () => {
    const stores = sqliteStores({ file: ':memory:' });
    for (const namespace of ['', 'Desk', 'a b', '1a', 'dewar'])
      assert.throws(() => stores.migrate(namespace, [one]), TypeError, namespace);
    stores.close();
  });

  it('do not run inside a transaction', async () => {
    const stores = sqliteStores({ file: ':memory:' });
    const inside = stores.transaction(() => stores.migrate('desk', [one]));
    await assert.rejects(inside, { code: 'store/busy' });
    stores.close();
  });
});
