/**
 * Connections that are slow, cut, tunnelled, upgraded or left open: the server answers, closes, and lives on.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { all, anyone, shared, signedIn } from '@dewar/core';
import { head } from '@dewar/testing';
import type { Field } from '@dewar/testing';
import { assertHead, assertProblem, eventually, HOST, SECURE, stage } from './stage.server.test.ts';

const open = { access: anyone() };

/** A socket whose errors nobody minds. */
function dial(url: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)));
}

const closed = (socket: Socket): Promise<void> =>
  socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()));

describe('CONNECT', () => {
  it('followed by a reset does not end the process', async (t) => {
    const { url, send, said } = await stage(t, (app) => {
      app.get('/', open, async () => 'alive');
    });
    for (let i = 0; i < 20; i++) {
      const socket = await dial(url);
      socket.write('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n');
      socket.resetAndDestroy();
    }
    await sleep(50);
    assert.equal((await send('GET', '/')).body.toString(), 'alive');
    assert.ok(said('request.refused').every(({ code }) => code === 'facts/connect'));
  });

  it('is refused, told once, and followed by nothing', async (t) => {
    const { raw, said } = await stage(t, (app) => {
      app.get('/', open, async () => 'tunnelled');
    });
    const bytes = `CONNECT ${HOST}:443 HTTP/1.1\r\nHost: ${HOST}:443\r\n\r\n${head('GET', '/', SECURE).toString()}`;
    const exchange = await raw(bytes, { responses: Infinity, timeout: 500 });
    assertProblem(exchange.response, 400, { secure: false });
    assert.doesNotMatch(exchange.raw.toString(), /tunnelled/);
    assert.equal(exchange.closed, true);
    assert.deepEqual(
      said('request.refused').map(({ code }) => code),
      ['facts/connect'],
    );
  });
});

