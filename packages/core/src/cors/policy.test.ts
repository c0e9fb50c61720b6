/**
 * Options of cors: what is dangerous does not start, and every fault says what to write.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, off, protection } from '../kernel/index.ts';
import type { Configured, Overrides, Profile, RouteInfo, Setting } from '../kernel/index.ts';
import { set, stage } from '../kernel/kernel.fixture.ts';
import { cors } from './cors.ts';
import type { CorsOptions } from './policy.ts';

const SHOP = 'https://shop.example';
const API: Partial<RouteInfo> = { path: '/api/orders' };

async function faultsOf(
  setting: object,
  profile: Profile = 'production',
  routes: readonly Partial<RouteInfo>[] = [API],
  others: readonly Configured[] = [],
): Promise<string[]> {
  const on = stage({ profile, protections: [...others, set(cors, setting as Setting<CorsOptions>)], routes });
  try {
    await on.ready;
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults.map(({ option, write }) => `${option}: ${write}`);
  }
}

/** A protection of which only the name counts. */
const blank = {
  defaults: Object.freeze({}),
  codes: [],
  detectable: false,
  check: () => [],
  compile: () => [],
};

const rule = (more: object): object => ({ rules: [{ path: '/api/*', origins: [SHOP], ...more }] });
const why = { reason: 'shown by a test of the rules' };

describe('origins of cors', () => {
  for (const [origin, write] of [
    ['null', 'leave it out'],
    ['https://shop.example/', 'write "https://shop.example"'],
    ['https://shop.example/path', 'write "https://shop.example"'],
    ['https://Shop.example', 'write "https://shop.example"'],
    ['https://shop.example:443', 'write "https://shop.example"'],
    ['shop.example', 'write "https://shop.example"'],
    [' https://shop.example', 'write "https://shop.example"'],
    ['https://user@shop.example', 'write "https://shop.example"'],
    ['http://shop.example', 'write "https://shop.example", and serve it over https'],
    ['http://localhost:5173', 'leave it out, or keep it for the development profile'],
    ['https://localhost', 'leave it out, or keep it for the development profile'],
    ['http://127.0.0.1:8080', 'leave it out, or keep it for the development profile'],
    ['http://[::1]', 'leave it out, or keep it for the development profile'],
    ['https://app.localhost', 'leave it out, or keep it for the development profile'],
    ['ftp://shop.example', 'write "https://shop.example"'],
    ['', 'write "https://shop.example"'],
    [7, "write 'https://shop.example'"],
    ['*', "write ['*'] alone"],
    ['https://*', 'write "https://*.shop.example": the star stands for one whole name, the first'],
    ['https://*shop.example', 'write "https://*.shop.example": the star stands for one whole name, the first'],
    ['https://pr-*.shop.example', 'write "https://*.shop.example": the star stands for one whole name, the first'],
    ['https://a.*.example', 'write "https://*.shop.example": the star stands for one whole name, the first'],
    ['http://*.shop.example', 'write "https://*.shop.example": the star stands for one whole name, the first'],
    ['https://*.*.shop.example', 'write "https://*.shop.example": the star stands for one whole name, the first'],
    ['https://*.example', 'write "https://*.yours.example", or name each origin'],
    ['https://*.co.uk', 'write "https://*.yours.co.uk", or name each origin'],
    ['https://*.github.io', 'write "https://*.yours.github.io", or name each origin'],
    ['https://*.s3.eu-west-1.amazonaws.com', 'write "https://*.yours.s3.eu-west-1.amazonaws.com", or name each origin'],
  ] as const) {
    it(`${JSON.stringify(origin)} is a fault [CORS-02] [CORS-07]`, async () => {
      const faults = await faultsOf({ ...rule({ origins: [SHOP, origin] }), ...why });
      assert.deepEqual(faults, [`cors.rules[0].origins[1]: ${write}`]);
    });
  }

  it('takes origins as browsers write them [CORS-01]', async () => {
    const origins = [SHOP, 'https://shop.example:8443', 'https://[2001:db8::1]', 'https://xn--4ca.example'];
    assert.deepEqual(await faultsOf(rule({ origins })), []);
  });

  it('in development takes the loopback server of a front end, and no other clear text', async () => {
    const origins = ['http://localhost:5173', 'http://127.0.0.1:5173'];
    assert.deepEqual(await faultsOf(rule({ origins }), 'development'), []);
    assert.equal((await faultsOf(rule({ origins: ['http://shop.example'] }), 'development')).length, 1);
  });

  it('refuses an empty list, and none', async () => {
    const faults = ["cors.rules[0].origins: write ['https://shop.example']"];
    assert.deepEqual(await faultsOf(rule({ origins: [] })), faults);
    assert.deepEqual(await faultsOf(rule({ origins: undefined })), faults);
    assert.deepEqual(await faultsOf(rule({ origins: SHOP })), faults);
  });
});

