/**
 * The same rules and requests for Flask-CORS, run as it is, and for ours: who may read, who may send, what caches are
 * told. Where the two differ the row says why; everything else must be the same.
 * @module
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { anyone } from '@dewar/core';
import type { CorsRule } from '@dewar/core/cors';
import { createDewar } from '@dewar/fastify';
import { TEST_SECRET } from '@dewar/testing';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { python } from './python.fixture.ts';

const SHOP = 'https://shop.example';
const OTHER = 'https://other.example';
const EVIL = 'https://evil.example';

/** One application, said in both languages. */
interface Setup {
  readonly flask: Readonly<Record<string, object>>;
  readonly ours: readonly CorsRule[];
}

const EXACT: Setup = {
  flask: {
    '/api/.*': {
      origins: [SHOP, OTHER],
      methods: ['GET', 'HEAD', 'PUT'],
      allow_headers: ['content-type'],
      expose_headers: ['x-total-count'],
      supports_credentials: true,
      max_age: 60,
      allow_private_network: false,
    },
  },
  ours: [
    {
      path: '/api/*',
      origins: [SHOP, OTHER],
      methods: ['GET', 'PUT'],
      headers: ['content-type'],
      expose: ['x-total-count'],
      credentials: true,
      maxAge: 60,
    },
  ],
};
const ONE: Setup = {
  flask: { '/api/.*': { origins: [SHOP], methods: ['GET', 'HEAD'] } },
  ours: [{ path: '/api/*', origins: [SHOP] }],
};
const EVERYBODY: Setup = {
  flask: { '/api/.*': { origins: '*', send_wildcard: true, methods: ['GET', 'HEAD'] } },
  ours: [{ path: '/api/*', origins: ['*'] }],
};
const REFLECTING: Setup = {
  flask: { '/api/.*': { origins: '*', methods: ['GET', 'HEAD'] } },
  ours: [{ path: '/api/*', origins: ['*'] }],
};
const PATTERN: Setup = {
  flask: { '/api/.*': { origins: [String.raw`^https://[a-z]+\.shop\.example$`], methods: ['GET', 'HEAD'] } },
  ours: [{ path: '/api/*', origins: [/^https:\/\/[a-z]+\.shop\.example$/] }],
};
/** Two rules for one path. Flask-CORS takes the longest pattern. */
const NESTED: Setup = {
  flask: {
    '/api/.*': { origins: [OTHER], methods: ['GET', 'HEAD'] },
    '/api/orders': { origins: [SHOP], methods: ['GET', 'HEAD'] },
  },
  ours: [
    { path: '/api/*', origins: [OTHER] },
    { path: '/api/orders', origins: [SHOP] },
  ],
};

/** What a browser, and a cache, makes of an answer. */
interface Verdict {
  readonly reads: boolean;
  readonly readsWithCookies: boolean;
  /** Of a preflight: the method and all fields asked for are allowed. */
  readonly sends?: boolean;
  readonly varies: boolean;
}

interface Row {
  readonly name: string;
  readonly setup: Setup;
  readonly path?: string;
  readonly origin?: string;
  readonly method?: string;
  /** A preflight for this method, with these fields. */
  readonly asks?: readonly [method: string, fields?: string];
  /** What ours says otherwise, and why. */
  readonly differs?: readonly [ours: Partial<Verdict>, why: string];
}

/** Flask-CORS says Vary only where it says yes: a cache then hands the answer to a stranger on to who may read. */
const ALWAYS_VARIES: Row['differs'] = [{ varies: true }, 'bettered: Vary stands on refusals too'];
const SILENT: Row['differs'] = [
  { reads: false, readsWithCookies: false },
  'stricter: a refused preflight says nothing at all',
];

