/**
 * Time and chance are injected: what decides on them can be tested without waiting or luck.
 * @module
 */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Random {
  /** `bytes` unpredictable bytes as base64url. */
  token(bytes: number): string;
  /** Fills and returns a new buffer. */
  bytes(count: number): Buffer;
}

export const systemClock: Clock = Object.freeze({ now: Date.now });
