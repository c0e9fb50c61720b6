/**
 * Unpredictable bytes from a pool: one call to the operating system serves hundreds of ids.
 * @module
 */
import { randomFillSync } from 'node:crypto';
import type { Random } from '../kernel/clock.ts';

const POOL_BYTES = 8192;

/** A `Random` over the system's CSPRNG. Bytes are handed out once and wiped from the pool as they go. */
export function systemRandom(): Random {
  const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  let at = POOL_BYTES;

  function take(count: number): number {
    if (at + count > POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    const start = at;
    at += count;
    return start;
  }

  return Object.freeze({
    token(bytes: number): string {
      if (bytes > POOL_BYTES) return randomFillSync(Buffer.alloc(bytes)).toString('base64url');
      const start = take(bytes);
      const text = pool.toString('base64url', start, start + bytes);
      pool.fill(0, start, start + bytes);
      return text;
    },
    bytes(count: number): Buffer {
      if (count > POOL_BYTES) return randomFillSync(Buffer.alloc(count));
      const start = take(count);
      const out = Buffer.from(pool.subarray(start, start + count));
      pool.fill(0, start, start + count);
      return out;
    },
  });
}
