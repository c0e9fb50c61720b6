/**
 * The token: sixteen random bytes and an HMAC over them and what they are bound to. Why not a mask over one secret per
 * session: decisions/0003-csrf-token.md.
 * @module
 */
import type { KeyRing } from '../crypto/index.ts';
import type { Random } from '../kernel/index.ts';

const RANDOM_BYTES = 16;
/** Characters of the random part, base64url. */
const RANDOM_LENGTH = 22;
/** Characters of a whole token: the random part and the tag of 32 bytes. */
const TOKEN_LENGTH = RANDOM_LENGTH + 43;

export interface Tokens {
  /** A new token for a binding; no two are equal, so no response repeats a secret (BREACH). */
  make(binding: string): string;
  /** True for a token of this very binding. Takes anything; a wrong one costs the same time whatever is wrong. */
  holds(token: unknown, binding: string): boolean;
}

/** Tokens under the key ring's keys for `csrf`. */
export function createTokens(keys: KeyRing, random: Random): Tokens {
  const mac = keys.mac('csrf');
  return {
    make(binding) {
      const value = random.token(RANDOM_BYTES);
      return value + mac.sign(value + binding);
    },
    holds(token, binding) {
      // Without a binding a token would be good for everybody.
      if (typeof token !== 'string' || token.length !== TOKEN_LENGTH || binding === '') return false;
      // The random part has a fixed length, so where it ends and the binding begins cannot be moved.
      return mac.verify(token.slice(0, RANDOM_LENGTH) + binding, token.slice(RANDOM_LENGTH));
    },
  };
}