describe('regular expressions for origins', () => {
  const form = String.raw`write it like /^https:\/\/pr-\d+\.preview\.shop\.example$/`;
  for (const [pattern, about] of [
    [/^https:\/\/pr-\d+\.shop\.example$/g, 'g'],
    [/^https:\/\/pr-\d+\.shop\.example$/y, 'y'],
    [/^https:\/\/pr-\d+\.shop\.example$/i, 'i'],
    [/^https:\/\/pr-\d+\.shop\.example$/m, 'm: anchors hold a line only'],
    [/https:\/\/shop\.example$/, 'no beginning'],
    [/^https:\/\/shop\.example/, 'no end'],
    [/^https:\/\/shop\.example\$/, 'an end that is a dollar'],
    [/shop\.example/, 'no anchor at all'],
    [/^http:\/\/[a-z]+\.shop\.example$/, 'clear text'],
    [/^https?:\/\/[a-z]+\.shop\.example$/, 'perhaps clear text'],
    [/^https:\/\/[^/]+\.shop\.example$/, 'a class of all but one'],
    [/^https:\/\/shop\.example$|^https:\/\/evil\.example$/, 'an alternative without a group'],
    [/^https:\/\/a\.shop\.example|https:\/\/b\.shop\.example$/, 'anchors of two halves'],
    [/^https:\/\/(?=a)[a-z]\.shop\.example$/, 'a look ahead'],
    [/^https:\/\/(a)\1\.shop\.example$/, 'a look back'],
    [/^https:\/\/\S+\.shop\.example$/, 'anything but space'],
    [/^https:\/\/(?:[a-z]+)+\.shop\.example$/, 'a repeated repetition'],
    [/^https:\/\/[a-z]*[a-z]*[a-z]*\.shop\.example$/, 'three repetitions'],
    [/^https:\/\/[a-z]?[a-z]?[a-z]?\.shop\.example$/, 'three that may be missing'],
    [/^https:\/\/[a-z]+\.shop\.example$/v, 'a flag under which classes nest'],
    [/^https:\/\/[a-z]+\.[a-z]+$/, 'any domain'],
    [/^https:\/\/[a-z-]+shop\.example$/, 'a part of a label'],
    [/^https:\/\/[a-z]+\.example$/, 'a top-level domain'],
    [/^https:\/\/[a-z]+\.github\.io$/, 'a domain of strangers'],
    [/^https:\/\/(?:a|b)\.co\.uk$/, 'a registry'],
  ] as const) {
    it(`${String(pattern)} is a fault: ${about} [CORS-02] [c2-cors]`, async () => {
      const [fault, ...more] = await faultsOf({ ...rule({ origins: [pattern] }), ...why });
      assert.deepEqual(more, []);
      assert.match(fault ?? '', /^cors\.rules\[0\]\.origins\[0\]: /);
      assert.ok(fault!.endsWith(form), fault);
    });
  }

  it('a dot that is any letter is a fault: www.shopXexample is somebody else', async () => {
    const faults = await faultsOf({ ...rule({ origins: [/^https:\/\/[a-z]+.shop.example$/] }), ...why });
    assert.deepEqual(faults, [String.raw`cors.rules[0].origins[0]: write "\." for a dot`]);
  });

  for (const pattern of [
    /^https:\/\/pr-\d+\.preview\.shop\.example$/,
    /^https:\/\/(?:www|m)\.shop\.example$/u,
    /^https:\/\/[a-z0-9-]{1,20}\.shop\.example:8443$/,
    /^https:\/\/[a-z.]+\.shop\.co\.uk$/,
    new RegExp('^https://[a-z]+\\.shop\\.example$'),
  ]) {
    it(`${String(pattern)} is taken for a reason, and not without`, async () => {
      assert.deepEqual(await faultsOf({ ...rule({ origins: [pattern] }), ...why }), []);
      assert.match((await faultsOf(rule({ origins: [pattern] })))[0] ?? '', /^cors\.rules: say why/);
    });
  }
});

