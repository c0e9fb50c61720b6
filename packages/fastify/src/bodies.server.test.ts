/**
 * Dewar reads JSON, forms and text once and strictly; the owner's parsers read the rest, and nothing else.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { anyone, off } from '@dewar/core';
import type { ConfigError } from '@dewar/core';
import type { Field } from '@dewar/testing';
import { createDewar } from './index.ts';
import { assertProblem, policyOf, stage } from './stage.server.test.ts';

const open = { access: anyone() };
const type = (value: string): readonly Field[] => [['Content-Type', value]];

function echo(app: FastifyInstance): void {
  app.post('/', { ...open, bodyLimit: 1000 }, async (request) => ({ body: request.body ?? null }));
}

describe('a parser of the owner’s for what Dewar reads is a fault that names it', () => {
  const rows: readonly (readonly [what: string, type: string | RegExp | string[]])[] = [
    ['JSON', 'application/json'],
    ['JSON in other letters', ' application/JSON '],
    ['JSON by a pattern', /^application\/json/],
    ['JSON by a pattern for all', /.*/],
    ['a type of JSON', 'application/vnd.x+json'],
    ['types of JSON by a pattern', /\+json$/],
    ['text', 'text/plain'],
    ['text with its charset', 'text/plain; charset=utf-8'],
    ['forms', 'application/x-www-form-urlencoded'],
    ['everything', '*'],
    ['JSON in a list', ['image/png', 'application/json']],
  ];
  for (const [what, given] of rows)
    for (const child of [false, true])
      it(`${what}${child ? ', in a child' : ''}`, async (t) => {
        const dewar = createDewar(policyOf());
        const app = Fastify(dewar.options);
        t.after(() => app.close());
        const add = (at: FastifyInstance): void =>
          void at.addContentTypeParser(given, (_request, _payload, done) => done(null, 'theirs'));
        if (child) void app.register(async (inner) => add(inner));
        else add(app);
        await assert.rejects(
          async () => app.ready(),
          (error: ConfigError) => {
            assert.match(error.faults[0]?.option ?? '', /^addContentTypeParser\(.+\)$/);
            return true;
          },
        );
      });

  it('as is @fastify/formbody', async (t) => {
    const dewar = createDewar(policyOf());
    const app = Fastify(dewar.options);
    t.after(() => app.close());
    await app.register(formbody);
    await assert.rejects(
      async () => app.ready(),
      (error: ConfigError) => error.faults[0]?.option === 'addContentTypeParser(application/x-www-form-urlencoded)',
    );
  });
});

