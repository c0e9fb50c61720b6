/**
 * `Expect: 100-continue`: refusals come before any byte of the body, and only who may send is told to.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anyone, signedIn } from '@dewar/core';
import { head } from '@dewar/testing';
import type { Field } from '@dewar/testing';
import { assertHead, assertProblem, SECURE, stage } from './stage.server.test.ts';

const EXPECT: Field = ['Expect', '100-continue'];
const TEXT: Field = ['Content-Type', 'text/plain'];

describe('a client that waits for 100', () => {
  const rows: readonly (readonly [what: string, target: string, status: number, fields: readonly Field[]])[] = [
    ['a guarded route', '/guarded', 401, [TEXT, ['Content-Length', '5']]],
    ['a path without a route', '/nowhere', 404, [TEXT, ['Content-Length', '5']]],
    ['a body that is too large', '/', 413, [TEXT, ['Content-Length', '11']]],
    [
      'a body of a foreign charset',
      '/',
      415,
      [
        ['Content-Type', 'text/plain; charset=utf-16'],
        ['Content-Length', '5'],
      ],
    ],
    ['a packed body', '/', 415, [TEXT, ['Content-Encoding', 'gzip'], ['Content-Length', '5']]],
    ['a path that facts refuse', '/a/../b', 400, [TEXT, ['Content-Length', '5']]],
  ];
  for (const [what, target, status, fields] of rows)
    it(`is refused without it: ${what} [DEP-03]`, async (t) => {
      const { raw } = await stage(t, (app) => {
        app.post('/', { access: anyone(), bodyLimit: 10 }, async (request) => request.body);
        app.post('/guarded', { access: signedIn() }, async () => 'x');
      });
      const { response } = await raw(head('POST', target, [...SECURE, EXPECT, ...fields]));
      assertProblem(response, status);
      assert.deepEqual(response.interim, []);
    });

  for (const expect of ['100-continue', '100-Continue'])
    it(`gets it and sends: ${expect}`, async (t) => {
      const { raw } = await stage(t, (app) => {
        app.post('/', { access: anyone() }, async (request) => request.body);
      });
      const request = head('POST', '/', [...SECURE, ['Expect', expect], TEXT, ['Content-Length', '5']]);
      const { response } = await raw([request, { until: 'interim' }, 'hello']);
      assertHead(response);
      assert.equal(response.body.toString(), 'hello');
      assert.deepEqual(
        response.interim.map(({ status }) => status),
        [100],
      );
    });

  it('gets it where a parser of the owner’s reads', async (t) => {
    const { raw } = await stage(t, (app) => {
      app.addContentTypeParser('image/png', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      app.post('/', { access: anyone() }, async (request) => (request.body as Buffer).length);
    });
    const request = head('POST', '/', [...SECURE, EXPECT, ['Content-Type', 'image/png'], ['Content-Length', '5']]);
    const { response } = await raw([request, { until: 'interim' }, 'hello']);
    assert.equal(response.body.toString(), '5');
  });

  it('is not made to wait where there is no body', async (t) => {
    const { raw } = await stage(t, (app) => void app.get('/', { access: anyone() }, async () => 'x'));
    assert.equal((await raw(head('GET', '/', [...SECURE, EXPECT]))).response.status, 200);
  });

  for (const expect of ['200-ok', '100-continue, 100-continue', 'x'])
    it(`is told 417 for any other expectation: ${expect}`, async (t) => {
      let ran = 0;
      const { send } = await stage(t, (app) => void app.get('/', { access: anyone() }, async () => ++ran));
      assertProblem(await send('GET', '/', [['Expect', expect]]), 417);
      assert.equal(ran, 0);
    });
});
