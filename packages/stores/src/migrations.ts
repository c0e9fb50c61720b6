/**
 * One ordered list of migrations per package. What was applied is recorded with a checksum, so that code and database
 * that do not belong together are told at start, not by wrong answers later.
 * @module
 */
import { createHash } from 'node:crypto';
import { constants, type DatabaseSync } from 'node:sqlite';
import { StoreError } from '@dewar/core/store';

/** One step. Its version is its place in the list, from 1: add at the end, never change what was released. */
export interface Migration {
  readonly name: string;
  /** Statements, without BEGIN or COMMIT: each migration runs in a transaction of its own. */
  readonly sql: string;
}

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const TABLE = `CREATE TABLE IF NOT EXISTS dewar_migrations (
  namespace TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, applied_at INTEGER NOT NULL,
  checksum TEXT NOT NULL, PRIMARY KEY (namespace, version)) STRICT, WITHOUT ROWID`;

/** Brings one package's tables up to date. Safe when several processes start at the same time. */
export function migrate(database: DatabaseSync, namespace: string, list: readonly Migration[]): void {
  if (!/^[a-z][a-z0-9-]*$/.test(namespace))
    throw new TypeError(`migrations: "${namespace}" is no namespace; write lower-case letters, digits and "-"`);
  database.exec(TABLE);
  while (next(database, namespace, list));
}

/** Checks what was applied and applies one more, under one write lock; false when nothing was left to do. */
function next(database: DatabaseSync, namespace: string, list: readonly Migration[]): boolean {
  database.exec('BEGIN IMMEDIATE');
  try {
    const applied = database
      .prepare('SELECT version, name, checksum FROM dewar_migrations WHERE namespace = ? ORDER BY version')
      .all(namespace) as unknown as Applied[];
    compare(namespace, applied, list);
    const migration = list[applied.length];
    if (migration !== undefined) apply(database, namespace, applied.length + 1, migration);
    database.exec('COMMIT');
    return migration !== undefined;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function compare(namespace: string, applied: readonly Applied[], list: readonly Migration[]): void {
  for (const [index, { version, name, checksum }] of applied.entries()) {
    const known = list[index];
    if (known === undefined)
      throw new StoreError(
        'store/migration-newer',
        `the database is newer than this code: "${namespace}" stands at ${applied.length} ("${applied.at(-1)!.name}"), ` +
          `the code knows ${list.length}; run the newer code, or restore the backup made before it`,
      );
    if (version !== index + 1 || name !== known.name || checksum !== checksumOf(known))
      throw new StoreError(
        'store/migration-changed',
        `migration ${version} "${name}" of "${namespace}" was applied with another text than the code now has ` +
          `("${known.name}"); restore its text, and add what is new as a migration at the end`,
      );
  }
}

function apply(database: DatabaseSync, namespace: string, version: number, migration: Migration): void {
  try {
    // A COMMIT in the text would end our transaction, and half of a failing migration would stay.
    database.setAuthorizer((action) =>
      action === constants.SQLITE_TRANSACTION || action === constants.SQLITE_ATTACH
        ? constants.SQLITE_DENY
        : constants.SQLITE_OK,
    );
    database.exec(migration.sql);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new StoreError(
      'store/migration-failed',
      `migration ${version} "${migration.name}" of "${namespace}" failed and changed nothing: ${why}`,
      { cause },
    );
  } finally {
    database.setAuthorizer(null);
  }
  database
    .prepare('INSERT INTO dewar_migrations (namespace, version, name, applied_at, checksum) VALUES (?, ?, ?, ?, ?)')
    .run(namespace, version, migration.name, Date.now(), checksumOf(migration));
}

/** Line ends do not count: a checkout may change them. */
function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql.replaceAll('\r\n', '\n')).digest('base64url');
}
