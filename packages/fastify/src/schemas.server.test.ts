/**
 * Schemas on routes: any Standard Schema where input comes in, Fastify's own where the response goes out, and types
 * that reach the handler.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import * as v from 'valibot';
import { z } from 'zod';
import { all, anyone, off, shared } from '@dewar/core';
import type { ConfigError } from '@dewar/core';
import { inputOf, schema } from '@dewar/core/schema';
import { head, rawRequest } from '@dewar/testing';
import type { Field, RawResponse } from '@dewar/testing';
import { only } from './index.ts';
import type { DewarTypes } from './index.ts';
import { assertHead, policyOf, stage } from './stage.server.test.ts';
import { createDewar } from './dewar.ts';

const open = { access: anyone() };
const JSON_TYPE: readonly Field[] = [['Content-Type', 'application/json']];
const WHY = 'shown by a test of schemas';

const json = (response: RawResponse): unknown => JSON.parse(response.body.toString());

/** Asserts a refusal of input: the status, the head, and which fields. */
function assertRefused(response: RawResponse, errors: readonly object[]): void {
  assert.equal(response.status, 422);
  assertHead(response);
  assert.equal(response.header('content-type'), 'application/problem+json');
  assert.deepEqual((json(response) as { errors: unknown }).errors, errors);
}

describe('a schema on a route [VAL-01] [S-21]', () => {
  it('gives the handler what it made, of every library, and its type [VAL-04]', async (t) => {
    const { send } = await stage(t, (app) => {
      const typed = app.withTypeProvider<DewarTypes>();
      const one = { body: z.object({ name: z.string(), at: z.coerce.date() }) };
      typed.post('/zod', { ...open, schema: one }, async ({ body }) => {
        body satisfies { readonly name: string; readonly at: Date };
        // @ts-expect-error -- the schema has no such field
        body.role satisfies unknown;
        return { name: body.name, year: body.at.getUTCFullYear() };
      });
      const other = {
        body: v.object({ n: v.number() }),
        querystring: v.object({ page: v.pipe(v.string(), v.toNumber()) }),
      };
      typed.post('/valibot', { ...open, schema: other }, async ({ body, query }) => {
        body satisfies { readonly n: number };
        query satisfies { readonly page: number };
        return { sum: body.n + query.page };
      });
    });
    const made = await send('POST', '/zod', JSON_TYPE, '{"name":"Ann","at":"2026-01-01"}');
    assert.deepEqual(json(made), { name: 'Ann', year: 2026 });
    assert.deepEqual(json(await send('POST', '/valibot?page=2', JSON_TYPE, '{"n":1}')), { sum: 3 });
    assertRefused(await send('POST', '/zod', JSON_TYPE, '{"name":7,"at":"x"}'), [
      { in: 'body', path: 'name', message: 'is not valid' },
      { in: 'body', path: 'at', message: 'is not valid' },
    ]);
    assertRefused(await send('POST', '/valibot?page=2&debug=1', JSON_TYPE, '{"n":1}'), [
      { in: 'query', path: 'debug', message: 'is not known' },
    ]);
  });

  it('is typed without a provider too', async (t) => {
    const body = z.object({ name: z.string() });
    const { send } = await stage(t, (app) => {
      app.post('/', { ...open, schema: { body } }, async (request) => {
        const { name } = inputOf(request, body);
        name satisfies string;
        return { name };
      });
    });
    assert.deepEqual(json(await send('POST', '/', JSON_TYPE, '{"name":"Ann"}')), { name: 'Ann' });
  });

  it('judges params, query and headers before the access rule, and hands them on', async (t) => {
    let asked = 0;
    const { send } = await stage(t, (app) => {
      const typed = app.withTypeProvider<DewarTypes>();
      const own = {
        params: z.object({ id: z.coerce.number().int() }),
        query: z.object({ full: z.enum(['yes', 'no']).default('no') }),
        headers: z.object({ 'x-trace': z.string().max(5).optional() }),
      };
      const access = all(anyone(), shared('everybody may see these'));
      typed.get('/things/:id', { access, schema: own }, async (request) => {
        asked++;
        request.params.id satisfies number;
        return { id: request.params.id, query: request.query, trace: request.headers['x-trace'] ?? null };
      });
    });
    const answer = await send('GET', '/things/7', [
      ['X-Trace', 'abc'],
      ['X-Other', '1'],
    ]);
    assert.deepEqual(json(answer), { id: 7, query: { full: 'no' }, trace: 'abc' });
    assertRefused(await send('GET', '/things/x'), [{ in: 'params', path: 'id', message: 'is not valid' }]);
    assertRefused(await send('GET', '/things/7?full=maybe'), [{ in: 'query', path: 'full', message: 'is not valid' }]);
    assertRefused(await send('GET', '/things/7', [['X-Trace', 'abcdef']]), [
      { in: 'headers', path: 'x-trace', message: 'is not valid' },
    ]);
    assert.equal(asked, 1);
  });

  it('holds for the HEAD that answers as its GET', async (t) => {
    const { send, raw } = await stage(t, (app) => {
      app.get('/', { ...open, schema: { querystring: z.object({ q: z.string() }) } }, async () => 'x');
    });
    assert.equal((await send('HEAD', '/?q=1')).status, 200);
    assert.equal((await send('HEAD', '/')).status, 422);
    assert.equal(typeof raw, 'function');
  });

  it('makes something of no body as well', async (t) => {
    const { send } = await stage(t, (app) => {
      const body = z.object({ page: z.number() }).default({ page: 1 });
      app.post('/', { ...open, schema: { body } }, async (request) => request.body);
    });
    assert.deepEqual(json(await send('POST', '/', [['Content-Length', '0']])), { page: 1 });
    assert.deepEqual(json(await send('POST', '/', JSON_TYPE, '{"page":2}')), { page: 2 });
  });

  it('refuses a body that only the handler could read', async (t) => {
    const { send } = await stage(t, (app) => {
      app.addContentTypeParser('application/xml', { parseAs: 'string' }, (_request, text, done) => done(null, text));
      app.post('/', { ...open, schema: { body: z.unknown() } }, async (request) => request.body);
    });
    assert.equal((await send('POST', '/', [['Content-Type', 'application/xml']], '<a/>')).status, 415);
  });

  it('leaves the schema of the response to Fastify, which drops what it does not name', async (t) => {
    const { send } = await stage(t, (app) => {
      const response = { 200: { type: 'object', properties: { name: { type: 'string' } } } };
      app.post('/', { ...open, schema: { body: z.object({ name: z.string() }), response } }, async () => ({
        name: 'Ann',
        password: 'hunter2',
      }));
    });
    assert.deepEqual(json(await send('POST', '/', JSON_TYPE, '{"name":"Ann"}')), { name: 'Ann' });
  });

  it('is one for all methods of a route', async (t) => {
    const { send } = await stage(t, (app) => {
      app.route({
        method: ['POST', 'PUT'],
        url: '/',
        ...open,
        schema: { body: z.object({ a: z.number() }) },
        handler: async (request) => request.body,
      });
    });
    for (const method of ['POST', 'PUT']) {
      assert.equal((await send(method, '/', JSON_TYPE, '{"a":1}')).status, 200);
      assert.equal((await send(method, '/', JSON_TYPE, '{"a":"1"}')).status, 422);
    }
  });
});

