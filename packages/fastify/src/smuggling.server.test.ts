/**
 * Requests that two parsers could read differently: refused, closed, and nothing behind them is ever run.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anyone } from '@dewar/core';
import { head } from '@dewar/testing';
import { assertProblem, HOST, SECURE, stage } from './stage.server.test.ts';

const HIDDEN = `GET /hidden HTTP/1.1\r\nHost: ${HOST}\r\nX-Forwarded-Proto: https\r\n\r\n`;
const PROXIED = `Host: ${HOST}\r\nX-Forwarded-Proto: https\r\n`;
const post = (fields: string, body: string): string =>
  `POST / HTTP/1.1\r\n${PROXIED}Content-Type: text/plain\r\n${fields}\r\n\r\n${body}`;
const get = (line: string, fields = ''): string => `${line}\r\n${PROXIED}${fields}\r\n`;

describe('refused and closed, with nothing behind it run', () => {
  const rows: readonly (readonly [what: string, bytes: string])[] = [
    [
      'Content-Length with Transfer-Encoding',
      post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n' + HIDDEN),
    ],
    [
      'Transfer-Encoding with Content-Length',
      post('Transfer-Encoding: chunked\r\nContent-Length: 5', '0\r\n\r\n' + HIDDEN),
    ],
    ['two lengths', post('Content-Length: 0\r\nContent-Length: 5', 'hello' + HIDDEN)],
    ['two equal lengths', post('Content-Length: 5\r\nContent-Length: 5', 'hello' + HIDDEN)],
    ['a list of lengths', post('Content-Length: 5, 5', 'hello' + HIDDEN)],
    ['a length with a sign', post('Content-Length: +5', 'hello' + HIDDEN)],
    ['a length in hex', post('Content-Length: 0x5', 'hello' + HIDDEN)],
    ['a negative length', post('Content-Length: -1', HIDDEN)],
    ['a coding before chunked', post('Transfer-Encoding: gzip, chunked', '0\r\n\r\n' + HIDDEN)],
    ['chunked twice', post('Transfer-Encoding: chunked, chunked', '0\r\n\r\n' + HIDDEN)],
    ['chunked on two lines', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', '0\r\n\r\n' + HIDDEN)],
    ['identity before chunked', post('Transfer-Encoding: identity, chunked', '0\r\n\r\n' + HIDDEN)],
    ['chunked that is not the last', post('Transfer-Encoding: chunked, identity', '0\r\n\r\n' + HIDDEN)],
    ['a coding nobody knows', post('Transfer-Encoding: xchunked', '0\r\n\r\n' + HIDDEN)],
    ['a quoted coding', post('Transfer-Encoding: "chunked"', '0\r\n\r\n' + HIDDEN)],
    ['a vertical tab before the coding', post('Transfer-Encoding: \x0bchunked', '0\r\n\r\n' + HIDDEN)],
    ['a space before the colon', post('Transfer-Encoding : chunked', '0\r\n\r\n' + HIDDEN)],
    ['a coding by an underscore', post('Transfer_Encoding: chunked\r\nContent-Length: 0', HIDDEN)],
    ['a length by an underscore', post('Content_Length: 40', HIDDEN)],
    ['chunked in HTTP/1.0', post('Transfer-Encoding: chunked', '0\r\n\r\n').replace('HTTP/1.1', 'HTTP/1.0') + HIDDEN],
    ['a chunk size that is none', post('Transfer-Encoding: chunked', 'x\r\n\r\n' + HIDDEN)],
    ['a chunk size with a sign', post('Transfer-Encoding: chunked', '+5\r\nhello\r\n0\r\n\r\n' + HIDDEN)],
    ['a chunk size with 0x', post('Transfer-Encoding: chunked', '0x5\r\nhello\r\n0\r\n\r\n' + HIDDEN)],
    [
      'a chunk size beyond 64 bits',
      post('Transfer-Encoding: chunked', 'fffffffffffffffff\r\nhello\r\n0\r\n\r\n' + HIDDEN),
    ],
    ['a chunk that ends late', post('Transfer-Encoding: chunked', '5\r\nhelloX\r\n0\r\n\r\n' + HIDDEN)],
    ['a bare line feed behind a chunk size', post('Transfer-Encoding: chunked', '5\nhello\r\n0\r\n\r\n' + HIDDEN)],
    ['a bare line feed behind the request line', `GET / HTTP/1.1\n${PROXIED}\r\n${HIDDEN}`],
    ['a bare line feed behind a field', `GET / HTTP/1.1\r\nHost: ${HOST}\nX: 1\r\n\r\n${HIDDEN}`],
    ['a bare carriage return in a value', get('GET / HTTP/1.1', 'X: a\rY: b\r\n') + HIDDEN],
    ['a NUL in a value', get('GET / HTTP/1.1', 'X: a\0b\r\n') + HIDDEN],
    ['a folded field', get('GET / HTTP/1.1', 'X: a\r\n b\r\n') + HIDDEN],
    ['a field without a colon', get('GET / HTTP/1.1', 'nonsense\r\n') + HIDDEN],
    ['a field without a name', get('GET / HTTP/1.1', ': x\r\n') + HIDDEN],
    ['a space in a field name', get('GET / HTTP/1.1', 'X Y: x\r\n') + HIDDEN],
    ['a method in lower case', get('get / HTTP/1.1') + HIDDEN],
    ['a method that is no token', get('GE\x01T / HTTP/1.1') + HIDDEN],
    ['two hosts', get('GET / HTTP/1.1', 'Host: evil.example\r\n') + HIDDEN],
    ['two equal hosts', get('GET / HTTP/1.1', `Host: ${HOST}\r\n`) + HIDDEN],
    [
      'two types of content',
      get('POST / HTTP/1.1', 'Content-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 0\r\n') + HIDDEN,
    ],
    ['two credentials on two lines', get('GET / HTTP/1.1', 'Authorization: a\r\nAuthorization: b\r\n') + HIDDEN],
    ['a version of two digits', get('GET / HTTP/1.10') + HIDDEN],
    ['HTTP/2’s preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/0.9', `GET /\r\n${HIDDEN}`],
  ];
  for (const [what, bytes] of rows)
    it(`${what} [DEP-04]`, async (t) => {
      let hidden = 0;
      const { raw } = await stage(t, (app) => {
        app.get('/hidden', { access: anyone() }, async () => ++hidden);
        app.get('/', { access: anyone() }, async () => 'x');
        app.post('/', { access: anyone() }, async () => 'x');
      });
      const { response, responses, closed } = await raw(bytes, {
        responses: Infinity,
        timeout: 600,
        methods: ['GET', 'GET'],
      });
      const problem = JSON.parse(response.body.toString()) as { status: number };
      assert.ok([400, 505].includes(response.status), `${response.status}`);
      assert.equal(problem.status, response.status);
      assert.equal(response.header('x-frame-options'), 'DENY');
      assert.equal(closed, true);
      assert.equal(responses.length, 1);
      assert.equal(hidden, 0);
    });

  it('an HTTP/1.0 request without Host, except where a route permits it', async (t) => {
    const { raw } = await stage(
      t,
      (app) => {
        app.get('/', { access: anyone() }, async () => 'x');
        app.get('/healthz', { access: anyone(), policy: { withoutHost: true } }, async () => 'well');
      },
      { policy: { https: { skip: ['/healthz', '/'], reason: 'the probe speaks clear text' } } },
    );
    assertProblem((await raw('GET / HTTP/1.0\r\n\r\n')).response, 400, { secure: false });
    assert.equal((await raw('GET /healthz HTTP/1.0\r\n\r\n')).response.body.toString(), 'well');
    assertProblem((await raw('GET /healthz HTTP/1.1\r\n\r\n')).response, 400, { secure: false });
  });

  it('no empty Host', async (t) => {
    const { raw } = await stage(t, (app) => void app.get('/', { access: anyone() }, async () => 'x'));
    assertProblem((await raw('GET / HTTP/1.1\r\nHost:\r\n\r\n')).response, 400, { secure: false });
  });
});

describe('not refused', () => {
  it('a body in chunks, with an extension and a trailer, which becomes no field', async (t) => {
    const { raw } = await stage(t, (app) => {
      app.post('/', { access: anyone() }, async (request) => ({
        got: request.body,
        trailer: request.headers['x-forwarded-for'] ?? null,
        ip: request.ip,
      }));
    });
    const { response } = await raw(
      post('Transfer-Encoding: chunked', '5;a=b\r\nhello\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n'),
    );
    assert.deepEqual(JSON.parse(response.body.toString()), { got: 'hello', trailer: null, ip: '127.0.0.1' });
  });

  it('empty lines before a request line (RFC 9112, 2.2)', async (t) => {
    const { raw } = await stage(t, (app) => void app.get('/', { access: anyone() }, async () => 'x'));
    assert.equal(
      (await raw(`\r\n\r\n${head('GET', '/', SECURE).toString()}`, { methods: ['GET'] })).response.status,
      200,
    );
  });
});
