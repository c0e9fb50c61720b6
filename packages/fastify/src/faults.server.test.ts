/**
 * What goes wrong inside the application: it is answered, never hangs, takes nothing along, and tells nothing.
 * @module
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { anyone, formatEvent, signedIn, off } from '@dewar/core';
import type { IdentityResolver, SecurityEvent } from '@dewar/core';
import { head } from '@dewar/testing';
import { assertHead, assertProblem, eventually, HUSH, requestOf, SECURE, stage } from './stage.server.test.ts';

const open = { access: anyone() };

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** Throws what only JavaScript throws. */
function toss(what: unknown): never {
  throw what;
}

describe('an error of a handler is a 500 that says nothing', () => {
  const rows: readonly (readonly [what: string, handler: Handler])[] = [
    ['thrown', () => toss(new Error(HUSH))],
    ['thrown later', async () => toss(new Error(HUSH))],
    ['sent', (_request, reply) => reply.send(new Error(HUSH))],
    ['undefined, thrown', () => toss(undefined)],
    ['undefined, thrown later', async () => toss(undefined)],
    ['null, thrown', () => toss(null)],
    ['null, thrown later', async () => toss(null)],
    ['a text, thrown', () => toss(HUSH)],
    ['a text, thrown later', async () => toss(HUSH)],
    ['an object without a prototype', () => toss(Object.assign(Object.create(null) as object, { message: HUSH }))],
    [
      'an error whose message cannot be read',
      () => toss(Object.defineProperty(new Error(HUSH), 'message', { get: () => toss(HUSH) })),
    ],
    ['an error with a status that is none', () => toss(Object.assign(new Error(HUSH), { statusCode: 700 }))],
    ['an error with a status of success', () => toss(Object.assign(new Error(HUSH), { statusCode: 200 }))],
    ['an error with a status as text', () => toss(Object.assign(new Error(HUSH), { statusCode: '418' }))],
    ['an error with a cause', () => toss(new Error(HUSH, { cause: new Error(HUSH) }))],
    [
      'an error with fields of its own',
      () => toss(Object.assign(new Error(HUSH), { validation: [{ message: HUSH }], headers: { 'x-hush': HUSH } })),
    ],
    ['a body that cannot be serialised', async () => ({ n: 1n, hush: HUSH })],
    ['a body of a type nobody sends', (_request, reply) => reply.type('text/plain').send({ hush: HUSH })],
    [
      'a stream that fails at once',
      (_request, reply) =>
        reply.send(
          new Readable({
            read() {
              this.destroy(new Error(HUSH));
            },
          }),
        ),
    ],
  ];
  for (const [what, handler] of rows)
    it(`${what} [HDR-29]`, async (t) => {
      const { raw, send } = await stage(t, (app) => {
        app.get('/', open, handler as never);
        app.get('/alive', open, async () => 'alive');
      });
      const exchange = await raw(head('GET', '/', SECURE), { timeout: 1500 });
      assert.doesNotMatch(exchange.raw.toString('latin1'), new RegExp(HUSH));
      assertProblem(exchange.response, 500);
      assert.equal((await send('GET', '/alive')).body.toString(), 'alive');
    });

  it('and what it says reaches the log alone, under the id that the client got', async (t) => {
    const { send, said } = await stage(t, (app) => void app.get('/', open, () => toss(new TypeError(HUSH))));
    const response = await send('GET', '/');
    const [event] = said('request.failed');
    assert.equal(event?.request, requestOf(response));
    assert.equal(event?.error, 'TypeError');
    assert.equal(event?.message, HUSH);
  });

  for (const status of [400, 404, 409, 422, 429, 503])
    it(`but keeps its status: ${status}`, async (t) => {
      const { send } = await stage(t, (app) => {
        app.get('/', open, () => toss(Object.assign(new Error(HUSH), { statusCode: status })));
      });
      assertProblem(await send('GET', '/'), status);
    });

  it('also of a hook of the owner’s, of a validator and of a child’s handler', async (t) => {
    const { send } = await stage(t, async (app) => {
      app.get('/hook', { ...open, preHandler: async () => toss(new Error(HUSH)) }, async () => 'x');
      app.get('/onsend', { ...open, onSend: async () => toss(new Error(HUSH)) }, async () => 'x');
      const policy = { schema: off('the tests of an adapter use Fastify’s own schemas') };
      app.get(
        '/schema',
        { ...open, policy, schema: { querystring: { type: 'object', required: [HUSH] } } },
        async () => 'x',
      );
      await app.register(async (child) => void child.get('/child', open, async () => toss(new Error(HUSH))));
    });
    assertProblem(await send('GET', '/hook'), 500);
    assertProblem(await send('GET', '/onsend'), 500);
    assertProblem(await send('GET', '/schema'), 400);
    assertProblem(await send('GET', '/child'), 500);
  });
});

