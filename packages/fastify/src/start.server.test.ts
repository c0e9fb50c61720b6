/**
 * What must not start does not start, names all its faults, and answers nobody meanwhile.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { all, anyone, ConfigError, shared, signedIn, todo } from '@dewar/core';
import type { ConfigFault, EventSink, Policy, SecurityEvent } from '@dewar/core';
import { LIMITS_DEFAULTS } from '@dewar/core/http';
import { head, rawRequest } from '@dewar/testing';
import { createDewar } from './index.ts';
import { assertHead, assertProblem, bearer, HOST, HUSH, policyOf, SECURE, stage } from './stage.server.test.ts';

const open = { access: anyone() };

interface Try {
  readonly policy?: Partial<Policy>;
  readonly options?: FastifyServerOptions;
  readonly routes?: (app: FastifyInstance) => unknown;
}

/** The faults that an application does not listen for; none if it does. */
async function faultsOf({ policy, options, routes = () => undefined }: Try): Promise<readonly ConfigFault[]> {
  const dewar = createDewar(policyOf(policy));
  const app = Fastify({ ...dewar.options, ...options });
  try {
    await app.register(dewar);
    await routes(app);
    await app.listen({ port: 0 });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    assert.equal(app.server.listening, false);
    return error.faults;
  } finally {
    await app.close();
  }
}

const named = (faults: readonly ConfigFault[]): readonly string[] => faults.map(({ option }) => option);

describe('an application does not listen', () => {
  for (const profile of ['production', 'test'] as const)
    it(`with a route that nobody declared, in ${profile} [AZ-09]`, async () => {
      const faults = await faultsOf({
        policy: { profile },
        routes: (app) => void app.get('/forgotten', async () => HUSH),
      });
      assert.deepEqual(named(faults), ['GET /forgotten: access']);
      assert.match(faults[0]?.wrong ?? '', /start\.server\.test\.ts:\d+/);
    });

  const rows: readonly (readonly [what: string, given: Try, options: readonly string[]])[] = [
    [
      'with a rule still to be written',
      { routes: (app) => void app.get('/', { access: todo('later, with sales') }, async () => 1) },
      ['GET /: access'],
    ],
    [
      'with a parameter that nobody owns',
      { routes: (app) => void app.get('/t/:id', { access: signedIn() }, async () => 1) },
      ['GET /t/:id: access'],
    ],
    [
      'with a wildcard that nobody owns',
      { routes: (app) => void app.get('/t/*', { access: anyone() }, async () => 1) },
      ['GET /t/*: access'],
    ],
    ['without hosts', { policy: { hosts: {} } }, ['hosts.allowed', 'https.host']],
    [
      'with a whole top-level domain as host',
      { policy: { hosts: { allowed: ['*.com'] } } },
      ['hosts.allowed[0]', 'https.host'],
    ],
    ['with a short secret', { policy: { secret: 'short' } }, ['secret']],
    [
      'without a permissions policy, and without a reason',
      { policy: { headers: { permissionsPolicy: {} } } },
      ['headers.permissionsPolicy'],
    ],
    [
      'without a referrer policy, and without a reason',
      { policy: { headers: { referrerPolicy: false } } },
      ['headers.referrerPolicy'],
    ],
    ['with paths in clear text, and without a reason', { policy: { https: { skip: ['/healthz'] } } }, ['https.skip']],
    [
      'with two halves of all addresses as proxies',
      { policy: { facts: { trustedProxies: ['0.0.0.0/1', '128.0.0.0/1'] } } },
      ['facts.trustedProxies', 'facts.trustedProxies'],
    ],
    [
      'with a policy for a route that does not exist',
      {
        policy: { routes: { 'GET /assets/': { access: anyone() } } },
        routes: (app) => void app.get('/assets', open, async () => 1),
      },
      ['routes["GET /assets/"]'],
    ],
    ['with a misspelt option', { policy: { header: {} } as Partial<Policy> }, ['header']],
    [
      'with a misspelt protection on a route',
      { routes: (app) => void app.get('/', { ...open, policy: { header: {} } as object }, async () => 1) },
      ['GET /: header', 'HEAD /: header'],
    ],
    [
      'with a misspelt kind of credential',
      {
        policy: { identity: [bearer] },
        routes: (app) => void app.get('/', { access: signedIn(), policy: { credential: 'baerer' } }, async () => 1),
      },
      ['GET /: credential', 'HEAD /: credential'],
    ],
    [
      'with a not-found handler that would never run',
      { routes: (app) => void app.setNotFoundHandler(async () => HUSH) },
      ['setNotFoundHandler'],
    ],
    [
      'with a not-found handler of a child',
      {
        routes: (app) =>
          app.register(async (child) => void child.setNotFoundHandler(async () => HUSH), { prefix: '/child' }),
      },
      ['setNotFoundHandler'],
    ],
  ];
  for (const [what, given, options] of rows)
    it(`${what} [CFG-14]`, async () => {
      const faults = await faultsOf(given);
      assert.deepEqual([...new Set(named(faults))].toSorted(), [...new Set(options)].toSorted());
      for (const { wrong, write } of faults) assert.ok(wrong !== '' && write !== '');
    });

  it('and names all that is wrong at once [CFG-01]', async () => {
    const faults = await faultsOf({
      policy: { hosts: {}, headers: { referrerPolicy: false }, secret: 'short' },
      options: { requestIdHeader: 'x-id' },
      routes(app) {
        app.get('/a', async () => 1);
        app.get('/b', async () => 1);
        app.setNotFoundHandler(async () => 1);
        app.addContentTypeParser('application/json', (_request, _payload, done) => done(null));
      },
    });
    assert.deepEqual(
      [
        'Fastify({ requestIdHeader })',
        'setNotFoundHandler',
        'addContentTypeParser(application/json)',
        'hosts.allowed',
        'headers.referrerPolicy',
        'secret',
        'GET /a: access',
        'GET /b: access',
      ].filter((option) => !named(faults).includes(option)),
      [],
    );
  });
});

