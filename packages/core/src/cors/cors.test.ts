/**
 * What cors decides and says: which pages elsewhere read what, and what caches are told.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detect, off } from '../kernel/index.ts';
import type { RouteInfo, Setting } from '../kernel/index.ts';
import { NOON, set, stage } from '../kernel/kernel.fixture.ts';
import type { Outcome, Stage } from '../kernel/kernel.fixture.ts';
import { cors } from './cors.ts';
import type { CorsOptions, CorsRule } from './policy.ts';

const SHOP = 'https://shop.example';
const OTHER = 'https://other.example';
const EVIL = 'https://evil.example';
const CROSS = { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site' };
/** What a careless handler, or a plugin, says by itself. */
const REFLECTED = ['access-control-allow-origin', EVIL, 'access-control-allow-credentials', 'true'];

const ROUTES: readonly Partial<RouteInfo>[] = [
  ...['GET', 'POST', 'PUT', 'OPTIONS'].map((method) => ({ method, path: '/api/orders' })),
  { path: '/api/public' },
  { path: '/private' },
];

function corsStage(setting: Setting<CorsOptions> | undefined): Stage {
  return stage({ protections: [set(cors, setting)], routes: ROUTES });
}

const withRules = (...rules: CorsRule[]): Stage => corsStage({ rules, reason: 'shown by a test of the rules' });

interface Asked {
  readonly method?: string;
  readonly origin?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly own?: readonly string[];
}

function ask(on: Stage, target: string, { method = 'GET', origin, fields = CROSS, own }: Asked = {}): Promise<Outcome> {
  const headers = ['Host', 'app.example', ...(origin === undefined ? [] : ['Origin', origin])];
  return on.send({ method, target, headers: [...headers, ...Object.entries(fields).flat()] }, own);
}

function preflight(on: Stage, target: string, origin: string, method: string, names?: string): Promise<Outcome> {
  const fields = {
    ...CROSS,
    'Access-Control-Request-Method': method,
    ...(names === undefined ? undefined : { 'Access-Control-Request-Headers': names }),
  };
  return ask(on, target, { method: 'OPTIONS', origin, fields });
}

/** Every field that says who may read. */
const said = ({ answer }: Outcome): string[] =>
  answer.fields.flatMap((name, index) =>
    index % 2 === 0 && name.startsWith('access-control-') ? [`${name}: ${answer.fields[index + 1]}`] : [],
  );

