/** Express 5 with the packages people usually put on it. @module */
import { randomBytes } from 'node:crypto';
import cors from 'cors';
import { csrfSync } from 'csrf-sync';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import session from 'express-session';
import helmet from 'helmet';
import pino from 'pino';
import { pinoHttp } from 'pino-http';
import { z } from 'zod';
import { BODY_LIMIT, JSON_BODY, LOG, NAME, PERMISSIONS, PORT, RATE_MAX, SITE, SPA, VIEWS } from './common.ts';

declare module 'express-session' {
  interface SessionData {
    user: string;
  }
}

const app = express();
app.set('views', VIEWS);
app.set('view engine', 'ejs');
app.use(pinoHttp({ logger: pino(pino.destination({ dest: LOG, sync: false })) }));
app.use((_req, res, next) => {
  res.locals['nonce'] = randomBytes(16).toString('base64');
  res.setHeader('permissions-policy', PERMISSIONS);
  next();
});
const nonceSource = (_req: unknown, res: unknown): string =>
  `'nonce-${String((res as { readonly locals: { readonly nonce: unknown } }).locals.nonce)}'`;
app.use(
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", nonceSource],
        styleSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  }),
);
const limiter = { windowMs: 60_000, limit: RATE_MAX, standardHeaders: 'draft-8', legacyHeaders: false } as const;
app.use(rateLimit({ ...limiter, validate: { xForwardedForHeader: false } }));
app.use(cors({ origin: [SITE, SPA], credentials: true }));
app.use(express.urlencoded({ extended: false, limit: BODY_LIMIT }));
app.use(express.json({ limit: BODY_LIMIT }));
app.use(
  session({
    secret: randomBytes(32).toString('hex'),
    name: 'sid',
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax' },
  }),
);
const { csrfSynchronisedProtection, generateToken } = csrfSync({
  getTokenFromRequest: (req) => (req.body as { readonly _csrf?: string } | undefined)?._csrf,
});
app.use(csrfSynchronisedProtection);

const Form = z.object({
  email: z.email().max(120),
  name: z.string().min(2).max(60),
  age: z.coerce.number().int().min(1).max(150),
});
app.get('/json', (_req, res) => void res.json(JSON_BODY));
app.get('/page', (req, res) => {
  req.session.user ??= 'u-1';
  res.render('page', { name: NAME, nonce: res.locals['nonce'] as string, csrf: generateToken(req) });
});
app.post('/form', (req, res) => {
  const read = Form.safeParse(req.body);
  if (read.success) res.json({ ok: true, email: read.data.email });
  else res.status(400).json({ error: 'invalid' });
});
app.use((error: { readonly status?: number }, _req: Request, res: Response, _next: NextFunction) => {
  res.status(error.status ?? 500).json({ error: 'refused' });
});
app.listen(PORT, '127.0.0.1');