describe('a client that was refused and does not hang up is hung up on', () => {
  for (const [what, bytes] of [
    ['after CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['after what is no HTTP', 'GARBAGE\r\n\r\n'],
    ['after nothing at all', ''],
  ] as const) {
    it(what, async (t) => {
      const { app, url } = await stage(t, () => undefined, { limits: { headersTimeout: 100 } });
      // Its side stays open whatever the server says.
      const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
      const said = once(socket, 'data');
      socket.write(bytes);
      try {
        const [answer] = (await said) as [Buffer];
        assert.match(answer.toString(), /^HTTP\/1\.1 4\d\d /);
        let held = 1;
        await eventually(() => {
          app.server.getConnections((_error, count) => (held = count));
          return held === 0;
        }, 'the connection is closed');
      } finally {
        // Or the server could not close.
        socket.destroy();
      }
    });
  }
});

describe('an upgrade', () => {
  const websocket: readonly Field[] = [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ];
  const rows: readonly (readonly [what: string, target: string, websocket: boolean, fields: readonly Field[]])[] = [
    ['where none is allowed', '/', false, websocket],
    ['to a path that facts refuse, where none is allowed', '/a;b/../x', false, websocket],
    ['to a path that facts refuse, where it is allowed', '/a;b/../x', true, websocket],
    [
      'to HTTP/2, where websockets are allowed',
      '/',
      true,
      [
        ['Connection', 'Upgrade'],
        ['Upgrade', 'h2c'],
      ],
    ],
    [
      'by a list, where websockets are allowed',
      '/',
      true,
      [
        ['Connection', 'Upgrade'],
        ['Upgrade', 'websocket, h2c'],
      ],
    ],
  ];
  for (const [what, target, allowed, fields] of rows)
    it(`${what} is refused and reaches no listener of the owner's [DEP-05]`, async (t) => {
      let reached = 0;
      const { send } = await stage(
        t,
        (app) => {
          app.server.on('upgrade', (_request, socket) => {
            reached++;
            socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
          });
          app.get('/', open, async () => 'x');
        },
        { policy: { facts: { trustedProxies: ['127.0.0.1/32'], websocket: allowed } } },
      );
      assertProblem(await send('GET', target, fields), 400);
      assert.equal(reached, 0);
    });

  it('that is allowed, where nobody listens for any, is answered as the route says', async (t) => {
    const { send } = await stage(
      t,
      (app) => {
        app.get('/', open, async () => 'plain');
        app.get('/guarded', { access: signedIn() }, async () => 'x');
      },
      { policy: { facts: { trustedProxies: ['127.0.0.1/32'], websocket: true } } },
    );
    const response = await send('GET', '/', websocket);
    assertHead(response);
    assert.equal(response.body.toString(), 'plain');
    assertProblem(await send('GET', '/guarded', websocket), 401);
  });
});

describe('a client that is slow', () => {
  const limits = { headersTimeout: 300, requestTimeout: 600 };

  it('with its head gets a 408 of ours and is closed [DEP-03]', async (t) => {
    const { raw } = await stage(t, () => undefined, { limits });
    const steps = [`GET / HTTP/1.1\r\nHost: ${HOST}\r\n`, { pause: 3000 }, 'X: 1\r\n'];
    const { response, closed: ended } = await raw(steps, { timeout: 4000 });
    assertProblem(response, 408, { secure: false });
    assert.equal(ended, true);
  });

  it('with its body gets a 408 of ours and is closed [DEP-03]', async (t) => {
    let ran = 0;
    const { raw } = await stage(t, (app) => void app.post('/', open, async () => ++ran), { limits });
    const request = head('POST', '/', [...SECURE, ['Content-Type', 'application/json'], ['Content-Length', '100']]);
    const { response, closed: ended } = await raw([request, '{', { pause: 3000 }, '}'], { timeout: 4000 });
    assertProblem(response, 408, { secure: false });
    assert.equal(ended, true);
    assert.equal(ran, 0);
  });

  it('whose body of a multipart form the handler waits for is closed too [DEP-03]', async (t) => {
    const { raw } = await stage(
      t,
      (app) => {
        app.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
          payload.resume();
          payload.on('end', () => done(null, 'read'));
          payload.on('error', (error) => done(error));
        });
        app.post('/', open, async () => 'x');
      },
      { limits },
    );
    const type: Field = ['Content-Type', 'multipart/form-data; boundary=b'];
    const request = head('POST', '/', [...SECURE, type, ['Content-Length', '100']]);
    const exchange = await raw([request, '--b', { pause: 3000 }, '--b'], { timeout: 4000 });
    assert.equal(exchange.closed, true);
    assert.equal(exchange.timedOut, false);
  });

  it('has no more than its share of requests on one connection', async (t) => {
    const { raw } = await stage(t, (app) => void app.get('/', open, async () => 'x'), {
      limits: { maxRequestsPerSocket: 2 },
    });
    const one = head('GET', '/', SECURE).toString();
    const { responses } = await raw(one.repeat(3), { responses: 3, timeout: 500, methods: ['GET', 'GET', 'GET'] });
    assert.deepEqual(
      responses.slice(0, 2).map(({ status }) => status),
      [200, 200],
    );
    assert.equal(responses[1]?.header('connection'), 'close');
    for (const response of responses) assertHead(response);
  });
});

describe('the end', () => {
  it('closes a client that goes on sending on a connection kept alive', async (t) => {
    const { app, url } = await stage(t, (root) => void root.get('/', open, async () => 'x'));
    const socket = await dial(url);
    const request = head('GET', '/', SECURE);
    let answers = 0;
    socket.on('data', (chunk: Buffer) => (answers += chunk.toString('latin1').split('HTTP/1.1 ').length - 1));
    socket.write(request);
    await eventually(() => answers > 0, 'the first answer');
    const sender = setInterval(() => void (socket.writable && socket.write(request)), 5);
    await sleep(20);
    const start = Date.now();
    const done = Promise.all([app.close(), closed(socket)]);
    await Promise.race([
      done,
      sleep(2500, undefined, { ref: false }).then(() => assert.fail('the client holds the process')),
    ]);
    clearInterval(sender);
    assert.ok(Date.now() - start < 2000);
  });

  it('waits for an answer that is under way, and closes after it', async (t) => {
    let go: (() => void) | undefined;
    const { app, url } = await stage(t, (root) => {
      root.get('/', open, async () => {
        await new Promise<void>((resolve) => (go = resolve));
        return 'late';
      });
    });
    const socket = await dial(url);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.write(head('GET', '/', SECURE));
    await eventually(() => go !== undefined, 'the handler runs');
    const start = Date.now();
    const done = Promise.all([app.close(), closed(socket)]);
    await sleep(20);
    go!();
    await done;
    assert.ok(Date.now() - start < 2000, 'the connection was kept');
    assert.match(text, /late$/);
    assert.match(text, /x-frame-options: DENY/);
  });
});

