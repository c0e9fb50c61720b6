/**
 * Bodies over a real socket: never more than allowed, never before the head was judged, never twice.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { check, denied, guardWith, stage } from '../kernel/kernel.fixture.ts';
import type { Cast, Stage } from '../kernel/kernel.fixture.ts';
import { NodeBody } from './collect.ts';
import { judge } from './judge.ts';
import { EXPECTS } from './raw.ts';
import { contextOf, respond } from './response.ts';
import { createServer } from './server.ts';

const LIMIT = 1000;
const stops: (() => void)[] = [];
after(() => {
  for (const stop of stops) stop();
});

interface Site extends Stage {
  readonly port: number;
  /** Bodies that the handler saw. */
  readonly seen: unknown[];
}

/** A server of 127.0.0.1 whose handler answers with the length of what it got. */
async function site(cast: Cast = {}): Promise<Site> {
  const self = stage(cast);
  await self.ready;
  const seen: unknown[] = [];
  const server = createServer(
    self.kernel,
    (req, res) => {
      const c = contextOf(self.kernel, res);
      res.on('close', () => self.kernel.done(c, res.statusCode, !res.writableFinished));
      const waits = (req as { [EXPECTS]?: boolean })[EXPECTS] === true;
      judge(c, new NodeBody(req, res, LIMIT, waits), (answer) => {
        if (answer !== null) return respond(res, () => answer);
        seen.push(c.body);
        res.end('ok');
      });
    },
    {},
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { ...self, seen, port: (server.address() as AddressInfo).port };
}

const head = (method: string, ...fields: string[]): string =>
  [`${method} / HTTP/1.1`, 'Host: app.example', ...fields, '', ''].join('\r\n');
const chunk = (data: string): string => `${data.length.toString(16)}\r\n${data}\r\n`;
const CHUNKED = head('POST', 'Content-Type: text/plain', 'Transfer-Encoding: chunked');
const sized = (length: number, type = 'text/plain', ...more: string[]): string =>
  head('POST', `Content-Type: ${type}`, `Content-Length: ${length}`, ...more);

async function open(port: number): Promise<Socket & { text: () => string }> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (data: string) => (received += data));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return Object.assign(socket, { text: () => received });
}

/** Sends, and waits for something to come that matches. */
async function exchange(port: number, bytes: string, until = /\r\n\r\n/): Promise<string> {
  const socket = await open(port);
  socket.write(bytes, 'latin1');
  try {
    await comes(socket, until);
    return socket.text();
  } finally {
    socket.destroy();
  }
}

