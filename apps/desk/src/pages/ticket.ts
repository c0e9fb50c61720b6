/**
 * One ticket: its conversation, answers, and notes that only the desk sees.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Resource, Rule } from 'dewar';
import { checkbox, form, textarea } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { faultsOf, MESSAGE, textOf } from '../input.ts';
import type { Fault } from '../input.ts';
import { csrfOf, render } from '../layout.ts';
import { accountOf, authorOf, isStaff } from '../people.ts';
import type { Services } from '../services.ts';
import type { Message, Ticket } from '../tickets.ts';
import { badge, time } from './parts.ts';

/** Declares `/tickets/:id`; `access` is for its owner and the desk. */
export function ticketPages(app: FastifyInstance, services: Services, ticket: Resource<Ticket>, access: Rule): void {
  const { tickets } = services;

  app.get('/tickets/:id', { access }, (request, reply) => show(request, reply, services, ticket.from(request)));

  app.post('/tickets/:id', { access }, async (request, reply) => {
    const found = ticket.from(request);
    const body = textOf(request.body, 'body');
    const author = await authorOf(request.dewar, services);
    // A customer who sends the field has written an ordinary answer.
    const internal = author.staff && textOf(request.body, 'internal') === 'yes';
    const faults = faultsOf(request.body, [MESSAGE]);
    if (faults.length > 0) return show(request, reply, services, found, { body, internal, faults });
    await tickets.answer(found.id, body, internal, author);
    return reply.redirect(`/tickets/${found.id}?done=${internal ? 'noted' : 'answered'}`, 303);
  });

  app.post('/tickets/:id/status', { access }, async (request, reply) => {
    const { id } = ticket.from(request);
    const closed = textOf(request.body, 'status') === 'closed';
    await tickets.setStatus(id, closed ? 'closed' : 'open', request.dewar.facts.at);
    return reply.redirect(`/tickets/${id}?done=${closed ? 'closed' : 'reopened'}`, 303);
  });
}

interface Draft {
  readonly body: string;
  readonly internal: boolean;
  readonly faults: readonly Fault[];
}

const NOTHING: Draft = { body: '', internal: false, faults: [] };

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  services: Services,
  found: Ticket,
  draft: Draft = NOTHING,
): Promise<FastifyReply> {
  const c = request.dewar;
  const staff = isStaff(await accountOf(c));
  const messages = await services.tickets.messages(found.id, staff);
  const csrf = await csrfOf(c);
  const closed = found.status === 'closed';
  const { body, internal, faults } = draft;
  const change = html`<input type="hidden" name="status" value="${closed ? 'open' : 'closed'}" /><button class="quiet">
      ${closed ? 'Open again' : 'Close'}
    </button>`;
  const fields = html`${textarea({ name: 'body', label: 'Your message', value: body, most: MESSAGE.most, rows: 6, faults })}
    ${staff ? checkbox('internal', 'Internal note: the customer never sees it', internal) : null}
    <div class="actions">
      <button>Add the message</button>${closed ? html` <span class="dim">This opens the ticket again.</span>` : null}
    </div>`;
  const main = html`<p class="dim">#${found.id}, opened by ${found.ownerName}, ${time(found.createdAt)}</p>
    <ol class="talk">
      ${messages.map(entry)}
    </ol>
    <h2>Answer</h2>
    ${form(`/tickets/${found.id}`, csrf, fields)}`;
  const aside = html`<div class="actions">
    ${badge(found.status)}${form(`/tickets/${found.id}/status`, csrf, change, 'plain')}
  </div>`;
  return render(request, reply, services, { title: found.subject, main, aside, faults });
}

function entry({ authorName, staff, internal, body, createdAt }: Message): Html {
  const kind = internal ? 'card note' : staff ? 'card staff' : 'card';
  const mark = internal
    ? html`<span class="badge note">internal note</span>`
    : staff
      ? html`<span class="badge">desk</span>`
      : null;
  return html`<li>
    <article class="${kind}">
      <header><strong>${authorName}</strong>${mark}${time(createdAt)}</header>
      <p class="body">${body}</p>
    </article>
  </li>`;
}
