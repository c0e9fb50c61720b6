/**
 * Accounts in SQLite; each method is one statement, and changes compare the version.
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type AccountChange,
  type AccountRecord,
  type AccountSelection,
  type AccountStore,
  checkPage,
  checkText,
  type MaybePromise,
  type TransactionLock,
} from '@dewar/core/store';

const COLUMNS = 'id, login, name, password_hash, roles, disabled, created_at, version';
const SQLITE_CONSTRAINT_UNIQUE = 2067;

interface Row {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly password_hash: string;
  readonly roles: string;
  readonly disabled: number;
  readonly created_at: number;
  readonly version: number;
}

/** Parts that are left out are `null`, as SQL has it. */
type Selected = { readonly [Part in keyof AccountSelection]: AccountSelection[Part] | null } & {
  readonly limit: number;
};

export class SqliteAccounts implements AccountStore {
  readonly #lock: TransactionLock;
  readonly #byId: StatementSync;
  readonly #byLogin: StatementSync;
  readonly #create: StatementSync;
  readonly #update: StatementSync;
  readonly #first: StatementSync;
  readonly #next: StatementSync;
  readonly #search: StatementSync;

  constructor(database: DatabaseSync, lock: TransactionLock) {
    this.#lock = lock;
    this.#byId = database.prepare(`SELECT ${COLUMNS} FROM dewar_accounts WHERE id = ?`);
    this.#byLogin = database.prepare(`SELECT ${COLUMNS} FROM dewar_accounts WHERE login = ?`);
    this.#create = database.prepare(
      `INSERT INTO dewar_accounts (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING`,
    );
    this.#update = database.prepare(
      `UPDATE dewar_accounts SET login = coalesce(?, login), name = coalesce(?, name),
         password_hash = coalesce(?, password_hash), roles = coalesce(?, roles), disabled = coalesce(?, disabled),
         version = version + 1
       WHERE id = ? AND version = ?`,
    );
    this.#first = database.prepare(`SELECT ${COLUMNS} FROM dewar_accounts ORDER BY login LIMIT ?`);
    this.#next = database.prepare(`SELECT ${COLUMNS} FROM dewar_accounts WHERE login > ? ORDER BY login LIMIT ?`);
    // `instr` and not LIKE: "%" and "_" are text here. Nothing but a whole scan finds text within text.
    this.#search = database.prepare(
      `SELECT ${COLUMNS} FROM dewar_accounts
       WHERE (?1 IS NULL OR login > ?1)
         AND (?2 IS NULL OR instr(lower(login), lower(?2)) > 0 OR instr(lower(name), lower(?2)) > 0)
         AND (?3 IS NULL OR EXISTS (SELECT 1 FROM json_each(roles) WHERE value = ?3))
       ORDER BY login LIMIT ?4`,
    );
  }

  byId(id: string): MaybePromise<AccountRecord | null> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.byId(id));
    return one(this.#byId.get(id));
  }

  byLogin(login: string): MaybePromise<AccountRecord | null> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.byLogin(login));
    // SQLite would look for the text with U+FFFD in place of the surrogate, which may be somebody's.
    return login.isWellFormed() ? one(this.#byLogin.get(login)) : null;
  }

  create(account: Omit<AccountRecord, 'version'>): MaybePromise<'made' | 'taken'> {
    checkText(account.id, 'id');
    checkText(account.login, 'login');
    const { id, login, name, passwordHash, roles, disabled, createdAt } = account;
    return this.#insert([id, login, name, passwordHash, JSON.stringify(roles), disabled ? 1 : 0, createdAt]);
  }

  update(id: string, version: number, change: AccountChange): MaybePromise<boolean> {
    const { login, name, passwordHash, roles, disabled } = change;
    if (login !== undefined) checkText(login, 'login');
    const [list, flag] = [roles && JSON.stringify(roles), disabled === undefined ? null : disabled ? 1 : 0];
    return this.#change([login ?? null, name ?? null, passwordHash ?? null, list ?? null, flag, id, version]);
  }

  list({ after = null, limit, containing = null, role = null }: Selected): MaybePromise<readonly AccountRecord[]> {
    checkPage(limit);
    // SQLite would look for U+FFFD in place of a surrogate.
    if (containing?.isWellFormed() === false || role?.isWellFormed() === false) return [];
    if (containing !== null || role !== null) return this.#all(this.#search, [after, containing, role, limit]);
    return after === null ? this.#all(this.#first, [limit]) : this.#all(this.#next, [after, limit]);
  }

  #insert(values: readonly SQLInputValue[]): MaybePromise<'made' | 'taken'> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.#insert(values));
    return this.#create.run(...values).changes === 1 ? 'made' : 'taken';
  }

  #change(values: readonly SQLInputValue[]): MaybePromise<boolean> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.#change(values));
    try {
      return this.#update.run(...values).changes === 1;
    } catch (error) {
      // The new login is somebody else's. The statement was undone, an open transaction stays as it was.
      if ((error as { errcode?: number }).errcode === SQLITE_CONSTRAINT_UNIQUE) return false;
      throw error;
    }
  }

  #all(statement: StatementSync, values: readonly SQLInputValue[]): MaybePromise<readonly AccountRecord[]> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.#all(statement, values));
    return (statement.all(...values) as unknown as Row[]).map(read);
  }
}

function one(row: unknown): AccountRecord | null {
  return row === undefined ? null : read(row as Row);
}

function read(row: Row): AccountRecord {
  return {
    id: row.id,
    login: row.login,
    name: row.name,
    passwordHash: row.password_hash,
    roles: JSON.parse(row.roles) as string[],
    disabled: row.disabled === 1,
    createdAt: row.created_at,
    version: row.version,
  };
}
