/**
 * The same tickets as JSON. Every answer names its members one by one: what is not written here does not leave.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { inputOf, signedIn } from 'dewar';
import type { Resource, Rule } from 'dewar';
import { NewMessage, NewTicket } from './api-input.ts';
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

  app.get('/api/tickets', { access: signedIn() }, async (request) => {
    const identity = await accountOf(request.dewar);
    const owner = isStaff(identity) ? null : identity.id;
    const found = await tickets.list({ owner, status: null, page: 1 });
    return { tickets: found.tickets.map(ticketOut), more: found.more };
  });

  app.post('/api/tickets', { access: signedIn(), schema: { body: NewTicket } }, async (request, reply) => {
    const { subject, body } = inputOf(request, NewTicket);
    const id = await tickets.open(subject, body, await authorOf(request.dewar, services));
    return reply.code(201).header('location', `/api/tickets/${id}`).send({ id });
  });

  app.get('/api/tickets/:id', { access }, async (request) => {
    const found = ticket.from(request);
    const staff = isStaff(await accountOf(request.dewar));
    const messages = await tickets.messages(found.id, staff);
    return { ...ticketOut(found), messages: messages.map((one) => messageOut(one, staff)) };
  });

  app.post('/api/tickets/:id', { access, schema: { body: NewMessage } }, async (request, reply) => {
    const { id } = ticket.from(request);
    const { body, internal } = inputOf(request, NewMessage);
    const author = await authorOf(request.dewar, services);
    const message = await tickets.answer(id, body, author.staff && internal, author);
    return reply.code(201).send({ id: message });
  });
}

function ticketOut({ id, subject, status, ownerName, createdAt, updatedAt }: Ticket): object {
  return { id, subject, status, owner: ownerName, createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
}

function messageOut({ id, authorName, staff, internal, body, createdAt }: Message, toStaff: boolean): object {
  const message = { id, author: authorName, staff, body, createdAt: iso(createdAt) };
  return toStaff ? { ...message, internal } : message;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