describe('an option of dewar.options that the owner replaced', () => {
  const replaced: readonly (readonly [name: string, value: FastifyServerOptions])[] = [
    ['rewriteUrl', { rewriteUrl: (request) => request.url ?? '/' }],
    ['genReqId', { genReqId: () => '1' }],
    ['frameworkErrors', { frameworkErrors: (_error, _request, reply) => void reply.raw.end(HUSH) }],
    ['clientErrorHandler', { clientErrorHandler: (_error, socket) => void socket.destroy() }],
    ['trustProxy', { trustProxy: true }],
    ['requestIdHeader', { requestIdHeader: 'x-id' }],
    ['return503OnClosing', { return503OnClosing: true }],
  ];
  for (const [name, value] of replaced)
    it(`is a fault that names it: ${name}`, async () => {
      assert.deepEqual(named(await faultsOf({ options: value })), [`Fastify({ ${name} })`]);
    });

  it('answers nobody before, whoever catches the error and listens all the same', async (t) => {
    let ran = 0;
    const dewar = createDewar(policyOf());
    const app = Fastify({ ...dewar.options, rewriteUrl: (request) => request.url ?? '/' });
    t.after(() => app.close());
    app.get('/', open, async () => ++ran);
    await assert.rejects(async () => app.ready(), ConfigError);
    // Fastify does not close a server that it did not open.
    t.after(() => void app.server.close().closeAllConnections());
    await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
    const { port } = app.server.address() as { port: number };
    const { responses } = await rawRequest({ host: '127.0.0.1', port }, head('GET', '/', SECURE), { timeout: 500 });
    assert.deepEqual(
      responses.map(({ status }) => status),
      [503],
    );
    assert.equal(ran, 0);
  });

  it('is never the server: another factory guards nothing, and does not start', async (t) => {
    const dewar = createDewar(policyOf());
    const { serverFactory: _none, ...rest } = dewar.options;
    const app = Fastify(rest);
    t.after(() => app.close());
    await assert.rejects(
      async () => app.register(dewar),
      (error: ConfigError) => error.faults[0]?.option === 'Fastify(options)',
    );
  });
});

describe('the two lines', () => {
  it('do not start the one without the other: Fastify() without the options', async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    await assert.rejects(async () => app.register(createDewar(policyOf())), ConfigError);
  });

  it('do not start with the options of another dewar', async (t) => {
    const app = Fastify(createDewar(policyOf()).options);
    t.after(() => app.close());
    await assert.rejects(async () => app.register(createDewar(policyOf())), ConfigError);
  });

  it('guard with the first alone: a forgotten register leaves nothing open', async (t) => {
    let ran = 0;
    const dewar = createDewar(policyOf({ identity: [bearer] }));
    const app = Fastify(dewar.options);
    t.after(() => app.close());
    app.addHook('onRequest', async () => void ran++);
    app.get('/', { access: signedIn() }, async () => ++ran);
    const url = await app.listen({ port: 0 });
    assertProblem((await rawRequest(url, head('GET', '/', SECURE))).response, 401);
    assert.equal(ran, 0);
  });

  it('guard routes that stand before the second', async (t) => {
    const dewar = createDewar(policyOf());
    const app = Fastify(dewar.options);
    t.after(() => app.close());
    app.get('/', { access: signedIn() }, async () => HUSH);
    await app.register(dewar);
    const url = await app.listen({ port: 0 });
    assertProblem((await rawRequest(url, head('GET', '/', SECURE))).response, 401);
  });

  it('may be registered twice', async (t) => {
    const { send } = await stage(t, async (app, dewar) => {
      await app.register(dewar);
      app.get('/', open, async () => 'x');
    });
    assertHead(await send('GET', '/'));
  });
});

