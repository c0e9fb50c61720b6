/**
 * `only()` in applications that know nothing of it, over real sockets.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ConfigError, detect, off } from '@dewar/core';
import type { Configured, IdentityResolver, SecurityEvent } from '@dewar/core';
import { csrf, csrfField } from '@dewar/core/csrf';
import { headers } from '@dewar/core/headers';
import { safeMethods } from '@dewar/core/safe-methods';
import { memoryStores } from '@dewar/core/store';
import { head, rawRequest, TEST_SECRET } from '@dewar/testing';
import type { Field, RawResponse } from '@dewar/testing';
import { createDewar } from './dewar.ts';
import { only } from './only.ts';
import type { OnlyOptions } from './only.ts';

const HOST = 'shop.example';
const FORM = 'application/x-www-form-urlencoded';
const EVIL: readonly Field[] = [
  ['Origin', 'https://evil.example'],
  ['Sec-Fetch-Site', 'cross-site'],
];
const OURS: readonly Field[] = [
  ['Origin', `http://${HOST}`],
  ['Sec-Fetch-Site', 'same-origin'],
];
const ANN: Field = ['Cookie', 'shopsession=ann-1'];

/** Sessions of the application's own. */
const SESSIONS: ReadonlyMap<string, string> = new Map([['ann-1', 'ann']]);
const sessionOf = (cookie: string | undefined): string | undefined => /shopsession=([\w-]+)/.exec(cookie ?? '')?.[1];

/** What the owner writes so that the protections know who asks. */
const own: IdentityResolver = {
  kind: 'session',
  ambient: true,
  present: (facts) => facts.cookies['shopsession'] !== undefined,
  async resolve({ facts }) {
    const id = SESSIONS.get(facts.cookies['shopsession'] ?? '');
    if (id === undefined) return null;
    const sessionId = facts.cookies['shopsession']!;
    return { kind: 'account', id, roles: [], sessionId, authenticatedAt: 0, methods: ['password'] };
  },
};

interface Shop {
  readonly app: FastifyInstance;
  /** Who bought what. */
  readonly bought: string[];
  readonly events: SecurityEvent[];
  send(method: string, target: string, fields?: readonly Field[], body?: string): Promise<RawResponse>;
}

type Step = (app: FastifyInstance, register: (more?: OnlyOptions) => Promise<void>) => unknown;

/** A shop as people write them, with protections added to it or not. */
async function shop(
  t: TestContext,
  protections: Configured | readonly Configured[] | null,
  arrange?: Step,
): Promise<Shop> {
  const events: SecurityEvent[] = [];
  const bought: string[] = [];
  const app = Fastify();
  t.after(() => app.close());
  const register = async (more: OnlyOptions = {}): Promise<void> => {
    if (protections === null) return;
    const sink = (event: SecurityEvent): void => void events.push(event);
    await app.register(only(protections, { secret: TEST_SECRET, identity: [own], events: [sink], ...more }));
  };
  const buy = (request: FastifyRequest): string => {
    const who = SESSIONS.get(sessionOf(request.headers.cookie) ?? '') ?? 'a guest';
    bought.push(`${request.method} ${who}`);
    return 'thank you';
  };
  app.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, text, done) => {
    done(null, Object.fromEntries(new URLSearchParams(text as string)));
  });
  app.get('/', () => 'welcome');
  app.post('/early', buy);
  await (arrange ?? ((_app, plugin) => plugin()))(app, register);
  app.route({ method: ['POST', 'PUT', 'DELETE'], url: '/buy', handler: buy });
  app.post('/validated', {
    schema: { body: { type: 'object', properties: { what: { type: 'string' } }, additionalProperties: false } },
    handler: buy,
  });
  app.get('/form', async (request, reply) => {
    void reply.type('text/html').header('cache-control', 'public, max-age=60').header('link', ['<a>', '<b>']);
    return `<form method="post" action="/buy">${await csrfField(request.dewar)}</form>`;
  });
  app.post('/hook', { policy: { csrf: off('webhook signed by HMAC') } }, buy);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    app,
    bought,
    events,
    async send(method, target, fields = [], body = '') {
      const length: readonly Field[] = body === '' ? [] : [['Content-Length', String(body.length)]];
      const { response } = await rawRequest(url, head(method, target, [['Host', HOST], ...length, ...fields], body));
      return response;
    },
  };
}

const form = (...fields: readonly Field[]): readonly Field[] => [['Content-Type', FORM], ...fields];

/** The page's token and the cookies a browser then has. */
async function visit(
  { send }: Shop,
  ...fields: readonly Field[]
): Promise<{ token: string; cookie: Field; page: RawResponse }> {
  const page = await send('GET', '/form', fields);
  const token = /name="_csrf" value="([\w-]{65})"/.exec(page.body.toString())?.[1] ?? '';
  const set = page.headers('set-cookie').map((line) => line.split(';')[0]!);
  const had = fields.filter(([name]) => name === 'Cookie').map(([, value]) => value);
  return { token, cookie: ['Cookie', [...had, ...set].join('; ')], page };
}