describe('rules of cors', () => {
  for (const [name, more, fault] of [
    [
      '* with credentials',
      { origins: ['*'], credentials: true },
      'origins[0]: name each origin, or take credentials out',
    ],
    [
      'a wildcard with credentials',
      { origins: ['https://*.shop.example'], credentials: true },
      'origins[0]: name each origin, or take credentials out',
    ],
    [
      'a pattern with credentials',
      { origins: [SHOP, /^https:\/\/[a-z]+\.shop\.example$/], credentials: true },
      'origins[1]: name each origin, or take credentials out',
    ],
    ['* into a private network', { origins: ['*'], privateNetwork: true }, 'privateNetwork: name the origins that may'],
    ['every method', { methods: ['*'] }, "methods[0]: name each: ['GET', 'POST']"],
    ['no method', { methods: [] }, "methods: write ['GET']"],
    ['a method in small letters', { methods: ['GET', 'post'] }, "methods[1]: write 'POST'"],
    ['OPTIONS', { methods: ['OPTIONS'] }, 'methods[0]: leave it out'],
    ['TRACE', { methods: ['trace'] }, 'methods[0]: leave it out'],
    ['every request field', { headers: ['*'] }, "headers[0]: name each: ['content-type']"],
    ['a field that browsers set', { headers: ['Sec-Fetch-Site'] }, 'headers[0]: leave it out'],
    ['a field that is no name', { headers: ['x y'] }, 'headers[0]: write one name'],
    ['a field with a line end', { headers: ['x\r\nset-cookie'] }, 'headers[0]: write one name'],
    ['every response field', { expose: ['*'] }, "expose[0]: name each: ['x-total-count']"],
    ['a field no page sees', { expose: ['Set-Cookie'] }, 'expose[0]: leave it out'],
    ['credentials by word', { credentials: 'true' }, 'credentials: write true or false'],
    ['a week', { maxAge: 604_800 }, 'maxAge: write 600'],
    ['a negative age', { maxAge: -1 }, 'maxAge: write 600'],
    ['no path', { path: 'api' }, "path: write '/api/orders', '/api/orders/:id' or '/api/*'"],
    ['a star inside', { path: '/a*' }, "path: write '/api/orders', '/api/orders/:id' or '/api/*'"],
    ['a star that is followed', { path: '/*/orders' }, "path: write '/api/orders', '/api/orders/:id' or '/api/*'"],
    ['a dot segment', { path: '/api/../x' }, "path: write '/api/orders', '/api/orders/:id' or '/api/*'"],
    ['half a parameter', { path: '/api/:id(\\d+)' }, "path: write '/api/orders', '/api/orders/:id' or '/api/*'"],
    ['a query', { path: '/api?x=1' }, "path: write '/api/orders', '/api/orders/:id' or '/api/*'"],
  ] as const) {
    it(`${name} is a fault [CORS-05] [CORS-08]`, async () => {
      assert.deepEqual(await faultsOf({ ...rule(more), ...why }), [`cors.rules[0].${fault}`]);
    });
  }

  it('everybody is let in for a reason, without cookies [CORS-05]', async () => {
    assert.deepEqual(await faultsOf({ ...rule({ origins: ['*'] }), ...why }), []);
    assert.match((await faultsOf(rule({ origins: ['*'] })))[0] ?? '', /^cors\.rules: say why/);
  });

  it('a private network is opened for a reason [CORS-09]', async () => {
    assert.match((await faultsOf(rule({ privateNetwork: true })))[0] ?? '', /^cors\.rules: say why/);
    assert.deepEqual(await faultsOf({ ...rule({ privateNetwork: true }), ...why }), []);
  });

  it('an option that is misspelt is named with the nearest', async () => {
    const [fault] = await faultsOf(rule({ credential: true }));
    assert.match(fault ?? '', /^cors\.rules\[0\]\.credential: use one of /);
    assert.deepEqual(await faultsOf({ rules: [7] }), [
      "cors.rules[0]: write { path: '/api/*', origins: ['https://shop.example'] }",
    ]);
    assert.deepEqual(await faultsOf({ rules: {} }), [
      "cors.rules: write [{ path: '/api/*', origins: ['https://shop.example'] }]",
    ]);
  });

  it('two rules for one path and method are a fault, whatever their parameters are called [CORS-03]', async () => {
    const one = { path: '/api/:id', origins: [SHOP] };
    const routes = [{ path: '/api/:id' }];
    const join = 'cors.rules[1]: join the two, or give them different methods';
    assert.deepEqual(await faultsOf({ rules: [one, { ...one, path: '/api/:name' }] }, 'production', routes), [join]);
    assert.deepEqual(await faultsOf({ rules: [one, { ...one, methods: ['HEAD'] }] }, 'production', routes), [join]);
    assert.deepEqual(await faultsOf({ rules: [one, { ...one, methods: ['PUT'] }] }, 'production', routes), []);
  });
});

