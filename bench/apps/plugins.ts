/** Fastify with the plugins people glue together for the same protections; one pino line a request. @module */
import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import session from '@fastify/session';
import Fastify from 'fastify';
import pino from 'pino';
import { JSON_BODY, LOG, page, PORT } from './page.ts';

declare module 'fastify' {
  interface Session {
    user?: string;
  }
}

// Fastify's default is two lines a request; one is kept, as for the others.
const app = Fastify({
  loggerInstance: pino(pino.destination({ dest: LOG, sync: false })),
  disableRequestLogging: true,
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
  reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=()');
  done();
});
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
app.get('/json', async () => JSON_BODY);
app.get('/page', (request, reply) => {
  request.session.user ??= 'u-1';
  return reply.type('text/html; charset=utf-8').send(page(reply.cspNonce.script, reply.generateCsrf()));
});
app.post('/form', { preHandler: (request, reply, done) => app.csrfProtection(request, reply, done) }, async () => ({
  ok: true,
}));
await app.listen({ port: PORT, host: '127.0.0.1' });
