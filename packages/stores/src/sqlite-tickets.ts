/**
 * Single-use values in SQLite. Taking is deleting: whoever's statement removed the row has the value.
 * @module
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MaybePromise, TicketStore, TransactionLock } from '@dewar/core/store';

/** Rows that one prune takes at most: it holds the event loop and the write lock meanwhile. */
const BATCH = 1_000;

export class SqliteTickets implements TicketStore {
  readonly #lock: TransactionLock;
  readonly #put: StatementSync;
  readonly #take: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync, lock: TransactionLock) {
    this.#lock = lock;
    this.#put = database.prepare('INSERT OR REPLACE INTO dewar_tickets (key, value, until) VALUES (?, ?, ?)');
    this.#take = database.prepare('DELETE FROM dewar_tickets WHERE key = ? RETURNING value, until');
    this.#prune = database.prepare(
      `DELETE FROM dewar_tickets WHERE key IN (SELECT key FROM dewar_tickets WHERE until <= ? LIMIT ${BATCH})`,
    );
  }

  put(key: string, value: string, until: number): MaybePromise<void> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.put(key, value, until));
    this.#put.run(key, value, until);
  }

  takeOnce(key: string, now: number): MaybePromise<string | null> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.takeOnce(key, now));
    const row = this.#take.get(key);
    return row !== undefined && (row['until'] as number) > now ? (row['value'] as string) : null;
  }

  prune(now: number): MaybePromise<number> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.prune(now));
    return Number(this.#prune.run(now).changes);
  }
}
