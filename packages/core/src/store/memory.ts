/**
 * Every store in this process's memory: synchronous, bounded, gone with the process.
 * @module
 */
import { StoreError } from './errors.ts';
import { MemoryAccounts } from './memory-accounts.ts';
import { MemoryCounters } from './memory-counters.ts';
import { MemorySessions } from './memory-sessions.ts';
import { MemoryTickets } from './memory-tickets.ts';
import { UndoLog } from './memory-undo.ts';
import { TransactionLock } from './transaction-lock.ts';
import type { Stores } from './types.ts';

export interface MemoryStoresOptions {
  /**
   * Most buckets kept. Beyond it the one that is full again, or will be soonest, is forgotten.
   * @default 100_000
   */
  readonly counters?: number;
  /**
   * Most sessions kept. Beyond it the one longest unseen is signed out.
   * @default 100_000
   */
  readonly sessions?: number;
  /**
   * Most single-use values kept. Beyond it the one that would expire soonest stops working.
   * @default 100_000
   */
  readonly tickets?: number;
  /**
   * Most accounts kept. Beyond it making one fails with `store/full`.
   * @default 100_000
   */
  readonly accounts?: number;
  /**
   * Milliseconds after which an open transaction is undone.
   * @default 5_000
   */
  readonly transactionLimit?: number;
}

export const memoryStoresDefaults: Readonly<Required<MemoryStoresOptions>> = Object.freeze({
  counters: 100_000,
  sessions: 100_000,
  tickets: 100_000,
  accounts: 100_000,
  transactionLimit: 5_000,
});

/** Stores for tests, demonstrations, and what may be forgotten at a restart. */
export function memoryStores(options: MemoryStoresOptions = {}): Stores {
  const limits = { ...memoryStoresDefaults, ...options };
  for (const [name, limit] of Object.entries(limits))
    if (!Number.isInteger(limit) || limit < 1)
      throw new RangeError(`memoryStores: ${name} must be a whole number, 1 or more`);
  const undo = new UndoLog();
  const lock = new TransactionLock(undo, limits.transactionLimit);
  const counters = new MemoryCounters(limits.counters);
  const sessions = new MemorySessions(lock, undo, limits.sessions);
  const tickets = new MemoryTickets(lock, undo, limits.tickets);
  const accounts = new MemoryAccounts(lock, undo, limits.accounts);
  return Object.freeze({
    counters,
    sessions,
    tickets,
    accounts,
    transaction: <T>(work: () => T | Promise<T>) => lock.transaction(work),
    health: () => ({
      ok: true,
      detail: `memory: ${counters.size} counters, ${sessions.size} sessions, ${tickets.size} tickets, ${accounts.size} accounts`,
    }),
    close() {
      if (lock.joined) throw new StoreError('store/busy', 'a transaction cannot close its own store');
      return lock.blocked() ? lock.later(clear) : clear();
    },
  });

  function clear(): void {
    for (const store of [counters, sessions, tickets, accounts]) store.clear();
  }
}
