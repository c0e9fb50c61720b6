/**
 * Sessions in SQLite; each method is one statement.
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { MaybePromise, SessionRecord, SessionStore, TransactionLock } from '@dewar/core/store';

/** Rows that one prune takes at most: it holds the event loop and the write lock meanwhile. */
const BATCH = 1_000;

const COLUMNS =
  'hash, account, roles, created_at, authenticated_at, seen_at, expires_at, methods, rotate, device, address';
const PLACES = COLUMNS.replace(/\w+/g, '?');

interface Row {
  readonly hash: string;
  readonly account: string;
  readonly roles: string;
  readonly created_at: number;
  readonly authenticated_at: number;
  readonly seen_at: number;
  readonly expires_at: number;
  readonly methods: string;
  readonly rotate: number;
  readonly device: string;
  readonly address: string;
}

export class SqliteSessions implements SessionStore {
  readonly #lock: TransactionLock;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #replace: StatementSync;
  readonly #touch: StatementSync;
  readonly #remove: StatementSync;
  readonly #list: StatementSync;
  readonly #removeAll: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync, lock: TransactionLock) {
    this.#lock = lock;
    this.#get = database.prepare(`SELECT ${COLUMNS} FROM dewar_sessions WHERE hash = ?`);
    this.#put = database.prepare(`INSERT OR REPLACE INTO dewar_sessions (${COLUMNS}) VALUES (${PLACES})`);
    this.#replace = database.prepare(`UPDATE OR REPLACE dewar_sessions SET (${COLUMNS}) = (${PLACES}) WHERE hash = ?`);
    this.#touch = database.prepare('UPDATE dewar_sessions SET seen_at = ?2 WHERE hash = ?1 AND seen_at < ?2');
    this.#remove = database.prepare('DELETE FROM dewar_sessions WHERE hash = ?');
    this.#list = database.prepare(`SELECT ${COLUMNS} FROM dewar_sessions WHERE account = ? ORDER BY created_at DESC`);
    this.#removeAll = database.prepare('DELETE FROM dewar_sessions WHERE account = ? AND hash IS NOT ?');
    this.#prune = database.prepare(
      `DELETE FROM dewar_sessions WHERE hash IN
       (SELECT hash FROM dewar_sessions WHERE expires_at <= ? OR seen_at < ? LIMIT ${BATCH})`,
    );
  }

  get(hash: string): MaybePromise<SessionRecord | null> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.get(hash));
    const row = this.#get.get(hash);
    return row === undefined ? null : read(row as unknown as Row);
  }

  put(record: SessionRecord): MaybePromise<void> {
    return this.#write(write(record));
  }

  replace(hash: string, record: SessionRecord): MaybePromise<boolean> {
    return this.#rewrite([...write(record), hash]);
  }

  touch(hash: string, seenAt: number): MaybePromise<void> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.touch(hash, seenAt));
    this.#touch.run(hash, seenAt);
  }

  remove(hash: string): MaybePromise<boolean> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.remove(hash));
    return this.#remove.run(hash).changes === 1;
  }

  list(account: string): MaybePromise<readonly SessionRecord[]> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.list(account));
    return (this.#list.all(account) as unknown as Row[]).map(read);
  }

  removeAll(account: string, but?: string): MaybePromise<number> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.removeAll(account, but));
    return Number(this.#removeAll.run(account, but ?? null).changes);
  }

  prune(now: number, idleBefore: number): MaybePromise<number> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.prune(now, idleBefore));
    return Number(this.#prune.run(now, idleBefore).changes);
  }

  #write(values: readonly SQLInputValue[]): MaybePromise<void> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.#write(values));
    this.#put.run(...values);
  }

  #rewrite(values: readonly SQLInputValue[]): MaybePromise<boolean> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.#rewrite(values));
    return this.#replace.run(...values).changes === 1;
  }
}

/** In the order of COLUMNS. */
function write(record: SessionRecord): SQLInputValue[] {
  return [
    record.hash,
    record.account,
    JSON.stringify(record.roles),
    record.createdAt,
    record.authenticatedAt,
    record.seenAt,
    record.expiresAt,
    JSON.stringify(record.methods),
    record.rotate ? 1 : 0,
    record.device,
    record.address,
  ];
}

function read(row: Row): SessionRecord {
  return {
    hash: row.hash,
    account: row.account,
    roles: JSON.parse(row.roles) as string[],
    createdAt: row.created_at,
    authenticatedAt: row.authenticated_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    methods: JSON.parse(row.methods) as string[],
    rotate: row.rotate === 1,
    device: row.device,
    address: row.address,
  };
}
