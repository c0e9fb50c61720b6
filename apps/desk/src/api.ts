/**
 * The same tickets as JSON. Every answer names its members one by one: what is not written here does not leave.
 * @module
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { signedIn } from 'dewar';
import type { Resource, Rule } from 'dewar';
import { answerJson, newTicketJson, readInput } from './input.ts';
import type { Fault } from './input.ts';
import { queryOf, selectionOf } from './pages/tickets.ts';
import { accountOf, authorOf, isStaff, recordOf } from './people.ts';
import type { Services } from './services.ts';
import type { Message, Place, Ticket } from './tickets.ts';

/** Declares everything under `/api`; `access` is for a ticket's owner and the desk. */
export function api(app: FastifyInstance, services: Services, ticket: Resource<Ticket>, access: Rule): void {
  const { tickets } = services;

  app.get('/api/me', { access: signedIn() }, async (request) => {
    const { id, login, name, roles } = await recordOf(request.dewar, services);
    return { id, login, name, roles };
  });

  app.get('/api/tickets', { access: signedIn() }, async (request, reply) => {
    const c = request.dewar;
    const identity = await accountOf(c);
    const staff = isStaff(identity);
    const { behind } = c.facts.query;
    const place = behind === undefined ? null : placeOf(behind);
    if (place === undefined)
      return refuse(reply, request.id, [{ field: 'behind', message: 'Send what the page before calls "next".' }]);
    const found = await tickets.behind(selectionOf(queryOf(c, staff), identity), place);
    const last = found.tickets.at(-1);
    const next = found.more && last !== undefined ? `${last.updatedAt}.${last.id}` : null;
    return { tickets: found.tickets.map((one) => ticketOut(one, staff)), next };
  });

  app.post('/api/tickets', { access: signedIn() }, async (request, reply) => {
    const read = readInput(newTicketJson, request.body);
    if (!read.ok) return refuse(reply, request.id, read.faults);
    const id = await tickets.open(read.value, await authorOf(request.dewar, services));
    return reply.code(201).header('location', `/api/tickets/${id}`).send({ id });
  });

  app.get('/api/tickets/:id', { access }, async (request) => {
    const found = ticket.from(request);
    const staff = isStaff(await accountOf(request.dewar));
    const messages = await tickets.messages(found.id, staff);
    const { phone } = found;
    return { ...ticketOut(found, staff), phone, messages: messages.map((one) => messageOut(one, staff)) };
  });

  app.post('/api/tickets/:id', { access }, async (request, reply) => {
    const { id } = ticket.from(request);
    const read = readInput(answerJson, request.body);
    if (!read.ok) return refuse(reply, request.id, read.faults);
    const author = await authorOf(request.dewar, services);
    const { body, internal } = read.value;
    // A customer who sends the member has written an ordinary answer.
    const message = await tickets.answer(id, body, author.staff && internal, author);
    return reply.code(201).send({ id: message });
  });
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

/** Where the page before ended; `undefined` for what no page has said. */
function placeOf(given: unknown): Place | undefined {
  const [, updatedAt, id] = (typeof given === 'string' && /^(\d{1,15})\.(\d{1,15})$/.exec(given)) || [];
  return id === undefined ? undefined : { updatedAt: Number(updatedAt), id: Number(id) };
}

function refuse(reply: FastifyReply, request: string, errors: readonly Fault[]): FastifyReply {
  const problem = { type: 'about:blank', title: 'Unprocessable Content', status: 422, request, errors };
  return reply.code(422).type('application/problem+json').send(JSON.stringify(problem));
}
