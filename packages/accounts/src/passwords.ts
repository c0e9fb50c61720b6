/**
 * Password hashes: argon2id (RFC 9106) as PHC strings, compared at equal cost whether there is a hash or not.
 * @module
 */
import { hash as argon2, verify as argon2Verify } from '@node-rs/argon2';
import { ConfigError, systemRandom, unknownKeys } from '@dewar/core';
import type { Denial, Random } from '@dewar/core';
import { checkPasswords, passwordsDefaults } from './policy.ts';
import type { PasswordsOptions } from './policy.ts';
import { workQueue } from './queue.ts';

/** Why a password cannot be chosen. */
export type PasswordFault = 'too-short' | 'too-long' | 'not-text';

export interface Passwords {
  readonly options: PasswordsOptions;
  /** A PHC string with a new salt. Rejects with a `RangeError` for what `fault` refuses. */
  hash(password: string): Promise<string>;
  /** Whether the password made this hash. The empty hash matches nothing, and costs as much to find out. */
  verify(hash: string, password: string): Promise<boolean>;
  /** True for a hash that was made with other parameters than those of today. */
  needsRehash(hash: string): boolean;
  /** Why this password cannot be chosen, or `null`. */
  fault(password: string): PasswordFault | null;
}

const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** Our own hashes, and no others: what stands in the store decides how much memory a look at it takes. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43,86})$/;
const MOST_MEMORY = 1_048_576;

const BUSY: Denial = Object.freeze({
  code: 'accounts/busy',
  status: 503,
  by: 'accounts',
  option: 'passwords.queue',
  headers: Object.freeze(['retry-after', '5']),
});

/** Makes the hasher. Faults of the options are thrown, all together. */
export function createPasswords(given: Partial<PasswordsOptions> = {}, random: Random = systemRandom()): Passwords {
  const options = Object.freeze({ ...passwordsDefaults, ...given });
  const faults = [...unknownKeys(given, Object.keys(passwordsDefaults), 'passwords'), ...checkPasswords(options)];
  if (faults.length > 0) throw new ConfigError(faults);
  const { memory, passes, lanes } = options;
  const cost = { memoryCost: memory, timeCost: passes, parallelism: lanes, outputLen: TAG_BYTES };
  const parameters = `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$`;
  const decoy = `${parameters}${base64(random.bytes(SALT_BYTES))}$${base64(random.bytes(TAG_BYTES))}`;
  const queue = workQueue(options.concurrency, options.queue, BUSY);

  return Object.freeze({
    options,
    fault: (password: string) => passwordFault(password, options),
    async hash(password: string): Promise<string> {
      const fault = passwordFault(password, options);
      if (fault !== null) throw new RangeError(`the password is ${fault}`);
      return queue.run(() => argon2(normalise(password), { ...cost, salt: random.bytes(SALT_BYTES) }));
    },
    async verify(hash: string, password: string): Promise<boolean> {
      // Depends on what was typed alone, so it says nothing of the account. Short ones may be older than the rule.
      if (typeof password !== 'string' || !isBounded(password, options.most)) return false;
      const known = isReadable(hash);
      const same = await queue.run(() => argon2Verify(known ? hash : decoy, normalise(password)));
      return known && same;
    },
    needsRehash: (hash: string) => !hash.startsWith(parameters) || !isReadable(hash),
  });
}

/** Why a password cannot be chosen under these bounds. Characters are code points of its normal form. */
export function passwordFault(
  password: unknown,
  { least, most }: Pick<PasswordsOptions, 'least' | 'most'>,
): PasswordFault | null {
  // A lone surrogate becomes U+FFFD in UTF-8, so that many passwords would be one.
  if (typeof password !== 'string' || !password.isWellFormed()) return 'not-text';
  if (!isBounded(password, most)) return 'too-long';
  return countOf(normalise(password)) < least ? 'too-short' : null;
}

/** One spelling of what looks the same: keyboards and systems compose accents differently (NIST SP 800-63B, NFKC). */
function normalise(password: string): string {
  return password.normalize('NFKC');
}

/** Looks at the length before it normalises, which would be work for whoever sends megabytes. */
function isBounded(password: string, most: number): boolean {
  return password.length <= most * 4 && password.isWellFormed() && countOf(normalise(password)) <= most;
}

function countOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function isReadable(hash: string): boolean {
  const match = PHC.exec(hash);
  if (match === null) return false;
  const [memory, passes, lanes] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return lanes >= 1 && passes >= 1 && memory >= 8 * lanes && memory <= MOST_MEMORY;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
