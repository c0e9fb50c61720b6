import assert from 'node:assert/strict';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { head, rawRequest } from './raw-client.ts';
import type { AddressInfo, Server, Socket } from 'node:net';

const servers: Server[] = [];
after(() => servers.forEach((server) => server.close()));

/** A server that answers any connection with these bytes, then does what `end` says. */
async function answering(bytes: string, end: 'close' | 'stay' | 'reset' = 'close'): Promise<string> {
  return serving((socket) => {
    socket.once('data', () => {
      socket.write(bytes, 'latin1', () => {
        if (end === 'close') socket.end();
        if (end === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
      });
    });
  });
}

async function serving(handle: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    handle(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const GET = head('GET', '/', [['Host', 'x']]);

describe('reading a response', () => {
  const whole: readonly (readonly [name: string, bytes: string, status: number, body: string])[] = [
    ['a body of Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc', 200, 'abc'],
    ['an empty reason', 'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n', 200, ''],
    [
      'a chunked body',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
      200,
      'abcde',
    ],
    ['a body until close', 'HTTP/1.1 200 OK\r\n\r\nabc', 200, 'abc'],
    ['a 204 without a body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
    ['a 304 with a length but no body', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', 304, ''],
    ['HTTP/1.0', 'HTTP/1.0 400 Bad Request\r\n\r\nno', 400, 'no'],
  ];
  for (const [name, bytes, status, body] of whole) {
    it(`reads ${name}`, async () => {
      const exchange = await rawRequest(await answering(bytes), GET);
      assert.equal(exchange.fault, undefined);
      assert.equal(exchange.response.status, status);
      assert.equal(exchange.response.body.toString(), body);
      assert.equal(exchange.raw.toString('latin1'), bytes);
    });
  }

  const faults: readonly (readonly [name: string, bytes: string, fault: RegExp])[] = [
    ['no HTTP at all', 'SSH-2.0-x\r\n', /no HTTP response but "SSH-2\.0-x/],
    ['a bare line feed', 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n', /not a status line/],
    ['HTTP/2 in letters', 'HTTP/2 200 OK\r\n\r\n', /not a status line/],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nX : a\r\n\r\n', /not a field line: "X : a"/],
    ['a folded line', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n', /not a field line: " b"/],
    ['a control character in a value', 'HTTP/1.1 200 OK\r\nX: a\u0001\r\n\r\n', /not a field line/],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na', /2 Content-Length lines/],
    ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na', /not a Content-Length/],
    [
      'length and coding together',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /both Content-Length and Transfer-Encoding/,
    ],
    ['another coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', /not a Transfer-Encoding/],
    ['a 204 with a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n', /a 204 must have neither/],
    ['a bad chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc', /not a chunk size: "0x3"/],
    [
      'a chunk past its size',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n',
      /longer than its size/,
    ],
    [
      'a close within the body',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc',
      /in the middle of the body of a 200, after 3/,
    ],
    [
      'a close within chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
      /in the middle of the body/,
    ],
    ['a close within the head', 'HTTP/1.1 200 OK\r\nContent-', /in the middle of a head/],
  ];
  for (const [name, bytes, fault] of faults) {
    it(`names ${name} as a fault`, async () => {
      const exchange = await rawRequest(await answering(bytes), GET);
      assert.match(exchange.fault ?? '', fault);
      assert.equal(exchange.responses.length, 0);
      assert.throws(() => exchange.response, fault);
    });
  }

  it('keeps order, letter case and duplicates of field lines', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-One:  1 \r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n';
    const { response } = await rawRequest(await answering(bytes), GET);
    assert.deepEqual(response.fields, [
      ['Set-Cookie', 'a=1'],
      ['X-One', '1'],
      ['set-cookie', 'b=2'],
      ['Content-Length', '0'],
    ]);
    assert.deepEqual(response.headers('SET-COOKIE'), ['a=1', 'b=2']);
    assert.equal(response.header('set-cookie'), 'a=1, b=2');
    assert.equal(response.header('absent'), undefined);
  });

  it('reads the trailers of a chunked body', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n';
    assert.deepEqual((await rawRequest(await answering(bytes), GET)).response.trailers, [['X-Sum', '1']]);
  });

  it('reads the same whatever the pieces it arrives in', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    const url = await serving((socket) => {
      socket.setNoDelay(true).resume();
      let at = 0;
      const timer = setInterval(() => (at < bytes.length ? socket.write(bytes[at++]!) : socket.end()), 1);
      socket.on('close', () => clearInterval(timer));
    });
    assert.equal((await rawRequest(url, GET)).response.body.toString(), 'abc');
  });

  it('attaches interim responses to the final one', async () => {
    const bytes = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
    const { response, responses } = await rawRequest(await answering(bytes), GET);
    assert.equal(responses.length, 1);
    assert.deepEqual(response.interim, [{ status: 103, reason: 'Early Hints', fields: [['Link', '</a>']] }]);
  });

  it('knows that HEAD has no body and that GET has', async () => {
    const url = await answering('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'stay');
    const answered = await rawRequest(url, head('HEAD', '/'), { timeout: 300 });
    assert.equal(answered.response.status, 200);
    const waiting = await rawRequest(url, GET, { timeout: 100 });
    assert.equal(waiting.timedOut, true);
    assert.equal(waiting.responses.length, 0);
  });

  it('leaves what follows a 101 as a tunnel', async () => {
    const bytes = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\u0081\u0000';
    const exchange = await rawRequest(await answering(bytes), GET, { responses: Infinity });
    assert.equal(exchange.response.status, 101);
    assert.equal(exchange.rest.toString('latin1'), '\u0081\u0000');
    assert.equal(exchange.fault, undefined);
  });
});

describe('ending an exchange', () => {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na';

  it('stops at one response and shows that the server kept the connection', async () => {
    const exchange = await rawRequest(await answering(ok, 'stay'), GET);
    assert.deepEqual([exchange.responses.length, exchange.closed, exchange.timedOut], [1, false, false]);
  });

  it('collects every response until the timeout when asked to', async () => {
    const exchange = await rawRequest(await answering(ok + ok + 'HTTP/1.1 2', 'stay'), GET, {
      responses: Infinity,
      timeout: 150,
    });
    assert.deepEqual([exchange.responses.length, exchange.timedOut], [2, true]);
    assert.equal(exchange.rest.toString(), 'HTTP/1.1 2');
  });

  it('sees a server close that it announced, and one that it did not keep', async () => {
    const bytes = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    const kept = await rawRequest(await answering(bytes, 'stay'), GET, { timeout: 150 });
    const closed = await rawRequest(await answering(bytes, 'close'), GET);
    assert.deepEqual([kept.closed, kept.timedOut], [false, true]);
    assert.deepEqual([closed.closed, closed.timedOut], [true, false]);
  });

  it('says that a server closed or reset without a word', async () => {
    const silent = await rawRequest(await answering(''), GET);
    assert.throws(() => silent.response, /the server closed the connection after 0 bytes/);
    const reset = await rawRequest(await answering('', 'reset'), GET);
    assert.equal(reset.reset, true);
    assert.throws(() => reset.response, /the server reset the connection/);
  });

  it('rejects when nobody listens', async () => {
    const url = await answering('');
    await new Promise((resolve) => servers.pop()!.close(resolve));
    await assert.rejects(rawRequest(url, GET), /ECONNREFUSED/);
  });
});

describe('writing a request', () => {
  let echo = '';
  before(async () => {
    echo = await serving((socket) => {
      const got: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => got.push(chunk));
      socket.on('end', () => {
        const body = Buffer.concat(got);
        socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`), body]));
      });
    });
  });

  it('sends exactly the bytes given, and closes its side when asked to', async () => {
    const bytes = 'get  /\u00ff HTTP/9\nX : 1\r\nX : 2\r\n\r\n';
    const { response } = await rawRequest(echo, bytes, { half: true });
    assert.deepEqual(response.body, Buffer.from(bytes, 'latin1'));
  });

  it('builds a head with order, duplicates and letter case as given', () => {
    const bytes = head('POST', '/x?y', [['hOst', 'a'], ['Host', 'b'], ['X', '']], Buffer.from([0xff])); // prettier-ignore
    assert.equal(bytes.toString('latin1'), 'POST /x?y HTTP/1.1\r\nhOst: a\r\nHost: b\r\nX: \r\n\r\n\u00ff');
  });

  it('pauses between pieces as a slow client', async () => {
    const started = performance.now();
    const { response } = await rawRequest(echo, ['a', { pause: 60 }, Buffer.from('b')], { half: true });
    assert.equal(response.body.toString(), 'ab');
    assert.ok(performance.now() - started >= 55);
  });

  it('holds the body back until 100 Continue', async () => {
    const server = createHttp((request, response) => request.pipe(response));
    server.on('checkContinue', (request, response) => {
      response.writeContinue();
      request.pipe(response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const asked = head('POST', '/', [['Host', 'x'], ['Content-Length', '2'], ['Expect', '100-continue']]); // prettier-ignore
    const { response } = await rawRequest(target, [asked, { until: 'interim' }, 'ab']);
    assert.equal(response.body.toString(), 'ab');
    assert.equal(response.interim[0]?.status, 100);
    server.closeAllConnections();
  });

  for (const target of ['http://192.0.2.1/', 'http://example.com/', 'http://[2001:db8::1]/', 'http://0.0.0.0/']) {
    it(`refuses ${target}`, async () => {
      await assert.rejects(rawRequest(target, GET), /connects to loopback addresses only/);
    });
  }

  it('refuses a URL that is not http:', async () => {
    await assert.rejects(rawRequest('https://127.0.0.1/', GET), /not an http: URL/);
  });
});
