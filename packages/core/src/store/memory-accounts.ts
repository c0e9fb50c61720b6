/**
 * Accounts in memory, for tests and demonstrations. None is ever evicted: when it is full, making one fails.
 * @module
 */
import { checkPage, checkText } from './account-input.ts';
import { StoreError } from './errors.ts';
import type { UndoLog } from './memory-undo.ts';
import type { TransactionLock } from './transaction-lock.ts';
import type { AccountChange, AccountRecord, AccountSelection, AccountStore } from './types.ts';
import type { MaybePromise } from '../kernel/verdict.ts';

export class MemoryAccounts implements AccountStore {
  readonly #byId = new Map<string, AccountRecord>();
  readonly #idByLogin = new Map<string, string>();
  readonly #lock: TransactionLock;
  readonly #undo: UndoLog;
  readonly #most: number;

  constructor(lock: TransactionLock, undo: UndoLog, most: number) {
    this.#lock = lock;
    this.#undo = undo;
    this.#most = most;
  }

  get size(): number {
    return this.#byId.size;
  }

  byId(id: string): MaybePromise<AccountRecord | null> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.byId(id));
    return this.#byId.get(id) ?? null;
  }

  byLogin(login: string): MaybePromise<AccountRecord | null> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.byLogin(login));
    const id = this.#idByLogin.get(login);
    return id === undefined ? null : this.#byId.get(id)!;
  }

  create(account: Omit<AccountRecord, 'version'>): MaybePromise<'made' | 'taken'> {
    const made = freeze({ ...account, version: 1 });
    if (this.#lock.blocked()) return this.#lock.later(() => this.create(made));
    checkText(account.id, 'id');
    checkText(account.login, 'login');
    if (this.#idByLogin.has(account.login) || this.#byId.has(account.id)) return 'taken';
    if (this.#byId.size >= this.#most)
      throw new StoreError('store/full', `memory holds ${this.#most} accounts; use a database, or raise "accounts"`);
    this.#set(made);
    return 'made';
  }

  update(id: string, version: number, change: AccountChange): MaybePromise<boolean> {
    if (this.#lock.blocked()) {
      const kept = structuredClone(change);
      return this.#lock.later(() => this.update(id, version, kept));
    }
    if (change.login !== undefined) checkText(change.login, 'login');
    const before = this.#byId.get(id);
    if (before === undefined || before.version !== version) return false;
    const login = change.login ?? before.login;
    if (login !== before.login && this.#idByLogin.has(login)) return false;
    this.#delete(before);
    this.#set(
      freeze({
        ...before,
        login,
        name: change.name ?? before.name,
        passwordHash: change.passwordHash ?? before.passwordHash,
        roles: change.roles ?? before.roles,
        disabled: change.disabled ?? before.disabled,
        version: version + 1,
      }),
    );
    return true;
  }

  list(selection: AccountSelection): MaybePromise<readonly AccountRecord[]> {
    checkPage(selection.limit);
    if (this.#lock.blocked()) {
      const kept = { ...selection };
      return this.#lock.later(() => this.list(kept));
    }
    return [...this.#byId.values()]
      .filter((account) => isSelected(account, selection))
      .sort((a, b) => byCodePoint(a.login, b.login))
      .slice(0, selection.limit);
  }

  clear(): void {
    this.#byId.clear();
    this.#idByLogin.clear();
  }

  #set(account: AccountRecord): void {
    this.#byId.set(account.id, account);
    this.#idByLogin.set(account.login, account.id);
    if (this.#undo.open) this.#undo.add(() => this.#delete(account));
  }

  #delete(account: AccountRecord): void {
    this.#byId.delete(account.id);
    this.#idByLogin.delete(account.login);
    if (this.#undo.open) this.#undo.add(() => this.#set(account));
  }
}

function isSelected({ login, name, roles }: AccountRecord, { after, containing, role }: AccountSelection): boolean {
  if (after !== undefined && byCodePoint(login, after) <= 0) return false;
  if (role !== undefined && !roles.includes(role)) return false;
  if (containing === undefined) return true;
  const text = lowerLatin(containing);
  return lowerLatin(login).includes(text) || lowerLatin(name).includes(text);
}

/** As databases do it without a collation: A to Z alone. */
function lowerLatin(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function freeze(account: AccountRecord): AccountRecord {
  return Object.freeze({ ...account, roles: Object.freeze([...account.roles]) });
}

/** The order databases have: by UTF-8 bytes. `<` on strings compares UTF-16 units, which differs beyond the BMP. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.codePointAt(index)!;
    const right = b.codePointAt(index)!;
    if (left !== right) return left - right;
  }
  return a.length - b.length;
}
