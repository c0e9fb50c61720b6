/**
 * What a transaction on maps must take back: one step per change, run backwards.
 * @module
 */
import type { TransactionHooks } from './transaction-lock.ts';

export class UndoLog implements TransactionHooks {
  #steps: (() => void)[] | null = null;

  /** True inside a transaction: only then is a step worth making. */
  get open(): boolean {
    return this.#steps !== null;
  }

  add(step: () => void): void {
    this.#steps?.push(step);
  }

  begin(): void {
    this.#steps = [];
  }

  commit(): void {
    this.#steps = null;
  }

  rollback(): void {
    const steps = this.#steps ?? [];
    // First: the steps use the stores' own primitives, which must not record again.
    this.#steps = null;
    for (let index = steps.length - 1; index >= 0; index--) steps[index]!();
  }

  alive(): boolean {
    return this.#steps !== null;
  }
}
