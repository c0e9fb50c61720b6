/**
 * Sessions in SQLite; each method is one statement.
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { MaybePromise, SessionChange, SessionRecord, SessionStore, TransactionLock } from '@dewar/core/store';

/** Rows that one prune takes at most: it holds the event loop and the write lock meanwhile. */
const BATCH = 1_000;

const COLUMNS =
  'hash, account, roles, created_at, authenticated_at, seen_at, expires_at, methods, pending, rotate, binding, ' +
  'previous, previous_until, device, address';
const PLACES = COLUMNS.replace(/\w+/g, '?');
/** What a change may write, in the order of `writeChange`; null leaves a column as it is. */
const CHANGEABLE = 'hash, roles, authenticated_at, methods, pending, rotate, binding, previous, previous_until';
const CHANGES = CHANGEABLE.replace(/\w+/g, (column) => `${column} = coalesce(?, ${column})`);

interface Row {
  readonly hash: string;
  readonly account: string;
  readonly roles: string;
  readonly created_at: number;
  readonly authenticated_at: number;
  readonly seen_at: number;
  readonly expires_at: number;
  readonly methods: string;
  readonly pending: number;
  readonly rotate: number;
  readonly binding: string;
  readonly previous: string;
  readonly previous_until: number;
  readonly device: string;
  readonly address: string;
}

export class SqliteSessions implements SessionStore {
  readonly #lock: TransactionLock;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #getByPrevious: StatementSync;
  readonly #change: StatementSync;
  readonly #changeAll: StatementSync;
  readonly #touch: StatementSync;
  readonly #remove: StatementSync;
  readonly #list: StatementSync;
  readonly #removeAll: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync, lock: TransactionLock) {
    this.#lock = lock;
    this.#get = database.prepare(`SELECT ${COLUMNS} FROM dewar_sessions WHERE hash = ?`);
    this.#put = database.prepare(`INSERT OR REPLACE INTO dewar_sessions (${COLUMNS}) VALUES (${PLACES})`);
    this.#getByPrevious = database.prepare(
      `SELECT ${COLUMNS} FROM dewar_sessions WHERE previous = ? AND previous <> '' LIMIT 1`,
    );
    this.#change = database.prepare(
      `UPDATE OR REPLACE dewar_sessions SET ${CHANGES} WHERE hash = ? RETURNING ${COLUMNS}`,
    );
    this.#changeAll = database.prepare(
      'UPDATE dewar_sessions SET roles = coalesce(?, roles), rotate = coalesce(?, rotate) WHERE account = ?',
    );
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
    // In this order: whoever rotates between the two leaves the hash where the second looks.
    const row = this.#get.get(hash) ?? this.#getByPrevious.get(hash);
    return row === undefined ? null : read(row as unknown as Row);
  }

  put(record: SessionRecord): MaybePromise<void> {
    return this.#write(write(record));
  }

  change(hash: string, change: SessionChange): MaybePromise<SessionRecord | null> {
    return this.#rewrite([...writeChange(change), hash]);
  }

  changeAll(account: string, change: Pick<SessionChange, 'roles' | 'rotate'>): MaybePromise<number> {
    return this.#rewriteAll([list(change.roles), flag(change.rotate), account]);
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

  #rewrite(values: readonly SQLInputValue[]): MaybePromise<SessionRecord | null> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.#rewrite(values));
    const row = this.#change.get(...values);
    return row === undefined ? null : read(row as unknown as Row);
  }

  #rewriteAll(values: readonly SQLInputValue[]): MaybePromise<number> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.#rewriteAll(values));
    return Number(this.#changeAll.run(...values).changes);
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
    record.pending ? 1 : 0,
    record.rotate ? 1 : 0,
    record.binding,
    record.previous,
    record.previousUntil,
    record.device,
    record.address,
  ];
}

/** In the order of CHANGEABLE. */
function writeChange(change: SessionChange): SQLInputValue[] {
  return [
    change.hash ?? null,
    list(change.roles),
    change.authenticatedAt ?? null,
    list(change.methods),
    flag(change.pending),
    flag(change.rotate),
    change.binding ?? null,
    change.previous ?? null,
    change.previousUntil ?? null,
  ];
}

function list(values: readonly string[] | undefined): string | null {
  return values === undefined ? null : JSON.stringify(values);
}

function flag(value: boolean | undefined): number | null {
  return value === undefined ? null : Number(value);
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
    pending: row.pending === 1,
    rotate: row.rotate === 1,
    binding: row.binding,
    previous: row.previous,
    previousUntil: row.previous_until,
    device: row.device,
    address: row.address,
  };
}