describe('cors beside routes and csrf', () => {
  const kernelWithAccess = [set(protection({ ...blank, name: 'access' }), undefined)];

  it('a route has no rules of its own, and is not off by itself', async () => {
    const routes = (own: object): Partial<RouteInfo>[] => [{ ...API, overrides: { cors: own } as Overrides }];
    const [fault] = await faultsOf({}, 'production', routes({ rules: [] }));
    assert.match(fault ?? '', /^GET \/api\/orders: cors: write cors: \{ rules:/);
    const [offFault] = await faultsOf({}, 'production', routes(off('this route answers by itself')));
    assert.match(offFault ?? '', /^GET \/api\/orders: cors: write a rule for/);
  });

  it('a rule that is the path of no route is a fault', async () => {
    const fault = 'cors.rules[0].path: take the rule out, or mend its path';
    const at = (path: string): Promise<string[]> => faultsOf(rule({ path }), 'production', undefined, kernelWithAccess);
    assert.deepEqual(await at('/api/ordres'), [fault]);
    assert.deepEqual(await at('/API/*'), [fault]);
    assert.deepEqual(await at('/api/orders/'), [fault]);
    for (const path of ['/api/*', '/api/orders', '/api/:any', '/*']) assert.deepEqual(await at(path), []);
  });

  it('where this kernel does not know all routes, a rule may be for one of the others', async () => {
    assert.deepEqual(await faultsOf(rule({ path: '/elsewhere' })), []);
  });

  it('what csrf refuses cannot be allowed with cookies [CORS-11]', async () => {
    const trusting = (trustedOrigins: readonly string[]): Configured[] => [
      set(protection({ ...blank, name: 'csrf', defaults: Object.freeze({ trustedOrigins }) }), undefined),
    ];
    const given = rule({ methods: ['GET', 'POST'], credentials: true });
    const routes: Partial<RouteInfo>[] = [API, { ...API, method: 'POST' }];
    const write = 'name it in csrf.trustedOrigins as well, or leave POST out';
    const ask = (others: readonly Configured[], own = routes): Promise<string[]> =>
      faultsOf(given, 'production', own, others);
    assert.deepEqual(await ask(trusting([])), [`cors.rules[0].origins[0]: ${write}`]);
    assert.deepEqual(await ask(trusting([SHOP])), []);
    assert.deepEqual(await ask([]), []);
    assert.deepEqual(await ask(trusting([]), [API]), []);
    const own = [{ ...API, method: 'POST', overrides: { csrf: { trustedOrigins: [SHOP] } } as Overrides }];
    assert.deepEqual(await ask(trusting([]), own), []);
    const exempt = [{ ...API, method: 'POST', overrides: { csrf: off('signed by hand') } as Overrides }];
    assert.deepEqual(await ask(trusting([]), exempt), []);
  });
});
