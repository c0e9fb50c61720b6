/**
 * Takes away what has ended, now and then, in small batches, so that no table grows for ever.
 * @module
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../kernel/index.ts';
import type { Stores } from '../store/index.ts';

const EVERY = 60_000;
/** Batches in one go at most: a store that always finds more must not keep us for ever. */
const MOST = 1_000;

export class Pruner {
  readonly #stores: Stores;
  readonly #clock: Clock;
  readonly #idle: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(stores: Stores, clock: Clock, idle: number) {
    this.#stores = stores;
    this.#clock = clock;
    this.#idle = idle;
  }

  start(): void {
    // A store that fails is seen by every request that needs it; pruning tries again.
    this.#timer = setInterval(() => void this.prune().catch(() => undefined), EVERY);
    this.#timer.unref();
  }

  /** Waits for the batch that is under way: the store closes next. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running?.catch(() => undefined);
  }

  /** Prunes sessions, single-use values and counters until none is left. One at a time, whoever asks. */
  prune(): Promise<void> {
    return (this.#running ??= this.#pruneAll().finally(() => (this.#running = undefined)));
  }

  async #pruneAll(): Promise<void> {
    const { sessions, tickets, counters } = this.#stores;
    const now = this.#clock.now();
    const all = [() => sessions.prune(now, now - this.#idle), () => tickets.prune(now), () => counters.prune(now)];
    for (const prune of all) {
      for (let batches = 0; batches < MOST && !this.#stopped && (await prune()) > 0; batches++) await turn();
    }
  }
}
