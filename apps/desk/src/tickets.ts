/**
 * Tickets and their conversations. Who may see what is asked for in the query, so that no page can forget to filter.
 * @module
 */
import type { MaybePromise } from '@dewar/core';
import type { SqliteStores } from 'dewar';
import { migrations, NAMESPACE } from './schema.ts';
import { fold, parametersOf, SELECTED } from './ticket-search.ts';
import type { Selection } from './ticket-search.ts';

export type Status = 'open' | 'closed';

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface Ticket {
  readonly id: number;
  readonly subject: string;
  readonly status: Status;
  readonly priority: Priority;
  /** Id of the account that opened it. */
  readonly owner: string;
  readonly ownerName: string;
  /** Id of who takes care of it. */
  readonly assignee: string | null;
  readonly assigneeName: string | null;
  /** Number to call back, for its owner and the desk. */
  readonly phone: string;
  /** Messages that its owner may see. */
  readonly messages: number;
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

/** What a customer says to open a ticket. */
export interface NewTicket {
  readonly subject: string;
  readonly body: string;
  /** @default none */
  readonly phone?: string;
}

/** What the desk decides about a ticket. */
export interface Triage {
  readonly priority: Priority;
  readonly assignee: Pick<Author, 'id' | 'name'> | null;
}

/** The place of a ticket in a list; what comes behind it is the same however many tickets came since. */
export type Place = Pick<Ticket, 'updatedAt' | 'id'>;

export interface Tickets {
  /** By the id as it stands in a path; `null` for anything that is not exactly the spelling of one. */
  byId(id: string | undefined): MaybePromise<Ticket | null>;
  /** One page, from 1, latest first, and how many tickets there are on all pages. */
  page(
    selection: Selection,
    page: number,
  ): MaybePromise<{ readonly tickets: readonly Ticket[]; readonly total: number }>;
  /** The tickets behind a place, latest first; `more` says that there are others behind them. */
  behind(
    selection: Selection,
    place: Place | null,
  ): MaybePromise<{ readonly tickets: readonly Ticket[]; readonly more: boolean }>;
  /** The conversation, oldest first; with the desk's own notes only where `internal` says so. */
  messages(ticket: number, internal: boolean): MaybePromise<readonly Message[]>;
  open(ticket: NewTicket, author: Author): Promise<number>;
  /** Adds to the conversation. Whatever is not an internal note opens a closed ticket again. */
  answer(ticket: number, body: string, internal: boolean, author: Author): Promise<number>;
  setStatus(ticket: number, status: Status, at: number): MaybePromise<void>;
  /** Leaves the time alone: what the desk plans is no news for the customer. */
  triage(ticket: number, triage: Triage): MaybePromise<void>;
}

/** Tickets of one page. */
export const PAGE = 20;

const TICKET = `t.id, t.subject, t.status, t.priority, t.owner, t.owner_name AS ownerName, t.assignee,
  t.assignee_name AS assigneeName, t.phone, t.created_at AS createdAt, t.updated_at AS updatedAt,
  (SELECT count(*) FROM desk_messages m WHERE m.ticket = t.id AND m.internal = 0) AS messages`;

/** Brings the tables up to date and answers what works on them. */
export function openTickets(stores: SqliteStores): Tickets {
  stores.migrate(NAMESPACE, migrations);
  const { database } = stores;
  const byId = database.prepare(`SELECT ${TICKET} FROM desk_tickets t WHERE t.id = ?`);
  const page = database.prepare(
    `SELECT ${TICKET} FROM desk_tickets t WHERE ${SELECTED}
     ORDER BY t.updated_at DESC, t.id DESC LIMIT :limit OFFSET :offset`,
  );
  const total = database.prepare(`SELECT count(*) AS n FROM desk_tickets t WHERE ${SELECTED}`);
  const behind = database.prepare(
    `SELECT ${TICKET} FROM desk_tickets t WHERE ${SELECTED}
       AND (:updatedAt IS NULL OR (t.updated_at, t.id) < (:updatedAt, :id))
     ORDER BY t.updated_at DESC, t.id DESC LIMIT :limit`,
  );
  const messages = database.prepare(
    `SELECT id, author, author_name AS authorName, staff, internal, body, created_at AS createdAt
     FROM desk_messages WHERE ticket = ?1 AND (internal = 0 OR ?2 = 1) ORDER BY id`,
  );
  const insertTicket = database.prepare(
    `INSERT INTO desk_tickets (subject, status, owner, owner_name, phone, folded, created_at, updated_at)
     VALUES (?1, 'open', ?2, ?3, ?4, ?5, ?6, ?6)`,
  );
  const insertMessage = database.prepare(
    `INSERT INTO desk_messages (ticket, author, author_name, staff, internal, body, folded, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const setStatus = database.prepare(
    `UPDATE desk_tickets SET status = ?, updated_at = max(updated_at, ?) WHERE id = ?`,
  );
  const triage = database.prepare(`UPDATE desk_tickets SET priority = ?, assignee = ?, assignee_name = ? WHERE id = ?`);

  const write = (ticket: number, body: string, internal: boolean, { id, name, staff, at }: Author): number => {
    const done = insertMessage.run(ticket, id, name, staff ? 1 : 0, internal ? 1 : 0, body, fold(body), at);
    return Number(done.lastInsertRowid);
  };

  return Object.freeze({
    byId(id: string | undefined) {
      if (id === undefined || !/^[1-9]\d{0,14}$/.test(id)) return null;
      return stores.use(() => (byId.get(Number(id)) as Ticket | undefined) ?? null);
    },
    page: (selection: Selection, number: number) =>
      stores.use(() => {
        const parameters = parametersOf(selection);
        const rows = page.all({ ...parameters, limit: PAGE, offset: (number - 1) * PAGE });
        return { tickets: rows as unknown as Ticket[], total: Number(total.get(parameters)?.['n']) };
      }),
    behind: (selection: Selection, place: Place | null) =>
      stores.use(() => {
        const { updatedAt, id } = place ?? { updatedAt: null, id: null };
        const rows = behind.all({ ...parametersOf(selection), updatedAt, id, limit: PAGE + 1 });
        return { tickets: rows.slice(0, PAGE) as unknown as Ticket[], more: rows.length > PAGE };
      }),
    messages: (ticket: number, internal: boolean) =>
      stores.use(() => messages.all(ticket, internal ? 1 : 0).map(readMessage)),
    open: ({ subject, body, phone = '' }: NewTicket, author: Author) =>
      stores.transaction(() => {
        const folded = fold(`${subject}\n${author.name}`);
        const { lastInsertRowid } = insertTicket.run(subject, author.id, author.name, phone, folded, author.at);
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
    triage: (ticket: number, { priority, assignee }: Triage) =>
      stores.use(() => void triage.run(priority, assignee?.id ?? null, assignee?.name ?? null, ticket)),
  });
}

function readMessage(row: Record<string, unknown>): Message {
  // The columns are those of the query above; SQLite has no booleans.
  return { ...(row as unknown as Message), staff: row['staff'] === 1, internal: row['internal'] === 1 };
}
