/**
 * A bounded queue in front of expensive work: so much at a time, in order of arrival, and no more waiting than can be
 * served soon. Whoever comes beyond that is told at once, which costs nothing.
 * @module
 */
import { Refused } from '@dewar/core';
import type { Denial } from '@dewar/core';

export interface WorkQueue {
  /** Runs `work` in its turn. Rejects with `Refused` where too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** How many wait for their turn. */
  readonly waiting: number;
}

/** Makes a queue that works on `concurrency` things at a time while at most `most` wait. */
export function workQueue(concurrency: number, most: number, full: Denial): WorkQueue {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function start<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      // The place goes to the next in line directly: given back first, a newcomer could take it.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  }

  return {
    get waiting() {
      return waiting.length;
    },
    run<T>(work: () => Promise<T>): Promise<T> {
      if (running < concurrency) {
        running++;
        return start(work);
      }
      if (waiting.length >= most) return Promise.reject(new Refused(full));
      return new Promise<void>((turn) => waiting.push(turn)).then(() => start(work));
    },
  };
}
