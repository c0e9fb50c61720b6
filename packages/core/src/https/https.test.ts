/**
 * Clear text goes to https, to our own host and nowhere else; HSTS is said where it means something.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hosts } from '../hosts/index.ts';
import { off } from '../kernel/index.ts';
import type { RawRequest } from '../kernel/index.ts';
import { set, stage } from '../kernel/kernel.fixture.ts';
import type { Cast, Stage } from '../kernel/kernel.fixture.ts';
import { https } from './https.ts';
import { checkHttps, HTTPS_DEFAULTS, YEAR } from './policy.ts';

const WHY = 'TLS ends at the load balancer';

/** desk.example over https, with options of `https` and whatever else differs. */
function desk(options: object = {}, cast: Cast = {}): Stage {
  return stage({
    protections: [set(hosts, { allowed: ['desk.example', '*.desk.example'] } as object), set(https, options)],
    ...cast,
  });
}

const clear = (target = '/', more: Partial<RawRequest> = {}): Partial<RawRequest> => ({
  target,
  encrypted: false,
  headers: ['Host', 'desk.example'],
  ...more,
});
const secure = (target = '/'): Partial<RawRequest> => ({ ...clear(target), encrypted: true });

describe('a request in clear text', () => {
  const rows: readonly (readonly [target: string, location: string])[] = [
    ['/', 'https://desk.example/'],
    ['/a/b', 'https://desk.example/a/b'],
    ['/a?x=1&y=%20', 'https://desk.example/a?x=1&y=%20'],
    ['/?', 'https://desk.example/?'],
    ['/a?u=https://evil.example/?z', 'https://desk.example/a?u=https://evil.example/?z'],
    ['//evil.example/a', 'https://desk.example//evil.example/a'],
    ['/@evil.example', 'https://desk.example/@evil.example'],
    ['http://desk.example/a?b=1', 'https://desk.example/a?b=1'],
  ];
  for (const [target, location] of rows)
    it(`for ${target} is sent to ${location} with 308 [TLS-01] [TLS-02]`, async () => {
      const { answer, field, denial } = await desk().send(clear(target));
      assert.equal(denial?.code, 'https/redirect');
      assert.equal(answer.status, 308);
      assert.equal(field('location'), location);
    });

  for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])
    it(`keeps its method over the redirect: ${method} [TLS-02]`, async () => {
      assert.equal((await desk().send(clear('/', { method }))).answer.status, 308);
    });

  it('is redirected before anything of the application runs, unmatched paths included', async () => {
    assert.equal((await desk().send(clear('/nowhere'))).answer.status, 308);
  });

  it('passes where it is not clear text', async () => assert.equal((await desk().send(secure())).denial, null));

  it('is never sent to a host of the client’s choice [TLS-05]', async () => {
    const forged: readonly (readonly string[])[] = [
      ['Host', 'evil.example'],
      ['Host', 'desk.example', 'X-Forwarded-Host', 'evil.example'],
      ['Host', 'a.desk.example'],
      ['Host', 'desk.example:8080'],
    ];
    for (const headers of forged) {
      const { field, denial } = await desk().send(clear('/', { headers }));
      const location = field('location');
      assert.ok(
        location === 'https://desk.example/' || denial?.code === 'hosts/not-allowed',
        `${headers.join(' ')}: ${String(location)}`,
      );
    }
  });

  it('is sent to that host even where hosts are not checked [TLS-05]', async () => {
    const unchecked = stage({ protections: [set(hosts, off(WHY)), set(https, { host: 'desk.example' } as object)] });
    const { field } = await unchecked.send(clear('/a', { headers: ['Host', 'evil.example'] }));
    assert.equal(field('location'), 'https://desk.example/a');
  });

  it('is sent to one origin, whatever its target says [TLS-05]', async () => {
    const self = desk();
    const piece = fc.stringMatching(/^[\w.~!$&'()*+,=:@/?-]{0,12}$/);
    await fc.assert(
      fc.asyncProperty(piece, piece, async (path, query) => {
        const { field, denial } = await self.send(clear(`/${path}?${query}`));
        if (denial?.code !== 'https/redirect') return;
        assert.equal(new URL(field('location') as string).origin, 'https://desk.example');
      }),
      { numRuns: 300 },
    );
  });

  it('is sent to the host and port of the option', async () => {
    const { field } = await desk({ host: 'desk.example:8443' }).send(clear('/a'));
    assert.equal(field('location'), 'https://desk.example:8443/a');
  });

  it('is not redirected where the option says so, with a reason', async () => {
    assert.equal((await desk({ redirect: false, reason: WHY }).send(clear())).denial, null);
  });

  it('is not redirected in development', async () => {
    const self = stage({ profile: 'development', protections: [hosts, https] });
    const { denial, field } = await self.send({ encrypted: true, headers: ['Host', 'localhost'] });
    assert.equal(denial, null);
    assert.equal(field('strict-transport-security'), undefined);
    assert.equal((await self.send({ encrypted: false, headers: ['Host', 'localhost'] })).denial, null);
  });
});

