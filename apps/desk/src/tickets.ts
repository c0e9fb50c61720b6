/**
 * Tickets and their conversations. Who may see what is asked for in the query, so that no page can forget to filter.
 * @module
 */
import type { MaybePromise } from '@dewar/core';
import type { SqliteStores } from 'dewar';
import { migrations, NAMESPACE } from './schema.ts';

export type Status = 'open' | 'closed';

export interface Ticket {
  readonly id: number;
  readonly subject: string;
  readonly status: Status;
  /** Id of the account that opened it. */
  readonly owner: string;
  readonly ownerName: string;
  readonly createdAt: number;
  /** Of the last change that its owner may see. */
  readonly updatedAt: number;
}

export interface Message {
  readonly id: number;
  readonly author: string;
  readonly authorName: string;
  /** Written by somebody of the desk, who acted as such. */
  readonly staff: boolean;
  /** A note that only the desk may read. */
  readonly internal: boolean;
  readonly body: string;
  readonly createdAt: number;
}

/** Who writes, and when. */
export interface Author {
  readonly id: string;
  readonly name: string;
  readonly staff: boolean;
  readonly at: number;
}

/** Which tickets a list shows. */
interface Selection {
  /** Only those of this account; `null` shows everybody's. */
  readonly owner: string | null;
  readonly status: Status | null;
  /** From 1. */
  readonly page: number;
}

export interface Tickets {
  /** By the id as it stands in a path; `null` for anything that is not exactly the spelling of one. */
  byId(id: string | undefined): MaybePromise<Ticket | null>;
  /** Latest first; `more` says that there is another page. */
  list(selection: Selection): MaybePromise<{ readonly tickets: readonly Ticket[]; readonly more: boolean }>;
  /** The conversation, oldest first; with the desk's own notes only where `internal` says so. */
  messages(ticket: number, internal: boolean): MaybePromise<readonly Message[]>;
  open(subject: string, body: string, author: Author): Promise<number>;
  /** Adds to the conversation. Whatever is not an internal note opens a closed ticket again. */
  answer(ticket: number, body: string, internal: boolean, author: Author): Promise<number>;
  setStatus(ticket: number, status: Status, at: number): MaybePromise<void>;
  count(): MaybePromise<number>;
}

const PAGE = 20;
const TICKET = `id, subject, status, owner, owner_name AS ownerName, created_at AS createdAt, updated_at AS updatedAt`;

/** Brings the tables up to date and answers what works on them. */
export function openTickets(stores: SqliteStores): Tickets {
  stores.migrate(NAMESPACE, migrations);
  const { database } = stores;
  const byId = database.prepare(`SELECT ${TICKET} FROM desk_tickets WHERE id = ?`);
  const list = database.prepare(
    `SELECT ${TICKET} FROM desk_tickets WHERE (?1 IS NULL OR owner = ?1) AND (?2 IS NULL OR status = ?2)
     ORDER BY updated_at DESC, id DESC LIMIT ?3 OFFSET ?4`,
  );
  const messages = database.prepare(
    `SELECT id, author, author_name AS authorName, staff, internal, body, created_at AS createdAt
     FROM desk_messages WHERE ticket = ?1 AND (internal = 0 OR ?2 = 1) ORDER BY id`,
  );
  const insertTicket = database.prepare(
    `INSERT INTO desk_tickets (subject, status, owner, owner_name, created_at, updated_at)
     VALUES (?, 'open', ?, ?, ?, ?)`,
  );
  const insertMessage = database.prepare(
    `INSERT INTO desk_messages (ticket, author, author_name, staff, internal, body, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const setStatus = database.prepare(
    `UPDATE desk_tickets SET status = ?, updated_at = max(updated_at, ?) WHERE id = ?`,
  );
  const count = database.prepare(`SELECT count(*) AS n FROM desk_tickets`);

  const write = (ticket: number, body: string, internal: boolean, { id, name, staff, at }: Author): number => {
    const done = insertMessage.run(ticket, id, name, staff ? 1 : 0, internal ? 1 : 0, body, at);
    return Number(done.lastInsertRowid);
  };

  return Object.freeze({
    byId(id: string | undefined) {
      if (id === undefined || !/^[1-9]\d{0,14}$/.test(id)) return null;
      return stores.use(() => (byId.get(Number(id)) as Ticket | undefined) ?? null);
    },
    list: ({ owner, status, page }: Selection) =>
      stores.use(() => {
        const rows = list.all(owner, status, PAGE + 1, (page - 1) * PAGE) as unknown as Ticket[];
        return { tickets: rows.slice(0, PAGE), more: rows.length > PAGE };
      }),
    messages: (ticket: number, internal: boolean) =>
      stores.use(() => messages.all(ticket, internal ? 1 : 0).map(readMessage)),
    open: (subject: string, body: string, author: Author) =>
      stores.transaction(() => {
        const { lastInsertRowid } = insertTicket.run(subject, author.id, author.name, author.at, author.at);
        write(Number(lastInsertRowid), body, false, author);
        return Number(lastInsertRowid);
      }),
    answer: (ticket: number, body: string, internal: boolean, author: Author) =>
      stores.transaction(() => {
        const id = write(ticket, body, internal, author);
        // A note leaves the time alone as well: customers see it, and would know that the desk talks about them.
        if (!internal) setStatus.run('open', author.at, ticket);
        return id;
      }),
    setStatus: (ticket: number, status: Status, at: number) => stores.use(() => void setStatus.run(status, at, ticket)),
    count: () => stores.use(() => Number(count.get()?.['n'])),
  });
}

function readMessage(row: Record<string, unknown>): Message {
  // The columns are those of the query above; SQLite has no booleans.
  return { ...(row as unknown as Message), staff: row['staff'] === 1, internal: row['internal'] === 1 };
}