/** A day that a detect mode may end on. */
const inThirtyDays = (): string => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

describe('only(csrf())', () => {
  it('stops the forged form that an application without it takes [CSRF-11] [S-31]', async (t) => {
    const open = await shop(t, null);
    assert.equal((await open.send('POST', '/buy', form(ANN, ...EVIL), 'what=all')).status, 200);
    assert.deepEqual(open.bought, ['POST ann']);

    const guarded = await shop(t, csrf());
    for (const target of ['/buy', '/early', '/validated']) {
      const refused = await guarded.send('POST', target, form(ANN, ...EVIL), 'what=all');
      assert.equal(refused.status, 403);
      assert.equal(refused.header('content-type'), 'application/problem+json');
      assert.equal(refused.header('cache-control'), 'no-store');
      assert.doesNotMatch(refused.body.toString(), /csrf/);
    }
    assert.equal((await guarded.send('DELETE', '/buy', [ANN, ...EVIL])).status, 403);
    assert.equal((await guarded.send('POST', '/nowhere', form(ANN, ...EVIL), 'a=b')).status, 403);
    assert.deepEqual(guarded.bought, []);
    const [first] = guarded.events.filter(({ name }) => name === 'request.refused');
    assert.equal((first!.fields as { code?: string }).code, 'csrf/cross-site');
  });

  it("lets the application's own form pass, signed in or not, on routes of before and after it [CSRF-07]", async (t) => {
    const guarded = await shop(t, csrf());
    for (const visitor of [[ANN], []]) {
      const { token, cookie } = await visit(guarded, ...visitor);
      for (const target of ['/buy', '/early', '/validated']) {
        const sent = await guarded.send('POST', target, form(cookie, ...OURS), `what=it&_csrf=${token}`);
        assert.equal(sent.status, 200, target);
        const without = await guarded.send('POST', target, form(cookie, ...OURS), 'what=it');
        assert.equal(without.status, 403, target);
      }
      const old = await guarded.send('POST', '/buy', form(cookie), `_csrf=${token}`);
      assert.equal(old.status, 200);
    }
    assert.equal(guarded.bought.length, 8);
  });

  it("takes no token of a guest for a session's", async (t) => {
    const guarded = await shop(t, csrf());
    const guest = await visit(guarded);
    const both: Field = ['Cookie', `${ANN[1]}; ${guest.cookie[1]}`];
    assert.equal((await guarded.send('POST', '/buy', form(both, ...OURS), `_csrf=${guest.token}`)).status, 403);
    assert.deepEqual(guarded.bought, []);
  });

  it('lets JSON of its own scripts, and what changes nothing, pass without a token', async (t) => {
    const guarded = await shop(t, csrf());
    const json: Field = ['Content-Type', 'application/json'];
    assert.equal((await guarded.send('PUT', '/buy', [json, ANN, ...OURS], '{}')).status, 200);
    assert.equal((await guarded.send('GET', '/', [ANN, ...EVIL])).status, 200);
    assert.equal((await guarded.send('HEAD', '/', [ANN, ...EVIL])).status, 200);
    assert.equal((await guarded.send('GET', '/nowhere', EVIL)).status, 404);
    assert.equal((await guarded.send('PUT', '/buy', [json, ANN], '{}')).status, 403);
  });

  it('keeps pages with a token out of caches, and sets the cookie beside the fields of the application', async (t) => {
    const guarded = await shop(t, csrf());
    const { page } = await visit(guarded);
    assert.equal(page.header('cache-control'), 'no-store');
    assert.equal(page.header('content-type'), 'text/html');
    assert.deepEqual(page.headers('link'), ['<a>', '<b>']);
    assert.equal(page.headers('set-cookie').length, 1);
    const plain = await guarded.send('GET', '/');
    assert.deepEqual([plain.headers('set-cookie'), plain.headers('cache-control')], [[], []]);
  });

  it('exempts one route by its own policy, and one of before it by name [CSRF-15]', async (t) => {
    const guarded = await shop(t, csrf(), (_app, plugin) =>
      plugin({ routes: { 'POST /early': { csrf: off('webhook signed by HMAC') } } }),
    );
    assert.equal((await guarded.send('POST', '/early', form(...EVIL), 'a=b')).status, 200);
    assert.equal((await guarded.send('POST', '/hook', form(...EVIL), 'a=b')).status, 200);
    assert.equal((await guarded.send('POST', '/buy', form(...EVIL), 'a=b')).status, 403);
  });

  it('only reports in detect mode', async (t) => {
    const guarded = await shop(t, csrf({ mode: detect('roll-out in the shop', { until: inThirtyDays() }) }));
    assert.equal((await guarded.send('POST', '/buy', form(ANN, ...EVIL), 'a=b')).status, 200);
    assert.ok(guarded.events.some(({ name }) => name === 'request.would_refuse'));
  });

  it('refuses what its facts refuse, and when a resolver fails', async (t) => {
    const broken: IdentityResolver = { ...own, resolve: () => Promise.reject(new Error('the session store is down')) };
    const guarded = await shop(t, csrf(), (_app, plugin) => plugin({ identity: [broken] }));
    assert.equal((await guarded.send('GET', '/%2e%2e/', [ANN])).status, 400);
    const failed = await guarded.send('POST', '/buy', form(ANN, ...OURS), `_csrf=${'x'.repeat(65)}`);
    assert.equal(failed.status, 500);
    assert.doesNotMatch(failed.body.toString(), /store/);
    assert.deepEqual(guarded.bought, []);
  });

  it('reports each request once, an injected one too', async (t) => {
    const guarded = await shop(t, csrf());
    const refused = await guarded.app.inject({
      method: 'POST',
      url: '/buy',
      headers: { origin: 'https://evil.example' },
    });
    assert.equal(refused.statusCode, 403);
    const passed = await guarded.app.inject({ method: 'GET', url: '/form' });
    assert.match(String(passed.headers['set-cookie']), /^__Host-csrf=/);
    const ended = guarded.events.filter(({ name }) => name === 'request.refused' || name === 'request.completed');
    assert.deepEqual(
      ended.map(({ name }) => name),
      ['request.refused', 'request.completed'],
    );
  });
});