describe('an error handler of the owner’s', () => {
  it('answers for its part of the application, with the whole head; a refusal never reaches it', async (t) => {
    let ran = 0;
    const { send } = await stage(t, async (app) => {
      await app.register(
        async (child) => {
          child.setErrorHandler((error, _request, reply) => {
            ran++;
            return reply
              .code(409)
              .header('x-frame-options', 'ALLOWALL')
              .send({ mine: error instanceof Error });
          });
          child.get('/', open, () => toss(new Error(HUSH)));
          child.get('/guarded', { access: signedIn() }, async () => 'x');
        },
        { prefix: '/child' },
      );
      app.get('/', open, () => toss(new Error(HUSH)));
    });
    const response = await send('GET', '/child/');
    assert.equal(response.status, 409);
    assert.equal(response.body.toString(), '{"mine":true}');
    assertHead(response);
    assertProblem(await send('GET', '/child/guarded'), 401);
    assertProblem(await send('GET', '/child/?a=%zz'), 400);
    assertProblem(await send('GET', '/'), 500);
    assert.equal(ran, 1);
  });
});

describe('nothing hangs', () => {
  const rows: readonly (readonly [what: string, handler: Handler])[] = [
    ['the head is out and the handler throws', (_request, reply) => (reply.raw.writeHead(200), toss(new Error(HUSH)))],
    ['a piece is out and the handler throws', (_request, reply) => (reply.raw.write('x'), toss(new Error(HUSH)))],
    [
      'a piece is out and the handler rejects',
      async (_request, reply) => (reply.raw.write('x'), toss(new Error(HUSH))),
    ],
    [
      'a stream fails mid-way',
      (_request, reply) =>
        reply.send(
          Readable.from(
            (async function* () {
              yield 'x';
              await sleep(10);
              toss(new Error(HUSH));
            })(),
          ),
        ),
    ],
  ];
  for (const [what, handler] of rows)
    it(`where ${what}: the connection is cut`, async (t) => {
      const { raw, send } = await stage(t, (app) => {
        app.get('/', open, handler as never);
        app.get('/alive', open, async () => 'alive');
      });
      const exchange = await raw(head('GET', '/', SECURE), { timeout: 1500 });
      assert.equal(exchange.timedOut, false);
      assert.equal(exchange.closed, true);
      assert.equal(exchange.responses.length, 0);
      assert.doesNotMatch(exchange.raw.toString('latin1'), new RegExp(HUSH));
      assert.equal((await send('GET', '/alive')).body.toString(), 'alive');
    });

  it('where an onRoute of the owner’s replaces the config of each route: 500, no handler', async (t) => {
    let ran = 0;
    const { send } = await stage(t, (app) => {
      app.addHook('onRoute', (options) => {
        options.config = {} as typeof options.config & object;
      });
      app.get('/', open, async () => ++ran);
    });
    assertProblem(await send('GET', '/'), 500);
    assert.equal(ran, 0);
  });

  it('where a handler’s time is over while a step still waits: no crash, no handler', async (t) => {
    let ran = 0;
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', note);
    t.after(() => process.off('unhandledRejection', note));
    const slow: IdentityResolver = {
      kind: 'slow',
      ambient: false,
      present: () => true,
      resolve: async () => (await sleep(400), { kind: 'token', id: '1', subject: 'ann', scopes: [] }),
    };
    const { raw, send } = await stage(
      t,
      (app) => {
        app.get('/', { access: signedIn(), handlerTimeout: 100 }, async () => ++ran);
        app.get('/alive', open, async () => 'alive');
      },
      { policy: { identity: [slow] } },
    );
    const exchange = await raw(head('GET', '/', SECURE), { timeout: 1500 });
    assert.equal(exchange.timedOut, false);
    if (exchange.responses.length > 0) assertProblem(exchange.response, 503);
    await sleep(450);
    assert.equal(ran, 0);
    assert.deepEqual(rejections, []);
    assert.equal((await send('GET', '/alive')).body.toString(), 'alive');
  });

  it('where a handler is too slow: 503 of ours', async (t) => {
    const { send } = await stage(t, (app) => {
      app.get('/', { ...open, handlerTimeout: 50 }, async () => (await sleep(200), 'late'));
    });
    assertProblem(await send('GET', '/'), 503);
  });
});

describe('what watches', () => {
  it('cannot stop what is watched: a sink that throws on every event', async (t) => {
    const seen: SecurityEvent[] = [];
    const { send } = await stage(t, (app) => void app.get('/', open, async () => 'x'), {
      policy: { events: [() => toss(new Error('full disk')), (event) => void seen.push(event)] },
    });
    assertHead(await send('GET', '/'));
    assertProblem(await send('GET', '/nowhere'), 404);
    await eventually(() => seen.filter(({ name }) => name.startsWith('request.')).length === 2, 'both events');
  });

  it('writes what JSON cannot say', () => {
    const fields = { option: 9n as unknown as string, wrong: (() => 1) as unknown as string, write: '' };
    const line = JSON.parse(formatEvent({ name: 'policy.warning', at: 0, fields })) as Record<string, unknown>;
    assert.equal(line['option'], '9');
  });
});
