/**
 * The tables of Dewar's own stores. Released migrations never change.
 * @module
 */
import type { Migration } from './migrations.ts';

/** Namespace under which they are recorded. */
export const NAMESPACE = 'dewar';

export const migrations: readonly Migration[] = Object.freeze([
  {
    name: 'counters, sessions, tickets, accounts',
    sql: `
CREATE TABLE dewar_counters (
  key TEXT NOT NULL PRIMARY KEY,
  full_at REAL NOT NULL -- microseconds since 1970
) STRICT, WITHOUT ROWID;

CREATE TABLE dewar_sessions (
  hash TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  authenticated_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  methods TEXT NOT NULL,
  pending INTEGER NOT NULL,
  rotate INTEGER NOT NULL,
  binding TEXT NOT NULL,
  previous TEXT NOT NULL,
  previous_until INTEGER NOT NULL,
  device TEXT NOT NULL,
  address TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dewar_sessions_by_account ON dewar_sessions (account, created_at);
CREATE INDEX dewar_sessions_by_previous ON dewar_sessions (previous) WHERE previous <> '';
CREATE INDEX dewar_sessions_by_end ON dewar_sessions (expires_at);
CREATE INDEX dewar_sessions_by_sight ON dewar_sessions (seen_at);

CREATE TABLE dewar_tickets (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dewar_tickets_by_end ON dewar_tickets (until);

CREATE TABLE dewar_accounts (
  id TEXT NOT NULL PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  roles TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
`,
  },
]);
