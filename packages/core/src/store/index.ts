/**
 * Where state lives: every store's interface, the in-memory ones, and what other implementations share with them.
 * @module
 */
export type { MaybePromise } from '../kernel/verdict.ts';
export { checkPage, checkText } from './account-input.ts';
export { StoreError, type StoreErrorCode } from './errors.ts';
export { readTake, type Take, taken } from './gcra.ts';
export { memoryStores, memoryStoresDefaults, type MemoryStoresOptions } from './memory.ts';
export { TransactionLock, type TransactionHooks } from './transaction-lock.ts';
export type {
  AccountChange,
  AccountRecord,
  AccountSelection,
  AccountStore,
  CounterStore,
  Health,
  SessionChange,
  SessionRecord,
  SessionStore,
  Stores,
  Taken,
  TicketStore,
} from './types.ts';
export { announceWrites, noteWrite, unwatched, watchWrites, type WriteWatch } from './writes.ts';