describe('a client that leaves', () => {
  it('in the middle of its body runs no handler, and is told as gone, not as served', async (t) => {
    let ran = 0;
    const { url, said } = await stage(t, (app) => void app.post('/', open, async () => ++ran));
    const socket = await dial(url);
    socket.write(head('POST', '/', [...SECURE, ['Content-Type', 'application/json'], ['Content-Length', '100']], '{'));
    await sleep(30);
    socket.resetAndDestroy();
    await eventually(() => said('request.completed').length > 0, 'the event');
    const [event] = said('request.completed');
    assert.equal(event?.status, 499);
    assert.equal(event?.aborted, true);
    assert.equal(ran, 0);
  });

  it('in the middle of an upload that a stream parser reads is not told as 200', async (t) => {
    const { url, said } = await stage(t, (app) => {
      app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
      app.post('/', open, async (request) => {
        let size = 0;
        for await (const chunk of request.body as AsyncIterable<Buffer>) size += chunk.length;
        return { size };
      });
    });
    const socket = await dial(url);
    const type: Field = ['Content-Type', 'application/octet-stream'];
    socket.write(head('POST', '/', [...SECURE, type, ['Content-Length', '100']], 'x'));
    await sleep(30);
    socket.resetAndDestroy();
    await eventually(() => said('request.completed').length > 0, 'the event');
    const [event] = said('request.completed');
    assert.notEqual(event?.status, 200);
    assert.equal(event?.aborted, true);
  });

  it('while a step waits runs no handler', async (t) => {
    let ran = 0;
    let arrived = 0;
    const { url, said } = await stage(t, (app) => void app.get('/', { access: signedIn() }, async () => ++ran), {
      policy: {
        identity: [
          {
            kind: 'bearer',
            ambient: false,
            present: () => true,
            async resolve({ facts }) {
              arrived++;
              await sleep(100);
              return { kind: 'token', id: '1', subject: 'ann', scopes: [facts.id] };
            },
          },
        ],
      },
    });
    const socket = await dial(url);
    socket.write(head('GET', '/', SECURE));
    await eventually(() => arrived > 0, 'the step runs');
    socket.resetAndDestroy();
    await eventually(() => said('request.completed').length > 0, 'the event');
    await sleep(150);
    assert.equal(ran, 0);
    assert.equal(said('request.completed').length, 1);
  });
});

