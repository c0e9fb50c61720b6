/**
 * Options of csrf: every fault says what to write.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, detect, off, protection } from '../kernel/index.ts';
import type { Configured, IdentityResolver, Profile, RouteInfo, Setting } from '../kernel/index.ts';
import { stage, set } from '../kernel/kernel.fixture.ts';
import { csrf } from './csrf.ts';
import type { CsrfOptions } from './policy.ts';

async function faultsOf(setting: object, overrides?: object, profile: Profile = 'production'): Promise<string[]> {
  const routes = [{ method: 'POST', ...(overrides === undefined ? {} : { overrides: { csrf: overrides } }) }];
  const on = stage({ profile, protections: [set(csrf, setting as Setting<CsrfOptions>)], routes });
  try {
    await on.ready;
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults.map(({ option, write }) => `${option}: ${write}`);
  }
}

describe('options of csrf', () => {
  for (const [origin, write] of [
    ['https://a.example/', 'write "https://a.example"'],
    ['https://a.example/path?x', 'write "https://a.example"'],
    ['https://A.example', 'write "https://a.example"'],
    ['https://a.example:443', 'write "https://a.example"'],
    ['a.example', 'write "https://a.example"'],
    ['a.example:8443', 'write "https://a.example:8443"'],
    ['https://user@a.example', 'write "https://a.example"'],
    ['http://a.example', 'write "https://a.example", and serve it over https'],
    ['ftp://a.example', 'write "https://a.example"'],
    ['null', 'leave it out'],
    ['*', 'name each origin: "https://www.example.com"'],
    ['https://*.a.example', 'name each origin: "https://www.example.com"'],
    ['', 'write "https://www.example.com"'],
    [' https://a.example', 'write "https://a.example"'],
    [7, "write 'https://www.example.com'"],
  ] as const) {
    it(`trustedOrigins: ${JSON.stringify(origin)} is a fault [CSRF-12]`, async () => {
      assert.deepEqual(await faultsOf({ trustedOrigins: ['https://good.example', origin] }), [
        `csrf.trustedOrigins[1]: ${write}`,
      ]);
    });
  }

  it('trustedOrigins: development takes the loopback server of a front end, and no other clear text', async () => {
    for (const origin of ['http://localhost:5173', 'http://shop.localhost', 'http://127.0.0.1:5173', 'http://[::1]:80'])
      assert.equal((await faultsOf({ trustedOrigins: [origin] })).length, 1, origin);
    const trustedOrigins = ['http://localhost:5173', 'http://shop.localhost', 'http://127.0.0.1:5173'];
    assert.deepEqual(await faultsOf({ trustedOrigins }, undefined, 'development'), []);
    for (const origin of [
      'http://a.example',
      'http://localhost/',
      'http://localhost.evil.example',
      'http://evil-localhost',
    ])
      assert.equal((await faultsOf({ trustedOrigins: [origin] }, undefined, 'development')).length, 1, origin);
  });

  it('trustedOrigins: takes origins as browsers write them', async () => {
    const trustedOrigins = [
      'https://a.example',
      'https://a.example:8443',
      'https://[2001:db8::1]',
      'https://xn--4ca.example',
    ];
    assert.deepEqual(await faultsOf({ trustedOrigins }), []);
  });

  for (const [setting, faults] of [
    [{ trustedOrigins: 'https://a.example' }, ["csrf.trustedOrigins: write ['https://www.example.com']"]],
    [{ field: 'a b' }, ["csrf.field: write '_csrf'"]],
    [{ field: '"><script>' }, ["csrf.field: write '_csrf'"]],
    [{ field: '__proto__' }, ["csrf.field: write '_csrf'"]],
    [{ header: 'X-CSRF-Token' }, ["csrf.header: write 'x-csrf-token'"]],
    [{ header: '' }, ["csrf.header: write 'x-csrf-token'"]],
    [{ cookie: true }, ["csrf.cookie: write 'XSRF-TOKEN', or false"]],
    [{ cookie: 'a=b' }, ["csrf.cookie: write 'XSRF-TOKEN', or false"]],
    [{ cookie: '__Host-csrf' }, ["csrf.cookie: write 'XSRF-TOKEN'"]],
    [{ bindingCookie: '' }, ["csrf.bindingCookie: write '__Host-csrf'"]],
    [{ trustedOrigin: [] }, ['csrf.trustedOrigin: use one of trustedOrigins, field, header, cookie, bindingCookie']],
    [{ bindingCookie: 'csrf', reason: 'the site has no TLS inside the test network' }, []],
  ] as const) {
    it(`${JSON.stringify(setting)} ${faults.length === 0 ? 'is good' : 'is a fault'}`, async () => {
      assert.deepEqual(await faultsOf(setting), faults);
    });
  }

  it('a binding cookie that a sibling could set needs a reason', async () => {
    const [fault, ...more] = await faultsOf({ bindingCookie: 'csrf' });
    assert.match(fault!, /^csrf\.bindingCookie: say why/);
    assert.deepEqual(more, []);
  });

  it('a route has no names of its own, since pages make tokens for all routes', async () => {
    assert.deepEqual(await faultsOf({}, { field: 'other' }), ['POST /: csrf.field: set csrf.field in the policy']);
    assert.deepEqual(await faultsOf({}, { trustedOrigins: ['https://a.example'] }), []);
  });

  it('names no cookie that the cookies protection would rename or hide', async () => {
    const cookies = protection<{ readonly exceptions: object }>({
      name: 'cookies',
      defaults: { exceptions: {} },
      codes: [],
      detectable: false,
      check: () => [],
      compile: () => [],
    });
    const setting = { cookie: 'XSRF-TOKEN', bindingCookie: 'csrf', reason: 'no TLS inside the test network' };
    const exceptions = { 'XSRF-TOKEN': { readable: true }, csrf: { insecure: true } };
    const bad = stage({ protections: [cookies(), csrf(setting)] });
    await assert.rejects(bad.ready, ({ faults }: ConfigError) => {
      assert.deepEqual(
        faults.map(({ option }) => option),
        ['csrf.cookie', 'csrf.bindingCookie'],
      );
      return true;
    });
    await stage({ protections: [cookies({ exceptions }), csrf(setting)] }).ready;
    await stage({ protections: [cookies(), csrf()] }).ready;
  });
});

describe('csrf beside other credentials', () => {
  const WHY = 'the partner portal needs it';
  const resolver = (kind: string, ambient: boolean): IdentityResolver => ({
    kind,
    ambient,
    present: () => false,
    resolve: () => null,
  });
  const OFF = off('bearer-only API, no cookies');

  const rows: readonly (readonly [
    title: string,
    setting: Setting<CsrfOptions>,
    resolvers: IdentityResolver[],
    string[],
  ])[] = [
    ['off beside Basic', OFF, [resolver('bearer', false), resolver('basic', true)], ['csrf']],
    ['off beside client certificates', OFF, [resolver('certificate', true)], ['csrf']],
    ['off beside bearers alone', OFF, [resolver('bearer', false)], []],
    ['on beside Basic', {}, [resolver('basic', true)], []],
  ];
  for (const [title, setting, resolvers, faults] of rows)
    it(`${title} ${faults.length === 0 ? 'starts' : 'does not start'}`, async () => {
      const on = stage({ protections: [set(csrf, setting)], resolvers });
      const found = await on.ready.then(
        () => [],
        ({ faults: all }: ConfigError) => all.map(({ option }) => option),
      );
      assert.deepEqual(found, faults);
    });

  it('names the kinds that browsers attach', async () => {
    const resolvers = [resolver('basic', true), resolver('bearer', false), resolver('certificate', true)];
    await assert.rejects(
      stage({ protections: [set(csrf, OFF)], resolvers }).ready,
      /csrf: is off, and browsers attach basic, certificate to other sites' requests too; /,
    );
  });

  /** A protection of this name whose options stand as they are given. */
  const named = (name: string, options: object): Configured =>
    protection<object>({ name, defaults: options, codes: [], detectable: false, check: () => [], compile: () => [] })();
  const OBSERVING = { mode: detect(WHY, { until: '2026-02-01' }) };
  const NONE = named('cookies', { exceptions: { sid: { sameSite: 'None' } } });
  const LAX = named('cookies', { exceptions: { sid: {}, other: { sameSite: 'None' } } });
  const SID = named('sessions', { name: 'sid' });

  const observed: readonly (readonly [
    title: string,
    own: object,
    more: Configured[],
    route: RouteInfo['overrides'],
    string[],
  ])[] = [
    ['observing, with a session that other sites send', OBSERVING, [NONE, SID], {}, ['csrf.mode']],
    ['observing on one route, with such a session', {}, [NONE, SID], { csrf: OBSERVING }, ['POST /: csrf.mode']],
    ['enforcing, with such a session', {}, [NONE, SID], {}, []],
    ['observing, with a session that only our site sends', OBSERVING, [LAX, SID], {}, []],
    ['observing, without sessions', OBSERVING, [NONE], {}, []],
  ];
  for (const [title, own, more, overrides, faults] of observed)
    it(`${title} ${faults.length === 0 ? 'starts' : 'does not start'}`, async () => {
      const protections = [...more, set(csrf, { ...own, cookie: false } as Setting<CsrfOptions>)];
      const found = await stage({ protections, routes: [{ method: 'POST', overrides }] }).ready.then(
        () => [],
        ({ faults: all }: ConfigError) => all.map(({ option }) => option),
      );
      assert.deepEqual(found, faults);
    });
});
