/**
 * NEVER SERVE THIS. Desk's application function without Dewar, written as carelessly as such code is written: the target
 * that attacks succeed on, so that their failing on Desk proves something. Only `serve.ts` beside it runs it, for tests.
 * @module
 */
import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountRecord } from '@dewar/core';
import { form, input, textarea } from '../forms.ts';
import { html, raw } from '../html.ts';
import type { Value } from '../html.ts';
import { textOf, textsOf } from '../input.ts';
import type { Services } from '../services.ts';
import type { Author, Ticket } from '../tickets.ts';
import { leakySessions } from './sessions.ts';

const NO_CSRF = raw('');

/** The careless application, not listening. */
export function leakyApp({ stores, accounts, tickets }: Services, now: () => number): FastifyInstance {
  const app = Fastify();
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

  app.get('/sign-in', (_request, reply) => {
    const fields = html`${input({ name: 'login', label: 'E-mail address', autocomplete: 'username' })}
      ${input({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}<button>
        Sign in
      </button>`;
    return send(reply, form('/sign-in', NO_CSRF, fields));
  });

  app.post('/sign-in', async (request, reply) => {
    const found = await stores.accounts.byLogin(textOf(request.body, 'login'));
    // User enumeration: the answer says which of the two was wrong, and the first comes without the work of a hash.
    if (found === null) return send(reply.code(422), 'There is no account with this address.');
    if (!(await accounts.passwords.verify(found.passwordHash, textOf(request.body, 'password'))))
      return send(reply.code(422), 'The password is wrong.');
    sessions.signIn(request, reply, found.id);
    return reply.redirect('/tickets', 303);
  });

  app.post('/sign-out', (_request, reply) => {
    sessions.signOut(reply);
    return reply.redirect('/sign-in', 303);
  });

  app.get('/tickets', async (request, reply) => {
    const { name, login, id } = await whoIs(request);
    const own = await tickets.page({ owner: id, internal: true }, 1);
    const links = own.tickets.map((one) => html`<li><a href="/tickets/${one.id}">${one.subject}</a></li>`);
    return send(
      reply,
      html`<p>${name} (${login})</p>
        <ul>
          ${links}
        </ul>`,
    );
  });

  app.get('/tickets/:id', async (request, reply) => {
    await whoIs(request);
    const { id, subject } = await ticketOf(request);
    const talk = (await tickets.messages(id, true)).map(({ authorName, body }) => html`<p>${authorName}: ${body}</p>`);
    const answer = form(`/tickets/${id}`, NO_CSRF, textarea({ name: 'body', label: 'Your message', rows: 5 }));
    return send(
      reply,
      html`<h1>${subject}</h1>
        ${talk}${answer}`,
    );
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
    return send(
      reply,
      people.map(({ id, login }) => html`<p>${login} <code>${id}</code></p>`),
    );
  });

  app.post('/admin/roles', async (request, reply) => {
    await whoIs(request);
    await accounts.setRoles(textOf(request.body, 'account'), textsOf(request.body, 'role'), () => undefined);
    return reply.redirect('/admin', 303);
  });

  // Excess data: the whole record, the whole conversation.
  app.get('/api/me', whoIs);
  app.get('/api/tickets/:id', async (request) => {
    await whoIs(request);
    const found = await ticketOf(request);
    return { ...found, messages: await tickets.messages(found.id, true) };
  });
  return app;
}

function send(reply: FastifyReply, main: Value): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(html`<!doctype html><title>Leaky</title>${main}`.toString());
}
