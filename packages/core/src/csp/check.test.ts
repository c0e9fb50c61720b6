/**
 * What a policy may not say, each with where it stands and what to write instead.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, detect, off } from '../kernel/index.ts';
import type { ConfigFault, RouteInfo, Setting } from '../kernel/index.ts';
import { set, stage } from '../kernel/kernel.fixture.ts';
import { headers } from '../headers/index.ts';
import { csp } from './csp.ts';
import type { CspOptions } from './policy.ts';

const WHY = 'the old editor cannot do without';
const SHA = `'sha256-${Buffer.alloc(32, 7).toString('base64')}'`;

type Given = Setting<CspOptions>;

/** The faults a start ends with; none where it starts. */
async function faultsOf(
  setting: unknown,
  { profile = 'production' as const, routes = [{}] as readonly Partial<RouteInfo>[], beside = [] as unknown[] } = {},
): Promise<readonly ConfigFault[]> {
  const more = beside.length === 0 ? [] : [set(headers, beside[0] as never)];
  const { ready } = stage({ profile, routes, protections: [set(csp, setting as Given), ...more] });
  return ready.then(
    () => [],
    (error: unknown) => {
      assert.ok(error instanceof ConfigError, String(error));
      return error.faults;
    },
  );
}

const directives = (name: string, value: unknown): object => ({ directives: { [name]: value }, reason: WHY });