describe('whether a request is clear text', () => {
  const via = (...fields: string[]): Partial<RawRequest> =>
    clear('/', { headers: ['Host', 'desk.example', 'X-Forwarded-For', '198.51.100.7', ...fields] });

  it('is not for the client to say [TLS-04]', async () => {
    for (const fields of [
      ['X-Forwarded-Proto', 'https'],
      ['Forwarded', 'proto=https'],
      ['X-Forwarded-Ssl', 'on'],
    ]) {
      const { answer, field } = await desk().send(via(...fields));
      assert.equal(answer.status, 308);
      assert.equal(field('strict-transport-security'), undefined);
    }
  });

  it('is for a trusted proxy to say [TLS-04]', async () => {
    const behind = (): Stage => desk({}, { facts: { trustedProxies: ['192.0.2.1'] } });
    const { denial, field } = await behind().send(via('X-Forwarded-Proto', 'https'));
    assert.equal(denial, null);
    assert.notEqual(field('strict-transport-security'), undefined);
    assert.equal((await behind().send(via('X-Forwarded-Proto', 'http'))).answer.status, 308);
  });
});

describe('the skip list [TLS-03]', () => {
  const skip = ['/healthz', '/.well-known/acme-challenge/*'];
  const rows: readonly (readonly [target: string, skipped: boolean])[] = [
    ['/healthz', true],
    ['/healthz?a=1', true],
    ['/healthz/', false],
    ['/healthz/x', false],
    ['/healthzx', false],
    ['/Healthz', false],
    ['//healthz', false],
    ['/a/healthz', false],
    ['/?/healthz', false],
    ['/.well-known/acme-challenge/token', true],
    ['/.well-known/acme-challenge/a/b', true],
    ['/.well-known/acme-challenge/', true],
    ['/.well-known/acme-challenge', false],
    ['/.well-known/acme-challengex', false],
    ['/.well-known/', false],
  ];
  for (const [target, skipped] of rows)
    it(`${skipped ? 'holds' : 'does not hold'} ${target}`, async () => {
      const { denial } = await desk({ skip, reason: WHY }).send(clear(target));
      assert.equal(denial?.code, skipped ? undefined : 'https/redirect');
    });

  it('cannot be reached by dot segments', async () => {
    for (const target of ['/healthz/../admin', '/.well-known/acme-challenge/../../admin', '/admin/%2e%2e/healthz'])
      assert.equal((await desk({ skip, reason: WHY }).send(clear(target))).answer.status, 400);
  });

  it('takes nothing from https: HSTS is said there too', async () => {
    assert.notEqual(
      (await desk({ skip, reason: WHY }).send(secure('/healthz'))).field('strict-transport-security'),
      undefined,
    );
  });
});

describe('Strict-Transport-Security', () => {
  const rows: readonly (readonly [hsts: object, value: string])[] = [
    [{}, 'max-age=31536000; includeSubDomains'],
    [{ maxAge: YEAR, includeSubDomains: true, preload: true }, 'max-age=31536000; includeSubDomains; preload'],
    [{ maxAge: 2 * YEAR, includeSubDomains: true, preload: false }, 'max-age=63072000; includeSubDomains'],
    [{ maxAge: 300, includeSubDomains: false, preload: false }, 'max-age=300'],
    [{ maxAge: 0, includeSubDomains: true, preload: false }, 'max-age=0; includeSubDomains'],
  ];
  for (const [hsts, value] of rows)
    it(`is "${value}" [TLS-06]`, async () => {
      const options = Object.keys(hsts).length === 0 ? {} : { hsts, reason: WHY };
      assert.equal((await desk(options).send(secure())).field('strict-transport-security'), value);
    });

  it('is said on every secure answer, refusals and unmatched paths included [TLS-06]', async () => {
    for (const target of ['/', '/nowhere', '/a/../b']) {
      const { field } = await desk().send(secure(target));
      assert.equal(field('strict-transport-security'), 'max-age=31536000; includeSubDomains', target);
    }
  });

  it('is never said in clear text, on the redirect either [TLS-07]', async () => {
    for (const target of ['/', '/healthz', '/nowhere', '/a/../b'])
      assert.equal(
        (await desk({ skip: ['/healthz'], reason: WHY }).send(clear(target))).field('strict-transport-security'),
        undefined,
        target,
      );
  });

  it('cannot be said by a handler in its place', async () => {
    const own = ['Strict-Transport-Security', 'max-age=0'];
    assert.equal(
      (await desk().send(secure(), own)).field('strict-transport-security'),
      'max-age=31536000; includeSubDomains',
    );
    assert.equal(
      (await desk({ skip: ['/'], reason: WHY }).send(clear(), own)).field('strict-transport-security'),
      undefined,
    );
  });

  it('can be left out, with a reason', async () => {
    assert.equal(
      (await desk({ hsts: false, reason: WHY }).send(secure())).field('strict-transport-security'),
      undefined,
    );
  });
});

