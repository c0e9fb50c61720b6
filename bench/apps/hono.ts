/** Bare Hono 4 on its Node server. @module */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { JSON_BODY, NAME, PARTS, PORT } from './common.ts';

const [start, afterNonce, afterName, end] = PARTS.map((part) => raw(part));
const app = new Hono();
app.get('/json', (c) => c.json(JSON_BODY));
app.get('/page', (c) => c.html(html`${start}${''}${afterNonce}${NAME}${afterName}${''}${end}`));
app.post('/form', async (c) => c.json({ ok: true, email: (await c.req.parseBody())['email'] as string }));
serve({ fetch: app.fetch, port: PORT, hostname: '127.0.0.1' });
