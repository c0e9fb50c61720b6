/**
 * Every way Fastify has to declare a route leads to one that is compiled, listed with its place, and guarded.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { all, anyone, shared, signedIn } from '@dewar/core';
import type { Field } from '@dewar/testing';
import { assertHead, assertProblem, bearer, eventually, HUSH, requestOf, stage } from './stage.server.test.ts';

const guarded = { access: signedIn() };
const objects = { access: all(signedIn(), shared('the test has no objects')) };
const SIGNED: readonly Field[] = [['Authorization', 'Bearer ann']];
const handler = async (): Promise<string> => HUSH;

describe('guarded, and open to who signed in', () => {
  const ways: readonly (readonly [
    way: string,
    declare: (app: FastifyInstance) => unknown,
    method: string,
    target: string,
  ])[] = [
    ['get()', (app) => app.get('/', guarded, handler), 'GET', '/'],
    ['the HEAD that Fastify makes of a GET', (app) => app.get('/', guarded, handler), 'HEAD', '/'],
    ['a HEAD of its own', (app) => app.head('/', guarded, handler), 'HEAD', '/'],
    ['post()', (app) => app.post('/', guarded, handler), 'POST', '/'],
    ['options()', (app) => app.options('/', guarded, handler), 'OPTIONS', '/'],
    ['route()', (app) => app.route({ method: 'PUT', url: '/', ...guarded, handler }), 'PUT', '/'],
    [
      'route() of several methods, the first',
      (app) => app.route({ method: ['PUT', 'PATCH'], url: '/', ...guarded, handler }),
      'PUT',
      '/',
    ],
    [
      'route() of several methods, the last',
      (app) => app.route({ method: ['PUT', 'PATCH'], url: '/', ...guarded, handler }),
      'PATCH',
      '/',
    ],
    ['all(), by DELETE', (app) => app.all('/', guarded, handler), 'DELETE', '/'],
    ['all(), by HEAD', (app) => app.all('/', guarded, handler), 'HEAD', '/'],
    [
      'a child with a prefix',
      (app) => app.register(async (child) => void child.get('/in', guarded, handler), { prefix: '/child' }),
      'GET',
      '/child/in',
    ],
    [
      'a prefix with a slash, first spelling',
      (app) => app.register(async (child) => void child.get('/', guarded, handler), { prefix: '/child' }),
      'GET',
      '/child',
    ],
    [
      'a prefix with a slash, second spelling',
      (app) => app.register(async (child) => void child.get('/', guarded, handler), { prefix: '/child' }),
      'GET',
      '/child/',
    ],
    [
      'a child of a child',
      (app) =>
        app.register(
          async (child) => {
            await child.register(async (inner) => void inner.get('/in', guarded, handler), { prefix: '/b' });
          },
          { prefix: '/a' },
        ),
      'GET',
      '/a/b/in',
    ],
    ['a parameter', (app) => app.get('/t/:id', objects, handler), 'GET', '/t/7'],
    ['an optional parameter that is absent', (app) => app.get('/t/:id?', objects, handler), 'GET', '/t'],
    ['a parameter with a pattern', (app) => app.get('/t/:id(^\\d+$)', objects, handler), 'GET', '/t/7'],
    ['two parameters in one segment', (app) => app.get('/t/:a-:b', objects, handler), 'GET', '/t/1-2'],
    ['a wildcard', (app) => app.get('/t/*', objects, handler), 'GET', '/t/a/b'],
    ['a wildcard for all', (app) => app.get('/*', objects, handler), 'GET', '/any/thing'],
    [
      'a route for one host',
      (app) => app.get('/', { ...guarded, constraints: { host: 'app.example' } }, handler),
      'GET',
      '/',
    ],
    ['QUERY', (app) => app.route({ method: 'QUERY', url: '/', ...guarded, handler }), 'QUERY', '/'],
    [
      'PROPFIND',
      (app) => app.addHttpMethod('PROPFIND').route({ method: 'PROPFIND', url: '/', ...guarded, handler }),
      'PROPFIND',
      '/',
    ],
  ];
  for (const [way, declare, method, target] of ways)
    it(`${way} [AZ-09] [c2-authz]`, async (t) => {
      const { send } = await stage(t, declare, { policy: { identity: [bearer] } });
      // QUERY without a type is an error of its own (RFC 10008, 2).
      const typed: readonly Field[] = method === 'QUERY' ? [['Content-Type', 'application/json']] : [];
      const refused = await send(method, target, typed);
      assert.equal(refused.status, 401);
      if (method !== 'HEAD') assertProblem(refused, 401);
      const allowed = await send(method, target, [...SIGNED, ...typed]);
      assert.equal(allowed.status, 200);
      assertHead(allowed);
      if (method !== 'HEAD') assert.equal(allowed.body.toString(), HUSH);
    });

  it('TRACE never, whatever was declared: it would echo cookies [HDR-29]', async (t) => {
    const { send } = await stage(t, (app) =>
      app.addHttpMethod('TRACE').route({ method: 'TRACE', url: '/', access: anyone(), handler }),
    );
    assertProblem(await send('TRACE', '/'), 400);
  });

  it('each method of one path by its own rule', async (t) => {
    const { send } = await stage(t, (app) => {
      app.get('/', { access: anyone() }, async () => 'open');
      app.post('/', guarded, handler);
      app.put('/', { access: anyone(), policy: { headers: { referrerPolicy: 'no-referrer' } } }, async () => 'put');
    });
    assert.equal((await send('GET', '/')).status, 200);
    assert.equal((await send('HEAD', '/')).status, 200);
    assert.equal((await send('POST', '/')).status, 401);
    assert.equal((await send('PUT', '/')).header('referrer-policy'), 'no-referrer');
    assert.equal((await send('GET', '/')).header('referrer-policy'), 'same-origin');
  });

  it('by a rule in the policy, where a plugin’s route cannot carry one', async (t) => {
    const plugin = async (app: FastifyInstance): Promise<void> => {
      app.get('/assets/*', async () => 'asset');
      app.get('/metrics', handler);
    };
    const { send } = await stage(t, (app) => app.register(plugin), {
      policy: {
        routes: {
          'GET /assets/*': { access: all(anyone(), shared('assets are public')) },
          'GET /metrics': { access: signedIn() },
        },
      },
    });
    assert.equal((await send('GET', '/assets/a.css')).body.toString(), 'asset');
    assert.equal((await send('HEAD', '/assets/a.css')).status, 200);
    assertProblem(await send('GET', '/metrics'), 401);
  });
});

describe('what no route answers', () => {
  it('is our 404, encapsulated or not, and the handler’s own callNotFound() is too', async (t) => {
    const { send } = await stage(t, async (app) => {
      app.get('/give-up', { access: anyone() }, (_request, reply) => {
        reply.header('x-mine', HUSH);
        reply.callNotFound();
      });
      await app.register(
        async (child) => {
          child.get('/give-up', { access: anyone() }, (_request, reply) => reply.callNotFound());
        },
        { prefix: '/child' },
      );
    });
    const plain = await send('GET', '/nowhere');
    for (const target of ['/give-up', '/child/give-up', '/child/nowhere']) {
      const response = await send('GET', target);
      assertProblem(response, 404);
      assert.deepEqual(
        response.fields.map(([name]) => name.toLowerCase()).toSorted(),
        plain.fields.map(([name]) => name.toLowerCase()).toSorted(),
      );
    }
  });

  it('is told without the path of a route: a parameter that is too long is 400, and logged', async (t) => {
    const { send, said, dewar } = await stage(t, (app) => app.get('/t/:id', objects, handler));
    const response = await send('GET', `/t/${'a'.repeat(500)}`);
    assertProblem(response, 400);
    await eventually(() => said('request.refused').length === 1, 'the event');
    assert.equal(said('request.refused')[0]?.code, 'facts/unroutable');
    assert.equal(dewar.kernel.explain(requestOf(response))?.denial.code, 'facts/unroutable');
  });

  it('is told by pattern, and without its target, where a path is a secret', async (t) => {
    const { send, dewar, events } = await stage(t, (app) =>
      app.get('/reset/:token', { access: all(signedIn(), shared('a link is its own proof')) }, handler),
    );
    const response = await send('GET', `/reset/${HUSH}`);
    assertProblem(response, 401);
    const kept = dewar.kernel.explain(requestOf(response));
    assert.equal(kept?.path, '/reset/:token');
    await eventually(() => events.some(({ name }) => name === 'request.refused'), 'the event');
    assert.doesNotMatch(JSON.stringify([kept, events]), new RegExp(HUSH));
  });
});

describe('the inventory', () => {
  it('lists every route with method, pattern, rule and the line that declares it', async (t) => {
    const { dewar } = await stage(t, async (app) => {
      app.get('/a', { access: anyone() }, handler);
      app.route({ method: ['PUT', 'PATCH'], url: '/b/:id', ...objects, handler });
      await app.register(async (child) => void child.post('/c', guarded, handler), { prefix: '/child' });
    });
    assert.deepEqual(
      dewar.kernel.routes.map(({ method, path, access }) => `${method} ${path} ${access?.kind}`),
      ['GET /a anyone', 'HEAD /a anyone', 'PUT /b/:id all', 'PATCH /b/:id all', 'POST /child/c signedIn'],
    );
    for (const { declaredAt, method, path } of dewar.kernel.routes)
      assert.match(declaredAt, /^packages\/fastify\/src\/routes\.server\.test\.ts:\d+$/, `${method} ${path}`);
  });
});