describe('only() with several protections', () => {
  it('adds their fields to every answer, errors and refusals included, without a copy of those there are', async (t) => {
    const guarded = await shop(t, [csrf(), headers()], async (app, plugin) => {
      app.addHook('onRequest', async (_request, reply) => {
        void reply.header('X-Frame-Options', 'ALLOWALL');
        reply.raw.setHeader('referrer-policy', 'unsafe-url');
      });
      await plugin();
      app.get('/broken', () => {
        throw new Error('broken');
      });
    });
    for (const [target, status] of [
      ['/', 200],
      ['/broken', 500],
      ['/nowhere', 404],
    ] as const) {
      const response = await guarded.send('GET', target);
      assert.equal(response.status, status);
      assert.deepEqual(response.headers('x-frame-options'), ['DENY'], target);
      assert.deepEqual(response.headers('referrer-policy').length, 1, target);
      assert.notEqual(response.header('referrer-policy'), 'unsafe-url');
      assert.deepEqual(response.headers('x-content-type-options'), ['nosniff'], target);
    }
    const refused = await guarded.send('POST', '/buy', EVIL);
    assert.equal(refused.status, 403);
    assert.deepEqual(refused.headers('x-frame-options'), ['DENY']);
    assert.deepEqual(refused.headers('x-content-type-options'), ['nosniff']);
  });
});

describe('only() refuses to start', () => {
  const faultOf = async (starting: PromiseLike<unknown>): Promise<string> => {
    try {
      await starting;
    } catch (error) {
      assert.ok(error instanceof ConfigError, String(error));
      return error.faults.map(({ option, write }) => `${option}: ${write}`).join('\n');
    }
    return '';
  };
  const options = { secret: TEST_SECRET, events: [] };

  it('when it is registered twice, in whatever scope', async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    await app.register(only(csrf(), options));
    const scoped = app.register(async (child) => child.register(only(headers(), options)));
    assert.match(await faultOf(scoped), /only\(\): register it once, with a list/);
  });

  it('in an application that is guarded already', async (t) => {
    const dewar = createDewar({ profile: 'test', hosts: { allowed: [HOST] }, ...options });
    const app = Fastify(dewar.options);
    t.after(() => app.close());
    await app.register(dewar);
    assert.match(await faultOf(app.register(only(csrf(), options))), /only\(\): set the protection in the policy/);
  });

  it('with options that are no good, and with exemptions of routes that are not there', async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    const wrong = csrf({ trustedOrigins: ['https://a.example/'] });
    await app.register(only(wrong, { ...options, routes: { 'POST /typo': { csrf: off('webhook signed by HMAC') } } }));
    const faults = await faultOf(app.ready());
    assert.match(faults, /csrf\.trustedOrigins\[0\]: write "https:\/\/a\.example"/);
    assert.match(faults, /routes\["POST \/typo"\]/);
  });

  it('without a secret', async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    await app.register(only(csrf(), { events: [] }));
    assert.match(await faultOf(app.ready()), /^secret: /);
  });
});

describe('what a protection refuses inside a handler', () => {
  it('is answered by the application’s own error handling with the status of the refusal, and changes nothing', async (t) => {
    const stores = memoryStores();
    const { send } = await shop(t, [csrf({}), safeMethods({})], async (app, register) => {
      await register({ stores });
      app.get('/leave', async () => stores.sessions.removeAll('ann'));
    });
    assert.equal((await send('GET', '/leave')).status, 403);
  });
});
