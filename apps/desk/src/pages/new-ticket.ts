/**
 * Opening a ticket.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { signedIn } from 'dewar';
import { csrfInput, html } from '@dewar/core/html';
import { form, input, textarea } from '../forms.ts';
import { MESSAGE_MOST, newTicket, PHONE_MOST, readInput, SUBJECT_MOST, textOf } from '../input.ts';
import type { Fault } from '../input.ts';
import { render } from '../layout.ts';
import { WRITING } from '../limits.ts';
import { authorOf } from '../people.ts';
import type { Site } from '../services.ts';

interface Draft {
  readonly subject: string;
  readonly body: string;
  readonly phone: string;
}

const NOTHING: Draft = { subject: '', body: '', phone: '' };

/** Declares `/tickets/new` and what makes one. */
export function newTicketPages(app: FastifyInstance, site: Site): void {
  app.get('/tickets/new', { access: signedIn() }, (request, reply) => show(request, reply, site, NOTHING, []));

  app.post('/tickets', { access: signedIn(), policy: { limits: { rules: WRITING } } }, async (request, reply) => {
    const read = readInput(newTicket, request.body);
    if (!read.ok) return show(request, reply, site, draftOf(request.body), read.faults);
    const id = await site.tickets.open(read.value, await authorOf(request.dewar, site));
    return reply.redirect(`/tickets/${id}?done=opened`, 303);
  });
}

function draftOf(body: unknown): Draft {
  return { subject: textOf(body, 'subject'), body: textOf(body, 'body'), phone: textOf(body, 'phone') };
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  { subject, body, phone }: Draft,
  faults: readonly Fault[],
): Promise<FastifyReply> {
  const fields = html`${input({ name: 'subject', label: 'What is it about?', autocomplete: 'off', value: subject, most: SUBJECT_MOST, faults })}
    ${textarea({ name: 'body', label: 'What happened, and what did you expect?', value: body, most: MESSAGE_MOST, rows: 9, faults })}
    ${input({ name: 'phone', label: 'Telephone, if we may call you back', type: 'tel', autocomplete: 'tel', value: phone, hint: 'Only you and the people of the desk see it.', most: PHONE_MOST, optional: true, faults })}
    <div class="actions"><button>Open the ticket</button> <a href="/tickets">Back</a></div>`;
  const main = form('/tickets', await csrfInput(request.dewar), fields, 'stack card');
  const lead = 'Whatever helps us to understand it helps you to get an answer soon.';
  return render(request, reply, site, { title: 'Open a ticket', lead, main, faults, kind: 'narrow' });
}
