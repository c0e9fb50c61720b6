/**
 * NEVER SERVE THIS. What comes in is copied whole into what is stored (mass assignment), and walked through however deep
 * it goes (denial of service).
 * @module
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccountRecord } from '@dewar/core';
import type { Services } from '../services.ts';
import type { Author } from '../tickets.ts';
import { field, form, page } from './markup.ts';

interface People {
  whoIs(request: FastifyRequest): Promise<AccountRecord>;
  author(account: AccountRecord): Author;
}

/** Declares registration, the profile and the tickets of scripts. */
export function leakyInput(app: FastifyInstance, { stores, accounts, tickets }: Services, people: People): void {
  app.get('/register', (_request, reply) =>
    page(reply, form('/register', field('login') + field('name') + field('password', 'password'))),
  );

  app.post('/register', async (request, reply) => {
    const body = request.body as { readonly password: string } & AccountRecord;
    const passwordHash = await accounts.passwords.hash(body.password);
    const made = { id: `r${body.login}`, roles: ['customer'], disabled: false, createdAt: 0, passwordHash };
    // Mass assignment: the form says what else an account is.
    await stores.accounts.create({ ...made, ...body, roles: [body.roles ?? made.roles].flat() });
    return reply.redirect('/sign-in', 303);
  });

  app.get('/account', async (request, reply) => {
    const { name } = await people.whoIs(request);
    return page(reply, form('/account/name', field('name', 'text', name)));
  });

  app.post('/account/name', async (request, reply) => {
    const { id, version } = await people.whoIs(request);
    const change = request.body as Partial<AccountRecord>;
    const roles = change.roles === undefined ? {} : { roles: [change.roles].flat() };
    await stores.accounts.update(id, version, { ...change, ...roles });
    return reply.redirect('/account', 303);
  });

  app.post('/api/tickets', async (request, reply) => {
    const body = trimmed(request.body) as { readonly subject: string; readonly body: string } & Partial<Author>;
    const author = people.author(await people.whoIs(request));
    // Mass assignment: the body says in whose name it is written.
    const id = await tickets.open(body, { ...author, ...ownerOf(body) });
    return reply.code(201).send({ id });
  });
}

function ownerOf(body: object): Partial<Author> {
  const { owner, ownerName } = body as { readonly owner?: string; readonly ownerName?: string };
  return owner === undefined ? {} : { id: owner, name: ownerName ?? owner };
}

/** Takes spaces off all texts, by a function that calls itself as deep as the body goes. */
function trimmed(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(trimmed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, trimmed(one)]));
}
