/**
 * One ticket: its conversation, answers, and notes that only the desk sees.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { all, role } from 'dewar';
import type { Resource, Rule } from 'dewar';
import { csrfInput, html } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';
import { checkbox, form, hidden, textarea } from '../forms.ts';
import { answer, MESSAGE_MOST, readInput, textOf } from '../input.ts';
import type { Fault } from '../input.ts';
import { render } from '../layout.ts';
import { WRITING } from '../limits.ts';
import { accountOf, authorOf, isStaff } from '../people.ts';
import type { Site } from '../services.ts';
import type { Message, Ticket } from '../tickets.ts';
import { avatar, icon, named, time } from './parts.ts';
import { details, readTriage } from './ticket-details.ts';

/** Declares `/tickets/:id`; `access` is for its owner and the desk. */
export function ticketPages(app: FastifyInstance, site: Site, ticket: Resource<Ticket>, access: Rule): void {
  const { tickets } = site;

  app.get('/tickets/:id', { access }, (request, reply) => show(request, reply, site, ticket.from(request)));

  app.post('/tickets/:id', { access, policy: { limits: { rules: WRITING } } }, async (request, reply) => {
    const found = ticket.from(request);
    const author = await authorOf(request.dewar, site);
    // A customer who sends the field has written an ordinary answer.
    const internal = author.staff && textOf(request.body, 'internal') === 'yes';
    const read = readInput(answer, request.body);
    if (!read.ok) {
      const draft = { body: textOf(request.body, 'body'), internal, faults: read.faults };
      return show(request, reply, site, found, draft);
    }
    await tickets.answer(found.id, read.value.body, internal, author);
    return reply.redirect(`/tickets/${found.id}?done=${internal ? 'noted' : 'answered'}`, 303);
  });

  app.post('/tickets/:id/status', { access }, async (request, reply) => {
    const { id } = ticket.from(request);
    const closed = textOf(request.body, 'status') === 'closed';
    await tickets.setStatus(id, closed ? 'closed' : 'open', request.dewar.facts.at);
    return reply.redirect(`/tickets/${id}?done=${closed ? 'closed' : 'reopened'}`, 303);
  });

  app.post('/tickets/:id/triage', { access: all(role('agent'), access) }, async (request, reply) => {
    const found = ticket.from(request);
    const read = await readTriage(request.body, found, site);
    if (!read.ok) return show(request, reply, site, found, { ...NOTHING, faults: read.faults });
    await tickets.triage(found.id, read.value);
    return reply.redirect(`/tickets/${found.id}?done=triaged`, 303);
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
  site: Site,
  found: Ticket,
  { body, internal, faults }: Draft = NOTHING,
): Promise<FastifyReply> {
  const c = request.dewar;
  const staff = isStaff(await accountOf(c));
  const messages = await site.tickets.messages(found.id, staff);
  const csrf = await csrfInput(c);
  const closed = found.status === 'closed';
  const change = html`${hidden('status', closed ? 'open' : 'closed')}<button class="quiet">
      ${closed ? 'Open again' : 'Close'}
    </button>`;
  const note = checkbox('internal', 'Internal note', internal, { about: 'The customer never sees it.' });
  const fields = html`${textarea({ name: 'body', label: 'Your message', value: body, most: MESSAGE_MOST, rows: 6, faults })}
    ${staff ? note : null}
    <div class="actions">
      <button>Add the message</button>${closed ? html` <span class="dim">This opens the ticket again.</span>` : null}
    </div>`;
  const main = html`<div class="columns">
    <div class="talk">
      <h2 class="unseen">Conversation</h2>
      <ol>
        ${messages.map(entry)}
      </ol>
      <h2>Answer</h2>
      ${form(`/tickets/${found.id}`, csrf, fields, 'stack card')}
    </div>
    ${await details(found, staff, csrf, site, faults)}
  </div>`;
  const aside = form(`/tickets/${found.id}/status`, csrf, change, 'plain');
  const above = html`<p class="crumb"><a href="/tickets">${icon('left')}${staff ? 'Tickets' : 'Your tickets'}</a></p>`;
  const lead = html`#${found.id}, opened by ${named(found.ownerName)}, ${time(found.createdAt)}`;
  return render(request, reply, site, { title: found.subject, above, lead, main, aside, faults });
}

function entry({ authorName, staff, internal, body, createdAt }: Message): Html {
  const kind = internal ? 'note' : staff ? 'staff' : '';
  const mark = internal
    ? html`<span class="badge note">${icon('lock')}internal note</span>`
    : staff
      ? html`<span class="badge desk">desk</span>`
      : null;
  return html`<li>
    ${avatar(authorName)}
    <article class="card ${kind}">
      <header><strong>${named(authorName)}</strong>${mark}${time(createdAt)}</header>
      <p class="body" dir="auto">${body}</p>
    </article>
  </li>`;
}