describe('a policy that does not start', () => {
  const rows: readonly (readonly [setting: unknown, option: string, wrong: RegExp, write: RegExp, nearest?: string])[] =
    [
      [directives('scipt-src', ["'self'"]), '["scipt-src"]', /no such directive/, /script-src/, 'script-src'],
      [directives('imgSrc', ["'self'"]), '["imgSrc"]', /no such directive/, /img-src/, 'img-src'],
      [directives('report-uri', ['/x']), '["report-uri"]', /not written here/, /reportTo/],
      [directives('plugin-types', ['a/b']), '["plugin-types"]', /not written here/, /no browser/],
      [directives('block-all-mixed-content', true), '["block-all-mixed-content"]', /not written here/, /leave it out/],
      [directives('img-src', ['self']), '["img-src"][0]', /name of a host/, /'self'.*single quotes/],
      [directives('script-src', ['unsafe-inline']), '["script-src"][0]', /name of a host/, /'unsafe-inline'/],
      [directives('script-src', ['nonce-abc']), '["script-src"][0]', /name of a host/, /quotes/],
      [directives('script-src', ['sha256-abc']), '["script-src"][0]', /name of a host/, /quotes/],
      [directives('script-src', ["'nonce-abc'"]), '["script-src"][0]', /same for every response/, /nonceIn/],
      [
        directives('script-src', ["'unsafe-inlin'"]),
        '["script-src"][0]',
        /no keyword/,
        /use one of/,
        "'unsafe-inline'",
      ],
      [directives('script-src', ["'sha256-abc'"]), '["script-src"][0]', /no sha256 digest/, /32 bytes/],
      [directives('script-src', [SHA.replace('256', '384')]), '["script-src"][0]', /no sha384 digest/, /48 bytes/],
      [directives('img-src', [SHA]), '["img-src"][0]', /hash means nothing/, /leave it out/],
      [directives('img-src', ["'strict-dynamic'"]), '["img-src"][0]', /means nothing in img-src/, /leave it out/],
      [directives('style-src', ["'unsafe-eval'"]), '["style-src"][0]', /means nothing in style-src/, /leave it out/],
      [
        directives('img-src', ["'self' https://a.example"]),
        '["img-src"][0]',
        /space/,
        /\["'self'","https:\/\/a\.example"\]/,
      ],
      [directives('img-src', ["'self'; script-src *"]), '["img-src"][0]', /";"/, /one source in each/],
      [directives('img-src', ["'self', script-src *"]), '["img-src"][0]', /","/, /one source in each/],
      [directives('img-src', ['a.example;script-src']), '["img-src"][0]', /";"/, /one source in each/],
      [directives('img-src', ['a.example\r\nSet-Cookie:x']), '["img-src"][0]', /printable ASCII/, /one source in each/],
      [directives('img-src', ['a.example\u2028']), '["img-src"][0]', /printable ASCII/, /one source/],
      [directives('img-src', ['https://a.example?x=1']), '["img-src"][0]', /query/, /"https:\/\/a\.example"/],
      [directives('img-src', ['https://[::1]:80']), '["img-src"][0]', /IPv6/, /host name/],
      [directives('img-src', ['https://a_b.example']), '["img-src"][0]', /no source/, /cdn/],
      [directives('img-src', ['a.example:99999']), '["img-src"][0]', /no source/, /cdn/],
      [directives('img-src', ['a.*.example']), '["img-src"][0]', /no source/, /cdn/],
      [directives('img-src', [7]), '["img-src"][0]', /no text/, /'self'/],
      [directives('img-src', ["'self'", "'self'"]), '["img-src"][1]', /stands twice/, /leave one out/],
      [directives('img-src', ["'none'", 'data:']), '["img-src"][0]', /ignore 'none'/, /leave it/],
      [directives('img-src', "'self' data:"), '["img-src"]', /no list/, /\["'self'","data:"\]/],
      [directives('img-src', true), '["img-src"]', /no list/, /\["'self'"\]/],
      [directives('img-src', []), '["img-src"]', /is empty/, /\["'none'"\]/],
      [directives('upgrade-insecure-requests', []), '["upgrade-insecure-requests"]', /no values/, /true/],
      [directives('sandbox', ['allow-script']), '["sandbox"][0]', /not known/, /use one of/, 'allow-scripts'],
      [directives('trusted-types', ['none']), '["trusted-types"][0]', /name of a policy/, /'none'/],
      [directives('trusted-types', ["'nobody'"]), '["trusted-types"][0]', /no name/, /letters/],
      [directives('trusted-types', ['a b']), '["trusted-types"][0]', /space/, /\["a","b"\]/],
      [directives('trusted-types', ["'none'", 'a']), '["trusted-types"][0]', /ignore 'none'/, /leave it/],
      [
        directives('require-trusted-types-for', ['script']),
        '["require-trusted-types-for"][0]',
        /not known/,
        /'script'/,
        "'script'",
      ],
      [directives('webrtc', ["'deny'"]), '["webrtc"][0]', /not known/, /'block'/],
    ];
  for (const [setting, option, wrong, write, nearest] of rows)
    it(`${JSON.stringify((setting as { directives: unknown }).directives)}`, async () => {
      const faults = await faultsOf(setting);
      assert.equal(faults.length, 1, JSON.stringify(faults));
      assert.equal(faults[0]!.option, `csp.directives${option}`);
      assert.match(faults[0]!.wrong, wrong);
      assert.match(faults[0]!.write, write);
      assert.equal(faults[0]!.nearest, nearest);
    });

  const others: readonly (readonly [name: string, setting: unknown, option: string, wrong: RegExp])[] = [
    ['an unknown option', { directive: {} }, 'csp.directive', /no such option/],
    ['an unknown preset', { preset: 'strikt' }, 'csp.preset', /no preset/],
    ['no policy at all', { preset: 'none', reason: WHY }, 'csp.preset', /without any policy/],
    ['directives that are a text', { directives: "default-src 'self'" }, 'csp.directives', /no set of directives/],
    ['directives that are null', { directives: null }, 'csp.directives', /no set of directives/],
    ['data with a fault', { data: { 'img-src': ['self'] } }, 'csp.data["img-src"][0]', /name of a host/],
    ['a nonce where it means nothing', { nonceIn: ['img-src'] }, 'csp.nonceIn[0]', /takes no nonce/],
    ['a nonce named twice', { nonceIn: ['script-src', 'script-src'] }, 'csp.nonceIn[1]', /twice/],
    ['nonceIn that is no list', { nonceIn: 'script-src' }, 'csp.nonceIn', /no list/],
    ['report-only that is a switch', { reportOnly: true, reportTo: '/r' }, 'csp.reportOnly', /no policy/],
    [
      'report-only with an unknown option',
      { reportOnly: { mode: 1 }, reportTo: '/r' },
      'csp.reportOnly.mode',
      /no such/,
    ],
    [
      'report-only with a fault',
      { reportOnly: { directives: { 'img-src': ['none'] } }, reportTo: '/r' },
      'csp.reportOnly.directives["img-src"][0]',
      /host/,
    ],
    ['report-only that reports to nobody', { reportOnly: {} }, 'csp.reportOnly', /to nobody/],
    ['reports in clear text', { reportTo: 'http://r.example/' }, 'csp.reportTo', /no place/],
    ['reports to another host by a path', { reportTo: '//r.example/' }, 'csp.reportTo', /no place/],
    ['reports that end the directive', { reportTo: '/r; script-src *' }, 'csp.reportTo', /no place/],
    ['reports that end the quoted string', { reportTo: '/r"' }, 'csp.reportTo', /no place/],
    ['reports that end the line', { reportTo: '/r\r\nx: y' }, 'csp.reportTo', /no place/],
    ['reports with a password', { reportTo: 'https://a:b@r.example/' }, 'csp.reportTo', /no place/],
    ['detect without an end', { mode: detect('roll-out of the policy') }, 'csp.mode', /no end date/],
    ['off without a reason', off(''), 'csp', /reason says nothing/],
  ];
  for (const [name, setting, option, wrong] of others)
    it(`for ${name}`, async () => {
      const faults = await faultsOf(setting);
      assert.equal(faults.length, 1, JSON.stringify(faults));
      assert.equal(faults[0]!.option, option);
      assert.match(faults[0]!.wrong, wrong);
    });

  it('for a fault of a route, named by the route', async () => {
    const overrides = { csp: { directives: { 'img-src': ['self'] } } as object };
    const faults = await faultsOf(undefined, { routes: [{ path: '/x', overrides }] });
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['GET /x: csp.directives["img-src"][0]'],
    );
  });
});

