/**
 * One transaction at a time, on state that has a single copy (a map, a connection) while its work may wait:
 * the work's own calls pass, everybody else's stand in line. Without it another caller's write would fall into an open
 * transaction and be lost with its rollback, and another caller's read would see what may be undone.
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { MaybePromise } from '../kernel/verdict.ts';
import { StoreError } from './errors.ts';

/** How the state begins, keeps and undoes. Synchronous. */
export interface TransactionHooks {
  begin(): void;
  commit(): void;
  rollback(): void;
  /** False when the transaction ended behind our back: SQLite rolls back by itself when a disk is full. */
  alive(): boolean;
}

interface Transaction {
  state: 'open' | 'committed' | 'undone';
  /** The first error of a nested transaction: the whole must not be kept. */
  failure: { readonly error: unknown } | null;
}

export class TransactionLock {
  readonly #inside = new AsyncLocalStorage<Transaction>();
  readonly #hooks: TransactionHooks;
  readonly #limit: number;
  #current: Transaction | null = null;
  /** In order of arrival. A starter takes the lock; a call does not. */
  #line: (() => void)[] = [];

  /** @param limit milliseconds after which a transaction is undone */
  constructor(hooks: TransactionHooks, limit: number) {
    this.#hooks = hooks;
    this.#limit = limit;
  }

  /** Whether the caller must wait for somebody else's transaction. Throws where its own was undone. */
  blocked(): boolean {
    const own = this.#inside.getStore();
    if (own === undefined) return this.#current !== null;
    if (own.state === 'undone') throw undone();
    if (own !== this.#current) return this.#current !== null;
    if (!this.#hooks.alive()) throw undone();
    return false;
  }

  /** True inside a transaction that is open and the caller's own. */
  get joined(): boolean {
    const own = this.#inside.getStore();
    return own !== undefined && own === this.#current;
  }

  /** Runs `work` in its turn, in the context of whoever asked. */
  later<T>(work: () => MaybePromise<T>): Promise<T> {
    const inContext = AsyncLocalStorage.snapshot();
    return new Promise((resolve, reject) => {
      this.#line.push(() => {
        try {
          resolve(inContext(work));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  async transaction<T>(work: () => MaybePromise<T>): Promise<T> {
    const own = this.#inside.getStore();
    if (own?.state === 'undone') throw undone();
    if (own !== undefined && own === this.#current) return this.#join(own, work);
    const mine: Transaction = { state: 'open', failure: null };
    await this.#enter(mine);
    try {
      this.#hooks.begin();
    } catch (error) {
      mine.state = 'undone';
      this.#leave();
      throw error;
    }
    return this.#perform(mine, work);
  }

  async #join<T>(outer: Transaction, work: () => MaybePromise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      outer.failure ??= { error };
      throw error;
    }
  }

  async #perform<T>(mine: Transaction, work: () => MaybePromise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        let cause: unknown;
        try {
          this.#undo(mine);
        } catch (error) {
          cause = error;
        }
        reject(new StoreError('store/timeout', `a transaction was undone after ${this.#limit} ms`, { cause }));
      }, this.#limit);
    });
    try {
      const result = await Promise.race([this.#inside.run(mine, async () => work()), late]);
      if (mine.failure !== null) throw nestedFailure(mine.failure.error);
      if (!this.#hooks.alive()) throw undone();
      this.#hooks.commit();
      mine.state = 'committed';
      return result;
    } finally {
      clearTimeout(timer);
      if (mine.state === 'committed') this.#leave();
      else this.#undo(mine);
    }
  }

  /** Rolls back, once, and lets the next in. */
  #undo(mine: Transaction): void {
    if (mine.state !== 'open') return;
    mine.state = 'undone';
    try {
      if (this.#hooks.alive()) this.#hooks.rollback();
    } finally {
      this.#leave();
    }
  }

  #enter(mine: Transaction): MaybePromise<void> {
    if (this.#current === null) {
      this.#current = mine;
      return;
    }
    return new Promise((resolve) => {
      this.#line.push(() => {
        this.#current = mine;
        resolve();
      });
    });
  }

  /** Runs who waited, in order, up to and including the next transaction's start. */
  #leave(): void {
    this.#current = null;
    while (this.#current === null) {
      const next = this.#line.shift();
      if (next === undefined) return;
      next();
    }
  }
}

function undone(): StoreError {
  return new StoreError('store/rolled-back', 'this transaction was undone; nothing more can be done in it');
}

function nestedFailure(cause: unknown): StoreError {
  return new StoreError('store/rolled-back', 'a nested transaction failed, so the whole was undone', { cause });
}
