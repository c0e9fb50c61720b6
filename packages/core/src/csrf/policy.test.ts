/**
 * Options of csrf: every fault says what to write.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, protection } from '../kernel/index.ts';
import type { Setting } from '../kernel/index.ts';
import { stage, set } from '../kernel/kernel.fixture.ts';
import { csrf } from './csrf.ts';
import type { CsrfOptions } from './policy.ts';

async function faultsOf(setting: object, overrides?: object): Promise<string[]> {
  const routes = [{ method: 'POST', ...(overrides === undefined ? {} : { overrides: { csrf: overrides } }) }];
  const on = stage({ protections: [set(csrf, setting as Setting<CsrfOptions>)], routes });
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