describe('a weaker policy', () => {
  const rows: readonly (readonly [name: string, setting: object, options: readonly string[]])[] = [
    ['inline scripts', { directives: { 'script-src': ["'self'", "'unsafe-inline'"] } }, ['directives']],
    ['eval', { directives: { 'script-src': ["'strict-dynamic'", "'unsafe-eval'"] } }, ['directives']],
    ['any origin', { directives: { 'script-src': ['*'] } }, ['directives']],
    ['a directive that is gone', { directives: { 'object-src': false, 'default-src': false } }, ['directives']],
    ['base-uri that is gone', { directives: { 'base-uri': false } }, ['directives']],
    ['frames of others', { directives: { 'frame-ancestors': ['https://a.example'] } }, ['directives']],
    ['inline styles', { directives: { 'style-src': ["'self'", "'unsafe-inline'"] } }, ['directives']],
    ['no Trusted Types', { directives: { 'require-trusted-types-for': false } }, ['directives']],
    ['any Trusted Types', { directives: { 'trusted-types': ['*'] } }, ['directives']],
    ['data that runs scripts', { data: { 'script-src': ["'self'"] } }, ['data']],
    ['data with an origin', { data: { sandbox: false } }, ['data']],
    [
      'nothing but one directive',
      { preset: 'none', directives: { 'default-src': ["'self'"] } },
      ['preset', 'directives'],
    ],
  ];
  for (const [name, setting, options] of rows)
    it(`needs a reason: ${name} [S-28]`, async () => {
      const named = (faults: readonly ConfigFault[]): readonly string[] =>
        faults.filter(({ wrong }) => wrong.includes('weaker')).map(({ option }) => option.replace('csp.', ''));
      assert.deepEqual(new Set(named(await faultsOf(setting))), new Set(options));
      assert.deepEqual(named(await faultsOf({ ...setting, reason: WHY })), []);
    });

  const fine: readonly (readonly [name: string, setting: object])[] = [
    ['an image host', { directives: { 'img-src': ["'self'", 'https://images.example'] } }],
    ['an interface host', { directives: { 'connect-src': ["'self'", 'https://api.example'] } }],
    ['a hash', { directives: { 'script-src': ["'strict-dynamic'", SHA] } }],
    ['a named Trusted Types policy', { directives: { 'trusted-types': ['dompurify'] } }],
    ['less', { directives: { 'img-src': ["'none'"], 'form-action': ["'none'"] } }],
    ['no nonces', { nonceIn: [] }],
    ['reports', { reportTo: 'https://reports.example/csp?k=1' }],
    ['a second policy', { reportOnly: { directives: { 'style-src': ["'none'"] } }, reportTo: '/csp-reports' }],
    ['data that loads', { data: { 'img-src': ["'self'"] } }],
    [
      'a full preset of one’s own',
      {
        preset: 'none',
        directives: {
          'default-src': ["'none'"],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': ["'none'"],
          'require-trusted-types-for': ["'script'"],
          'trusted-types': ["'none'"],
        },
      },
    ],
  ];
  for (const [name, setting] of fine)
    it(`is not ${name}`, async () => {
      assert.deepEqual(await faultsOf(setting), []);
    });

  it('of a route needs its own reason', async () => {
    const weak = { directives: { 'script-src': ["'self'"] } };
    const route = (more: object): object => ({ path: '/x', overrides: { csp: { ...weak, ...more } } });
    const setting = { directives: { 'style-src': ["'self'", "'unsafe-inline'"] }, reason: WHY };
    assert.equal((await faultsOf(setting, { routes: [route({})] }))[0]?.option, 'GET /x: csp.directives');
    assert.deepEqual(await faultsOf(setting, { routes: [route({ reason: WHY })] }), []);
  });

  it('with a reason is named at start, weakness by weakness, of policy and routes [HDR-13]', async () => {
    const { ready, said } = stage({
      protections: [
        set(csp, {
          directives: { 'style-src': ["'self'", "'unsafe-inline'"] },
          nonceIn: ['script-src'],
          reason: WHY,
        } as Given),
      ],
      routes: [
        {},
        {
          path: '/x',
          overrides: { csp: { directives: { 'script-src': ['https://cdn.jsdelivr.net'] }, reason: WHY } as object },
        },
      ],
    });
    await ready;
    const warned = said('policy.warning').map(({ option, wrong }) => `${option}: ${wrong.split(':')[0]}`);
    assert.deepEqual(warned, [
      `csp.directives["style-src"] 'unsafe-inline': medium`,
      `GET /x: csp.directives["script-src"] https://cdn.jsdelivr.net: high`,
      `GET /x: csp.directives["style-src"] 'unsafe-inline': medium`,
    ]);
  });

  it('is what the default is not', async () => {
    const { ready, said } = stage({ protections: [csp] });
    await ready;
    assert.deepEqual(said('policy.warning'), []);
  });
});

