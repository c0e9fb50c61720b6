/**
 * Tells whoever watches that a store is about to be written to. Who watches is known by the flow of the code itself
 * (AsyncLocalStorage), so that it does not matter through which variable a handler reached the store.
 * @module
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Stores } from './types.ts';

/** Is told of a write before it happens. What it throws, the writer throws. */
export type WriteWatch = (store: string, operation: string) => void;

const watching = new AsyncLocalStorage<WriteWatch | undefined>();

/** Runs `work`, and tells `watch` of every write that it or what it starts is about to do. */
export function watchWrites(watch: WriteWatch, work: () => void): void {
  watching.run(watch, work);
}

/** Runs `work` unseen: bookkeeping that Dewar does by itself, whoever asked. */
export function unwatched<T>(work: () => T): T {
  return watching.getStore() === undefined ? work() : watching.run(undefined, work);
}

/** A write is about to happen. */
export function noteWrite(store: string, operation: string): void {
  watching.getStore()?.(store, operation);
}

/**
 * What changes state. Not `touch`, counters and `prune`: they are bookkeeping of every request. Not `transaction`: what
 * is written inside one is told by itself.
 */
const WRITES = {
  sessions: ['put', 'change', 'changeAll', 'remove', 'removeAll'],
  tickets: ['put', 'takeOnce'],
  accounts: ['create', 'update'],
} as const;

const announced = new WeakSet<object>();

/** Makes stores tell of their writes, once; answers the names of those that cannot be made to. */
export function announceWrites(stores: Pick<Stores, keyof typeof WRITES>): readonly string[] {
  return Object.entries(WRITES).flatMap(([name, operations]) => {
    const store: object = stores[name as keyof typeof WRITES];
    if (announced.has(store)) return [];
    if (!Object.isExtensible(store)) return [name];
    announced.add(store);
    for (const operation of operations) announce(store, name, operation);
    return [];
  });
}

function announce(store: object, name: string, operation: string): void {
  const method = (store as Readonly<Record<string, (...input: unknown[]) => unknown>>)[operation]!;
  const value = (...input: unknown[]): unknown => {
    noteWrite(name, operation);
    return method.apply(store, input);
  };
  Object.defineProperty(store, operation, { value, configurable: true, writable: true });
}
