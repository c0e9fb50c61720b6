/**
 * NEVER SERVE THIS. Desk's application function without Dewar, written as carelessly as such code is written: the target
 * that attacks succeed on, so that their failing on Desk proves something. Only `serve.ts` beside it runs it, for tests.
 * @module
 */
import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccountRecord } from '@dewar/core';
import { textOf, textsOf } from '../input.ts';
import type { Services } from '../services.ts';
import type { Author, Ticket } from '../tickets.ts';
import { leakyInput } from './input.ts';
import { field, form, page } from './markup.ts';
import { leakySessions } from './sessions.ts';

/** What a request may bring: as much as anybody likes. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** The careless application, not listening. */
export function leakyApp(services: Services, now: () => number): FastifyInstance {
  const { stores, accounts, tickets } = services;
  const app = Fastify({ bodyLimit: BODY_LIMIT });
  const sessions = leakySessions();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) => {
    const values = new URLSearchParams(String(text));
    const entries = [...new Set(values.keys())].map((name) => [name, values.getAll(name)] as const);
    done(null, Object.fromEntries(entries.map(([name, all]) => [name, all.length === 1 ? all[0] : all])));
  });
  // Information disclosure: whoever breaks something is shown where.
  app.setErrorHandler((error: Error, _request, reply) => reply.code(500).type('text/plain').send(error.stack));

  const whoIs = async (request: FastifyRequest): Promise<AccountRecord> => {
    const account = await stores.accounts.byId(sessions.accountOf(request) ?? '');
    if (account === null) throw Object.assign(new Error('sign in first'), { statusCode: 401 });
    return account;
  };
  const author = ({ id, name }: AccountRecord): Author => ({ id, name, staff: false, at: now() });
  // Broken object-level authorisation: nobody asks whose it is. What is not there breaks further on.
  const ticketOf = async (request: FastifyRequest): Promise<Ticket> =>
    (await tickets.byId((request.params as { readonly id: string }).id)) as Ticket;

  app.get('/sign-in', (request, reply) => {
    const { next = '/tickets' } = request.query as { readonly next?: string };
    const fields = field('login') + field('password', 'password') + field('next', 'hidden', next);
    return page(reply, form('/sign-in', fields));
  });

  // Brute force: as many guesses as anybody likes, as fast as the processor goes.
  app.post('/sign-in', async (request, reply) => {
    const found = await stores.accounts.byLogin(textOf(request.body, 'login'));
    // User enumeration: the answer says which of the two was wrong, and the first comes without the work of a hash.
    if (found === null) return page(reply.code(422), 'There is no account with this address.');
    if (!(await accounts.passwords.verify(found.passwordHash, textOf(request.body, 'password'))))
      return page(reply.code(422), 'The password is wrong.');
    sessions.signIn(request, reply, found.id);
    // Open redirect: whoever made the link says where it ends.
    return reply.redirect(textOf(request.body, 'next') || '/tickets', 303);
  });

  app.post('/sign-out', (_request, reply) => {
    sessions.signOut(reply);
    return reply.redirect('/sign-in', 303);
  });

  app.get('/tickets', async (request, reply) => {
    const { name, login, id } = await whoIs(request);
    const { q = '' } = request.query as { readonly q?: string };
    // SQL injection: what somebody looks for is a piece of the statement.
    const sql = `SELECT id, subject FROM desk_tickets WHERE owner = '${id}' AND subject LIKE '%${q}%'`;
    const rows = await stores.use((database) => database.prepare(sql).all());
    const links = rows.map((row) => `<li><a href="/tickets/${String(row['id'])}">${String(row['subject'])}</a></li>`);
    // Reflected XSS: what the address says is said again.
    const search = form('/tickets', field('q', 'search', q), 'get');
    return page(reply, `<p>${name} (${login})</p>${search}<p>You looked for ${q}</p><ul>${links.join('')}</ul>`);
  });

  app.get('/tickets/:id', async (request, reply) => {
    await whoIs(request);
    const { id, subject } = await ticketOf(request);
    // Stored XSS: what others wrote is markup.
    const talk = (await tickets.messages(id, true)).map(({ authorName, body }) => `<p>${authorName}: ${body}</p>`);
    const answer = form(`/tickets/${id}`, '<textarea name="body"></textarea>');
    return page(reply, `<h1>${subject}</h1>${talk.join('')}${answer}`);
  });

  app.post('/tickets/:id', async (request, reply) => {
    const { id } = await ticketOf(request);
    await tickets.answer(id, textOf(request.body, 'body'), false, author(await whoIs(request)));
    return reply.redirect(`/tickets/${id}`, 303);
  });

  // Vertical escalation: the page is linked for administrators only, and that is all there is.
  app.get('/admin', async (request, reply) => {
    await whoIs(request);
    const people = await stores.accounts.list({ limit: 100 });
    return page(reply, people.map(({ id, login }) => `<p>${login} <code>${id}</code></p>`).join(''));
  });

  app.post('/admin/people/:id', async (request, reply) => {
    await whoIs(request);
    const { id } = request.params as { readonly id: string };
    await accounts.setRoles(id, textsOf(request.body, 'role'), () => undefined);
    return reply.redirect('/admin', 303);
  });

  // Excess data: the whole record, the whole conversation.
  app.get('/api/me', whoIs);
  app.get('/api/tickets/:id', async (request) => {
    await whoIs(request);
    const found = await ticketOf(request);
    return { ...found, messages: await tickets.messages(found.id, true) };
  });

  leakyInput(app, services, { whoIs, author });
  return app;
}
