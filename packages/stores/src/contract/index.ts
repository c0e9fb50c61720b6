/**
 * The contract of every store as tests: run it on your own implementation with node:test.
 * @module
 */
import { afterEach, describe } from 'node:test';
import type { MaybePromise, Stores } from '@dewar/core/store';
import { accountContract } from './accounts.ts';
import { counterContract } from './counters.ts';
import { sessionContract } from './sessions.ts';
import { ticketContract } from './tickets.ts';
import { transactionContract } from './transactions.ts';

export { late } from './late.ts';

/**
 * Declares the tests. `make` answers empty stores, once per test; they are closed after it.
 * Run it a second time on `late(…)`: protections must not need synchronous answers, nor your store synchronous callers.
 */
export function storeContract(name: string, make: () => MaybePromise<Stores>): void {
  const open: Stores[] = [];
  const opened = async (): Promise<Stores> => {
    const stores = await make();
    open.push(stores);
    return stores;
  };
  describe(`${name} keeps the contract of stores`, () => {
    afterEach(async () => {
      for (const stores of open.splice(0)) await stores.close();
    });
    describe('counters', () => counterContract(opened));
    describe('sessions', () => sessionContract(opened));
    describe('tickets', () => ticketContract(opened));
    describe('accounts', () => accountContract(opened));
    describe('transactions', () => transactionContract(opened));
  });
}
