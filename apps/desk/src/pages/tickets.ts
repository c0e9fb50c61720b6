/**
 * The list of tickets: searched, filtered, in pages. Customers see their own; the query asks for no others.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { signedIn } from 'dewar';
import type { AccountIdentity, Context } from '@dewar/core';
import { attr, html } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';
import { render } from '../layout.ts';
import { accountOf, isStaff } from '../people.ts';
import type { Site } from '../services.ts';
import { SEARCH_MOST } from '../ticket-search.ts';
import type { Selection } from '../ticket-search.ts';
import { PAGE } from '../tickets.ts';
import type { Status } from '../tickets.ts';
import { emptyState, icon, pager, searchForm, withQuery } from './parts.ts';
import { ticketRows } from './ticket-rows.ts';

/** What the address says about a list. Anything else in it means nothing. */
export interface ListQuery {
  readonly status: Status | null;
  /** For the desk: whose care. */
  readonly who: 'me' | 'nobody' | null;
  readonly text: string;
  readonly page: number;
}

/** Declares `/tickets`. */
export function ticketListPages(app: FastifyInstance, site: Site): void {
  app.get('/tickets', { access: signedIn() }, async (request, reply) => {
    const identity = await accountOf(request.dewar);
    const staff = isStaff(identity);
    const query = queryOf(request.dewar, staff);
    const { tickets, total } = await site.tickets.page(selectionOf(query, identity), query.page);
    const main = html`<div class="tools">
        ${tabs(query, staff)}${searchForm('/tickets', 'Search tickets', query.text, SEARCH_MOST, keptOf(query))}
      </div>
      ${query.text === '' ? null : found(query, total)}${
        tickets.length === 0 ? nothing(query, total, staff) : ticketRows(tickets, staff)
      }${pager(query.page, Math.ceil(total / PAGE), (page) => listPath({ ...query, page }))}`;
    const aside = html`<a class="button" href="/tickets/new">${icon('plus')}Open a ticket</a>`;
    return render(request, reply, site, { title: staff ? 'Tickets' : 'Your tickets', main, aside });
  });
}

/** What somebody sees of a list they ask for. */
export function selectionOf({ status, who, text }: Omit<ListQuery, 'page'>, identity: AccountIdentity): Selection {
  const staff = isStaff(identity);
  const assignee = who === 'me' ? { id: identity.id } : who;
  return { owner: staff ? null : identity.id, internal: staff, status, assignee, text };
}

/** Reads the address; whose care it is only the desk may ask. */
function queryOf({ facts }: Context, staff: boolean): ListQuery {
  const { status, who, q, page } = facts.query;
  return {
    status: status === 'open' || status === 'closed' ? status : null,
    who: staff && (who === 'me' || who === 'nobody') ? who : null,
    text: typeof q === 'string' ? [...q].slice(0, SEARCH_MOST).join('').trim() : '',
    // Bounded: what SQLite skips it still reads.
    page: typeof page === 'string' && /^[1-9]\d{0,2}$/.test(page) ? Number(page) : 1,
  };
}

function tabs(query: ListQuery, staff: boolean): Html {
  const link = (text: string, status: Status | null, who: ListQuery['who'] = null): Html => {
    const here = query.status === status && query.who === who;
    const path = listPath({ ...query, status, who, page: 1 });
    return html`<li><a href="${path}" ${attr('aria-current', here && 'page')}>${text}</a></li>`;
  };
  const own = staff ? html`${link('Mine', 'open', 'me')}${link('Unassigned', 'open', 'nobody')}` : null;
  return html`<nav class="tabs" aria-label="Which tickets">
    <ul>
      ${link('All', null)}${link('Open', 'open')}${own}${link('Closed', 'closed')}
    </ul>
  </nav>`;
}

function found(query: ListQuery, total: number): Html {
  const tickets = total === 1 ? '1 ticket' : `${total} tickets`;
  return html`<p class="found" role="status">
    ${tickets} with “<bdi>${query.text}</bdi>”. <a href="${listPath({ ...query, text: '', page: 1 })}">Clear the search</a>
  </p>`;
}

function nothing(query: ListQuery, total: number, staff: boolean): Html {
  if (total > 0)
    return emptyState(
      'There is nothing on this page',
      'The list is shorter than that.',
      html`<p>
      <a href="${listPath({ ...query, page: 1 })}">Go to the first page</a>
    </p>`,
    );
  if (query.text !== '')
    return emptyState('Nothing was found', 'Try fewer or other words, or the number of a ticket, such as #12.');
  if (query.status !== null || query.who !== null)
    return emptyState('Nothing here', 'There are no tickets of this kind.');
  return emptyState(
    'There are no tickets yet',
    staff ? 'As soon as a customer writes, it appears here.' : 'Ask something, and somebody from the desk will answer.',
  );
}

function keptOf({ status, who }: ListQuery): Record<string, string> {
  return { ...(status === null ? undefined : { status }), ...(who === null ? undefined : { who }) };
}

function listPath({ status, who, text, page }: ListQuery): string {
  return withQuery('/tickets', { status, who, q: text, page: page > 1 ? page : null });
}
