/**
 * Guard and router read one path. Each row's bytes get past a guard that is written on `req.url` in a bare Fastify
 * (the twin of a kernel rule), and nowhere with Dewar. `derived`: built from the advisory's description.
 * @module
 */
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest, FastifyServerOptions } from 'fastify';
import { all, anyone, shared, signedIn } from '@dewar/core';
import { head, rawRequest } from '@dewar/testing';
import type { Field, RawResponse } from '@dewar/testing';
import { bearer, HOST, HUSH, SECURE, stage } from './stage.server.test.ts';

/** True for a request that the twin's guard wants a sign-in of. */
type Guards = (request: FastifyRequest) => boolean;

interface Row {
  readonly advisory: string;
  readonly what: string;
  readonly guards: Guards;
  readonly target: string;
  readonly method?: string;
  readonly fields?: readonly Field[];
  readonly options?: FastifyServerOptions;
}

const url = (request: FastifyRequest): string => request.raw.url ?? '';
/** What `app.use('/admin', guard)` of a middleware engine matches. */
const below =
  (prefix: string): Guards =>
  (request) => {
    const path = url(request).split('?', 1)[0]!;
    return path === prefix || path.startsWith(`${prefix}/`);
  };
/** What a list of exemptions by pattern guards: everything else. */
const allBut =
  (exempt: RegExp, read: (request: FastifyRequest) => string = url): Guards =>
  (request) =>
    !exempt.test(read(request));

/** Fastify's types leave it out here; its router does not. */
const SEMICOLON: FastifyServerOptions = { routerOptions: { useSemicolonDelimiter: true } as object };

