/**
 * Bodies on the wire: slow ones, packed ones, those in chunks, and whose limit holds.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { anyone, off } from '@dewar/core';
import type { RoutePolicy } from '@dewar/core';
import { body } from '@dewar/core/body';
import { head, rawRequest } from '@dewar/testing';
import type { Field, RawResponse } from '@dewar/testing';
import { only } from './index.ts';
import { assertHead, assertProblem, SECURE, stage } from './stage.server.test.ts';
import type { Stage } from './stage.server.test.ts';

const WHY = 'shown by a test of bodies';
const JSON_TYPE: Field = ['Content-Type', 'application/json'];
const TEXT_TYPE: Field = ['Content-Type', 'text/plain'];

const open = (own: RoutePolicy['body']): { access: ReturnType<typeof anyone>; policy: RoutePolicy } => ({
  access: anyone(),
  policy: own === undefined ? {} : { body: own },
});

/** A request whose end never comes. */
function begun(length: number, bytes: string, type: Field = TEXT_TYPE): Buffer {
  return head('POST', '/', [...SECURE, type, ['Content-Length', String(length)]], bytes);
}

function echo(app: FastifyInstance, own: RoutePolicy['body'], seen: unknown[] = []): void {
  app.post('/', open(own), async (request) => {
    seen.push(request.body);
    return { got: request.body ?? null };
  });
}

describe('a slow body [VAL-10]', () => {
  const slow: readonly (readonly [what: string, own: RoutePolicy['body'], pieces: readonly string[]])[] = [
    ['that stops', { timeout: 200, grace: 200, minRate: 1, reason: WHY }, ['x']],
    [
      'that drips on behind its time',
      { timeout: 300, grace: 300, minRate: 1, reason: WHY },
      ['x', 'x', 'x', 'x', 'x', 'x', 'x', 'x'],
    ],
    ['that keeps to its time and not to its rate', { timeout: 5_000, grace: 200, minRate: 10_000 }, ['x'.repeat(200)]],
  ];
  for (const [what, own, pieces] of slow)
    for (const chunked of [false, true])
      it(`${what} is refused with 408 and our head, and the connection closes${chunked ? ', in chunks' : ''}`, async (t) => {
        const seen: unknown[] = [];
        const { raw, said } = await stage(t, (app) => echo(app, own, seen));
        const start = chunked
          ? head('POST', '/', [...SECURE, TEXT_TYPE, ['Transfer-Encoding', 'chunked']])
          : begun(10_000, '');
        const steps = pieces.flatMap((piece) => [
          chunked ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece,
          { pause: 100 },
        ]);
        const { response, closed } = await raw([start, ...steps], { timeout: 4_000 });
        assertProblem(response, 408);
        assert.equal(response.header('connection'), 'close');
        assert.ok(closed);
        assert.deepEqual(seen, []);
        assert.deepEqual(
          said('request.refused').map(({ code }) => code),
          ['body/slow'],
        );
      });

  it('that is fast enough is read', async (t) => {
    const { raw } = await stage(t, (app) => echo(app, { timeout: 3_000, grace: 100, minRate: 1, reason: WHY }));
    const steps = ['x', { pause: 150 }, 'y', { pause: 150 }, 'z'];
    const { response } = await raw([begun(3, ''), ...steps], { timeout: 4_000 });
    assert.equal(response.body.toString(), '{"got":"xyz"}');
  });
});

