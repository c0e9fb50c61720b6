/**
 * None of the owner's code runs for a request that is refused, wherever it was registered.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { anyone, protection, signedIn } from '@dewar/core';
import type { CheckStep, Configured, MaybePromise, Verdict } from '@dewar/core';
import { head, rawRequest } from '@dewar/testing';
import type { Field } from '@dewar/testing';
import { createDewar } from './index.ts';
import { assertProblem, eventually, policyOf, SECURE, stage } from './stage.server.test.ts';

/** Every hook of Fastify's that runs before or around a handler, noted in `ran` by `where`. */
function hooks(app: FastifyInstance, where: string, ran: string[]): void {
  app.addHook('onRequest', async () => void ran.push(`${where} onRequest`));
  app.addHook('preParsing', async () => void ran.push(`${where} preParsing`));
  app.addHook('preValidation', async () => void ran.push(`${where} preValidation`));
  app.addHook('preHandler', async () => void ran.push(`${where} preHandler`));
  app.addHook('preSerialization', async () => void ran.push(`${where} preSerialization`));
  app.addHook('onSend', async () => void ran.push(`${where} onSend`));
  app.addHook('onError', async () => void ran.push(`${where} onError`));
  app.addHook('onTimeout', async () => void ran.push(`${where} onTimeout`));
  app.addHook('onRequestAbort', async (_request) => void ran.push(`${where} onRequestAbort`));
}

function routes(app: FastifyInstance, where: string, ran: string[]): void {
  const noted: onRequestHookHandler = (_request, _reply, done) => (ran.push(`${where} route`), done());
  const note = async (): Promise<string> => (ran.push(`${where} handler`), 'x');
  app.route({
    method: ['GET', 'POST'],
    url: '/guarded',
    access: signedIn(),
    onRequest: noted,
    preParsing: (_request, _reply, payload, done) => (ran.push(`${where} route`), done(null, payload)),
    preValidation: noted,
    preHandler: noted,
    errorHandler: () => void ran.push(`${where} errorHandler`),
    handler: note,
  });
  app.route({ method: ['GET', 'POST'], url: '/open', access: anyone(), onRequest: noted, handler: note });
  app.get('/forgotten', { onRequest: noted }, note);
}

const REFUSED: readonly (readonly [method: string, target: string, status: number, fields?: readonly Field[]])[] = [
  ['GET', '/guarded', 401],
  ['HEAD', '/guarded', 401],
  ['POST', '/guarded', 401],
  ['GET', '/child/guarded', 401],
  ['GET', '/forgotten', 403],
  ['GET', '/child/forgotten', 403],
  ['GET', '/nowhere', 404],
  ['GET', '/child/nowhere', 404],
  ['DELETE', '/open', 404],
  ['OPTIONS', '/open', 404],
  ['GET', '/open/../guarded', 400],
  ['GET', '/%67uarded', 400],
  ['GET', '/guarded?__proto__=1', 400],
  ['GET', '/open?a=%', 400],
  ['GET', '/open', 400, [['Cookie', '__Host-a=1; __Host-a=2']]],
  ['GET', '/open', 417, [['Expect', 'nothing']]],
  [
    'POST',
    '/open',
    413,
    [
      ['Content-Type', 'text/plain'],
      ['Content-Length', '2000000'],
    ],
  ],
  [
    'POST',
    '/open',
    415,
    [
      ['Content-Type', 'text/plain; charset=utf-16'],
      ['Content-Length', '2'],
    ],
  ],
];

describe('no code of the owner’s runs for', () => {
  for (const [method, target, status, fields] of REFUSED)
    for (const order of ['before', 'behind'] as const)
      it(`${method} ${target} ${(fields ?? []).join(' ')}: ${status}, hooks declared ${order} register [DEP-05]`, async (t) => {
        const ran: string[] = [];
        // Development serves what production would not start with: an undeclared route.
        const dewar = createDewar(policyOf({ profile: 'development', hosts: { allowed: ['app.example'] } }));
        const app = Fastify(dewar.options);
        t.after(() => app.close());
        const owned = async (): Promise<void> => {
          hooks(app, 'root', ran);
          routes(app, 'root', ran);
          await app.register(
            async (child) => {
              hooks(child, 'child', ran);
              routes(child, 'child', ran);
            },
            { prefix: '/child' },
          );
        };
        if (order === 'before') await owned();
        await app.register(dewar);
        if (order === 'behind') await owned();
        const url = await app.listen({ port: 0 });
        const { response } = await rawRequest(url, head(method, target, [...SECURE, ...(fields ?? [])]));
        assert.equal(response.status, status);
        if (method !== 'HEAD') assertProblem(response, status, { secure: false });
        assert.deepEqual(ran, []);
      });

  it('none of them but onResponse at the root, which has nothing left to decide', async (t) => {
    const ran: string[] = [];
    const { send } = await stage(t, (app) => {
      app.addHook('onResponse', async (request, reply) => void ran.push(`${request.url} ${reply.statusCode}`));
      app.get('/', { access: signedIn() }, async () => 'x');
    });
    await send('GET', '/');
    await eventually(() => ran.length > 0, 'onResponse');
    assert.deepEqual(ran, ['/ 401']);
  });
});

