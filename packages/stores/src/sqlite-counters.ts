/**
 * Buckets in SQLite: the decision and the write are one statement, so processes on one file share one count.
 * @module
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type CounterStore,
  type MaybePromise,
  readTake,
  type Taken,
  taken,
  type TransactionLock,
} from '@dewar/core/store';

/** Rows that one prune takes at most: it holds the event loop and the write lock meanwhile. */
const BATCH = 1_000;

export class SqliteCounters implements CounterStore {
  readonly #lock: TransactionLock;
  readonly #take: StatementSync;
  readonly #look: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync, lock: TransactionLock) {
    this.#lock = lock;
    // ?1 key, ?2 now, ?3 increment, ?4 capacity. No row comes back when the call is refused.
    this.#take = database.prepare(
      `INSERT INTO dewar_counters (key, full_at) VALUES (?1, ?2 + ?3)
       ON CONFLICT (key) DO UPDATE SET full_at = max(full_at, ?2) + ?3 WHERE max(full_at, ?2) + ?3 - ?2 <= ?4
       RETURNING full_at`,
    );
    this.#look = database.prepare('SELECT full_at FROM dewar_counters WHERE key = ?');
    // Without an index on full_at: every take would have to write it.
    this.#prune = database.prepare(
      `DELETE FROM dewar_counters WHERE key IN (SELECT key FROM dewar_counters WHERE full_at <= ? LIMIT ${BATCH})`,
    );
  }

  take(key: string, emission: number, burst: number, cost: number, now: number): MaybePromise<Taken> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.take(key, emission, burst, cost, now));
    const take = readTake(emission, burst, cost, now);
    if (take.increment > 0 && take.increment <= take.capacity) {
      const row = this.#take.get(key, take.at, take.increment, take.capacity);
      if (row !== undefined) return taken(take, row['full_at'] as number, true);
    }
    const fullAt = Math.max(take.at, (this.#look.get(key)?.['full_at'] as number | undefined) ?? 0);
    return taken(take, fullAt, take.increment === 0 && fullAt - take.at <= take.capacity);
  }

  prune(now: number): MaybePromise<number> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.prune(now));
    return Number(this.#prune.run(now * 1000).changes);
  }
}
