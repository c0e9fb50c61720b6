/** Fastify with the plugins people glue together for the same protections; one pino line a request. @module */
import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import session from '@fastify/session';
import view from '@fastify/view';
import { Eta } from 'eta';
import Fastify from 'fastify';
import pino from 'pino';
import { BODY_LIMIT, JSON_BODY, LOG, NAME, PERMISSIONS, PORT, RATE_MAX, SITE, SPA, VIEWS } from './common.ts';

declare module 'fastify' {
  interface Session {
    user?: string;
  }
}

// Fastify's default is two lines a request; one is kept, as for the others.
const app = Fastify({
  loggerInstance: pino(pino.destination({ dest: LOG, sync: false })),
  disableRequestLogging: true,
  bodyLimit: BODY_LIMIT,
});
app.addHook('onResponse', (request, reply, done) => {
  request.log.info({ req: request, res: reply, responseTime: reply.elapsedTime }, 'request completed');
  done();
});
await app.register(helmet, {
  enableCSPNonces: true,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
});
app.addHook('onRequest', (_request, reply, done) => {
  reply.header('permissions-policy', PERMISSIONS);
  done();
});
await app.register(rateLimit, { max: RATE_MAX, timeWindow: '1 minute' });
await app.register(cors, { origin: [SITE, SPA], credentials: true });
await app.register(cookie);
await app.register(session, {
  secret: randomBytes(32).toString('hex'),
  cookieName: 'sid',
  saveUninitialized: false,
  rolling: false,
  cookie: { secure: false, httpOnly: true, sameSite: 'lax' },
});
await app.register(csrf, { sessionPlugin: '@fastify/session' });
await app.register(formbody);
await app.register(view, { engine: { eta: new Eta({ views: VIEWS, cache: true }) }, root: VIEWS, production: true });
app.get('/json', async () => JSON_BODY);
app.get('/page', (request, reply) => {
  request.session.user ??= 'u-1';
  return reply.view('page.eta', { name: NAME, nonce: reply.cspNonce.script, csrf: reply.generateCsrf() });
});
const body = {
  type: 'object',
  required: ['email', 'name', 'age'],
  properties: {
    email: { type: 'string', format: 'email', maxLength: 120 },
    name: { type: 'string', minLength: 2, maxLength: 60 },
    age: { type: 'integer', minimum: 1, maximum: 150 },
  },
};
app.post(
  '/form',
  { preHandler: (request, reply, done) => app.csrfProtection(request, reply, done), schema: { body } },
  async (request) => ({ ok: true, email: (request.body as { readonly email: string }).email }),
);
await app.listen({ port: PORT, host: '127.0.0.1' });