describe('a schema that is none', () => {
  async function faultsOf(own: object, policy: object = {}): Promise<readonly string[]> {
    const dewar = createDewar(policyOf(policy));
    const app = Fastify(dewar.options);
    await app.register(dewar);
    app.post('/', { ...open, ...own }, async () => 'x');
    try {
      await app.ready();
      return [];
    } catch (error) {
      return (error as ConfigError).faults.map(({ option, write }) => `${option}; ${write}`);
    } finally {
      await app.close();
    }
  }

  const write = 'write one of zod, valibot or another: z.strictObject({ … }); JSON Schema is for responses';
  const rows: readonly (readonly [what: string, own: object, faults: readonly string[]])[] = [
    ['JSON Schema for a body', { schema: { body: { type: 'object' } } }, [`POST /: schema.body; ${write}`]],
    ['JSON Schema for a query', { schema: { querystring: { type: 'object' } } }, [`POST /: schema.query; ${write}`]],
    [
      'two for a query',
      { schema: { querystring: z.object({}), query: z.object({}) } },
      [`POST /: schema.query; ${write}`],
    ],
    ['nothing but a response', { schema: { response: { 200: { type: 'string' } } } }, []],
    ['JSON Schema where it is off', { policy: { schema: off(WHY) }, schema: { body: { type: 'object' } } }, []],
  ];
  for (const [what, own, faults] of rows)
    it(`${faults.length === 0 ? 'starts' : 'does not start'}: ${what}`, async () => {
      assert.deepEqual(await faultsOf(own), faults);
    });

  it('of a plugin is replaced by the policy’s', async (t) => {
    const plugin = { schema: { body: { type: 'object' } } };
    const input = { body: z.object({ a: z.number() }) };
    const { send } = await stage(t, (app) => void app.post('/plugin', plugin, async (request) => request.body), {
      policy: { routes: { 'POST /plugin': { access: anyone(), input } } },
    });
    assert.equal((await send('POST', '/plugin', JSON_TYPE, '{"a":1}')).status, 200);
    assert.equal((await send('POST', '/plugin', JSON_TYPE, '{"a":"1"}')).status, 422);
  });
});

describe('only(schema())', () => {
  it('judges an application’s input behind its own parsers', async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    await app.register(only(schema(), { profile: 'test', secret: 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE', events: [] }));
    const own = { body: z.object({ n: z.number() }), querystring: z.object({ page: z.coerce.number() }) };
    app.post('/', { schema: own }, async (request) => ({ body: request.body, query: request.query }));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const ask = async (target: string, text: string): Promise<RawResponse> => {
      const fields: Field[] = [['Host', 'app.example'], ...JSON_TYPE, ['Content-Length', String(text.length)]];
      return (await rawRequest(url, head('POST', target, fields, text))).response;
    };
    assert.deepEqual(json(await ask('/?page=2', '{"n":1}')), { body: { n: 1 }, query: { page: 2 } });
    assert.equal((await ask('/?page=2', '{"n":"1"}')).status, 422);
    assert.equal((await ask('/?page=2', '{"n":1,"x":1}')).status, 422);
    assert.equal((await ask('/?page=x', '{"n":1}')).status, 422);
  });
});