describe('cors without a rule', () => {
  const on = corsStage(undefined);

  it('answers nobody elsewhere, and says nothing [CORS-04] [S-45]', async () => {
    const outcome = await ask(on, '/private', { origin: EVIL });
    assert.equal(outcome.denial?.code, 'cors/origin');
    assert.deepEqual(said(outcome), []);
  });

  it('takes away what a handler said of it, and tells', async () => {
    const outcome = await ask(on, '/private', { own: REFLECTED });
    assert.equal(outcome.denial, null);
    assert.deepEqual(said(outcome), []);
    assert.deepEqual(
      on.said('response.conflict').map(({ field }) => field),
      ['access-control-allow-origin', 'access-control-allow-credentials'],
    );
  });

  it('ends a preflight before any route, on paths with and without one', async () => {
    for (const path of ['/api/orders', '/private', '/nowhere']) {
      const outcome = await preflight(on, path, EVIL, 'PUT');
      assert.equal(outcome.answer.status, 403, path);
      assert.equal(outcome.denial?.code, 'cors/origin', path);
      assert.deepEqual(said(outcome), [], path);
    }
  });

  it('leaves alone what is no question of reading', async () => {
    const passes: readonly Asked[] = [
      {},
      { origin: 'https://app.example', fields: {} },
      { origin: 'https://app.example', fields: { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' } },
      // Behind a proxy that hides the scheme the browser still knows.
      { origin: 'http://app.example', fields: { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' } },
      { origin: 'chrome-extension://abc', fields: { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'cors' } },
      { method: 'POST', origin: EVIL, fields: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } },
      { method: 'POST', origin: EVIL, fields: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } },
      { method: 'POST', origin: EVIL, fields: {} },
      { method: 'OPTIONS', fields: {} },
    ];
    for (const asked of passes) assert.equal((await ask(on, '/api/orders', asked)).denial, null, JSON.stringify(asked));
  });

  it('refuses a script of an old browser, which sends Origin and no more [CORS-10]', async () => {
    assert.equal((await ask(on, '/private', { origin: EVIL, fields: {} })).denial?.code, 'cors/origin');
    assert.equal((await ask(on, '/private', { origin: 'null', fields: {} })).denial?.code, 'cors/origin');
  });

  it('says nothing of Vary, since nothing varies', async () => {
    assert.equal((await ask(on, '/private')).field('vary'), undefined);
  });

  it('never repeats what the client sent, in the answer or in an event [INJ-10] [c2-cors]', async () => {
    const origin = 'https://evil.example%0d%0aforged: line';
    const outcome = await ask(on, '/private', { origin });
    assert.ok(!JSON.stringify([outcome.answer, on.events]).includes('forged'));
  });
});

describe('cors with exact origins', () => {
  const on = withRules(
    {
      path: '/api/orders',
      origins: [SHOP, OTHER],
      methods: ['GET', 'PUT'],
      headers: ['Content-Type', 'x-trace'],
      expose: ['x-total-count'],
      credentials: true,
      maxAge: 60,
    },
    { path: '/api/orders', origins: [OTHER], methods: ['POST'] },
  );

  it('lets an origin of the list read, with its cookies [CORS-01] [S-45]', async () => {
    for (const origin of [SHOP, OTHER]) {
      const outcome = await ask(on, '/api/orders', { origin, own: REFLECTED });
      assert.deepEqual(said(outcome), [
        `access-control-allow-origin: ${origin}`,
        'access-control-allow-credentials: true',
        'access-control-expose-headers: x-total-count',
      ]);
      assert.equal(outcome.field('vary'), 'Origin');
    }
  });

  it('tells caches on every answer that it varies, also where nobody asked from elsewhere [CORS-06]', async () => {
    for (const asked of [{}, { origin: SHOP }, { origin: EVIL }, { method: 'POST' }] as const) {
      assert.equal((await ask(on, '/api/orders', asked)).field('vary'), 'Origin', JSON.stringify(asked));
    }
  });

  it('adds Origin to the Vary that is there', async () => {
    const outcome = await ask(on, '/api/orders', { origin: SHOP, own: ['vary', 'Accept, origin'] });
    assert.equal(outcome.field('vary'), 'Accept, origin');
  });

  it('lets errors be read as answers are', async () => {
    const outcome = await ask(on, '/api/orders', { origin: SHOP });
    const failed = on.kernel.fail(on.context({ target: '/api/orders' }), new Error('broken'));
    assert.ok(failed.status === 500 && said(outcome).length > 0);
    const { c } = outcome;
    const answer = on.kernel.answer(c, { code: 'guard/no', status: 404, by: 'guard', option: 'guard' });
    assert.ok(answer.fields.includes(SHOP));
  });

  for (const [name, origin] of [
    ['a stranger', EVIL],
    ['null', 'null'],
    ['a name that begins alike', 'https://shop.example.evil.example'],
    ['a name that ends alike', 'https://notshop.example'],
    ['a sibling', 'https://www.shop.example'],
    ['the same in clear text', 'http://shop.example'],
    ['another port', 'https://shop.example:8443'],
    ['capital letters', 'https://SHOP.example'],
    ['a slash at its end', 'https://shop.example/'],
    ['two at once', `${SHOP} ${OTHER}`],
    ['a list', `${SHOP}, ${OTHER}`],
  ] as const) {
    it(`refuses ${name} [CORS-10] [c2-cors]`, async () => {
      const outcome = await ask(on, '/api/orders', { origin });
      assert.deepEqual([outcome.denial?.code, outcome.denial?.rule], ['cors/origin', '/api/orders']);
      assert.deepEqual(said(outcome), []);
    });
  }

  it('answers a preflight with what the rule says, and not with what was asked for [CORS-08]', async () => {
    const outcome = await preflight(on, '/api/orders', SHOP, 'PUT', 'x-trace');
    assert.equal(outcome.denial, null);
    assert.equal(outcome.answer.status, 204);
    assert.deepEqual(said(outcome), [
      `access-control-allow-origin: ${SHOP}`,
      'access-control-allow-credentials: true',
      'access-control-allow-methods: GET, PUT, HEAD',
      'access-control-allow-headers: Content-Type, x-trace',
      'access-control-max-age: 60',
    ]);
    assert.equal(outcome.field('vary'), 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers');
  });

  for (const [name, origin, method, names, code] of [
    ['a stranger', EVIL, 'PUT', undefined, 'cors/origin'],
    ['a method that no rule names', SHOP, 'DELETE', undefined, 'cors/method'],
    ['a method that is another’s', SHOP, 'POST', undefined, 'cors/method'],
    ['a method in small letters', SHOP, 'put', undefined, 'cors/method'],
    ['a field that no rule names', SHOP, 'PUT', 'content-type,authorization', 'cors/header'],
    ['*', SHOP, 'PUT', '*', 'cors/header'],
    ['a private network', SHOP, 'PUT', 'x-trace', 'cors/private-network'],
  ] as const) {
    it(`refuses a preflight for ${name} [CORS-08] [CORS-09]`, async () => {
      const fields = {
        ...CROSS,
        'Access-Control-Request-Method': method,
        ...(names === undefined ? undefined : { 'Access-Control-Request-Headers': names }),
        ...(code === 'cors/private-network' ? { 'Access-Control-Request-Private-Network': 'true' } : undefined),
      };
      const outcome = await ask(on, '/api/orders', { method: 'OPTIONS', origin, fields });
      assert.equal(outcome.denial?.code, code);
      assert.deepEqual(said(outcome), []);
    });
  }

  it('takes names in any case, with spaces, and an empty one', async () => {
    const outcome = await preflight(on, '/api/orders', SHOP, 'PUT', 'X-TRACE , content-type,');
    assert.equal(outcome.answer.status, 204);
  });

  it('a method of another rule of the path is that rule’s alone', async () => {
    assert.deepEqual(said(await ask(on, '/api/orders', { method: 'POST', origin: OTHER })), [
      `access-control-allow-origin: ${OTHER}`,
    ]);
    assert.equal((await ask(on, '/api/orders', { method: 'POST', origin: SHOP })).denial?.code, 'cors/method');
  });
});

describe('cors with everybody', () => {
  const on = withRules({ path: '/api/public', origins: ['*'], expose: ['x-page'] });

  it('says * to all, asked or not, and nothing varies [CORS-06]', async () => {
    for (const asked of [{}, { origin: EVIL }, { origin: 'null' }]) {
      const outcome = await ask(on, '/api/public', asked);
      assert.deepEqual(said(outcome), ['access-control-allow-origin: *', 'access-control-expose-headers: x-page']);
      assert.equal(outcome.field('vary'), undefined);
    }
  });

  it('says no more for more [CORS-05]', async () => {
    const outcome = await preflight(on, '/api/public', EVIL, 'GET');
    assert.deepEqual(said(outcome), [
      'access-control-allow-origin: *',
      'access-control-allow-methods: GET, HEAD',
      'access-control-max-age: 600',
    ]);
    assert.equal((await preflight(on, '/api/public', EVIL, 'PUT')).denial?.code, 'cors/method');
  });
});

describe('cors with patterns', () => {
  const on = withRules({
    path: '/api/*',
    origins: ['https://*.shop.example', /^https:\/\/pr-\d+\.preview\.other\.example$/],
  });
  const refused = async (origin: string): Promise<boolean> =>
    (await ask(on, '/api/public', { origin })).denial?.code === 'cors/origin';

  it('lets in what fits as a whole, by its own name [CORS-02]', async () => {
    for (const origin of ['https://www.shop.example', 'https://pr-12.preview.other.example']) {
      assert.deepEqual(said(await ask(on, '/api/public', { origin })), [`access-control-allow-origin: ${origin}`]);
    }
  });

  for (const origin of [
    'https://shop.example',
    'https://a.b.shop.example',
    'https://.shop.example',
    'https://wwwXshop.example',
    'https://www.shopXexample',
    'https://www.shop.example.evil.example',
    'https://evil.example/www.shop.example',
    'https://www.shop.example\u00e9',
    'https://www.shop.example:8443',
    'https://WWW.shop.example',
    'http://www.shop.example',
    'https://pr-.preview.other.example',
    'https://pr-1.preview.other.example:8443',
    `https://${'a'.repeat(300)}.shop.example`,
  ]) {
    it(`refuses ${origin.slice(0, 60)} [CORS-02] [c2-cors]`, async () => assert.ok(await refused(origin)));
  }
});

describe('paths of rules', () => {
  const on = withRules(
    { path: '/api/*', origins: [OTHER] },
    { path: '/api/orders', origins: [SHOP] },
    { path: '/api/:kind', origins: [EVIL], methods: ['PUT'] },
  );

  const readBy = async (path: string, origin: string, method = 'GET'): Promise<boolean> =>
    said(await preflight(on, path, origin, method)).length > 0;

  it('the most specific decides alone, whatever stands first [CORS-03] [c2-cors]', async () => {
    assert.equal(await readBy('/api/orders', SHOP), true);
    assert.equal(await readBy('/api/orders', OTHER), false);
    assert.equal(await readBy('/api/public', EVIL, 'PUT'), true);
    // A method that the more specific rule does not name is not looked for in a wider one.
    assert.equal(await readBy('/api/public', OTHER), false);
    assert.equal(await readBy('/api/public/7', OTHER), true);
    assert.equal(await readBy('/api/', OTHER), true);
  });

  for (const path of ['/API/orders/7', '/apiX/orders', '/api', '/', '/x/api/orders']) {
    it(`${path} belongs to none of them [CORS-03] [c2-cors]`, async () =>
      assert.equal(await readBy(path, OTHER), false));
  }

  it('+ is +, an escape is an escape, and a pattern’s letters are letters [c2-cors]', async () => {
    const odd = withRules({ path: '/a+b/c.d', origins: [SHOP] }, { path: '/%C3%A4', origins: [SHOP] });
    const reads = async (path: string): Promise<boolean> => said(await preflight(odd, path, SHOP, 'GET')).length > 0;
    assert.equal(await reads('/a+b/c.d'), true);
    assert.equal(await reads('/%C3%A4'), true);
    assert.equal(await reads('/%c3%a4'), true);
    for (const path of ['/a%20b/c.d', '/a%2Bb/c.d', '/aab/c.d', '/a+b/cXd', '/a b/c.d']) {
      assert.equal(await reads(path), false, path);
    }
  });
});

describe('cors in detect mode', () => {
  const mode = detect('roll-out beside the plugin', { until: '2026-01-31' });
  const DAY = 86_400_000;

  it('lets pass what it will refuse, reports it, and leaves the handler’s own fields', async () => {
    const on = corsStage({ mode });
    const outcome = await ask(on, '/private', { origin: EVIL, own: REFLECTED });
    assert.equal(outcome.denial, null);
    assert.equal(said(outcome).length, 2);
    assert.deepEqual(
      on.said('request.would_refuse').map(({ code }) => code),
      ['cors/origin'],
    );
  });

  it('has the word where a rule speaks', async () => {
    const on = corsStage({ mode, rules: [{ path: '/private', origins: [SHOP] }] });
    const outcome = await ask(on, '/private', { origin: SHOP, own: REFLECTED });
    assert.deepEqual(said(outcome), [`access-control-allow-origin: ${SHOP}`]);
  });

  it('enforces from the day after its end, in a process that keeps running', async () => {
    const on = corsStage({ mode });
    on.clock.at = NOON + 31 * DAY;
    assert.equal((await ask(on, '/private', { origin: EVIL })).denial?.code, 'cors/origin');
    assert.deepEqual(said(await ask(on, '/private', { own: REFLECTED })), []);
  });
});

describe('cors that is off', () => {
  it('leaves everything to the handlers', async () => {
    const on = corsStage(off('a gateway in front answers for this'));
    assert.equal(said(await ask(on, '/private', { origin: EVIL, own: REFLECTED })).length, 2);
  });
});