describe('limits of the server', () => {
  const rows: readonly (readonly [what: string, limits: object, options: readonly string[]])[] = [
    ['none at all', { requestTimeout: 0, keepAliveTimeout: 0 }, ['limits.requestTimeout', 'limits.keepAliveTimeout']],
    ['no number', { maxRequestsPerSocket: Infinity }, ['limits.maxRequestsPerSocket']],
    ['a misspelt one', { requestTimout: 5000 }, ['limits.requestTimout']],
    ['a head that may take longer than all', { headersTimeout: 9, requestTimeout: 8 }, ['limits.headersTimeout']],
  ];
  for (const [what, limits, options] of rows)
    it(`are refused by name: ${what} [DEP-03] [CFG-14]`, () => {
      assert.throws(
        () => Fastify(createDewar(policyOf(), limits).options),
        (error: ConfigError) => {
          const faulty = named(error.faults);
          return options.every((option) => faulty.includes(option));
        },
      );
    });

  it('hold by default, and a short request shortens its head [DEP-03]', async (t) => {
    const { app } = await stage(t, () => undefined);
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxRequestsPerSocket } = app.server;
    assert.deepEqual({ headersTimeout, requestTimeout, keepAliveTimeout, maxRequestsPerSocket }, LIMITS_DEFAULTS);
    const short = await stage(t, () => undefined, { limits: { requestTimeout: 5000 } });
    assert.equal(short.app.server.headersTimeout, 5000);
  });
});

describe('a kernel with faults that listens all the same', () => {
  it('answers 503 to everybody and runs nothing', async (t) => {
    let ran = 0;
    const dewar = createDewar(policyOf());
    const app = Fastify(dewar.options);
    t.after(() => app.close());
    app.get('/', open, async () => ++ran);
    app.get('/forgotten', async () => ++ran);
    await assert.rejects(async () => app.ready(), ConfigError);
    // Fastify does not close a server that it did not open.
    t.after(() => void app.server.close().closeAllConnections());
    await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
    const { port } = app.server.address() as { port: number };
    for (const target of ['/', '/forgotten', '/nowhere']) {
      const { response } = await rawRequest({ host: '127.0.0.1', port }, head('GET', target, SECURE));
      assert.equal(response.status, 503);
    }
    assert.equal(ran, 0);
  });
});

describe('development', () => {
  it('serves an undeclared route as 403, runs nothing, and warns [AZ-09]', async (t) => {
    let ran = 0;
    const { raw, said } = await stage(
      t,
      (app) => {
        app.addHook('onRequest', async () => void ran++);
        app.get('/forgotten', async () => ++ran);
        app.get('/', open, async () => 'x');
      },
      { policy: { profile: 'development', hosts: {} } },
    );
    const local = [['Host', 'localhost:3000']] as const;
    assertProblem((await raw(head('GET', '/forgotten', local))).response, 403, { secure: false });
    assert.equal(ran, 0);
    assert.equal((await raw(head('GET', '/', local))).response.status, 200);
    const warnings = said('policy.warning').map(({ option }) => option);
    assert.ok(warnings.includes('GET /forgotten: access'), String(warnings));
  });
});

describe('weakening with a reason', () => {
  it('starts, and is told', async (t) => {
    const { send, said } = await stage(t, (app) => void app.get('/', open, async () => 'x'), {
      policy: { headers: { referrerPolicy: false, reason: 'the partner counts referrers' } },
    });
    assert.equal((await send('GET', '/')).header('referrer-policy'), undefined);
    assert.deepEqual(
      said('policy.weakened')
        .filter(({ option }) => option === 'headers')
        .map(({ reason }) => reason),
      ['the partner counts referrers'],
    );
  });
});

describe('two applications in one process', () => {
  it('know nothing of each other', async (t) => {
    const seen: string[][] = [[], []];
    const make = (index: number, host: string): ReturnType<typeof stage> =>
      stage(
        t,
        (app) => {
          app.get('/', open, async (request) => `${index} ${request.host}`);
          app.get(`/only-${index}`, { access: all(anyone(), shared('nothing here is anyone’s')) }, async () => index);
        },
        {
          policy: {
            hosts: { allowed: [host] },
            headers: index === 0 ? {} : { referrerPolicy: false, reason: 'the partner counts referrers' },
            events: [((event: SecurityEvent) => void seen[index]!.push(event.name)) satisfies EventSink],
          },
        },
      );
    const [first, second] = await Promise.all([make(0, HOST), make(1, 'other.example')]);
    const ask = async (
      at: typeof first,
      host: string,
      target: string,
    ): Promise<readonly [number, string | undefined]> => {
      const { response } = await at.raw(
        head('GET', target, [
          ['Host', host],
          ['X-Forwarded-Proto', 'https'],
        ]),
      );
      return [response.status, response.header('referrer-policy')];
    };
    assert.deepEqual(await ask(first, HOST, '/'), [200, 'same-origin']);
    assert.deepEqual(await ask(second, 'other.example', '/'), [200, undefined]);
    assert.deepEqual(await ask(first, 'other.example', '/'), [421, 'same-origin']);
    assert.deepEqual(await ask(second, HOST, '/'), [421, undefined]);
    assert.deepEqual(await ask(first, HOST, '/only-1'), [404, 'same-origin']);
    await first.app.close();
    assert.deepEqual(await ask(second, 'other.example', '/only-1'), [200, undefined]);
    assert.ok(seen[0]!.includes('kernel.stopped'));
    assert.ok(!seen[1]!.includes('kernel.stopped'));
  });
});