const ROWS: readonly Row[] = [
  { name: 'an origin of the list', setup: EXACT, origin: SHOP },
  { name: 'the other origin of the list', setup: EXACT, origin: OTHER },
  { name: 'a stranger', setup: EXACT, origin: EVIL, differs: ALWAYS_VARIES },
  { name: 'null', setup: EXACT, origin: 'null', differs: ALWAYS_VARIES },
  { name: 'the same name in clear text', setup: EXACT, origin: 'http://shop.example', differs: ALWAYS_VARIES },
  { name: 'a name that ends alike', setup: EXACT, origin: 'https://notshop.example', differs: ALWAYS_VARIES },
  { name: 'a sibling', setup: EXACT, origin: 'https://www.shop.example', differs: ALWAYS_VARIES },
  { name: 'another path', setup: EXACT, path: '/other', origin: SHOP },
  { name: 'no origin', setup: EXACT },
  {
    name: 'a name that begins alike',
    setup: EXACT,
    origin: 'https://shop.example.evil.example',
    differs: ALWAYS_VARIES,
  },
  {
    name: 'an origin in capital letters',
    setup: EXACT,
    origin: 'https://SHOP.example',
    differs: [
      { reads: false, readsWithCookies: false },
      'stricter: no browser writes it so; origins are compared as browsers do, letter by letter',
    ],
  },
  {
    name: 'a method that no rule names',
    setup: EXACT,
    origin: SHOP,
    method: 'POST',
    differs: [
      { reads: false, readsWithCookies: false },
      'stricter: methods are asked for by requests too, not by preflights only',
    ],
  },
  { name: 'a preflight for a method of the rule', setup: EXACT, origin: SHOP, asks: ['PUT'] },
  { name: 'a preflight with a field of the rule', setup: EXACT, origin: SHOP, asks: ['PUT', 'content-type'] },
  {
    name: 'a preflight for a method that no rule names',
    setup: EXACT,
    origin: SHOP,
    asks: ['DELETE'],
    differs: SILENT,
  },
  {
    name: 'a preflight with a field that no rule names',
    setup: EXACT,
    origin: SHOP,
    asks: ['PUT', 'content-type,authorization'],
    differs: SILENT,
  },
  { name: 'a preflight of a stranger', setup: EXACT, origin: EVIL, asks: ['PUT'], differs: ALWAYS_VARIES },
  {
    name: 'a method in small letters',
    setup: EXACT,
    origin: SHOP,
    asks: ['put'],
    differs: [
      { reads: false, readsWithCookies: false },
      'stricter: methods have letter case, and a refused preflight says nothing',
    ],
  },
  {
    name: 'one origin alone',
    setup: ONE,
    origin: SHOP,
    differs: [
      { varies: true },
      'bettered: without Vary a cache hands the answer without Origin to the page that needs the field',
    ],
  },
  {
    name: 'a stranger where one origin is let in',
    setup: ONE,
    origin: EVIL,
    differs: [{ varies: true }, 'bettered: the same'],
  },
  { name: 'everybody, as *', setup: EVERYBODY, origin: EVIL },
  { name: 'everybody, nobody asked', setup: EVERYBODY },
  {
    name: 'everybody, reflected',
    setup: REFLECTING,
    origin: EVIL,
    differs: [{ varies: false }, 'bettered: * is said as *, so caches keep one copy'],
  },
  { name: 'a name that fits the pattern', setup: PATTERN, origin: 'https://www.shop.example' },
  {
    name: 'a name with another letter for a dot',
    setup: PATTERN,
    origin: 'https://wwwXshop.example',
    differs: ALWAYS_VARIES,
  },
  {
    name: 'a name that goes on',
    setup: PATTERN,
    origin: 'https://www.shop.example.evil.example',
    differs: ALWAYS_VARIES,
  },
  {
    name: 'a name that fits in capital letters',
    setup: PATTERN,
    origin: 'https://WWW.shop.example',
    differs: [{ reads: false }, 'stricter: letter case, as above'],
  },
  {
    name: 'the narrower rule',
    setup: NESTED,
    path: '/api/orders',
    origin: SHOP,
    differs: ALWAYS_VARIES,
  },
  {
    name: 'the wider rule where the narrower decides',
    setup: NESTED,
    path: '/api/orders',
    origin: OTHER,
    differs: ALWAYS_VARIES,
  },
  { name: 'the wider rule elsewhere', setup: NESTED, path: '/api/orders/7', origin: OTHER, differs: ALWAYS_VARIES },
  { name: 'a path in capital letters', setup: ONE, path: '/API/orders', origin: SHOP },
];