async function comes(socket: Socket & { text: () => string }, until: RegExp): Promise<void> {
  const end = Date.now() + 5000;
  while (!until.test(socket.text())) {
    assert.ok(Date.now() < end && !socket.destroyed, `no ${until} in ${JSON.stringify(socket.text())}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const status = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);

describe('a body', () => {
  it('of the very limit is read, and one byte more is refused', async () => {
    const { port, seen } = await site();
    assert.equal(status(await exchange(port, sized(LIMIT) + 'x'.repeat(LIMIT))), 200);
    assert.equal(status(await exchange(port, sized(LIMIT + 1) + 'x'.repeat(LIMIT + 1))), 413);
    assert.deepEqual(seen, ['x'.repeat(LIMIT)]);
  });

  it('that is announced too large is refused before a byte of it comes', async () => {
    const { port, seen } = await site();
    const text = await exchange(port, sized(10_000_000));
    assert.equal(status(text), 413);
    assert.match(text, /connection: close/i);
    assert.deepEqual(seen, []);
  });

  it('in chunks is held to the same limit, at the chunk that passes it', async () => {
    const { port, seen } = await site();
    const half = chunk('x'.repeat(LIMIT / 2));
    assert.equal(status(await exchange(port, `${CHUNKED}${half}${half}0\r\n\r\n`)), 200);
    const text = await exchange(port, `${CHUNKED}${half}${half}${chunk('y')}`);
    assert.equal(status(text), 413);
    assert.match(text, /connection: close/i);
    assert.deepEqual(seen, ['x'.repeat(LIMIT)]);
  });

  it('in many small pieces is whole', async () => {
    const { port, seen } = await site();
    const socket = await open(port);
    const body = Buffer.from('{"letters":["a","b","€"]}');
    socket.write(sized(body.length, 'application/json'));
    for (const byte of body) {
      socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await comes(socket, /\r\n\r\n/);
    socket.destroy();
    assert.equal(status(socket.text()), 200);
    assert.deepEqual(seen, [{ letters: ['a', 'b', '€'] }]);
  });

  it('is parsed, and refused where it is not what its type says', async () => {
    const { port, seen } = await site();
    assert.equal(status(await exchange(port, `${sized(5, 'application/json')}{"a":`)), 400);
    assert.equal(status(await exchange(port, `${sized(1, 'application/json; charset=utf-16')}1`)), 415);
    assert.deepEqual(seen, []);
  });

  it('whose client goes away reaches no handler, and takes nothing along', async () => {
    const { port, seen, said } = await site();
    for (const start of [`${sized(100)}half`, `${CHUNKED}${chunk('half')}`]) {
      const socket = await open(port);
      socket.write(start);
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.resetAndDestroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(seen, []);
    assert.ok(said('request.completed').every(({ aborted }) => aborted === true));
    assert.equal(status(await exchange(port, head('GET'))), 200);
  });

  it('of a refused request that goes on coming after the refusal takes nothing along', async () => {
    const { port } = await site();
    const socket = await open(port);
    socket.write(`${CHUNKED}${chunk('x'.repeat(LIMIT + 1))}`);
    await comes(socket, /413/);
    socket.write(chunk('y'.repeat(LIMIT)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(status(await exchange(port, head('GET'))), 200);
  });
});

describe('a refusal on the head', () => {
  it('comes before a byte of the body, and no 100 Continue before it', async () => {
    const { port, seen } = await site({ protections: [guardWith(check('access', denied()))] });
    const text = await exchange(port, sized(500, 'text/plain', 'Expect: 100-continue'));
    assert.equal(status(text), 403);
    assert.doesNotMatch(text, /100 Continue/);
    assert.deepEqual(seen, []);
  });

  it('of the size is one too', async () => {
    const { port } = await site();
    const text = await exchange(port, sized(LIMIT + 1, 'text/plain', 'Expect: 100-continue'), / 413 /);
    assert.match(text, / 413 /);
  });
});

describe('a client that waits for 100 Continue', () => {
  it('is told to send once the head has passed, and is then answered', async () => {
    const { port, seen } = await site();
    const socket = await open(port);
    socket.write(sized(2, 'text/plain', 'Expect: 100-continue'));
    await comes(socket, /^HTTP\/1\.1 100 Continue\r\n\r\n/);
    socket.write('hi');
    await comes(socket, /HTTP\/1\.1 200/);
    socket.destroy();
    assert.deepEqual(seen, ['hi']);
  });
});

describe('a step that fails', () => {
  const failures: readonly (readonly [title: string, run: () => Promise<null>])[] = [
    [
      'at once',
      () => {
        throw new Error('the store is gone');
      },
    ],
    ['later', () => Promise.reject(new Error('the store is gone'))],
  ];
  for (const place of ['access', 'schema.body'] as const)
    for (const [title, run] of failures)
      it(`${title} at ${place} refuses, and no handler runs`, async () => {
        const { port, seen, said } = await site({ protections: [guardWith({ place, run })] });
        const text = await exchange(port, `${sized(2)}hi`);
        assert.equal(status(text), 500);
        assert.doesNotMatch(text, /store is gone/);
        assert.deepEqual(seen, []);
        assert.equal(said('request.failed')[0]?.message, 'the store is gone');
      });
});

describe('what never was a request', () => {
  it('is answered with the head of the policy [HDR-29]', async () => {
    const policy = guardWith({ place: 'headers', head: () => ['x-policy', '1'] });
    const { port } = await site({ protections: [policy] });
    const rows: readonly (readonly [bytes: string, status: number])[] = [
      ['GET / HTTP/1.1\r\nHost: app.example\r\nBad Header: x\r\n\r\n', 400],
      ['NONSENSE\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: app.example\r\nX-Large: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    ];
    for (const [bytes, expected] of rows) {
      const text = await exchange(port, bytes);
      assert.equal(status(text), expected, bytes.slice(0, 60));
      assert.match(text, /x-policy: 1/);
    }
  });
});
