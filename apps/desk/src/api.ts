/**
 * The same tickets as JSON. Every answer names its members one by one: what is not written here does not leave.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { signedIn } from 'dewar';
import type { Resource, Rule } from 'dewar';
import { inputOf } from '@dewar/core/schema';
import type { RoutePolicy, StandardSchema } from '@dewar/core';
import { answerJson, listJson, newTicketJson } from './input.ts';
import { WRITING } from './limits.ts';
import { selectionOf } from './pages/tickets.ts';
import { accountOf, authorOf, isStaff, recordOf } from './people.ts';
import type { Services } from './services.ts';
import type { Message, Ticket } from './tickets.ts';

/** Declares everything under `/api`; `access` is for a ticket's owner and the desk. */
export function api(app: FastifyInstance, services: Services, ticket: Resource<Ticket>, access: Rule): void {
  const { tickets } = services;

  app.get('/api/me', { access: signedIn() }, async (request) => {
    const { id, login, name, roles } = await recordOf(request.dewar, services);
    return { id, login, name, roles };
  });

  app.get('/api/tickets', { access: signedIn(), schema: { querystring: listJson } }, async (request) => {
    const identity = await accountOf(request.dewar);
    const staff = isStaff(identity);
    const { behind = null, q = '', status = null, who = null } = inputOf(request, listJson);
    // Whose care it is only the desk may ask.
    const selection = selectionOf({ status, who: staff ? who : null, text: q }, identity);
    const found = await tickets.behind(selection, behind);
    const last = found.tickets.at(-1);
    const next = found.more && last !== undefined ? `${last.updatedAt}.${last.id}` : null;
    return { tickets: found.tickets.map((one) => ticketOut(one, staff)), next };
  });

  app.post('/api/tickets', { ...json(newTicketJson), access: signedIn() }, async (request, reply) => {
    const id = await tickets.open(inputOf(request, newTicketJson), await authorOf(request.dewar, services));
    return reply.code(201).header('location', `/api/tickets/${id}`).send({ id });
  });

  app.get('/api/tickets/:id', { access }, async (request) => {
    const found = ticket.from(request);
    const staff = isStaff(await accountOf(request.dewar));
    const messages = await tickets.messages(found.id, staff);
    const { phone } = found;
    return { ...ticketOut(found, staff), phone, messages: messages.map((one) => messageOut(one, staff)) };
  });

  app.post('/api/tickets/:id', { ...json(answerJson), access }, async (request, reply) => {
    const { id } = ticket.from(request);
    const author = await authorOf(request.dewar, services);
    const { body, internal } = inputOf(request, answerJson);
    // A customer who sends the member has written an ordinary answer.
    const message = await tickets.answer(id, body, author.staff && internal, author);
    return reply.code(201).send({ id: message });
  });
}

/** A body of JSON and of nothing else: no form of another site can send it. */
function json<S extends StandardSchema>(
  body: S,
): { readonly schema: { readonly body: S }; readonly policy: RoutePolicy } {
  return { schema: { body }, policy: { body: { types: ['application/json'] }, limits: { rules: WRITING } } };
}

function ticketOut(ticket: Ticket, toStaff: boolean): object {
  const { id, subject, status, priority, ownerName, assigneeName, createdAt, updatedAt } = ticket;
  const shown = { id, subject, status, owner: ownerName, assignee: assigneeName };
  const times = { createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
  return toStaff ? { ...shown, priority, ...times } : { ...shown, ...times };
}

function messageOut({ id, authorName, staff, internal, body, createdAt }: Message, toStaff: boolean): object {
  const message = { id, author: authorName, staff, body, createdAt: iso(createdAt) };
  return toStaff ? { ...message, internal } : message;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
