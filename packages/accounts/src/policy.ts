/**
 * Options of password hashing, their defaults and their check.
 * @module
 */
import { availableParallelism } from 'node:os';
import type { ConfigFault } from '@dewar/core';

export interface PasswordsOptions {
  /** Memory of one hash in KiB. @default 19456 */
  readonly memory: number;
  /** Passes over that memory. @default 2 */
  readonly passes: number;
  /** Threads that one hash needs at the same time. @default 1 */
  readonly lanes: number;
  /**
   * Fewest characters. NIST SP 800-63B-4 (3.1.1.2) asks for 15 where a password is the only factor, and 8 beside
   * a second one.
   * @default 15
   */
  readonly least: number;
  /** Most characters. Bounds the work before the hash; under 64 password managers get into trouble. @default 128 */
  readonly most: number;
  /**
   * Hashes computed at the same time. Each occupies a thread of Node's pool, which also serves files and DNS.
   * @default one less than there are processors and threads in the pool, at least 1
   */
  readonly concurrency: number;
  /** Hashes that may wait for their turn; more are refused with 503. @default 100 */
  readonly queue: number;
}

/** Threads of Node's pool (libuv): 4, unless the environment says otherwise. */
const POOL = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) || 4;

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane. */
export const passwordsDefaults: Readonly<PasswordsOptions> = Object.freeze({
  memory: 19_456,
  passes: 2,
  lanes: 1,
  least: 15,
  most: 128,
  concurrency: Math.max(1, Math.min(availableParallelism(), POOL) - 1),
  queue: 100,
});

/** Pairs of equal strength (OWASP Password Storage): a setting must reach one of them in both numbers. */
const STRONG_ENOUGH: readonly (readonly [memory: number, passes: number])[] = [
  [47_104, 1],
  [19_456, 2],
  [12_288, 3],
  [9216, 4],
  [7168, 5],
];

const RANGES: Readonly<Record<keyof PasswordsOptions, readonly [least: number, most: number]>> = {
  memory: [7168, 1_048_576],
  passes: [1, 20],
  lanes: [1, 8],
  least: [8, 64],
  most: [64, 1024],
  concurrency: [1, 64],
  queue: [1, 10_000],
};

/** Every fault of the options; `at` is the path they are written under. */
export function checkPasswords(options: PasswordsOptions, at = 'passwords'): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value: unknown = options[name as keyof PasswordsOptions];
    if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) continue;
    const write = `write one, for example ${passwordsDefaults[name as keyof PasswordsOptions]}`;
    faults.push({
      option: `${at}.${name}`,
      wrong: `${String(value)} is no whole number from ${least} to ${most}`,
      write,
    });
  }
  const { memory, passes } = options;
  if (faults.length === 0 && !STRONG_ENOUGH.some(([most, times]) => memory >= most && passes >= times)) {
    const pairs = STRONG_ENOUGH.map(([most, times]) => `${most} with ${times}`).join(', ');
    faults.push({
      option: `${at}.memory`,
      wrong: `${memory} KiB with ${passes} passes is guessed too cheaply`,
      write: `write at least one of ${pairs}`,
    });
  }
  return faults;
}