const ROWS: readonly Row[] = [
  {
    advisory: 'CVE-2026-22031 @fastify/middie',
    what: 'a letter as an escape',
    guards: below('/admin'),
    target: '/%61dmin',
  },
  {
    advisory: 'CVE-2026-22031 @fastify/middie',
    what: 'a letter as an escape in a deeper path',
    guards: below('/admin'),
    target: '/%61dmin/users',
  },
  {
    advisory: 'CVE-2026-22031 @fastify/middie',
    what: 'a letter as an escape in lower-case hex',
    guards: below('/admin'),
    target: '/ad%6din',
  },
  {
    advisory: 'CVE-2026-2880 @fastify/middie, derived',
    what: 'two slashes where the router ignores one',
    guards: below('/admin'),
    target: '//admin',
    options: { routerOptions: { ignoreDuplicateSlashes: true } },
  },
  {
    advisory: 'CVE-2026-2880 @fastify/middie, derived',
    what: 'a slash at the end where the router ignores it',
    guards: (request) => url(request) === '/admin',
    target: '/admin/',
    options: { routerOptions: { ignoreTrailingSlash: true } },
  },
  {
    advisory: 'CVE-2026-2880 @fastify/middie, derived',
    what: 'a semicolon where the router cuts there',
    guards: below('/admin'),
    target: '/admin;x',
    options: SEMICOLON,
  },
  {
    advisory: 'CVE-2026-33804 @fastify/middie, derived',
    what: 'two slashes in the middle',
    guards: below('/admin/users'),
    target: '/admin//users',
    options: { routerOptions: { ignoreDuplicateSlashes: true } },
  },
  {
    advisory: 'CVE-2026-33808 @fastify/express',
    what: 'two slashes before a deeper path',
    guards: below('/admin'),
    target: '//admin/dashboard',
    options: { routerOptions: { ignoreDuplicateSlashes: true } },
  },
  {
    advisory: 'CVE-2026-33808 @fastify/express',
    what: 'a semicolon and a word',
    guards: below('/admin'),
    target: '/admin;bypass',
    options: SEMICOLON,
  },
  {
    advisory: 'CVE-2026-112362 @fastify/express, derived',
    what: 'an escape and two slashes together',
    guards: below('/admin'),
    target: '//%61dmin/dashboard',
    options: { routerOptions: { ignoreDuplicateSlashes: true } },
  },
  {
    advisory: 'CVE-2026-14198, -85184 @fastify/middie, derived',
    what: 'another letter case where the router ignores it',
    guards: below('/admin'),
    target: '/ADMIN',
    options: { routerOptions: { caseSensitive: false } },
  },
  {
    advisory: 'CVE-2026-112712 @fastify/middie, derived',
    what: 'an absolute target',
    guards: below('/admin'),
    target: `http://${HOST}/admin`,
  },
  {
    advisory: 'CVE-2026-112712 @fastify/middie, derived',
    what: 'an absolute target of https',
    guards: below('/admin'),
    target: `https://${HOST}/admin`,
  },
  {
    advisory: 'CVE-2026-126357, -47676 hono mount, derived',
    what: 'a prefix taken off by its length before the escapes are decoded',
    guards: (request) => url(request).slice('/api/ü'.length).startsWith('/admin'),
    target: '/api/%C3%BC/admin',
  },
  {
    advisory: 'CVE-2025-54576 oauth2-proxy',
    what: 'an exemption by a pattern that the query satisfies',
    guards: allBut(/^\/.*\/public$/),
    target: '/admin?x=/public',
  },
  {
    advisory: 'CVE-2026-40575 oauth2-proxy',
    what: 'an exemption by the URI a header claims',
    guards: allBut(/^\/public$/, (request) => String(request.headers['x-forwarded-uri'] ?? url(request))),
    target: '/admin',
    fields: [['X-Forwarded-Uri', '/public']],
  },
  {
    advisory: 'CVE-2026-40575 oauth2-proxy, derived',
    what: 'an exemption by the URI another proxy’s header claims',
    guards: allBut(/^\/public$/, (request) => String(request.headers['x-original-url'] ?? url(request))),
    target: '/admin',
    fields: [
      ['X-Original-URL', '/public'],
      ['X-Rewrite-URL', '/public'],
    ],
  },
  {
    advisory: 'CVE-2026-76835 oauth2-proxy, derived',
    what: 'an exemption by a pattern that the fragment satisfies',
    guards: allBut(/\/public$/),
    target: '/admin#/public',
  },
  {
    advisory: 'CVE-2026-34457 oauth2-proxy, derived',
    what: 'an exemption by the user agent of a health check',
    guards: (request) => request.headers['user-agent'] !== 'GoogleHC/1.0',
    target: '/admin',
    fields: [['User-Agent', 'GoogleHC/1.0']],
  },
  {
    advisory: 'GHSA-pxq7-h93f-9jrg oauth2-proxy, derived',
    what: 'an exemption by an address that anybody may claim',
    guards: (request) => String(request.headers['x-forwarded-for'] ?? '').split(',', 1)[0] !== '10.0.0.1',
    target: '/admin',
    fields: [['X-Forwarded-For', '10.0.0.1']],
  },
  {
    advisory: 'CVE-2025-29927 Next.js',
    what: 'an internal header from outside',
    guards: (request) => request.headers['x-middleware-subrequest'] === undefined,
    target: '/admin',
    fields: [['X-Middleware-Subrequest', 'middleware:middleware:middleware:middleware:middleware']],
  },
  {
    advisory: 'CVE-2025-47910 golang 75054, derived',
    what: 'an exemption of /hello/ that covers /hello',
    guards: allBut(/^\/hello\/?$/),
    target: '/hello',
  },
  {
    advisory: 'CVE-2022-22978 Spring Security',
    what: 'a line feed that a pattern’s dot does not match',
    guards: (request) => /^\/admin\/.*$/.test(decodeURIComponent(url(request))),
    target: '/admin/x%0Ay',
  },
  {
    advisory: 'CVE-2022-22978 Spring Security, derived',
    what: 'a carriage return',
    guards: (request) => /^\/admin\/.*$/.test(decodeURIComponent(url(request))),
    target: '/admin/x%0Dy',
  },
  {
    advisory: 'CVE-2024-38821 Spring WebFlux, derived',
    what: 'a static file below an exempt folder, by a dot segment',
    guards: allBut(/^\/files\/public\//),
    target: '/files/public/../private/key',
  },
  {
    advisory: 'CVE-2024-38821 Spring WebFlux, derived',
    what: 'a static file by an encoded dot segment',
    guards: allBut(/^\/files\/public\//),
    target: '/files/public/%2e%2e/private/key',
  },
  {
    advisory: 'CVE-2026-15074 @fastify/static, derived',
    what: 'a static file by an encoded slash',
    guards: below('/files/private'),
    target: '/files/private%2Fkey',
  },
  {
    advisory: 'CVE-2026-15074 @fastify/static, derived',
    what: 'a static file by a dot segment with an encoded slash',
    guards: below('/files/private'),
    target: '/files/x/..%2Fprivate/key',
  },
  {
    advisory: 'CVE-2026-22754 Spring Security, derived',
    what: 'HEAD where the guard knows GET',
    guards: (request) => request.method === 'GET' && below('/admin')(request),
    target: '/admin',
    method: 'HEAD',
  },
  {
    advisory: 'CVE-2026-22754 Spring Security, derived',
    what: 'a route below a prefix that the guard leaves out',
    guards: (request) => url(request).startsWith('/admin'),
    target: '/prefix/admin',
  },
];

/** The application; `access` is what only Dewar reads. */
function routes(app: FastifyInstance): void {
  const guarded = { access: signedIn() };
  const objects = { access: all(signedIn(), shared('the test has no objects')) };
  const secret = async (): Promise<string> => HUSH;
  for (const path of ['/admin', '/admin/users', '/admin/dashboard', '/hello', '/api/ü/admin'])
    app.get(path, guarded, secret);
  app.get('/admin/:id', objects, secret);
  app.get('/public', { access: anyone() }, async () => 'public');
  void app.register(async (child) => void child.get('/admin', guarded, secret), { prefix: '/prefix' });
  app.get<{ Params: { '*': string } }>('/files/*', objects, async (request, reply) =>
    // As a careless static handler: the path is joined and then looked up.
    posix.normalize(`/${request.params['*']}`) === '/private/key' ? HUSH : reply.code(404).send(),
  );
}

/** A bare Fastify with a guard written on what the request says, first of all hooks. */
async function twin(t: TestContext, { guards, options }: Row): Promise<string> {
  const app = Fastify(options);
  t.after(() => app.close());
  app.addHook('onRequest', async (request, reply) => {
    if (guards(request) && request.headers.authorization === undefined) return reply.code(401).send();
  });
  routes(app);
  return app.listen({ port: 0 });
}

async function attack(at: string, { method = 'GET', target, fields = [] }: Row): Promise<RawResponse> {
  return (await rawRequest(at, head(method, target, [...SECURE, ...fields]))).response;
}

const reached = ({ status, header, body }: RawResponse): boolean =>
  status === 200 && (body.toString() === HUSH || header('content-length') === String(HUSH.length));

describe('the path that a guard sees and a router follows', () => {
  for (const row of ROWS)
    it(`${row.advisory}: ${row.what}: ${JSON.stringify(row.target)} [c2-path] [DEP-05]`, async (t) => {
      const bare = await twin(t, row);
      assert.equal(reached(await attack(bare, row)), true, 'the bytes do not get past the twin’s guard');
      const { url: ours } = await stage(t, routes, {
        ...(row.options === undefined ? {} : { options: row.options }),
        policy: { identity: [bearer], facts: {}, https: { redirect: false, reason: 'the twin has no proxy' } },
      });
      const response = await attack(ours, row);
      assert.equal(reached(response), false);
      assert.ok([400, 401, 404].includes(response.status), `${response.status}`);
      assert.doesNotMatch(response.body.toString(), new RegExp(HUSH));
    });

  it('both let in who signed in, by the one spelling', async (t) => {
    const signed: readonly Field[] = [['Authorization', 'Bearer ann']];
    const row: Row = { advisory: '', what: '', guards: below('/admin'), target: '/admin', fields: signed };
    assert.equal(reached(await attack(await twin(t, row), row)), true);
    const { url: ours } = await stage(t, routes, { policy: { identity: [bearer] } });
    for (const target of [
      '/admin',
      '/admin/users',
      '/admin/7',
      '/api/%C3%BC/admin',
      '/prefix/admin',
      '/files/private/key',
    ])
      assert.equal(reached(await attack(ours, { ...row, target })), true, target);
  });
});

describe('a path in clear text', () => {
  const rows: readonly (readonly [target: string, status: number])[] = [
    ['/healthz', 200],
    ['/healthz?x=1', 200],
    ['/admin?/healthz', 308],
    ['/healthz/', 308],
    ['/healthz/../admin', 400],
    ['/%68ealthz', 400],
    ['/HEALTHZ', 308],
    ['//healthz', 308],
    ['/admin', 308],
  ];
  for (const [target, status] of rows)
    it(`is exempt exactly: ${target} is ${status} [c2-path] [TLS-03]`, async (t) => {
      const { raw } = await stage(
        t,
        (app) => {
          app.get('/healthz', { access: anyone() }, async () => 'well');
          app.get('/admin', { access: anyone() }, async () => HUSH);
        },
        { policy: { https: { skip: ['/healthz'], reason: 'the probe speaks clear text' } } },
      );
      assert.equal((await raw(head('GET', target, [['Host', HOST]]))).response.status, status);
    });
});

describe('an encoded separator', () => {
  it('is refused where the route does not allow it, and arrives undecoded where it does [c2-path]', async (t) => {
    const { send } = await stage(t, (app) => {
      const open = { access: all(anyone(), shared('the test has no objects')) };
      app.get<{ Params: { '*': string } }>('/plain/*', open, async (request) => request.params['*']);
      app.get<{ Params: { '*': string } }>(
        '/names/*',
        { ...open, policy: { encodedSeparators: 'names of packages hold a slash' } },
        async (request) => request.params['*'],
      );
    });
    assert.equal((await send('GET', '/plain/a%2Fb')).status, 400);
    assert.equal((await send('GET', '/plain/a%5Cb')).status, 400);
    assert.equal((await send('GET', '/names/a%2Fb')).body.toString(), 'a%2Fb');
    assert.equal((await send('GET', '/names/a%2fb')).body.toString(), 'a%2Fb');
    assert.equal((await send('GET', '/names/x%2F..%2Fb')).status, 400);
    assert.equal((await send('GET', '/names/a%252Fb')).status, 400);
  });
});

describe('a name that is not ASCII', () => {
  it('reaches its route by its one spelling, decoded once', async (t) => {
    const { send } = await stage(t, (app) => {
      const open = { access: all(anyone(), shared('the test has no objects')) };
      app.get<{ Params: { id: string } }>('/t/:id', open, async ({ params, dewar }) => [params.id, dewar.params['id']]);
    });
    assert.equal((await send('GET', '/t/%E2%82%AC%20a')).body.toString(), '["€ a","€ a"]');
    assert.equal((await send('GET', '/t/%e2%82%ac')).body.toString(), '["€","€"]');
    assert.equal((await send('GET', '/t/50%25')).body.toString(), '["50%","50%"]');
    for (const target of ['/t/%E2%82', '/t/%C0%AF', '/t/%zz', '/t/%', '/t/%00'])
      assert.equal((await send('GET', target)).status, 400, target);
  });
});