describe('a refused body', () => {
  it('of a hundred gigabytes is answered at once, and the server stops reading [DEP-03]', async (t) => {
    let ran = 0;
    const { url } = await stage(t, (app) => void app.post('/', { access: signedIn() }, async () => ++ran));
    const socket = await dial(url);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.write(head('POST', '/', [...SECURE, ['Content-Type', 'text/plain'], ['Content-Length', '100000000000']]));
    // Who is still writing when the connection closes may see the reset before the answer.
    await eventually(() => text.includes('\r\n\r\n'), 'the answer');
    const chunk = Buffer.alloc(65_536, 120);
    let sent = 0;
    const pump = setInterval(() => {
      while (!socket.destroyed && socket.writable && socket.writableLength < 1 << 20) {
        socket.write(chunk);
        sent += chunk.length;
      }
    }, 1);
    await Promise.race([closed(socket), sleep(2500, undefined, { ref: false })]);
    clearInterval(pump);
    assert.equal(socket.closed, true);
    assert.match(text, /^HTTP\/1\.1 401 /);
    assert.match(text, /\r\nconnection: close\r\n/i);
    assert.ok(sent < 200 << 20, `${sent} bytes were taken`);
    assert.equal(ran, 0);
  });

  const rows: readonly (readonly [what: string, fields: readonly Field[], body: string])[] = [
    ['announced', [['Content-Length', '40']], 'GET /public HTTP/1.1\r\nHost: app.example\r\n'],
    ['chunked', [['Transfer-Encoding', 'chunked']], '28\r\nGET /public HTTP/1.1\r\nHost: app.example\r\n\r\n0\r\n\r\n'],
  ];
  for (const [what, fields, body] of rows)
    for (const [target, status] of [
      ['/guarded', 401],
      ['/nowhere', 404],
      ['/a/../b', 400],
      ['/unread', 415],
    ] as const)
      it(`that is ${what} never becomes the next request: ${target} [DEP-04]`, async (t) => {
        let ran = 0;
        const { raw } = await stage(t, (app) => {
          app.post('/guarded', { access: signedIn() }, async () => 'x');
          app.post('/unread', open, async () => 'x');
          app.get('/public', open, async () => ++ran);
          app.get('/after', open, async () => 'after');
        });
        const type: Field = ['Content-Type', target === '/unread' ? 'image/png' : 'text/plain'];
        const bytes = Buffer.concat([
          head('POST', target, [...SECURE, type, ...fields], body),
          head('GET', '/after', SECURE),
        ]);
        const { responses } = await raw(bytes, { responses: 2, timeout: 700, methods: ['POST', 'GET'] });
        assert.equal(responses[0]?.status, status);
        // A second answer, where the connection is kept, is the one to what was meant as a request.
        if (responses.length > 1) assert.equal(responses[1]?.body.toString(), 'after');
        assert.ok(responses.length < 3);
        assert.equal(ran, 0);
      });
});

describe('an ordinary client', () => {
  it('keeps its connection through refusals and answers', async (t) => {
    const { url } = await stage(t, (app) => {
      app.get('/', open, async () => 'x');
      app.post('/echo', open, async (request) => request.body);
      app.get('/secret/:id', { access: all(signedIn(), shared('a test of the adapter')) }, async () => 'x');
    });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    let sockets = 0;
    const ask = (method: string, path: string, body = ''): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { host: HOST, 'x-forwarded-proto': 'https', 'content-type': 'text/plain' };
        const request = http.request(new URL(path, url), { method, agent, headers }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode));
        });
        request.on('socket', (socket) => void (socket.connecting && sockets++));
        request.on('error', reject);
        request.end(body);
      });
    const statuses = [];
    for (const [method, path, body] of [
      ['GET', '/'],
      ['GET', '/secret/1'],
      ['POST', '/echo', 'hello'],
      ['POST', '/nowhere', 'hello'],
      ['GET', '/nowhere'],
      ['HEAD', '/'],
      ['GET', '/'],
    ] as const)
      statuses.push(await ask(method, path, body));
    assert.deepEqual(statuses, [200, 401, 200, 404, 404, 200, 200]);
    assert.equal(sockets, 1);
  });

  it('may send several requests at once and gets the answers in order', async (t) => {
    const { raw } = await stage(t, (app) => {
      app.get('/slow', open, async () => (await sleep(30), 'slow'));
      app.get('/fast', open, async () => 'fast');
    });
    const targets = ['/slow', '/fast', '/nowhere', '/fast'];
    const bytes = Buffer.concat(targets.map((target) => head('GET', target, SECURE)));
    const { responses } = await raw(bytes, { responses: 4, methods: targets.map(() => 'GET') });
    assert.deepEqual(
      responses.map(({ status, body }) => (status === 200 ? body.toString() : status)),
      ['slow', 'fast', 404, 'fast'],
    );
    for (const response of responses) assertHead(response);
  });
});
