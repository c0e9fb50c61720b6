/**
 * Hono 4 with its built-in middleware. Its CSRF compares Origin and Sec-Fetch-Site and has no token; it has no session
 * either: a signed cookie that points into a map stands for one.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getSignedCookie, setSignedCookie } from 'hono/cookie';
import { cors } from 'hono/cors';
import { csrf } from 'hono/csrf';
import { html, raw } from 'hono/html';
import { NONCE, secureHeaders } from 'hono/secure-headers';
import { rateLimiter } from 'hono-rate-limiter';
import pino from 'pino';
import { z } from 'zod';
import { BODY_LIMIT, JSON_BODY, LOG, NAME, PARTS, PORT, RATE_MAX, SECRET, SITE, SPA } from './common.ts';

interface Variables {
  session: { readonly user: string } | undefined;
}

const app = new Hono<{ Variables: Variables }>();
const log = pino(pino.destination({ dest: LOG, sync: false }));
const [start, afterNonce, afterName, end] = PARTS.map((part) => raw(part));
const address = (c: Context): string => getConnInfo(c).remote.address ?? '';
app.use(async (c, next) => {
  const began = performance.now();
  await next();
  const req = { method: c.req.method, url: c.req.path, remoteAddress: address(c) };
  log.info({ req, res: { statusCode: c.res.status }, responseTime: performance.now() - began }, 'request completed');
});
app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", NONCE],
      styleSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
  }),
);
app.use(rateLimiter({ windowMs: 60_000, limit: RATE_MAX, keyGenerator: address }));
app.use(cors({ origin: [SITE, SPA], credentials: true }));
app.use(bodyLimit({ maxSize: BODY_LIMIT }));
app.use(csrf({ origin: SITE }));
const sessions = new Map<string, { readonly user: string }>();
app.use(async (c, next) => {
  const id = c.req.header('cookie') === undefined ? undefined : await getSignedCookie(c, SECRET, 'sid');
  c.set('session', id ? sessions.get(id) : undefined);
  await next();
});
const Form = z.object({
  email: z.email().max(120),
  name: z.string().min(2).max(60),
  age: z.coerce.number().int().min(1).max(150),
});
app.get('/json', (c) => c.json(JSON_BODY));
app.get('/page', async (c) => {
  if (c.get('session') === undefined) {
    const id = randomBytes(24).toString('base64url');
    sessions.set(id, { user: 'u-1' });
    await setSignedCookie(c, 'sid', id, SECRET, { httpOnly: true, sameSite: 'Lax', path: '/' });
  }
  return c.html(html`${start}${c.get('secureHeadersNonce')}${afterNonce}${NAME}${afterName}${''}${end}`);
});
app.post('/form', async (c) => {
  if (c.get('session') === undefined) return c.json({ error: 'no session' }, 403);
  const read = Form.safeParse(await c.req.parseBody());
  return read.success ? c.json({ ok: true, email: read.data.email }) : c.json({ error: 'invalid' }, 400);
});
serve({ fetch: app.fetch, port: PORT, hostname: '127.0.0.1' });