describe('without a host to redirect to', () => {
  const nobody = (cast: Cast = {}): Stage =>
    stage({ protections: [set(hosts, { allowed: ['*.desk.example'] } as object), https], ...cast });

  it('production does not start [TLS-05]', async () => {
    await assert.rejects(nobody().ready, /https\.host: nobody knows which host to redirect to/);
  });

  it('nothing is answered in clear text all the same', async () => {
    const self = nobody({ profile: 'production', start: false });
    const { answer, denial, field } = await self.send(clear('/', { headers: ['Host', 'a.desk.example'] }));
    assert.equal(denial?.code, 'https/required');
    assert.equal(answer.status, 403);
    assert.equal(field('location'), undefined);
  });

  it('the option names one', async () => {
    const named = stage({
      protections: [
        set(hosts, { allowed: ['*.desk.example'] } as object),
        set(https, { host: 'www.desk.example' } as object),
      ],
    });
    await named.ready;
  });
});

describe('options', () => {
  const faults = (options: object): string[] =>
    checkHttps({ ...HTTPS_DEFAULTS, ...options } as never, 'https', {
      profile: 'production',
      now: 0,
      route: false,
    }).map(({ option }) => option);
  const hsts = (change: object): object => ({ hsts: { ...(HTTPS_DEFAULTS.hsts as object), ...change } });

  const rows: readonly (readonly [options: object, faults: readonly string[]])[] = [
    [{}, []],
    [{ host: 'desk.example' }, []],
    [{ host: 'desk.example:8443' }, []],
    [{ host: '[::1]:8443' }, []],
    [{ host: 'https://desk.example' }, ['https.host']],
    [{ host: 'desk.example/' }, ['https.host']],
    [{ host: 'desk.example\r\nx: y' }, ['https.host']],
    [{ host: 'user@desk.example' }, ['https.host']],
    [{ host: '*.desk.example' }, ['https.host']],
    [{ host: 7 }, ['https.host']],
    [{ skip: ['/healthz', '/.well-known/acme-challenge/*'] }, []],
    [{ skip: ['healthz'] }, ['https.skip[0]']],
    [{ skip: ['/a', '/*'] }, ['https.skip[1]']],
    [{ skip: ['/a*'] }, ['https.skip[0]']],
    [{ skip: ['/a/*/b'] }, ['https.skip[0]']],
    [{ skip: ['/a?b'] }, ['https.skip[0]']],
    [{ skip: ['/a#b'] }, ['https.skip[0]']],
    [{ skip: [''] }, ['https.skip[0]']],
    [{ skip: [/healthz/] }, ['https.skip[0]']],
    [{ skip: '/healthz' }, ['https.skip']],
    [{ redirect: 'no' }, ['https.redirect']],
    [{ redirect: 1 }, ['https.redirect']],
    [{ hsts: false }, []],
    [{ hsts: true }, ['https.hsts']],
    [{ hsts: null }, ['https.hsts']],
    [{ hsts: 31_536_000 }, ['https.hsts']],
    [hsts({ maxAge: -1 }), ['https.hsts.maxAge']],
    [hsts({ maxAge: 1.5 }), ['https.hsts.maxAge']],
    [hsts({ maxAge: '31536000' }), ['https.hsts.maxAge']],
    [hsts({ maxAge: NaN }), ['https.hsts.maxAge']],
    [hsts({ includeSubDomains: 'yes' }), ['https.hsts.includeSubDomains']],
    [hsts({ preload: 'yes' }), ['https.hsts.preload']],
    [hsts({ maxage: 1 }), ['https.hsts.maxage']],
    [hsts({ preload: true }), []],
    [hsts({ preload: true, maxAge: YEAR - 1 }), ['https.hsts.preload']],
    [hsts({ preload: true, includeSubDomains: false }), ['https.hsts.preload']],
  ];
  for (const [options, expected] of rows)
    it(`${JSON.stringify(options)} ${expected.length === 0 ? 'are sound' : `have faults at ${expected.join(', ')}`} [TLS-08]`, () => {
      assert.deepEqual(faults(options), expected);
    });

  const weaker: readonly (readonly [options: object, names: readonly string[]])[] = [
    [{}, []],
    [{ redirect: false }, ['https.redirect']],
    [{ hsts: false }, ['https.hsts']],
    [hsts({ maxAge: YEAR - 1 }), ['https.hsts']],
    [hsts({ includeSubDomains: false }), ['https.hsts']],
    [hsts({ maxAge: 2 * YEAR, preload: true }), []],
    [{ skip: ['/healthz'] }, ['https.skip']],
  ];
  for (const [options, names] of weaker)
    it(`${JSON.stringify(options)} ${names.length === 0 ? 'need no reason' : `need a reason for ${names.join(', ')}`}`, async () => {
      const found: string[] = [];
      await desk(options).ready.catch((error: { faults: { option: string }[] }) => {
        found.push(...error.faults.map(({ option }) => option));
      });
      assert.deepEqual(found, names);
      await desk({ ...options, reason: WHY }).ready;
    });

  it('cannot only observe', () => assert.equal(https.detectable, false));
});
