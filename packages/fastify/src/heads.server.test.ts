/**
 * Every kind of response carries the policy's head, each field once, and none names the server.
 * @module
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { all, anyone, protection, shared, signedIn, off } from '@dewar/core';
import { head } from '@dewar/testing';
import type { Field } from '@dewar/testing';
import { assertHead, assertProblem, HOST, HUSH, SECURE, stage } from './stage.server.test.ts';
import type { Stage } from './stage.server.test.ts';

const open = { access: anyone() };

const PAGE = '<!doctype html><title>x</title>';

function routes(app: FastifyInstance): void {
  app.get('/page', open, (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
  app.get('/json', open, async () => ({ a: 1 }));
  app.get('/text', open, async () => 'text');
  app.get('/buffer', open, (_request, reply) => reply.type('image/png').send(Buffer.from([137, 80])));
  app.get('/empty', open, (_request, reply) => reply.code(204).send());
  app.get('/redirect', open, (_request, reply) => reply.redirect('/json', 303));
  app.get('/unchanged', open, (_request, reply) => reply.code(304).header('etag', '"1"').send());
  app.get('/stream', open, (_request, reply) => reply.type('text/plain').send(Readable.from(['one', 'two'])));
  app.get('/trailers', open, (_request, reply) =>
    reply
      .trailer('x-sum', (_reply, _payload, done) => void done(null, '1'))
      .type('text/plain')
      .send('body'),
  );
  app.get('/hints', open, (_request, reply) => {
    reply.raw.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' });
    return reply.send('after');
  });
  app.get('/hijacked', open, (_request, reply) => {
    reply.hijack();
    reply.raw.end('raw');
  });
  app.get('/written', open, (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, 'Fine', { 'content-type': 'text/plain' }).end('raw');
  });
  app.get('/asset/*', { access: all(anyone(), shared('assets are public')) }, (_request, reply) =>
    reply.headers({ 'cache-control': 'public, max-age=60', etag: '"1"' }).type('text/css').send('a{}'),
  );
  app.get('/error', open, async () => {
    throw new Error(HUSH);
  });
  app.get('/teapot', open, async () => {
    throw Object.assign(new Error(HUSH), { statusCode: 418 });
  });
  app.get('/guarded', { access: signedIn() }, async () => HUSH);
  app.post('/body', { ...open, bodyLimit: 10 }, async (request) => ({ got: request.body }));
  const policy = { schema: off('the tests of an adapter use Fastify’s own schemas') };
  app.get(
    '/valid',
    { ...open, policy, schema: { querystring: { type: 'object', required: ['a'] } } },
    async () => 'ok',
  );
}

describe('the whole head of the policy, each field once, is on', () => {
  const rows: readonly (readonly [what: string, method: string, target: string, status: number, more?: Field[]])[] = [
    ['a page', 'GET', '/page', 200],
    ['JSON', 'GET', '/json', 200],
    ['text', 'GET', '/text', 200],
    ['an image', 'GET', '/buffer', 200],
    ['an answer without a body', 'GET', '/empty', 204],
    ['a redirect', 'GET', '/redirect', 303],
    ['an unchanged page', 'GET', '/unchanged', 304],
    ['a stream', 'GET', '/stream', 200],
    ['an answer with trailers', 'GET', '/trailers', 200],
    ['an answer after early hints', 'GET', '/hints', 200],
    ['an answer that the handler ends by itself', 'GET', '/hijacked', 200],
    ['an answer that the handler writes by itself', 'GET', '/written', 200],
    ['a static file', 'GET', '/asset/a.css', 200],
    ['the HEAD of a page', 'HEAD', '/page', 200],
    ['the HEAD of a stream', 'HEAD', '/stream', 200],
  ];
  for (const [what, method, target, status] of rows)
    it(`${what} [HDR-29] [HDR-27] [S-05]`, async (t) => {
      const { send } = await stage(t, routes);
      const response = await send(method, target);
      assert.equal(response.status, status);
      assertHead(response);
    });

  const refusals: readonly (readonly [
    what: string,
    status: number,
    method: string,
    target: string,
    fields?: readonly Field[],
    body?: string,
  ])[] = [
    ['an error of a handler', 500, 'GET', '/error'],
    ['an error with a status', 418, 'GET', '/teapot'],
    ['a path without a route', 404, 'GET', '/nowhere'],
    ['a method without a route', 404, 'DELETE', '/json'],
    ['a refused route', 401, 'GET', '/guarded'],
    ['a path with a dot segment', 400, 'GET', '/a/../json'],
    ['a target that is too long', 414, 'GET', `/${'a'.repeat(9000)}`],
    ['a field that is too long', 431, 'GET', '/json', [['x-a', 'a'.repeat(9000)]]],
    ['a body that is too large', 413, 'POST', '/body', [['Content-Type', 'text/plain']], 'x'.repeat(11)],
    ['a body that is no JSON', 400, 'POST', '/body', [['Content-Type', 'application/json']], '{'],
    ['a body that nobody reads', 415, 'POST', '/body', [['Content-Type', 'image/png']], 'x'],
    ['a query that the schema refuses', 400, 'GET', '/valid'],
    ['an expectation that nobody meets', 417, 'GET', '/json', [['Expect', '200-maybe']]],
    [
      'an upgrade',
      400,
      'GET',
      '/json',
      [
        ['Upgrade', 'h2c'],
        ['Connection', 'Upgrade'],
      ],
    ],
    ['a method that echoes', 400, 'TRACE', '/json'],
  ];
  for (const [what, status, method, target, fields, body] of refusals)
    it(`${what} [HDR-29] [HDR-27] [S-05]`, async (t) => {
      const { send } = await stage(t, routes);
      assertProblem(await send(method, target, fields, body), status);
    });

  it('a host that is not ours [HDR-29] [CFG-13]', async (t) => {
    const { raw } = await stage(t, routes);
    const fields: readonly Field[] = [
      ['Host', 'evil.example'],
      ['X-Forwarded-Proto', 'https'],
    ];
    assertProblem((await raw(head('GET', '/json', fields))).response, 421);
  });

  it('the redirect to https, which has no HSTS yet [HDR-29] [TLS-07]', async (t) => {
    const { raw } = await stage(t, routes);
    const { response } = await raw(head('GET', '/json', [['Host', HOST]]));
    assert.equal(response.status, 308);
    assertHead(response, { secure: false });
  });

  const unread: readonly (readonly [what: string, status: number, bytes: string])[] = [
    ['no HTTP at all', 400, 'hello\r\n\r\n'],
    ['a head beyond the parser', 431, `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['an obsolete folded field', 400, `GET /json HTTP/1.1\r\nHost: ${HOST}\r\nX: a\r\n b\r\n\r\n`],
  ];
  for (const [what, status, bytes] of unread)
    it(`${what} [HDR-29] [HDR-27] [S-05]`, async (t) => {
      const { raw, said } = await stage(t, routes);
      const { response, closed } = await raw(bytes);
      assertProblem(response, status, { secure: false });
      assert.equal(closed, true);
      assert.equal(said('connection.refused').length, 1);
    });

  it('CONNECT [HDR-29] [HDR-27]', async (t) => {
    const { raw } = await stage(t, routes);
    const { response, closed } = await raw('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n');
    assertProblem(response, 400, { secure: false });
    assert.equal(closed, true);
  });

  it('a page of ours for a browser, with a policy of its own [HDR-29]', async (t) => {
    const { send } = await stage(t, routes);
    const response = await send('GET', '/nowhere', [['Sec-Fetch-Dest', 'document']]);
    assert.equal(response.status, 404);
    assertHead(response);
    assert.match(response.header('content-type') ?? '', /^text\/html/);
    assert.match(response.header('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-/);
  });

  it('no early hint, which has none of it and needs none', async (t) => {
    const { send } = await stage(t, routes);
    const { interim } = await send('GET', '/hints');
    assert.deepEqual(
      interim.map(({ status, fields }) => [status, fields.map(([name]) => name.toLowerCase())]),
      [[103, ['link']]],
    );
  });
});

describe('fields of a handler', () => {
  /** The three ways node:http knows, and Fastify's two. */
  const ways: readonly (readonly [way: string, set: (reply: FastifyReply, name: string, value: string) => void])[] = [
    ['reply.header', (reply, name, value) => void reply.header(name, value).send('x')],
    ['reply.headers', (reply, name, value) => void reply.headers({ [name]: value }).send('x')],
    ['raw.setHeader', (reply, name, value) => (reply.raw.setHeader(name, value), void reply.send('x'))],
    ['raw.appendHeader', (reply, name, value) => (reply.raw.appendHeader(name, value), void reply.send('x'))],
    ['writeHead of an object', (reply, name, value) => void reply.raw.writeHead(200, { [name]: value }).end('x')],
    ['writeHead of a flat list', (reply, name, value) => void reply.raw.writeHead(200, [name, value]).end('x')],
    [
      'writeHead of a list of pairs',
      (reply, name, value) => void reply.raw.writeHead(200, [[name, value]] as unknown as string[]).end('x'),
    ],
    ['raw.setHeaders', (reply, name, value) => (reply.raw.setHeaders(new Map([[name, value]])), void reply.send('x'))],
  ];
  for (const [way, set] of ways) {
    for (const name of ['x-frame-options', 'X-Frame-Options', 'Strict-Transport-Security'])
      it(`give way to the policy's: ${name} by ${way} [HDR-30]`, async (t) => {
        const { send, said } = await stage(t, (app) => {
          app.get('/', open, (_request, reply) => set(reply, name, 'ALLOWALL'));
        });
        const response = await send('GET', '/');
        assert.equal(response.status, 200);
        assertHead(response);
        assert.deepEqual(
          said('response.conflict').map(({ field }) => field),
          [name.toLowerCase()],
        );
      });

    it(`that name the server are taken off: ${way} [HDR-27]`, async (t) => {
      const { send } = await stage(t, (app) => {
        app.get('/', open, (_request, reply) => set(reply, 'X-Powered-By', 'Fastify'));
        app.get('/server', open, (_request, reply) => set(reply, 'Server', 'nginx/1.2'));
      });
      assertHead(await send('GET', '/'));
      assertHead(await send('GET', '/server'));
    });

    it(`that are its own stay: ${way}`, async (t) => {
      const { send } = await stage(t, (app) => {
        app.get('/', open, (_request, reply) => set(reply, 'X-Mine', '1'));
      });
      assert.deepEqual((await send('GET', '/')).headers('x-mine'), ['1']);
    });

    it(`cannot split the response: ${way}`, async (t) => {
      const { send, raw } = await stage(t, (app) => {
        app.get('/value', open, (_request, reply) => set(reply, 'x-mine', 'a\r\nset-cookie: evil=1'));
        app.get('/name', open, (_request, reply) => set(reply, 'x-mine: a\r\nset-cookie', 'evil=1'));
      });
      for (const target of ['/value', '/name']) {
        const exchange = await raw(head('GET', target, SECURE));
        assert.doesNotMatch(exchange.raw.toString('latin1'), /evil/i);
        assertProblem(exchange.response, 500);
      }
      assert.equal((await send('GET', '/none')).status, 404);
    });
  }

  it('of an answer that is not given do not reach the error: one length, ours once, no-store [HDR-29] [HDR-30]', async (t) => {
    const { send } = await stage(t, (app) => {
      app.get('/', open, (_request, reply) => {
        reply.raw.setHeader('content-length', '5');
        reply.raw.setHeader('x-frame-options', 'ALLOWALL');
        reply.raw.setHeader('cache-control', 'public');
        reply.raw.setHeader('x-mine', HUSH);
        throw new Error(HUSH);
      });
    });
    const response = await send('GET', '/');
    assertProblem(response, 500);
    assert.equal(response.headers('content-length').length, 1);
    assert.equal(response.header('x-mine'), undefined);
  });

  it('of a plugin that sets security fields on every response leave each once [HDR-30]', async (t) => {
    const { send } = await stage(t, (app) => {
      // What @fastify/helmet does.
      app.addHook('onRequest', async (_request, reply) => {
        reply.header('x-frame-options', 'SAMEORIGIN').header('Referrer-Policy', 'unsafe-url');
        reply.raw.setHeader('X-XSS-Protection', '1; mode=block');
      });
      routes(app);
    });
    for (const target of ['/json', '/page', '/redirect', '/stream', '/unchanged'])
      assertHead(await send('GET', target));
    assertProblem(await send('GET', '/error'), 500);
    assertProblem(await send('GET', '/nowhere'), 404);
  });

  it('set first and written again as a list stand once', async (t) => {
    const { send } = await stage(t, (app) => {
      app.get('/', open, (_request, reply) => {
        reply.hijack();
        reply.raw.setHeader('Content-Type', 'text/html');
        reply.raw.setHeader('x-mine', 'first');
        reply.raw.writeHead(200, ['content-type', 'text/plain', 'X-Mine', 'second', 'content-length', '1']).end('x');
      });
    });
    const response = await send('GET', '/');
    assertHead(response);
    assert.deepEqual(response.headers('content-type'), ['text/plain']);
    assert.deepEqual(response.headers('x-mine'), ['second']);
  });

  it('Set-Cookie stays as often as it was set', async (t) => {
    const { send } = await stage(t, (app) => {
      app.get('/', open, (_request, reply) => reply.header('set-cookie', 'a=1').header('set-cookie', 'b=2').send('x'));
    });
    assert.deepEqual(
      (await send('GET', '/')).headers('set-cookie').map((line) => line.split(';', 1)[0]),
      ['a=1', 'b=2'],
    );
  });
});

