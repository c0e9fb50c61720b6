/**
 * `inject()` is judged as a socket is, and answered with the same head: tests of owners see what clients see.
 * @module
 */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { anyone, signedIn } from '@dewar/core';
import type { Field } from '@dewar/testing';
import { HOST, HUSH, stage } from './stage.server.test.ts';

const open = { access: anyone() };

function routes(app: FastifyInstance): void {
  app.get('/', open, async (request) => ({ ip: request.ip, host: request.host, protocol: request.protocol }));
  app.get('/page', open, (_request, reply) => reply.type('text/html').send('<p>x'));
  app.get('/cookies', open, (_request, reply) =>
    reply.header('set-cookie', 'a=1').header('set-cookie', 'b=2').send('x'),
  );
  app.get('/redirect', open, (_request, reply) => reply.redirect('/'));
  app.get('/stream', open, (_request, reply) => reply.type('text/plain').send(Readable.from(['a', 'b'])));
  app.get('/unchanged', open, (_request, reply) => reply.code(304).send());
  app.get('/written', open, (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'X-Frame-Options': 'ALLOWALL', 'X-Powered-By': 'x', 'content-length': 1 }).end('x');
  });
  app.get('/error', open, async () => {
    throw new Error(HUSH);
  });
  app.get('/guarded', { access: signedIn() }, async () => HUSH);
  app.post('/body', { ...open, bodyLimit: 20 }, async (request) => ({ got: request.body ?? null }));
}

/** Fields that only a connection has, or that differ by time, by id, or by how many requests there were before. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date', 'ratelimit']);

describe('an injected request has the status, head and body that a socket gets', () => {
  const rows: readonly (readonly [method: string, target: string, fields?: readonly Field[], body?: string])[] = [
    ['GET', '/'],
    ['HEAD', '/'],
    ['GET', '/page'],
    ['GET', '/cookies'],
    ['GET', '/redirect'],
    ['GET', '/stream'],
    ['GET', '/unchanged'],
    ['GET', '/written'],
    ['GET', '/error'],
    ['GET', '/guarded'],
    ['GET', '/nowhere'],
    ['GET', '/?a=%zz'],
    ['GET', '/%61'],
    ['GET', '/a;b'],
    ['GET', '/guarded', [['X-Forwarded-Proto', 'http']]],
    ['GET', '/', [['Host', 'evil.example']]],
    ['POST', '/body', [['Content-Type', 'application/json']], '{"a":1}'],
    ['POST', '/body', [['Content-Type', 'application/json']], '{"a":'],
    ['POST', '/body', [['Content-Type', 'text/plain']], 'x'.repeat(21)],
    ['POST', '/body', [['Content-Type', 'image/png']], 'x'],
    ['DELETE', '/body'],
  ];
  for (const [method, target, fields = [], body] of rows)
    it(`${method} ${target} ${fields.join(' ')} [HDR-29]`, async (t) => {
      const { app, raw } = await stage(t, routes);
      const headers: Record<string, string> = {
        Host: HOST,
        'X-Forwarded-Proto': 'https',
        ...Object.fromEntries(fields),
      };
      if (body !== undefined) headers['Content-Length'] = String(body.length);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const { response } = await raw(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
      const injected = await app.inject({
        method: method as NonNullable<InjectOptions['method']>,
        url: target,
        headers,
        ...(body === undefined ? {} : { payload: body }),
      });
      const byName = (list: readonly (readonly [string, string])[]): readonly string[] =>
        list
          .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
          .filter((line) => !OF_THE_CONNECTION.has(line.split(':', 1)[0]!))
          .toSorted();
      const flat = Object.entries(injected.headers).flatMap(([name, value]): (readonly [string, string])[] =>
        Array.isArray(value) ? value.map((one) => [name, one]) : [[name, String(value)]],
      );
      const blank = (text: string): string => text.replace(/"request":"[^"]+"/, '"request":""');
      assert.equal(injected.statusCode, response.status);
      assert.deepEqual(byName(flat), byName(response.fields));
      assert.equal(blank(injected.body), blank(response.body.toString()));
    });
});

describe('an injected request', () => {
  it('is judged before the application listens, too', async (t) => {
    const { app } = await stage(t, routes);
    const { statusCode } = await app.inject({ url: '/guarded', headers: { host: HOST, 'x-forwarded-proto': 'https' } });
    assert.equal(statusCode, 401);
  });

  it('is reported once', async (t) => {
    const { app, events } = await stage(t, routes);
    await app.inject({ url: '/', headers: { host: HOST, 'x-forwarded-proto': 'https' } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(events.filter(({ name }) => name === 'request.completed').length, 1);
  });
});
