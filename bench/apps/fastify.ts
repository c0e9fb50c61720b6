/** Bare Fastify 5: router, serializer, form parser and templates, no protection. @module */
import formbody from '@fastify/formbody';
import view from '@fastify/view';
import { Eta } from 'eta';
import Fastify from 'fastify';
import { JSON_BODY, NAME, PORT, VIEWS } from './common.ts';

const app = Fastify();
await app.register(formbody);
await app.register(view, { engine: { eta: new Eta({ views: VIEWS, cache: true }) }, root: VIEWS, production: true });
app.get('/json', async () => JSON_BODY);
app.get('/page', (_request, reply) => reply.view('page.eta', { name: NAME, nonce: '', csrf: '' }));
app.post('/form', async (request) => ({ ok: true, email: (request.body as { readonly email: string }).email }));
await app.listen({ port: PORT, host: '127.0.0.1' });
