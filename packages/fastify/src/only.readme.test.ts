/**
 * The README's example of `only()` is this file's own text, and does what it says.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { off } from '@dewar/core';
import type { IdentityResolver } from '@dewar/core';
import { csrf, csrfField } from '@dewar/core/csrf';
import { only } from './index.ts';

const secret = 'pXq7vT2mZr9LdK4hWb8NcY6sJf3GaE5u';
const accountOf = async (id: string): Promise<string | undefined> => (id === 's-1' ? 'ann' : undefined);
const FORM = 'application/x-www-form-urlencoded';
const formParser = Object.assign(
  async (app: FastifyInstance) => {
    app.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, text, done) => {
      done(null, Object.fromEntries(new URLSearchParams(text as string)));
    });
  },
  { [Symbol.for('skip-override')]: true },
);

const ownSessions: IdentityResolver = {
  kind: 'session',
  ambient: true,
  present: ({ cookies }) => cookies['shop'] !== undefined,
  async resolve({ facts }) {
    const id = facts.cookies['shop'] ?? '';
    const account = await accountOf(id);
    return account === undefined
      ? null
      : { kind: 'account', id: account, roles: [], sessionId: id, authenticatedAt: 0, methods: ['password'] };
  },
};

it('the README shows an application that this test runs', async (t) => {
  const app = Fastify();
  await app.register(formParser);
  await app.register(only(csrf(), { secret, identity: [ownSessions] }));

  app.get('/order', async (request, reply) => {
    const field = await csrfField(request.dewar);
    return reply.type('text/html').send(`<form method="post" action="/order">${field}<button>Order</button></form>`);
  });
  app.post('/order', () => 'thank you');
  app.post('/hook', { policy: { csrf: off('webhook signed by HMAC') } }, () => 'received');

  t.after(() => app.close());
  const site = { host: 'shop.example', 'sec-fetch-site': 'same-origin', cookie: 'shop=s-1' };
  const page = await app.inject({ url: '/order', headers: site });
  const token = /value="([\w-]{65})"/.exec(page.body)?.[1];
  const post = async (url: string, headers: object, payload: string): Promise<number> => {
    const sent = { ...site, 'content-type': FORM, ...headers };
    return (await app.inject({ method: 'POST', url, headers: sent, payload })).statusCode;
  };
  assert.equal(await post('/order', {}, `_csrf=${token}`), 200);
  assert.equal(await post('/order', {}, ''), 403);
  assert.equal(await post('/order', { 'sec-fetch-site': 'cross-site' }, `_csrf=${token}`), 403);
  assert.equal(await post('/hook', { 'sec-fetch-site': 'cross-site' }, 'a=b'), 200);

  const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const section = text('../README.md').split('## One protection alone')[1]!.split(/^## /m)[0]!;
  const source = text('only.readme.test.ts').replaceAll(/\s+/g, ' ');
  const lines = [...section.matchAll(/^```ts\n([\s\S]*?)^```/gm)]
    .flatMap(([, code]) => code!.split(/\n\n/))
    .filter((part) => !part.startsWith('import '));
  assert.equal(lines.length, 3);
  for (const part of lines) assert.ok(source.includes(part.replaceAll(/\s+/g, ' ').trim()), part);
});
