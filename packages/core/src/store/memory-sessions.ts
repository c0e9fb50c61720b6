/**
 * Sessions in memory, at most so many. The one longest unseen makes room: its browser signs in again, no door opens.
 * @module
 */
import type { UndoLog } from './memory-undo.ts';
import type { TransactionLock } from './transaction-lock.ts';
import type { SessionChange, SessionRecord, SessionStore } from './types.ts';
import type { MaybePromise } from '../kernel/verdict.ts';

export class MemorySessions implements SessionStore {
  /** In order of last sight: `touch` moves a record to the end. */
  readonly #records = new Map<string, SessionRecord>();
  readonly #byAccount = new Map<string, Set<string>>();
  /** From the hash before a rotation to the present one. */
  readonly #byPrevious = new Map<string, string>();
  readonly #lock: TransactionLock;
  readonly #undo: UndoLog;
  readonly #most: number;

  constructor(lock: TransactionLock, undo: UndoLog, most: number) {
    this.#lock = lock;
    this.#undo = undo;
    this.#most = most;
  }

  get size(): number {
    return this.#records.size;
  }

  get(hash: string): MaybePromise<SessionRecord | null> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.get(hash));
    return this.#records.get(hash) ?? this.#records.get(this.#byPrevious.get(hash) ?? '') ?? null;
  }

  put(record: SessionRecord): MaybePromise<void> {
    if (this.#lock.blocked()) {
      const kept = copy(record);
      return this.#lock.later(() => this.put(kept));
    }
    if (!this.#records.has(record.hash))
      while (this.#records.size >= this.#most) this.#drop(this.#records.keys().next().value!);
    this.#set(copy(record));
  }

  change(hash: string, change: SessionChange): MaybePromise<SessionRecord | null> {
    if (this.#lock.blocked()) {
      const kept = structuredClone(change);
      return this.#lock.later(() => this.change(hash, kept));
    }
    const record = this.#records.get(hash);
    if (record === undefined) return null;
    const changed = copy({ ...record, ...change });
    this.#drop(hash);
    this.#set(changed);
    return changed;
  }

  changeAll(account: string, change: Pick<SessionChange, 'roles' | 'rotate'>): MaybePromise<number> {
    if (this.#lock.blocked()) {
      const kept = structuredClone(change);
      return this.#lock.later(() => this.changeAll(account, kept));
    }
    const hashes = [...(this.#byAccount.get(account) ?? [])];
    // In place of the old one: a change by an administrator is no sight of the person.
    for (const hash of hashes) this.#put(copy({ ...this.#records.get(hash)!, ...change }));
    return hashes.length;
  }

  touch(hash: string, seenAt: number): MaybePromise<void> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.touch(hash, seenAt));
    const record = this.#records.get(hash);
    if (record === undefined || !(record.seenAt < seenAt)) return;
    this.#drop(hash);
    this.#set(Object.freeze({ ...record, seenAt }));
  }

  remove(hash: string): MaybePromise<boolean> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.remove(hash));
    return this.#drop(hash);
  }

  list(account: string): MaybePromise<readonly SessionRecord[]> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.list(account));
    const hashes = this.#byAccount.get(account);
    if (hashes === undefined) return [];
    return [...hashes].map((hash) => this.#records.get(hash)!).sort((a, b) => b.createdAt - a.createdAt);
  }

  removeAll(account: string, but?: string): MaybePromise<number> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.removeAll(account, but));
    const hashes = [...(this.#byAccount.get(account) ?? [])].filter((hash) => hash !== but);
    for (const hash of hashes) this.#drop(hash);
    return hashes.length;
  }

  prune(now: number, idleBefore: number): MaybePromise<number> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.prune(now, idleBefore));
    let gone = 0;
    for (const { hash, expiresAt, seenAt } of this.#records.values())
      if ((expiresAt <= now || seenAt < idleBefore) && this.#drop(hash)) gone += 1;
    return gone;
  }

  clear(): void {
    this.#records.clear();
    this.#byAccount.clear();
    this.#byPrevious.clear();
  }

  #set(record: SessionRecord): void {
    this.#drop(record.hash);
    this.#records.set(record.hash, record);
    const hashes = this.#byAccount.get(record.account);
    if (hashes === undefined) this.#byAccount.set(record.account, new Set([record.hash]));
    else hashes.add(record.hash);
    if (record.previous !== '') this.#byPrevious.set(record.previous, record.hash);
    if (this.#undo.open) this.#undo.add(() => this.#drop(record.hash));
  }

  /** Another record under a hash that is there, with the same account and the same previous hash. */
  #put(record: SessionRecord): void {
    const before = this.#records.get(record.hash)!;
    this.#records.set(record.hash, record);
    if (this.#undo.open) this.#undo.add(() => this.#put(before));
  }

  #drop(hash: string): boolean {
    const record = this.#records.get(hash);
    if (record === undefined) return false;
    this.#records.delete(hash);
    const hashes = this.#byAccount.get(record.account)!;
    hashes.delete(hash);
    if (hashes.size === 0) this.#byAccount.delete(record.account);
    if (this.#byPrevious.get(record.previous) === hash) this.#byPrevious.delete(record.previous);
    if (this.#undo.open) this.#undo.add(() => this.#set(record));
    return true;
  }
}

function copy(record: SessionRecord): SessionRecord {
  return Object.freeze({
    ...record,
    roles: Object.freeze([...record.roles]),
    methods: Object.freeze([...record.methods]),
  });
}