describe('a parser of the owner’s for anything else', () => {
  it('stays that of its own part of the application', async (t) => {
    const { send } = await stage(t, async (app) => {
      await app.register(
        async (child) => {
          child.addContentTypeParser('multipart/form-data', { parseAs: 'string' }, (_request, body, done) =>
            done(null, `child ${String(body)}`),
          );
          child.post('/', open, async (request) => request.body);
        },
        { prefix: '/child' },
      );
      echo(app);
    });
    const form = type('multipart/form-data; boundary=b');
    assert.equal((await send('POST', '/child/', form, 'parts')).body.toString(), 'child parts');
    assertProblem(await send('POST', '/', form, 'parts'), 415);
  });

  it('does not get what Dewar reads: a child with one still reads JSON as the root does', async (t) => {
    const { send } = await stage(t, async (app) => {
      await app.register(
        async (child) => {
          child.addContentTypeParser('image/png', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
          echo(child);
        },
        { prefix: '/child' },
      );
    });
    assert.equal(
      (await send('POST', '/child/', type('application/json'), '{"a":1}')).body.toString(),
      '{"body":{"a":1}}',
    );
  });

  for (const [what, pattern, kind, body, expected] of [
    ['looks at parameters', /xml/, 'text/plain; x=xml', '<a/>', '<a/>'],
    ['takes a type of JSON for XML', /^application\/.*xml/, 'application/xml+json', '{"a":1}', { a: 1 }],
  ] as const) {
    it(`by a pattern that ${what} does not wait for what Dewar has read`, async (t) => {
      const { send } = await stage(t, (app) => {
        app.addContentTypeParser(pattern, { parseAs: 'string' }, (_request, xml, done) =>
          done(null, `XML ${String(xml)}`),
        );
        echo(app);
      });
      const read = await send('POST', '/', type(kind), body);
      assert.deepEqual(JSON.parse(read.body.toString()), { body: expected });
      const other = await send('POST', '/', type('application/xml'), '<a/>');
      assert.deepEqual(JSON.parse(other.body.toString()), { body: 'XML <a/>' });
    });
  }

  it('that was removed leaves nothing unread: removeAllContentTypeParsers, then JSON', async (t) => {
    const { send } = await stage(t, (app) => {
      app.removeAllContentTypeParsers();
      echo(app);
    });
    const response = await send('POST', '/', type('application/json'), '{"a":1}');
    assert.ok(response.status === 415 || response.body.toString() === '{"body":{"a":1}}');
  });
});

describe('a body', () => {
  const read: readonly (readonly [what: string, type: string, body: string, expected: unknown])[] = [
    ['of JSON', 'application/json', '{"a":[1,null]}', { a: [1, null] }],
    ['of JSON with its charset', 'application/json; charset=UTF-8', '"ü"', 'ü'],
    ['of JSON in other letters', 'Application/JSON', '1', 1],
    ['of a type of JSON', 'application/csp-report+json', '{"a":1}', { a: 1 }],
    ['of a form', 'application/x-www-form-urlencoded', 'a=1&b=x+y&a=%C3%BC', { a: ['1', 'ü'], b: 'x y' }],
    ['of text', 'text/plain', 'x', 'x'],
  ];
  for (const [what, kind, body, expected] of read)
    it(`${what} is what the handler gets`, async (t) => {
      const { send } = await stage(t, echo);
      const response = await send('POST', '/', type(kind), Buffer.from(body));
      assert.deepEqual(JSON.parse(response.body.toString()), { body: expected });
    });

  const refused: readonly (readonly [what: string, status: number, fields: readonly Field[], body: string | Buffer])[] =
    [
      ['that is no JSON', 400, type('application/json'), '{"a":'],
      ['with a key that changes prototypes', 400, type('application/json'), '{"__proto__":{"admin":true}}'],
      ['with that key escaped', 400, type('application/json'), '{"\\u005f_proto__":{"admin":true}}'],
      ['with that key deep inside', 400, type('application/json'), '[{"a":{"constructor":{"prototype":{}}}}]'],
      ['of a form with that key', 400, type('application/x-www-form-urlencoded'), '__proto__=1'],
      ['that is no form', 400, type('application/x-www-form-urlencoded'), 'a=%zz'],
      ['that is no UTF-8', 400, type('application/json'), Buffer.from([34, 255, 34])],
      ['that is overlong UTF-8', 400, type('text/plain'), Buffer.from([0xc0, 0xaf])],
      ['of a foreign charset', 415, type('application/json; charset=utf-16le'), '1'],
      ['of a foreign charset in quotes', 415, type('text/plain; charset="utf-7"'), '1'],
      ['that is packed', 415, [...type('application/json'), ['Content-Encoding', 'gzip']], 'x'],
      ['that is packed twice', 415, [...type('application/json'), ['Content-Encoding', 'identity, br']], 'x'],
      ['of a type nobody reads', 415, type('application/xml'), '<a/>'],
      ['of no type', 415, [], 'x'],
      ['that is too large', 413, type('text/plain'), 'x'.repeat(1001)],
    ];
  for (const [what, status, fields, body] of refused)
    it(`${what} is refused with ${status}, and no handler runs [c2-body]`, async (t) => {
      let ran = 0;
      const { send } = await stage(t, (app) => {
        app.post('/', { ...open, bodyLimit: 1000 }, async () => ++ran);
      });
      assertProblem(await send('POST', '/', fields, body), status);
      assert.equal(ran, 0);
    });

  it('in chunks has the same limit (CVE-2026-44456 hono) [VAL-10] [c2-body]', async (t) => {
    let ran = 0;
    const { send } = await stage(t, (app) => void app.post('/', { ...open, bodyLimit: 10 }, async () => ++ran));
    const fields: readonly Field[] = [...type('text/plain'), ['Transfer-Encoding', 'chunked']];
    assertProblem(await send('POST', '/', fields, `8\r\n${'x'.repeat(8)}\r\n8\r\n${'x'.repeat(8)}\r\n0\r\n\r\n`), 413);
    assert.equal(ran, 0);
  });

  it('is read once: Fastify’s schema sees what Dewar parsed', async (t) => {
    const { send } = await stage(t, (app) => {
      const schema = { body: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } };
      const policy = { schema: off('an application that moves from Ajv') };
      app.post('/', { ...open, policy, schema }, async (request) => request.body);
    });
    assert.equal((await send('POST', '/', type('application/json'), '{"n":1}')).body.toString(), '{"n":1}');
    assertProblem(await send('POST', '/', type('application/json'), '{"n":"x"}'), 400);
  });

  const empty: readonly (readonly [what: string, fields: readonly Field[], body?: string])[] = [
    ['without a type', [['Content-Length', '0']]],
    ['without type and length', []],
    ['of JSON', [...type('application/json'), ['Content-Length', '0']]],
    ['of JSON, without a length', type('application/json')],
    ['of JSON in chunks', [...type('application/json'), ['Transfer-Encoding', 'chunked']], '0\r\n\r\n'],
    ['of a type nobody reads', [...type('image/png'), ['Content-Length', '0']]],
  ];
  for (const [what, fields, body] of empty)
    it(`that is empty is none: ${what}`, async (t) => {
      const { send } = await stage(t, echo);
      assert.equal((await send('POST', '/', fields, body)).body.toString(), '{"body":null}');
    });
});
