/**
 * Every store in one SQLite file, by node:sqlite: nothing to install, nothing to run beside the application.
 * @module
 */
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { type Health, type MaybePromise, StoreError, type Stores, TransactionLock } from '@dewar/core/store';
import { guard } from './guarded.ts';
import { migrate, type Migration } from './migrations.ts';
import { open, type Opened } from './open.ts';
import { migrations, NAMESPACE } from './schema.ts';
import { SqliteAccounts } from './sqlite-accounts.ts';
import { SqliteCounters } from './sqlite-counters.ts';
import { SqliteSessions } from './sqlite-sessions.ts';
import { SqliteTickets } from './sqlite-tickets.ts';

export interface SqliteStoresOptions {
  /** Path of the database, made with mode 0600 if missing; `:memory:` for one that is gone with the process. */
  readonly file: string;
  /**
   * Milliseconds to wait for another process's write. The event loop waits too: keep it short.
   * @default 2_000
   */
  readonly busyTimeout?: number;
  /**
   * `normal` survives a crash of the process; a power cut may undo the last moments, a revocation among them.
   * `full` waits for the disk at every write.
   * @default 'normal'
   */
  readonly synchronous?: 'normal' | 'full';
  /**
   * Milliseconds after which an open transaction is undone.
   * @default 5_000
   */
  readonly transactionLimit?: number;
}

export const sqliteStoresDefaults: Readonly<Required<Omit<SqliteStoresOptions, 'file'>>> = Object.freeze({
  busyTimeout: 2_000,
  synchronous: 'normal',
  transactionLimit: 5_000,
});

export interface SqliteStores extends Stores {
  /**
   * The connection, for owners' own tables: to prepare statements on. A statement that is run outside `use` and outside
   * of one's own `transaction` throws `store/busy` when it meets somebody else's transaction.
   */
  readonly database: DatabaseSync;
  /** Runs synchronous work on the connection, now, or when the transaction that is open has ended. */
  use<T>(work: (database: DatabaseSync) => T): MaybePromise<T>;
  /** Brings an owner's tables up to date; at start. `migrate('desk', [{ name: 'tickets', sql: 'CREATE TABLE …' }])`. */
  migrate(namespace: string, list: readonly Migration[]): void;
}

/** Opens the file, makes or updates its tables, and answers the stores. */
export function sqliteStores(options: SqliteStoresOptions): SqliteStores {
  const settings = { ...sqliteStoresDefaults, ...options };
  check(settings);
  const opened = open(settings);
  const { database } = opened;
  try {
    migrate(database, NAMESPACE, migrations);
    return compose(opened, settings.transactionLimit);
  } catch (error) {
    database.close();
    throw error;
  }
}

function compose(opened: Opened, transactionLimit: number): SqliteStores {
  const { database } = opened;
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) => database.prepare(sql));
  const lock = new TransactionLock(
    {
      begin: () => void begin!.run(),
      commit: () => void commit!.run(),
      rollback: () => void rollback!.run(),
      alive: () => database.isOpen && database.isTransaction,
    },
    transactionLimit,
  );
  const probe = database.prepare('SELECT count(*) FROM dewar_migrations');
  const stores: SqliteStores = {
    counters: new SqliteCounters(database, lock),
    sessions: new SqliteSessions(database, lock),
    tickets: new SqliteTickets(database, lock),
    accounts: new SqliteAccounts(database, lock),
    database,
    transaction: (work) => lock.transaction(work),
    use: (work) => (lock.blocked() ? lock.later(() => synchronous(work, database)) : synchronous(work, database)),
    migrate(namespace, list) {
      if (namespace === NAMESPACE)
        throw new TypeError(`migrations: "${NAMESPACE}" is the namespace of Dewar's own tables`);
      if (lock.joined)
        throw new StoreError('store/busy', 'migrations have transactions of their own; run them at start');
      migrate(database, namespace, list);
    },
    health: () => health(opened, () => probe.get()),
    close() {
      if (!database.isOpen) return;
      if (lock.joined) throw new StoreError('store/busy', 'a transaction cannot close its own store');
      return lock.blocked() ? lock.later(() => stores.close()) : database.close();
    },
  };
  guard(database, lock);
  return Object.freeze(stores);
}

function check(settings: Required<SqliteStoresOptions>): void {
  if (typeof settings.file !== 'string' || settings.file === '')
    throw new TypeError('sqliteStores: file must be a path, or ":memory:"');
  if (settings.synchronous !== 'normal' && settings.synchronous !== 'full')
    throw new TypeError('sqliteStores: synchronous must be "normal" or "full"');
  for (const name of ['busyTimeout', 'transactionLimit'] as const)
    if (!Number.isInteger(settings[name]) || settings[name] < 1)
      throw new RangeError(`sqliteStores: ${name} must be a whole number of milliseconds, 1 or more`);
}

function synchronous<T>(work: (database: DatabaseSync) => T, database: DatabaseSync): T {
  const result = work(database);
  if (result instanceof Promise)
    throw new TypeError(
      'use() is for synchronous work: what follows an await would run out of turn; use transaction()',
    );
  return result;
}

/** Reads once, and looks whether the file still has its name: after a removal SQLite writes on, into nothing. */
function health(opened: Opened, read: () => unknown): Health {
  try {
    read();
    if (opened.file !== ':memory:' && statSync(opened.file).ino !== opened.inode)
      return { ok: false, detail: `sqlite: "${opened.file}" was replaced while it was open; restart` };
    return { ok: true, detail: `sqlite: ${opened.file}` };
  } catch (error) {
    return { ok: false, detail: `sqlite: ${(error as Error).message}` };
  }
}