const SERVE = `
import json
from flask import Flask
from flask_cors import CORS

def ask(case):
    app = Flask('compared')
    CORS(app, resources=case['resources'])
    @app.route('/', defaults={'path': ''}, methods=['GET', 'POST', 'PUT', 'DELETE'])
    @app.route('/<path:path>', methods=['GET', 'POST', 'PUT', 'DELETE'])
    def answer(path):
        return 'an answer'
    response = app.test_client().open(case['path'], method=case['method'], headers=case['headers'])
    return [[name.lower(), value] for name, value in response.headers.items()]

result = [ask(case) for case in given]
`;

type Fields = readonly (readonly [string, string])[];

function judged(row: Row, fields: Fields): Verdict {
  const values = (name: string): string[] => fields.filter(([one]) => one === name).map(([, value]) => value);
  const list = (name: string): string[] => values(name).flatMap((line) => line.split(',').map((one) => one.trim()));
  const [origin, ...more] = values('access-control-allow-origin');
  const named = more.length === 0 && origin !== undefined && origin === row.origin;
  const credentials = values('access-control-allow-credentials')[0] === 'true';
  const reads = named || (more.length === 0 && origin === '*');
  const verdict = {
    reads,
    readsWithCookies: named && credentials,
    varies: list('vary').some((one) => one.toLowerCase() === 'origin'),
  };
  if (row.asks === undefined) return verdict;
  const [method, names = ''] = row.asks;
  const allowed = list('access-control-allow-headers').map((one) => one.toLowerCase());
  const wanted = names.split(',').filter((one) => one !== '');
  const sends =
    reads && list('access-control-allow-methods').includes(method) && wanted.every((one) => allowed.includes(one));
  return { ...verdict, sends };
}

function headersOf({ origin, asks }: Row): Record<string, string> {
  const [method, fields] = asks ?? [];
  return {
    ...(origin === undefined ? undefined : { origin, 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site' }),
    ...(method === undefined ? undefined : { 'access-control-request-method': method }),
    ...(fields === undefined ? undefined : { 'access-control-request-headers': fields }),
  };
}

const methodOf = ({ asks, method = 'GET' }: Row): string => (asks === undefined ? method : 'OPTIONS');

async function serve({ ours }: Setup): Promise<FastifyInstance> {
  const dewar = createDewar({
    profile: 'test',
    secret: TEST_SECRET,
    events: [],
    hosts: { allowed: ['app.example'] },
    // The handlers change nothing, and what may be sent is no question here.
    csrf: { trustedOrigins: [SHOP, OTHER] },
    facts: { trustedProxies: ['127.0.0.1/32'] },
    cors: { rules: ours, reason: 'compared with another library' },
  });
  const app = Fastify(dewar.options);
  await app.register(dewar);
  for (const url of ['/api/orders', '/api/orders/7', '/other', '/API/orders']) {
    app.route({ method: ['GET', 'POST', 'PUT', 'DELETE'], url, access: anyone(), handler: () => 'an answer' });
  }
  return app;
}

async function askOurs(row: Row): Promise<Fields> {
  const app = await serve(row.setup);
  try {
    const response = await app.inject({
      method: methodOf(row) as 'GET',
      url: row.path ?? '/api/orders',
      headers: { host: 'app.example', 'x-forwarded-proto': 'https', ...headersOf(row) },
      remoteAddress: '127.0.0.1',
    });
    return Object.entries(response.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => [name, String(one)] as const),
    );
  } finally {
    await app.close();
  }
}

describe('cors beside Flask-CORS', () => {
  let theirs: readonly Fields[] = [];
  before(() => {
    const cases = ROWS.map((row) => ({
      resources: row.setup.flask,
      path: row.path ?? '/api/orders',
      method: methodOf(row),
      headers: headersOf(row),
    }));
    theirs = python(SERVE, cases) as readonly Fields[];
  });

  ROWS.forEach((row, index) => {
    const [difference, why] = row.differs ?? [];
    it(`${row.name}: ${why ?? 'the same'} [CORS-01] [CORS-06] [CORS-08]`, async () => {
      const flask = judged(row, theirs[index]!);
      const ours = judged(row, await askOurs(row));
      assert.deepEqual(ours, { ...flask, ...difference });
      // A row that explains no difference would hide one.
      if (difference !== undefined) assert.notDeepEqual(ours, flask, 'there is no difference to explain');
    });
  });
});
