/**
 * The list of tickets, and opening a new one. Customers see their own; the query asks for no others.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { signedIn } from 'dewar';
import type { Context } from '@dewar/core';
import { form, input, textarea } from '../forms.ts';
import { html, raw } from '../html.ts';
import type { Html } from '../html.ts';
import { faultsOf, MESSAGE, SUBJECT, textOf } from '../input.ts';
import type { Fault } from '../input.ts';
import { csrfOf, render } from '../layout.ts';
import { accountOf, authorOf, isStaff } from '../people.ts';
import type { Services } from '../services.ts';
import type { Status, Ticket } from '../tickets.ts';
import { badge, time } from './parts.ts';

/** Declares `/tickets` and `/tickets/new`. */
export function ticketListPages(app: FastifyInstance, services: Services): void {
  const { tickets } = services;

  app.get('/tickets', { access: signedIn() }, async (request, reply) => {
    const c = request.dewar;
    const identity = await accountOf(c);
    const staff = isStaff(identity);
    const [status, page] = [statusOf(c), pageOf(c)];
    const found = await tickets.list({ owner: staff ? null : identity.id, status, page });
    const main = html`${tabs(status)}${
      found.tickets.length === 0
        ? empty(status, page)
        : html`<ul class="list">
            ${found.tickets.map((one) => row(one, staff))}
          </ul>`
    }${pager(status, page, found.more)}`;
    const aside = html`<a class="button" href="/tickets/new">Open a ticket</a>`;
    return render(request, reply, services, { title: staff ? 'Tickets' : 'Your tickets', main, aside });
  });

  app.get('/tickets/new', { access: signedIn() }, (request, reply) => show(request, reply, services, '', '', []));

  app.post('/tickets', { access: signedIn() }, async (request, reply) => {
    const [subject, body] = [textOf(request.body, 'subject'), textOf(request.body, 'body')];
    const faults = faultsOf(request.body, [SUBJECT, MESSAGE]);
    if (faults.length > 0) return show(request, reply, services, subject, body, faults);
    const id = await tickets.open(subject.trim(), body, await authorOf(request.dewar, services));
    return reply.redirect(`/tickets/${id}?done=opened`, 303);
  });
}

function row({ id, subject, status, ownerName, updatedAt }: Ticket, staff: boolean): Html {
  const who = staff ? html`${ownerName}, ` : null;
  return html`<li>
    <div class="what">
      <a href="/tickets/${id}">${subject}</a>
      <p class="dim">#${id}, ${who}${time(updatedAt)}</p>
    </div>
    ${badge(status)}
  </li>`;
}

function tabs(chosen: Status | null): Html {
  const link = (status: Status | null, text: string): Html =>
    html`<li>
      <a href="${listPath(status, 1)}" ${status === chosen ? raw(' aria-current="page"') : null}>${text}</a>
    </li>`;
  return html`<nav class="tabs" aria-label="Which tickets">
    <ul>
      ${link(null, 'All')}${link('open', 'Open')}${link('closed', 'Closed')}
    </ul>
  </nav>`;
}

function empty(status: Status | null, page: number): Html {
  const text =
    page > 1
      ? 'There is nothing on this page.'
      : status === null
        ? 'There are no tickets yet.'
        : `There are no ${status} tickets.`;
  return html`<div class="card empty">
    <p>${text}</p>
    <p class="dim">Open one, and somebody from the desk will answer.</p>
  </div>`;
}

function pager(status: Status | null, page: number, more: boolean): Html | null {
  if (page === 1 && !more) return null;
  return html`<nav aria-label="Pages">
    <ul>
      ${page > 1 ? html`<li><a href="${listPath(status, page - 1)}" rel="prev">Newer</a></li>` : null}${
        more ? html`<li><a href="${listPath(status, page + 1)}" rel="next">Older</a></li>` : null
      }
    </ul>
  </nav>`;
}

function listPath(status: Status | null, page: number): string {
  const query = new URLSearchParams();
  if (status !== null) query.set('status', status);
  if (page > 1) query.set('page', String(page));
  return query.size === 0 ? '/tickets' : `/tickets?${query.toString()}`;
}

function statusOf({ facts }: Context): Status | null {
  const { status } = facts.query;
  return status === 'open' || status === 'closed' ? status : null;
}

/** Bounded: what SQLite skips it still reads. */
function pageOf({ facts }: Context): number {
  const { page } = facts.query;
  return typeof page === 'string' && /^[1-9]\d{0,2}$/.test(page) ? Number(page) : 1;
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  services: Services,
  subject: string,
  body: string,
  faults: readonly Fault[],
): Promise<FastifyReply> {
  const fields = html`${input({ name: 'subject', label: 'What is it about?', autocomplete: 'off', value: subject, most: SUBJECT.most, faults })}
    ${textarea({ name: 'body', label: 'What happened, and what did you expect?', value: body, most: MESSAGE.most, rows: 9, faults })}
    <div class="actions"><button>Open the ticket</button> <a href="/tickets">Back</a></div>`;
  const main = form('/tickets', await csrfOf(request.dewar), fields);
  return render(request, reply, services, { title: 'Open a ticket', main, faults });
}
