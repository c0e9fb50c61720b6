/**
 * One secret, many keys: each purpose gets its own by HKDF (RFC 5869), so that a tag made for one can never be
 * presented for another. Several secrets, newest first, make rotation possible without a gap.
 * @module
 */
import { hkdfSync } from 'node:crypto';
import type { ConfigFault } from '../kernel/config-error.ts';
import { createMac } from './mac.ts';
import type { Mac } from './mac.ts';

/** Least bytes of a secret. */
export const SECRET_BYTES = 32;
const LEAST_DIFFERENT = 10;
const PLACEHOLDER =
  /change[-_ ]?(me|this|it)|secret[-_ ]?key|your[-_ ]?secret|default|example|insecure|password|placeholder|keyboard[-_ ]?cat|test[-_ ]?secret|^(dev|development|secret)[-_ ]|^xxx+$/i;

export interface KeyRing {
  /** 32 bytes per secret for a purpose, newest first. */
  subkeys(purpose: string): readonly Buffer[];
  /** A MAC under the keys of a purpose; made once per purpose and kept. */
  mac(purpose: string): Mac;
}

/** A key ring over `secrets`, newest first. */
export function createKeyRing(secrets: readonly string[]): KeyRing {
  if (secrets.length === 0) throw new TypeError('a key ring needs at least one secret');
  const macs = new Map<string, Mac>();
  const subkeys = (purpose: string): readonly Buffer[] =>
    secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', `dewar/1 ${purpose}`, 32)));
  return {
    subkeys,
    mac(purpose) {
      let mac = macs.get(purpose);
      if (mac === undefined) macs.set(purpose, (mac = createMac(subkeys(purpose))));
      return mac;
    },
  };
}

/** What is wrong with a secret. The secret itself is never part of the answer. */
export function secretFaults(secrets: readonly unknown[], at: string): ConfigFault[] {
  const write = `write ${SECRET_BYTES} random bytes: node -p "crypto.randomBytes(${SECRET_BYTES}).toString('base64url')"`;
  return secrets.flatMap((secret, index) => {
    const option = secrets.length === 1 ? at : `${at}[${index}]`;
    const wrong = weakness(secret);
    return wrong === undefined ? [] : [{ option, wrong, write }];
  });
}

function weakness(secret: unknown): string | undefined {
  if (typeof secret !== 'string') return 'is not a text';
  const bytes = Buffer.byteLength(secret);
  if (bytes < SECRET_BYTES) return `is ${bytes} bytes long, and ${SECRET_BYTES} are the least`;
  if (PLACEHOLDER.test(secret)) return 'looks like a placeholder somebody forgot to replace';
  if (new Set(secret).size < LEAST_DIFFERENT) return `has fewer than ${LEAST_DIFFERENT} different characters`;
  return undefined;
}