describe('every hook runs, in Fastify’s order, for', () => {
  it('a request that is let in', async (t) => {
    const ran: string[] = [];
    const { send } = await stage(t, (app) => {
      app.addHook('onRequest', async () => void ran.push('onRequest'));
      app.addHook('preParsing', async () => void ran.push('preParsing'));
      app.addHook('preValidation', async () => void ran.push('preValidation'));
      app.addHook('preHandler', async () => void ran.push('preHandler'));
      app.addHook('onSend', async () => void ran.push('onSend'));
      app.post('/', { access: anyone() }, async (request) => (ran.push('handler'), request.body));
    });
    assert.equal((await send('POST', '/', [['Content-Type', 'text/plain']], 'hello')).body.toString(), 'hello');
    assert.deepEqual(ran, ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'handler', 'onSend']);
  });

  it('and finds body, query and facts ready in the first of the owner’s', async (t) => {
    let seen: unknown;
    const { send } = await stage(t, (app) => {
      app.addHook('onRequest', async ({ dewar, query }) => {
        seen = { body: dewar.body, query: { ...(query as object) }, path: dewar.facts.path, host: dewar.facts.host };
      });
      app.post('/here', { access: anyone() }, async () => 'x');
    });
    await send('POST', '/here?a=1', [['Content-Type', 'application/json']], '{"b":2}');
    assert.deepEqual(seen, { body: { b: 2 }, query: { a: '1' }, path: '/here', host: 'app.example' });
  });
});

/** A protection whose one step answers what the test says. */
function step(place: CheckStep['place'], run: CheckStep['run']): Configured {
  return protection<{ readonly on: boolean }>({
    name: 'probe',
    defaults: { on: true },
    codes: ['probe/no'],
    detectable: false,
    check: () => [],
    compile: () => [{ place, run }],
  })();
}

describe('a step that is broken', () => {
  const answers: readonly (readonly [what: string, run: () => MaybePromise<Verdict>])[] = [
    ['answers undefined', () => undefined as unknown as Verdict],
    ['answers undefined later', async () => undefined as unknown as Verdict],
    ['answers true', () => true as unknown as Verdict],
    ['answers text', () => 'ok' as unknown as Verdict],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    ['rejects with nothing', () => Promise.reject(undefined as unknown as Error)],
  ];
  for (const place of ['limits.address', 'schema.body'] as const)
    for (const [what, run] of answers)
      it(`refuses with 500 and the handler never runs: ${what}, at ${place}`, async (t) => {
        let ran = 0;
        const { send, said } = await stage(
          t,
          (app) => {
            app.addHook('onRequest', async () => void ran++);
            app.route({ method: ['GET', 'POST'], url: '/', access: anyone(), handler: async () => ++ran });
          },
          { policy: { protections: [step(place, run)] } },
        );
        assertProblem(await send('GET', '/'), 500);
        assertProblem(await send('POST', '/', [['Content-Type', 'application/json']], '{}'), 500);
        assert.equal(ran, 0);
        assert.equal(said('request.failed').length, 2);
      });

  it('that is late refuses all the same', async (t) => {
    let ran = 0;
    const late = step('limits.address', async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return { code: 'probe/no', status: 429, by: 'probe', option: 'probe', headers: ['retry-after', '1'] };
    });
    const { send } = await stage(t, (app) => void app.get('/', { access: anyone() }, async () => ++ran), {
      policy: { protections: [late] },
    });
    const response = await send('GET', '/');
    assertProblem(response, 429);
    assert.equal(response.header('retry-after'), '1');
    assert.equal(ran, 0);
  });

  it('is not one that replies: its answer stands, the handler does not run', async (t) => {
    let ran = 0;
    const preflight = step('cors', () => ({ reply: 204, headers: ['retry-after', '60'] }));
    const { send } = await stage(t, (app) => void app.get('/', { access: anyone() }, async () => ++ran), {
      policy: { protections: [preflight] },
    });
    const response = await send('GET', '/');
    assert.equal(response.status, 204);
    assert.equal(response.header('retry-after'), '60');
    assert.equal(response.header('x-frame-options'), 'DENY');
    assert.equal(ran, 0);
  });
});
