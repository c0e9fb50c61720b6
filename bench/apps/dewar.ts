/** Fastify with Dewar, as an owner runs it in production: everything on, one log line a request. @module */
import { openSync } from 'node:fs';
import { anyone, eventLog, signedIn } from '@dewar/core';
import { csrfInput, html } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';
import { sessionsOf } from '@dewar/core/sessions';
import { createDewar } from '@dewar/fastify';
import type { DewarTypes } from '@dewar/fastify';
import Fastify from 'fastify';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { BODY_LIMIT, HOST, JSON_BODY, LOG, NAME, PORT, RATE_MAX, SECRET, SPA } from './common.ts';

const dewar = createDewar({
  profile: 'production',
  secret: SECRET,
  hosts: { allowed: [HOST] },
  facts: { trustedProxies: ['127.0.0.1/32'] },
  // Counted as in production; one client must not be refused for being a measurement.
  limits: { address: `${RATE_MAX} per minute`, reason: 'the load of a measurement comes from one address' },
  cors: { rules: [{ path: '/json', origins: [SPA], credentials: true }] },
  body: { limit: BODY_LIMIT },
  events: [eventLog({ fd: openSync(LOG, 'w') }).sink],
});
const app = Fastify(dewar.options).withTypeProvider<DewarTypes>();
await app.register(dewar);

app.get('/json', { access: anyone() }, async () => JSON_BODY);
// Signing in is what the measured page needs; it is called once, before the rounds.
app.get(
  '/enter',
  { access: anyone(), policy: { safeMethods: { allow: 'one request of a measurement signs in by GET' } } },
  async (request) => {
    await sessionsOf(request.dewar).signIn(request.dewar, { account: 'u-1', roles: ['user'], methods: ['password'] });
    return page(request);
  },
);
app.get('/page', { access: signedIn() }, page);
const Form = z.object({
  email: z.email().max(120),
  name: z.string().min(2).max(60),
  age: z.coerce.number().int().min(1).max(150),
});
app.post('/form', { access: signedIn(), schema: { body: Form } }, async (request) => {
  return { ok: true, email: request.body.email };
});
await app.listen({ port: PORT, host: '127.0.0.1' });

async function page({ dewar: c }: FastifyRequest): Promise<Html> {
  return PAGE;
}
