/** Bare Fastify 5: router and serializer, no protection. @module */
import Fastify from 'fastify';
import { JSON_BODY, page, PORT } from './page.ts';

const app = Fastify();
app.get('/json', async () => JSON_BODY);
app.get('/page', (_request, reply) => reply.type('text/html; charset=utf-8').send(page('', '')));
app.post('/form', async () => ({ ok: true }));
await app.listen({ port: PORT, host: '127.0.0.1' });
