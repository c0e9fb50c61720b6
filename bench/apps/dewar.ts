/** Fastify with Dewar, as an owner runs it in production: everything on, one log line a request. @module */
import { openSync } from 'node:fs';
import { anyone, eventLog, off, signedIn } from '@dewar/core';
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
  { access: anyone(), policy: { safeMethods: off('one request of a measurement signs in by GET') } },
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
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Profile</title>
    <script nonce="${c.nonce()}">window.boot = 1;</script>
  </head>
  <body>
    <h1>Hello ${NAME}</h1>
    <p class="p0">Paragraph 0: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p1">Paragraph 1: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p2">Paragraph 2: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p3">Paragraph 3: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p4">Paragraph 4: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p5">Paragraph 5: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p6">Paragraph 6: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p7">Paragraph 7: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p8">Paragraph 8: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p9">Paragraph 9: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p10">Paragraph 10: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p11">Paragraph 11: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <p class="p12">Paragraph 12: static prose so that the response weighs about two kilobytes, as a small page does.</p>
    <form method="post" action="/form">
      ${await csrfInput(c)}
      <input name="email"><input name="name"><input name="age"><button>Save</button>
    </form>
  </body>
</html>
`;
}
