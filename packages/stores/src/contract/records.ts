/**
 * Records that the contract is tested with.
 * @module
 */
import type { AccountRecord, SessionRecord } from '@dewar/core/store';

/** A moment: stores have no clock, so any will do. */
export const T0 = 1_700_000_000_000;

export function session(hash: string, change: Partial<SessionRecord> = {}): SessionRecord {
  return {
    hash,
    account: 'ada',
    roles: ['agent', 'admin'],
    createdAt: T0,
    authenticatedAt: T0 + 1,
    seenAt: T0 + 2,
    expiresAt: T0 + 86_400_000,
    methods: ['password', 'totp'],
    pending: false,
    rotate: false,
    binding: 'binding',
    previous: '',
    previousUntil: 0,
    device: 'Firefox on Linux',
    address: '192.0.2.7',
    ...change,
  };
}

export function account(id: string, change: Partial<AccountRecord> = {}): Omit<AccountRecord, 'version'> {
  const { version: _, ...rest } = { version: 0, ...change };
  return {
    id,
    login: `${id}@example.org`,
    name: `Name of ${id}`,
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    roles: ['customer'],
    disabled: false,
    createdAt: T0,
    ...rest,
  };
}

/** Text that careless stores change, cut or compare loosely. */
export const ODD_TEXTS: readonly string[] = [
  "'; DROP TABLE dewar_accounts; --",
  '"quoted" and `ticked` and \\slashed\\',
  'ends in a space ',
  'nul\u0000inside',
  'combining e\u0301 is not \u00e9',
  'astral \u{1F512}',
  '1e3',
  '%_*?[a]',
  'x'.repeat(10_000),
];
