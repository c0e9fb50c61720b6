/**
 * Desk's own tables, beside Dewar's in the same file. Released migrations never change; new ones go to the end.
 * @module
 */
import type { Migration } from 'dewar';

/** Namespace under which they are recorded. */
export const NAMESPACE = 'desk';

export const migrations: readonly Migration[] = Object.freeze([
  {
    name: 'tickets and messages',
    // Names are kept as they were signed at the time, so that a conversation reads the same for ever.
    sql: `
CREATE TABLE desk_tickets (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
  owner TEXT NOT NULL,
  owner_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX desk_tickets_by_update ON desk_tickets (updated_at, id);
CREATE INDEX desk_tickets_by_owner ON desk_tickets (owner, updated_at, id);

CREATE TABLE desk_messages (
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  ticket INTEGER NOT NULL REFERENCES desk_tickets (id) ON DELETE CASCADE,
  author TEXT NOT NULL,
  author_name TEXT NOT NULL,
  staff INTEGER NOT NULL CHECK (staff IN (0, 1)),
  internal INTEGER NOT NULL CHECK (internal IN (0, 1)),
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX desk_messages_by_ticket ON desk_messages (ticket, id);
`,
  },
  {
    name: 'priority, assignee, telephone, search',
    // What is searched is kept folded beside what is shown; SQLite folds no more than A to Z by itself.
    sql: `
ALTER TABLE desk_tickets ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal'
  CHECK (priority IN ('low', 'normal', 'high', 'urgent'));
ALTER TABLE desk_tickets ADD COLUMN assignee TEXT;
ALTER TABLE desk_tickets ADD COLUMN assignee_name TEXT;
ALTER TABLE desk_tickets ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_tickets ADD COLUMN folded TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_messages ADD COLUMN folded TEXT NOT NULL DEFAULT '';
UPDATE desk_tickets SET folded = lower(subject || char(10) || owner_name);
UPDATE desk_messages SET folded = lower(body);
CREATE INDEX desk_tickets_by_assignee ON desk_tickets (assignee, updated_at, id);
`,
  },
]);
