/**
 * Time and chance are injected: what decides on them can be tested without waiting or luck.
 * @module
 */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back after so many milliseconds, unless what it answers is called before. @default the system's timer */
  after?(milliseconds: number, run: () => void): () => void;
}

export interface Random {
  /** `bytes` unpredictable bytes as base64url. */
  token(bytes: number): string;
  /** Fills and returns a new buffer. */
  bytes(count: number): Buffer;
}

export const systemClock: Clock = Object.freeze({ now: Date.now });

/** Calls back later, by the clock's own timer where it has one. What is answered takes it back. */
export function later(clock: Clock, milliseconds: number, run: () => void): () => void {
  if (clock.after !== undefined) return clock.after(milliseconds, run);
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}