describe('a page and all else', () => {
  const variant = protection<{ readonly on: boolean }>({
    name: 'variant',
    defaults: { on: true },
    codes: [],
    detectable: false,
    check: () => [],
    compile: () => [{ place: 'csp', head: ({ kind, secure }) => ['x-variant', `${kind} ${String(secure)}`] }],
  });
  const rows: readonly (readonly [type: string, status: number, expected: string])[] = [
    ['text/html', 200, 'page true'],
    ['text/html; charset=utf-8', 200, 'page true'],
    ['Text/HTML; charset=utf-8', 200, 'page true'],
    ['TEXT/HTML', 404, 'page true'],
    ['application/json', 200, 'data true'],
    ['image/svg+xml', 200, 'data true'],
    ['text/html', 304, 'unchanged true'],
  ];
  for (const [type, status, expected] of rows)
    it(`are told apart by the type, in any letter case: ${status} ${type} gets the head of ${expected}`, async (t) => {
      const { send } = await stage(
        t,
        (app) => {
          app.get('/', open, (_request, reply) => reply.code(status).header('Content-Type', type).send('x'));
        },
        { policy: { protections: [variant()] } },
      );
      assert.equal((await send('GET', '/')).header('x-variant'), expected);
    });

  it('are told apart on the refusals of Dewar as well: always data', async (t) => {
    const stages: Stage = await stage(t, routes, { policy: { protections: [variant()] } });
    for (const [target, status] of [
      ['/nowhere', 404],
      ['/guarded', 401],
      ['/error', 500],
    ] as const) {
      const response = await stages.send('GET', target, [['Accept', 'text/html']]);
      assert.equal(response.status, status);
      assert.equal(response.header('x-variant'), 'data true');
    }
  });
});
