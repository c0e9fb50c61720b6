/**
 * What handlers read of a request is what the protections judged: `ip`, `host`, `hostname`, `port`, `protocol`, query.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { anyone, signedIn } from '@dewar/core';
import { head } from '@dewar/testing';
import type { Field } from '@dewar/testing';
import { assertProblem, bearer, HOST, stage } from './stage.server.test.ts';

const open = { access: anyone() };
const PROXY = { trustedProxies: ['127.0.0.1/32', '10.0.0.0/8'] };
const NOBODY = { trustedProxies: [] };

const seen = ({ ip, ips, host, hostname, port, protocol, id, dewar: { facts } }: FastifyRequest): unknown => ({
  ip,
  ips: ips ?? null,
  host,
  hostname,
  port,
  protocol,
  same:
    ip === facts.client.ip &&
    host === facts.host &&
    protocol === facts.scheme &&
    id === facts.id &&
    hostname === facts.hostname,
});

describe('the request that a handler reads', () => {
  const rows: readonly (readonly [
    what: string,
    facts: { readonly trustedProxies: string[] },
    fields: readonly Field[],
    expected: object,
  ])[] = [
    [
      'is that of the connection',
      NOBODY,
      [['Host', HOST]],
      { ip: '127.0.0.1', host: HOST, protocol: 'http', port: null },
    ],
    [
      'is told by a trusted proxy',
      PROXY,
      [
        ['Host', HOST],
        ['X-Forwarded-For', '198.51.100.7'],
        ['X-Forwarded-Proto', 'https'],
      ],
      { ip: '198.51.100.7', host: HOST, protocol: 'https', port: null },
    ],
    [
      'is told by no one whom nobody trusts',
      NOBODY,
      [
        ['Host', HOST],
        ['X-Forwarded-For', '198.51.100.7'],
        ['X-Forwarded-Proto', 'https'],
        ['X-Forwarded-Host', 'evil.example'],
      ],
      { ip: '127.0.0.1', host: HOST, protocol: 'http', port: null },
    ],
    [
      'is not what a client put left of the proxy’s word',
      PROXY,
      [
        ['Host', HOST],
        ['X-Forwarded-For', '10.9.9.9, 6.6.6.6, 198.51.100.7, 10.0.0.2'],
        ['X-Forwarded-Proto', 'http'],
      ],
      { ip: '198.51.100.7', host: HOST, protocol: 'http', port: null },
    ],
    [
      'has IPv4 in one spelling',
      PROXY,
      [
        ['Host', HOST],
        ['X-Forwarded-For', '::ffff:198.51.100.7'],
      ],
      { ip: '198.51.100.7', host: HOST, protocol: 'http', port: null },
    ],
    [
      'has the port that was asked for, and lower-case letters',
      PROXY,
      [['Host', 'APP.example:8443']],
      { ip: '127.0.0.1', host: `${HOST}:8443`, protocol: 'http', port: 8443 },
    ],
    [
      'has the host a trusted proxy names',
      PROXY,
      [
        ['Host', 'inner.example'],
        ['X-Forwarded-Host', HOST],
        ['X-Forwarded-Proto', 'https'],
      ],
      { ip: '127.0.0.1', host: HOST, protocol: 'https', port: null },
    ],
  ];
  for (const [what, facts, fields, expected] of rows)
    it(`${what} [TLS-04] [CFG-13]`, async (t) => {
      const { raw } = await stage(t, (app) => void app.get('/', open, async (request) => seen(request)), {
        policy: { facts, https: { redirect: false, reason: 'the test reads both schemes' } },
      });
      const { response } = await raw(head('GET', '/', fields));
      assert.deepEqual(JSON.parse(response.body.toString()), {
        hostname: HOST,
        ips: null,
        ...expected,
        same: true,
      });
    });

  it('has the query that the protections judged, decoded once', async (t) => {
    const { send } = await stage(t, (app) => {
      app.get('/', open, async ({ query, dewar }) => ({ query, same: query === dewar.input.query }));
      app.get('/none', open, async ({ query }) => {
        (query as Record<string, unknown>)['mine'] = 1;
        return query;
      });
    });
    const { body } = await send('GET', '/?a=1&b=x+y&a=%25&constructor=1');
    assert.deepEqual(JSON.parse(body.toString()), {
      query: { a: ['1', '%'], b: 'x y', constructor: '1' },
      same: true,
    });
    for (let i = 0; i < 2; i++) assert.equal((await send('GET', '/none')).body.toString(), '{"mine":1}');
    assertProblem(await send('GET', '/?__proto__=1'), 400);
    assertProblem(await send('GET', '/?a=%zz'), 400);
  });

  it('has an id of ours, never the client’s, and the problem names it', async (t) => {
    const { send, said } = await stage(t, (app) => void app.get('/', open, async (request) => request.id));
    const claimed: readonly Field[] = [
      ['Request-Id', 'mine'],
      ['X-Request-Id', 'mine'],
      ['Traceparent', 'mine'],
    ];
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await send('GET', '/', claimed)).body.toString());
    assert.equal(new Set(ids).size, 3);
    for (const id of ids) assert.match(id, /^[\w-]{16}$/);
    assert.deepEqual(
      said('request.completed').map(({ request }) => request),
      ids,
    );
  });
});

describe('a forwarding field', () => {
  const rows: readonly (readonly [what: string, fields: readonly Field[]])[] = [
    ['that names no scheme', [['X-Forwarded-Proto', 'ftp']]],
    ['that names two schemes', [['X-Forwarded-Proto', 'https, http']]],
    [
      'that stands twice',
      [
        ['X-Forwarded-Proto', 'https'],
        ['X-Forwarded-Proto', 'http'],
      ],
    ],
    ['that names no address', [['X-Forwarded-For', 'unknown']]],
    ['that names a host that is none', [['X-Forwarded-Host', 'a b']]],
    ['that is spelt with an underscore (CVE-2025-64484 oauth2-proxy)', [['X_Forwarded_For', '10.0.0.1']]],
  ];
  for (const [what, fields] of rows)
    it(`${what} is refused, not guessed at [TLS-04]`, async (t) => {
      let ran = 0;
      const { raw } = await stage(t, (app) => void app.get('/', open, async () => ++ran));
      const { response } = await raw(head('GET', '/', [['Host', HOST], ...fields]));
      assert.equal(response.status, 400);
      assert.equal(ran, 0);
    });
});

describe('the redirect to https', () => {
  const rows: readonly (readonly [
    what: string,
    fields: readonly Field[],
    target: string,
    status: number,
    location?: string,
  ])[] = [
    ['goes to our host', [['Host', HOST]], '/a?b=c', 308, `https://${HOST}/a?b=c`],
    ['leaves the port of clear text behind', [['Host', `${HOST}:8080`]], '/a', 308, `https://${HOST}/a`],
    ['is not steered by Host', [['Host', 'evil.example']], '/a', 421],
    [
      'is not steered by a proxy’s host',
      [
        ['Host', HOST],
        ['X-Forwarded-Host', 'evil.example'],
      ],
      '/a',
      421,
    ],
    ['is not steered by an absolute target', [['Host', HOST]], 'http://evil.example/a', 400],
    ['is not steered by userinfo', [['Host', `${HOST}@evil.example`]], '/a', 400],
    ['is not steered by two slashes', [['Host', HOST]], '//evil.example/a', 308, `https://${HOST}//evil.example/a`],
  ];
  for (const [what, fields, target, status, location] of rows)
    it(`${what} [TLS-05] [TLS-01] [TLS-02] [CFG-13]`, async (t) => {
      const { raw } = await stage(t, (app) => void app.get('/a', open, async () => 'x'));
      const { response } = await raw(head('GET', target, fields));
      assert.equal(response.status, status);
      assert.equal(response.header('location'), location);
    });

  it('is not skipped by a client who says that it came over https [TLS-04]', async (t) => {
    const { raw } = await stage(t, (app) => void app.get('/', open, async () => 'x'), { policy: { facts: NOBODY } });
    for (const claim of [
      ['X-Forwarded-Proto', 'https'],
      ['Forwarded', 'proto=https'],
      ['X-Forwarded-Ssl', 'on'],
      ['Front-End-Https', 'on'],
      ['X-Url-Scheme', 'https'],
    ] as const) {
      const { response } = await raw(head('GET', '/', [['Host', HOST], claim]));
      assert.equal(response.status, 308, claim[0]);
      assert.equal(response.header('strict-transport-security'), undefined);
    }
  });
});

describe('two credentials on one request', () => {
  const key = { ...bearer, kind: 'key', present: bearerless };
  const SIGNED: Field = ['Authorization', 'Bearer ann'];
  const KEY: Field = ['X-Api-Key', '1'];
  const OTHER: Field = ['X-Other', '1'];

  function bearerless(facts: { header(name: string): string | undefined }): boolean {
    return facts.header('x-api-key') !== undefined;
  }

  const rows: readonly (readonly [
    what: string,
    preferred: string | undefined,
    fields: readonly Field[],
    status: number,
  ])[] = [
    ['are refused', undefined, [SIGNED, KEY], 400],
    ['are decided by the route that prefers one', 'bearer', [SIGNED, KEY], 200],
    ['are refused where the preferred one is absent', 'bearer', [KEY, OTHER], 400],
    ['are none where there is one', undefined, [SIGNED], 200],
    ['are none where there is one, and another is preferred', 'key', [SIGNED], 200],
    ['are none where there is none', 'bearer', [], 401],
  ];
  for (const [what, credential, fields, status] of rows)
    it(what, async (t) => {
      const known = { kind: 'account', id: 'ann', roles: [], sessionId: '', authenticatedAt: 0, methods: [] } as const;
      const { send } = await stage(
        t,
        (app) => {
          const policy = credential === undefined ? {} : { credential };
          app.get('/', { access: signedIn(), policy }, async () => 'x');
        },
        {
          policy: {
            identity: [
              bearer,
              { ...key, resolve: () => known },
              {
                ...key,
                kind: 'other',
                present: (facts) => facts.header('x-other') !== undefined,
                resolve: () => known,
              },
            ],
          },
        },
      );
      assert.equal((await send('GET', '/', fields)).status, status);
    });

  it('of which one fails is told, and no part of it is in the event', async (t) => {
    const { send, said, events } = await stage(t, (app) => void app.get('/', { access: signedIn() }, async () => 'x'), {
      policy: { identity: [{ ...bearer, resolve: () => null }] },
    });
    assertProblem(await send('GET', '/', [['Authorization', 'Bearer s3cr3t-4711']]), 401);
    const [failed] = said('identity.failed');
    assert.equal(failed?.kind, 'bearer');
    assert.equal(failed?.reason, 'unknown or expired');
    assert.doesNotMatch(JSON.stringify(events), /s3cr3t/);
  });
});
