/** Fastify with Dewar, as an owner runs it in production: everything on, one log line a request. @module */
import { openSync } from 'node:fs';
import { anyone, eventLog, signedIn } from '@dewar/core';
import { csrfToken } from '@dewar/core/csrf';
import { sessionsOf } from '@dewar/core/sessions';
import { createDewar } from '@dewar/fastify';
import Fastify from 'fastify';
import { HOST, JSON_BODY, LOG, page, PORT } from './common.ts';

const dewar = createDewar({
  profile: 'production',
  secret: 'bJ8rW2kQx5TzV9mC4hNfL7sDyG3pA6eU',
  hosts: { allowed: [HOST] },
  facts: { trustedProxies: ['127.0.0.1/32'] },
  // Counted as in production; one client must not be refused for being a measurement.
  limits: { address: '1000000000 per minute', reason: 'the load of a measurement comes from one address' },
  events: [eventLog({ fd: openSync(LOG, 'w') }).sink],
});
const app = Fastify(dewar.options);
await app.register(dewar);
app.get('/json', { access: anyone() }, async () => JSON_BODY);
// Signing in is what the measured page needs; it is called once, before the rounds.
app.get('/enter', { access: anyone() }, async (request, reply) => {
  await sessionsOf(request.dewar).signIn(request.dewar, { account: 'u-1', roles: ['user'], methods: ['password'] });
  return reply.type('text/html; charset=utf-8').send(page(request.dewar.nonce(), await csrfToken(request.dewar)));
});
app.get('/page', { access: signedIn() }, async (request, reply) => {
  const token = await csrfToken(request.dewar);
  return reply.type('text/html; charset=utf-8').send(page(request.dewar.nonce(), token));
});
app.post('/form', { access: signedIn() }, async () => ({ ok: true }));
await app.listen({ port: PORT, host: '127.0.0.1' });
