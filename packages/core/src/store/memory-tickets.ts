/**
 * Single-use values in memory, at most so many. The one that would expire soonest makes room: an evicted ticket
 * is a link that no longer works, never one that works twice.
 * @module
 */
import { KeyedHeap } from './keyed-heap.ts';
import type { UndoLog } from './memory-undo.ts';
import type { TransactionLock } from './transaction-lock.ts';
import type { TicketStore } from './types.ts';
import type { MaybePromise } from '../kernel/verdict.ts';

export class MemoryTickets implements TicketStore {
  readonly #tickets = new KeyedHeap<string>();
  readonly #lock: TransactionLock;
  readonly #undo: UndoLog;
  readonly #most: number;

  constructor(lock: TransactionLock, undo: UndoLog, most: number) {
    this.#lock = lock;
    this.#undo = undo;
    this.#most = most;
  }

  get size(): number {
    return this.#tickets.size;
  }

  put(key: string, value: string, until: number): MaybePromise<void> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.put(key, value, until));
    if (this.#tickets.get(key) === undefined)
      while (this.#tickets.size >= this.#most) this.#drop(this.#tickets.least()!.key);
    this.#set(key, until, value);
  }

  takeOnce(key: string, now: number): MaybePromise<string | null> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.takeOnce(key, now));
    const ticket = this.#tickets.get(key);
    if (ticket === undefined) return null;
    const value = ticket.rank > now ? ticket.value : null;
    this.#drop(key);
    return value;
  }

  prune(now: number): MaybePromise<number> {
    if (this.#lock.blocked()) return this.#lock.later(() => this.prune(now));
    let gone = 0;
    for (let least = this.#tickets.least(); least !== undefined && least.rank <= now; least = this.#tickets.least()) {
      this.#drop(least.key);
      gone += 1;
    }
    return gone;
  }

  clear(): void {
    this.#tickets.clear();
  }

  #set(key: string, until: number, value: string): void {
    this.#remember(key);
    this.#tickets.set(key, until, value);
  }

  #drop(key: string): void {
    this.#remember(key);
    this.#tickets.delete(key);
  }

  #remember(key: string): void {
    if (!this.#undo.open) return;
    const ticket = this.#tickets.get(key);
    if (ticket === undefined) return this.#undo.add(() => void this.#tickets.delete(key));
    const { rank, value } = ticket;
    this.#undo.add(() => this.#tickets.set(key, rank, value));
  }
}