describe('together', () => {
  const alone = { preset: 'none', reportOnly: {}, reportTo: '/r', reason: WHY };

  it('a policy that only reports refuses to start alone, reason or not [HDR-09]', async () => {
    const faults = await faultsOf(alone);
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['csp.reportOnly'],
    );
    assert.match(faults[0]!.wrong, /stands alone/);
  });

  it('so it does on one route alone', async () => {
    const setting = { preset: 'none', directives: { 'default-src': ["'none'"] }, reason: WHY };
    const overrides = {
      csp: { directives: { 'default-src': false }, reportOnly: {}, reportTo: '/r', reason: WHY } as object,
    };
    const faults = await faultsOf(setting, { routes: [{}, { path: '/x', overrides }] });
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['GET /x: csp.reportOnly'],
    );
  });

  it('development starts with it, and says so', async () => {
    const { ready, said } = stage({ profile: 'development', protections: [set(csp, alone as Given)] });
    await ready;
    assert.ok(said('policy.warning').some(({ option }) => option === 'csp.reportOnly'));
  });

  it('detect mode with its reason and end is the way to roll a policy out', async () => {
    assert.deepEqual(await faultsOf({ mode: detect('roll-out of the policy', { until: '2026-02-01' }) }), []);
  });

  const frames: readonly (readonly [ancestors: string[] | false, frameOptions: unknown, starts: boolean])[] = [
    [["'none'"], 'DENY', true],
    [["'none'"], 'SAMEORIGIN', false],
    [["'none'"], false, true],
    [["'self'"], 'SAMEORIGIN', true],
    [["'self'"], 'DENY', false],
    [["'self'"], false, true],
    [["'self'", 'https://a.example'], 'SAMEORIGIN', true],
    [['https://a.example'], false, true],
    [['https://a.example'], 'DENY', false],
    [['https://a.example'], 'SAMEORIGIN', false],
    [false, 'DENY', true],
  ];
  for (const [ancestors, frameOptions, starts] of frames)
    it(`frame-ancestors ${String(ancestors)} and X-Frame-Options ${String(frameOptions)} ${starts ? 'start' : 'do not start'} [HDR-15]`, async () => {
      const setting = { directives: { 'frame-ancestors': ancestors }, reason: WHY };
      const beside = { frameOptions, reason: WHY };
      const expected = starts ? [] : ['headers.frameOptions'];
      const onPolicy = await faultsOf(setting, { beside: [beside] });
      const onRoute = await faultsOf(undefined, {
        beside: [{}],
        routes: [{ path: '/x', overrides: { csp: setting as object, headers: beside as object } }],
      });
      assert.deepEqual(
        onPolicy.map(({ option }) => option),
        expected,
      );
      assert.deepEqual(
        onRoute.map(({ option }) => option),
        expected.map((option) => `GET /x: ${option}`),
      );
    });

  it('faults of options do not stop the other checks', async () => {
    const faults = await faultsOf({ directives: { 'frame-ancestors': "'self'" } }, { beside: [{}] });
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['csp.directives["frame-ancestors"]'],
    );
  });
});
