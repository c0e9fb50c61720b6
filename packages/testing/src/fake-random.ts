/**
 * Chance that repeats itself. For tests only: whoever knows the seed knows every token made from it.
 * @module
 */
import { createHash } from 'node:crypto';
import type { Random } from '@dewar/core';

/** A `Random` whose bytes follow from the seed alone. Never give it to an application that serves people. */
export function fakeRandom(seed: string | number = 0): Random {
  let pool = Buffer.alloc(0);
  let block = 0;

  function bytes(count: number): Buffer {
    while (pool.length < count) {
      pool = Buffer.concat([pool, createHash('sha256').update(`${seed}\n${block++}`).digest()]);
    }
    const out = Buffer.from(pool.subarray(0, count));
    pool = pool.subarray(count);
    return out;
  }

  return Object.freeze({ bytes, token: (count: number) => bytes(count).toString('base64url') });
}
