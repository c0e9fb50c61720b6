/**
 * Stores that answer later, as those behind a network do: what only works while a store is synchronous shows here.
 * @module
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Stores } from '@dewar/core/store';

/** Wraps every call so that it is made, and answered, a random number of turns later. `random` answers 0 up to 1. */
export function late(stores: Stores, random: () => number = Math.random): Stores {
  return {
    counters: lateMethods(stores.counters, random),
    sessions: lateMethods(stores.sessions, random),
    tickets: lateMethods(stores.tickets, random),
    accounts: lateMethods(stores.accounts, random),
    transaction: async (work) => {
      await wait(random);
      const result = await stores.transaction(work);
      await wait(random);
      return result;
    },
    health: async () => {
      await wait(random);
      return stores.health();
    },
    close: async () => {
      await wait(random);
      await stores.close();
    },
  };
}

function lateMethods<S extends object>(store: S, random: () => number): S {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      // `watch` answers how to stop: a function, not a promise of one.
      if (typeof method !== 'function' || name === 'watch') return method;
      return async (...input: readonly unknown[]): Promise<unknown> => {
        const given = structuredClone(input);
        await wait(random);
        const result: unknown = await Reflect.apply(method, target, given);
        await wait(random);
        return result;
      };
    },
  });
}

/** Up to three turns, each a microtask or a round of the event loop; at least one. */
async function wait(random: () => number): Promise<void> {
  for (let turns = Math.floor(random() * 3); turns >= 0; turns--) await (random() < 0.5 ? undefined : turn());
}
