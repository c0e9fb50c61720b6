/**
 * Preflights over a real socket: answered where no route is, before any code of the owner's, in a whole application and alone.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import type { LightMyRequestResponse } from 'fastify';
import { anyone } from '@dewar/core';
import { cors } from '@dewar/core/cors';
import type { CorsOptions } from '@dewar/core/cors';
import type { Field } from '@dewar/testing';
import { only } from './index.ts';
import { assertHead, stage } from './stage.server.test.ts';

const SHOP = 'https://shop.example';
const RULES: CorsOptions = { rules: [{ path: '/api/*', origins: [SHOP], methods: ['GET', 'DELETE'] }] };
const asking = (origin: string, method: string): readonly Field[] => [
  ['Origin', origin],
  ['Access-Control-Request-Method', method],
  ['Sec-Fetch-Mode', 'cors'],
  ['Sec-Fetch-Site', 'cross-site'],
];

describe('a preflight', () => {
  it('of a path whose routes know no OPTIONS is answered with the policy’s head', async (t) => {
    let ran = 0;
    const on = await stage(
      t,
      (app) => {
        app.addHook('preHandler', async () => void ran++);
        app.delete('/api/orders', { access: anyone() }, () => 'gone');
      },
      { policy: { cors: RULES } },
    );
    const answer = await on.send('OPTIONS', '/api/orders', asking(SHOP, 'DELETE'));
    assert.deepEqual([answer.status, answer.body.length], [204, 0]);
    assert.equal(answer.header('access-control-allow-origin'), SHOP);
    assert.equal(answer.header('access-control-allow-methods'), 'GET, DELETE, HEAD');
    assert.equal(answer.header('content-length'), undefined);
    assertHead(answer);
    const refused = await on.send('OPTIONS', '/api/orders', asking('https://evil.example', 'DELETE'));
    assert.deepEqual([refused.status, refused.header('access-control-allow-origin')], [403, undefined]);
    assert.equal(ran, 0);
  });

  it('is answered by cors alone in an application that has no other', async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    await app.register(
      only(cors(RULES), { profile: 'test', secret: 'a secret of thirty-two bytes, at least', events: [] }),
    );
    app.get('/api/orders', (_request, reply) => reply.header('access-control-allow-origin', '*').send('mine'));
    const ask = (method: 'GET' | 'OPTIONS', origin: string): Promise<LightMyRequestResponse> =>
      app.inject({
        method,
        url: '/api/orders',
        headers: { host: 'app.example', ...Object.fromEntries(asking(origin, 'GET')) },
      });
    assert.equal((await ask('OPTIONS', SHOP)).statusCode, 204);
    assert.equal((await ask('OPTIONS', 'https://evil.example')).statusCode, 403);
    const answer = await ask('GET', SHOP);
    assert.deepEqual([answer.body, answer.headers['access-control-allow-origin']], ['mine', SHOP]);
    assert.equal((await ask('GET', 'https://evil.example')).statusCode, 403);
  });
});