describe('a limit of bytes [VAL-10]', () => {
  const lengths: readonly (readonly [
    what: string,
    own: RoutePolicy['body'],
    bodyLimit: number | undefined,
    most: number,
  ])[] = [
    ['of the policy', { limit: 100 }, undefined, 100],
    ['of Fastify, where it is smaller', { limit: 100 }, 50, 50],
    ['of the policy, where that is smaller', { limit: 100 }, 200, 100],
    [
      'of the policy, beyond what Fastify takes when nobody says',
      { limit: 2_000_000, reason: WHY },
      undefined,
      2_000_000,
    ],
  ];
  for (const [what, own, bodyLimit, most] of lengths)
    it(`${what} holds, in chunks too`, async (t) => {
      const { send } = await stage(t, (app) => {
        const more = bodyLimit === undefined ? {} : { bodyLimit };
        app.post('/', { ...open(own), ...more }, async (request) => String(request.body).length);
      });
      for (const chunked of [false, true]) {
        const ask = (length: number): Promise<RawResponse> => {
          const text = 'x'.repeat(length);
          return chunked
            ? send(
                'POST',
                '/',
                [TEXT_TYPE, ['Transfer-Encoding', 'chunked']],
                `${length.toString(16)}\r\n${text}\r\n0\r\n\r\n`,
              )
            : send('POST', '/', [TEXT_TYPE], text);
        };
        assert.equal((await ask(most)).body.toString(), String(most));
        const refused = await ask(most + 1);
        assert.equal(refused.status, 413);
        assertHead(refused);
      }
    });

  it('of the policy is off with the protection: then Fastify’s holds', async (t) => {
    const { send } = await stage(t, (app) => {
      app.post('/', { access: anyone(), policy: { body: off(WHY) }, bodyLimit: 10 }, async (request) => request.body);
    });
    assert.equal((await send('POST', '/', [TEXT_TYPE], 'x'.repeat(10))).status, 200);
    assertProblem(await send('POST', '/', [TEXT_TYPE], 'x'.repeat(11)), 413);
  });

  it('holds for a body in very many pieces, which is whole in the end', async (t) => {
    const { raw } = await stage(t, (app) => echo(app, { limit: 5_000 }));
    const fields: Field[] = [...SECURE, TEXT_TYPE, ['Transfer-Encoding', 'chunked']];
    const pieces = Array.from({ length: 3_000 }, (_, index) => `1\r\n${index % 10}\r\n`).join('');
    const { response } = await raw(head('POST', '/', fields, `${pieces}0\r\n\r\n`));
    assert.deepEqual(JSON.parse(response.body.toString()), { got: '0123456789'.repeat(300) });
  });
});

describe('a packed body [VAL-18]', () => {
  const text = JSON.stringify({ items: Array.from({ length: 50 }, (_, id) => ({ id, name: `item ${id}` })) });
  const own = { encodings: ['gzip', 'br'], limit: 10_000, reason: WHY } as const;
  const coding = (value: string): Field => ['Content-Encoding', value];

  it('is what was packed, where the route takes that coding', async (t) => {
    const { send } = await stage(t, (app) => echo(app, own));
    for (const [name, bytes] of [
      ['gzip', gzipSync(text)],
      ['GZIP', gzipSync(text)],
      ['br', brotliCompressSync(text)],
    ] as const) {
      const response = await send('POST', '/', [JSON_TYPE, coding(name)], bytes);
      assert.deepEqual(JSON.parse(response.body.toString()), { got: JSON.parse(text) as unknown }, name);
    }
  });

  it('is refused with 415 and the codings that are taken, where it is none of them', async (t) => {
    const { send } = await stage(t, (app) => {
      echo(app, own);
      app.post('/plain', { access: anyone() }, async () => 'x');
    });
    for (const name of ['deflate', 'gzip, gzip', 'compress', 'x-gzip']) {
      const response = await send('POST', '/', [JSON_TYPE, coding(name)], gzipSync(text));
      assertProblem(response, 415);
      assert.equal(response.header('accept-encoding'), 'gzip, br');
    }
    const plain = await send('POST', '/plain', [JSON_TYPE, coding('gzip')], gzipSync(text));
    assertProblem(plain, 415);
    assert.equal(plain.header('accept-encoding'), 'identity');
  });

  it('is no bomb, and what it holds is judged as if it had come plain', async (t) => {
    const { send } = await stage(t, (app) => echo(app, own));
    const ask = (bytes: Buffer): Promise<RawResponse> => send('POST', '/', [JSON_TYPE, coding('gzip')], bytes);
    assertProblem(await ask(gzipSync(Buffer.alloc(1_000_000, ' '))), 413);
    assertProblem(await ask(gzipSync('{"__proto__":{}}')), 400);
    assertProblem(await ask(Buffer.from(text)), 400);
    assert.equal((await ask(gzipSync('{"a":1,"a":2}'))).status, 400);
  });
});

describe('structure on the wire [S-51]', () => {
  it('that passes a limit is refused with the limit’s name, and no handler runs', async (t) => {
    const seen: unknown[] = [];
    const { send } = await stage(t, (app) => echo(app, undefined, seen));
    const deep = await send('POST', '/', [JSON_TYPE], '['.repeat(33) + ']'.repeat(33));
    assert.equal(deep.status, 400);
    assertHead(deep);
    const { errors } = JSON.parse(deep.body.toString()) as { errors: unknown };
    assert.deepEqual(errors, [{ in: 'body', message: 'it is nested too deeply' }]);
    assert.deepEqual(seen, []);
  });

  it('of a multipart body is the handler’s to judge', async (t) => {
    const { send } = await stage(t, (app) => {
      app.addContentTypeParser('multipart/form-data', { parseAs: 'string' }, (_request, text, done) =>
        done(null, text),
      );
      echo(app, undefined);
    });
    const form: Field = ['Content-Type', 'multipart/form-data; boundary=b'];
    assert.equal((await send('POST', '/', [form], 'parts')).body.toString(), '{"got":"parts"}');
  });

  it('is no reason to refuse 100 Continue, and its refusal comes after it', async (t) => {
    const { raw } = await stage(t, (app) => echo(app, { maxItems: 1 }));
    const fields: Field[] = [...SECURE, JSON_TYPE, ['Content-Length', '5'], ['Expect', '100-continue']];
    const { response } = await raw([head('POST', '/', fields), { until: 'interim' }, '[1,2]']);
    assert.equal(response.status, 400);
  });
});

describe('only(body())', () => {
  async function alone(t: Parameters<typeof stage>[0], own: Parameters<typeof body>[0]): Promise<Pick<Stage, 'url'>> {
    const app = Fastify();
    t.after(() => app.close());
    await app.register(only(body(own), { profile: 'test', secret: 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE', events: [] }));
    app.post('/', async (request) => ({ got: request.body ?? null }));
    return { url: await app.listen({ port: 0, host: '127.0.0.1' }) };
  }

  const ask = async (url: string, fields: readonly Field[], text: string | Buffer): Promise<RawResponse> => {
    const length: Field = ['Content-Length', String(Buffer.byteLength(text))];
    return (await rawRequest(url, head('POST', '/', [['Host', 'app.example'], length, ...fields], text))).response;
  };

  it('holds an application’s bodies to size, kind, structure and pace, and its own parser reads the same bytes', async (t) => {
    const { url } = await alone(t, { limit: 50, types: ['application/json'], timeout: 200, grace: 200 });
    assert.equal((await ask(url, [JSON_TYPE], '{"a":[1]}')).body.toString(), '{"got":{"a":[1]}}');
    assert.equal((await ask(url, [JSON_TYPE], JSON.stringify('x'.repeat(50)))).status, 413);
    assert.equal((await ask(url, [TEXT_TYPE], 'x')).status, 415);
    assert.equal((await ask(url, [JSON_TYPE], '{"a":1,"a":2}')).status, 400);
    assert.equal((await ask(url, [JSON_TYPE], '{"a":')).status, 400);
    const fields: Field[] = [['Host', 'app.example'], JSON_TYPE, ['Content-Length', '9']];
    assert.equal((await rawRequest(url, head('POST', '/', fields, '['))).response.status, 408);
    assert.equal((await ask(url, [], '')).body.toString(), '{"got":null}');
  });

  it('hands on what it unpacked', async (t) => {
    const { url } = await alone(t, { encodings: ['gzip'], reason: WHY });
    const response = await ask(url, [JSON_TYPE, ['Content-Encoding', 'gzip']], gzipSync('{"a":1}'));
    assert.equal(response.body.toString(), '{"got":{"a":1}}');
  });
});
