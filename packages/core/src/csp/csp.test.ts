/**
 * What leaves: pages with and without a nonce, data, 304, refusals, roll-out, routes; read by a strict reader.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { detect, off } from '../kernel/index.ts';
import type { RawRequest, RouteInfo, Setting } from '../kernel/index.ts';
import { check, denied, guardWith, NOON, set, stage } from '../kernel/kernel.fixture.ts';
import type { Stage } from '../kernel/kernel.fixture.ts';
import { parseField, runs } from './csp-parser.fixture.ts';
import type { ParsedPolicy } from './csp-parser.fixture.ts';
import { csp } from './csp.ts';
import { CSP_DEFAULTS, STRICT_PAGE, TIGHT_DATA } from './policy.ts';
import type { CspOptions } from './policy.ts';

const ENFORCED = 'content-security-policy';
const REPORTED = 'content-security-policy-report-only';
const WHY = 'the old editor cannot do without';
const HTML = ['content-type', 'text/html; charset=utf-8'];
const JSON_TYPE = ['content-type', 'application/json'];

const staged = (setting?: Setting<CspOptions>, routes: readonly Partial<RouteInfo>[] = [{}]): Stage =>
  stage({ protections: [set(csp, setting)], routes });

interface Page {
  readonly nonce: string;
  readonly enforced: readonly ParsedPolicy[];
  readonly reported: readonly ParsedPolicy[];
  readonly fields: readonly string[];
}

/** The head of a page whose handler asked for a nonce, or did not. */
async function page(
  on: Stage,
  {
    nonce = false,
    own = HTML,
    status = 200,
    ...head
  }: Partial<RawRequest> & { nonce?: boolean; own?: readonly string[]; status?: number } = {},
): Promise<Page> {
  await on.ready;
  const c = on.context(head);
  const value = nonce ? c.nonce() : '';
  const fields = on.kernel.head(c, status, own);
  const read = (name: string): readonly ParsedPolicy[] => {
    const values = fields.filter((_, index) => index % 2 === 1 && fields[index - 1] === name);
    assert.ok(values.length < 2, `${name} stands twice`);
    return values.flatMap(parseField);
  };
  return { nonce: value, enforced: read(ENFORCED), reported: read(REPORTED), fields };
}

const listed = (policy: ParsedPolicy | undefined, name: string): string | undefined => policy?.get(name)?.join(' ');

describe('a page', () => {
  it('has the strict policy, its scripts and styles by nonce [HDR-01] [HDR-04] [HDR-06] [HDR-14] [S-06]', async () => {
    const { enforced, nonce, reported } = await page(staged(), { nonce: true });
    assert.equal(enforced.length, 1);
    assert.deepEqual(reported, []);
    assert.deepEqual(
      [...enforced[0]!].map(([name, list]) => [name, ...list].join(' ')),
      [
        "default-src 'self'",
        `script-src 'strict-dynamic' 'nonce-${nonce}'`,
        `style-src 'self' 'nonce-${nonce}'`,
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        'upgrade-insecure-requests',
      ],
    );
  });

  it('runs what has the nonce, and nothing that was injected [S-28]', async () => {
    const { enforced, nonce } = await page(staged(), { nonce: true });
    assert.ok(runs(enforced, { inline: true, nonce }));
    assert.ok(runs(enforced, { src: 'same-origin', nonce }));
    for (const injected of [
      { inline: true },
      { inline: true, nonce: '' },
      { inline: true, nonce: `${nonce}A` },
      { src: 'same-origin' },
      { src: 'foreign' },
    ] as const)
      assert.ok(!runs(enforced, injected), JSON.stringify(injected));
  });

  it('without a nonce runs no script at all, in no browser', async () => {
    const { enforced } = await page(staged());
    assert.equal(listed(enforced[0], 'script-src'), "'none'");
    assert.equal(listed(enforced[0], 'style-src'), "'self'");
    for (const injected of [{ inline: true }, { src: 'same-origin' }, { src: 'foreign' }] as const)
      assert.ok(!runs(enforced, injected));
  });

  it('without a nonce keeps hashes and report-sample where they mean something', async () => {
    const hash = `'sha256-${Buffer.alloc(32).toString('base64')}'`;
    const rows: readonly (readonly [given: readonly string[], expected: string])[] = [
      [["'strict-dynamic'", hash], `'strict-dynamic' ${hash}`],
      [["'strict-dynamic'", "'report-sample'", 'https:'], "'report-sample'"],
      [["'strict-dynamic'", "'unsafe-inline'", 'https:'], "'none'"],
      [["'self'"], "'self'"],
    ];
    for (const [given, expected] of rows) {
      const { enforced } = await page(staged({ directives: { 'script-src': given }, reason: WHY }));
      assert.equal(listed(enforced[0], 'script-src'), expected);
    }
  });

  it('has another nonce in every response, of 128 bits [HDR-04]', async () => {
    const on = staged();
    const nonces = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const { nonce, enforced } = await page(on, { nonce: true });
      assert.equal(Buffer.from(nonce, 'base64url').length, 16);
      assert.ok(listed(enforced[0], 'script-src')!.endsWith(`'nonce-${nonce}'`));
      nonces.add(nonce);
    }
    assert.equal(nonces.size, 200);
  });

  it('in clear text is not told to upgrade', async () => {
    assert.ok(!(await page(staged(), { encrypted: false })).enforced[0]!.has('upgrade-insecure-requests'));
    assert.ok((await page(staged())).enforced[0]!.has('upgrade-insecure-requests'));
  });

  it('cannot have a policy of its handler’s beside ours [HDR-30]', async () => {
    const on = staged();
    const own = [...HTML, 'Content-Security-Policy', "script-src 'unsafe-inline'", REPORTED.toUpperCase(), 'x'];
    const { enforced, reported } = await page(on, { own });
    assert.equal(listed(enforced[0], 'script-src'), "'none'");
    assert.deepEqual(reported, []);
    assert.deepEqual(
      on.said('response.conflict').map(({ field }) => field),
      [ENFORCED, REPORTED],
    );
  });

  it('never has anything of the request in its policy, nor a line end', async () => {
    const on = staged({ reportTo: '/csp-reports' });
    const token = fc.stringMatching(/^[A-Za-z0-9]{12}$/);
    await fc.assert(
      fc.asyncProperty(token, fc.boolean(), async (evil, nonce) => {
        const headers = [
          'Host',
          `${evil}.example`,
          'Referer',
          evil,
          'X-Nonce',
          evil,
          'Cookie',
          `nonce=${evil}`,
          'User-Agent',
          evil,
        ];
        const { fields } = await page(on, { nonce, target: `/?nonce=${evil}&csp=${evil}`, headers });
        for (const field of fields) assert.ok(!field.includes(evil) && !/[\r\n]/.test(field), field);
      }),
    );
  });

  it('has none where the protection is off, and the handler may set one', async () => {
    const own = [...HTML, ENFORCED, "default-src 'self'"];
    assert.equal(listed((await page(staged(off(WHY)), { own })).enforced[0], 'default-src'), "'self'");
  });
});

describe('what is no page', () => {
  const types = [
    'application/json',
    'image/svg+xml',
    'application/xml',
    'text/javascript',
    'application/pdf',
    'application/xhtml+xml',
  ];
  for (const type of types)
    it(`${type} loads, runs and frames nothing where it is opened by itself`, async () => {
      const { enforced } = await page(staged(), { own: ['content-type', type], nonce: true });
      assert.deepEqual(
        [...enforced[0]!].map(([name, list]) => [name, ...list].join(' ')),
        ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", 'sandbox'],
      );
    });

  it('can be told to load more, route by route', async () => {
    const data = { sandbox: false, 'object-src': ["'self'"] } as const;
    const on = staged(undefined, [{}, { path: '/pdf', overrides: { csp: { data, reason: WHY } as object } }]);
    const own = ['content-type', 'application/pdf'];
    assert.deepEqual(
      [...(await page(on, { target: '/pdf', own })).enforced[0]!.keys()],
      ['default-src', 'base-uri', 'form-action', 'frame-ancestors', 'object-src'],
    );
    assert.ok((await page(on, { own })).enforced[0]!.has('sandbox'));
  });

  it('304 has no policy, since browsers would put it over that of the page they have', async () => {
    const on = staged({ reportTo: '/csp-reports' });
    for (const nonce of [true, false]) assert.deepEqual((await page(on, { status: 304, nonce })).fields, HTML);
    const observing = staged({ mode: detect('roll-out of the policy', { until: '2026-02-01' }) });
    assert.deepEqual((await page(observing, { status: 304 })).fields, HTML);
  });

  it('a refusal, an unmatched path and a failure have the tight policy [HDR-29]', async () => {
    const refusing = stage({ protections: [csp, guardWith(check('access', denied()))] });
    const on = staged();
    const failed = on.kernel.fail(on.context(), new Error('x'));
    for (const answer of [(await refusing.send()).answer, (await on.send({ target: '/nowhere' })).answer, failed]) {
      const [policy] = parseField(answer.fields[answer.fields.indexOf(ENFORCED) + 1]!);
      assert.equal(listed(policy, 'default-src'), "'none'");
    }
  });
});

describe('an option', () => {
  it('nonceIn names where the nonce stands; a closed directive stays closed [HDR-05]', async () => {
    const rows: readonly (readonly [setting: Setting<CspOptions>, expected: readonly string[]])[] = [
      [{ nonceIn: ['script-src'] }, ['script-src']],
      [{ nonceIn: ['style-src'] }, ['style-src']],
      [{ nonceIn: [] }, []],
      [{ nonceIn: ['script-src-elem'], directives: { 'script-src-elem': ["'strict-dynamic'"] } }, ['script-src-elem']],
      [{ directives: { 'script-src': ["'none'"] } }, ['style-src']],
      [{ directives: { 'style-src': false } }, ['script-src']],
    ];
    for (const [setting, expected] of rows) {
      const { enforced, nonce } = await page(staged(setting), { nonce: true });
      const has = [...enforced[0]!].filter(([, list]) => list.includes(`'nonce-${nonce}'`)).map(([name]) => name);
      assert.deepEqual(has, expected);
    }
  });

  it('reportTo goes into the policy and names the endpoint [HDR-10] [HDR-11]', async () => {
    for (const reportTo of ['/csp-reports', 'https://reports.example/csp?key=1']) {
      const { enforced, fields } = await page(staged({ reportTo }));
      assert.equal(listed(enforced[0], 'report-uri'), reportTo);
      assert.equal(listed(enforced[0], 'report-to'), 'csp');
      assert.equal(fields[fields.indexOf('reporting-endpoints') + 1], `csp="${reportTo}"`);
    }
    assert.ok(!(await page(staged())).fields.includes('reporting-endpoints'));
  });

  it('reportOnly is sent beside the enforced policy, with the same nonce [HDR-09]', async () => {
    const reportOnly = { directives: { 'style-src': ["'strict-dynamic'"].slice(1).concat("'report-sample'") } };
    const { enforced, reported, nonce } = await page(staged({ reportOnly, reportTo: '/r' }), { nonce: true });
    assert.equal(listed(enforced[0], 'style-src'), `'self' 'nonce-${nonce}'`);
    assert.equal(listed(reported[0], 'style-src'), `'report-sample' 'nonce-${nonce}'`);
    assert.equal(listed(reported[0], 'script-src'), `'strict-dynamic' 'nonce-${nonce}'`);
    assert.ok(!reported[0]!.has('upgrade-insecure-requests'));
    const plain = await page(
      staged({ reportOnly: { preset: 'none', directives: { 'img-src': ["'self'"] } }, reportTo: '/r' }),
    );
    assert.deepEqual([...plain.reported[0]!.keys()], ['img-src', 'report-uri', 'report-to']);
  });

  it('of a route goes over the policy’s, directive by directive [HDR-03]', async () => {
    const on = staged({ directives: { 'img-src': ["'self'", 'https://images.example'] } }, [
      {},
      {
        path: '/map',
        overrides: { csp: { directives: { 'connect-src': ["'self'", 'https://tiles.example'] } } as object },
      },
      { path: '/bare', overrides: { csp: { directives: { 'img-src': false } } as object } },
      {
        path: '/own',
        overrides: { csp: { preset: 'none', directives: { 'default-src': ["'none'"] }, reason: WHY } as object },
      },
      { path: '/off', overrides: { csp: off(WHY) } },
    ]);
    const at = async (target: string): Promise<ParsedPolicy | undefined> => (await page(on, { target })).enforced[0];
    assert.equal(listed(await at('/map'), 'img-src'), "'self' https://images.example");
    assert.equal(listed(await at('/map'), 'connect-src'), "'self' https://tiles.example");
    assert.equal(listed(await at('/map'), 'script-src'), "'none'");
    assert.ok(!(await at('/'))!.has('connect-src'));
    assert.ok(!(await at('/bare'))!.has('img-src'));
    assert.deepEqual([...(await at('/own'))!.keys()], ['img-src', 'default-src']);
    assert.equal(await at('/off'), undefined);
  });

  it('of a route holds where the policy is off', async () => {
    const on = staged(off(WHY), [{}, { path: '/x', overrides: { csp: {} } }]);
    assert.equal((await page(on)).enforced.length, 0);
    assert.equal(listed((await page(on, { target: '/x' })).enforced[0], 'script-src'), "'none'");
  });

  it('is frozen, presets and all', () => {
    for (const one of [CSP_DEFAULTS, STRICT_PAGE, TIGHT_DATA])
      for (const value of [one, ...Object.values(one)]) assert.ok(Object.isFrozen(value));
  });
});

describe('detect mode', () => {
  const setting = { mode: detect('roll-out of the policy', { until: '2026-01-01' }), reportTo: '/r' } as const;

  it('sends every policy as Report-Only', async () => {
    const on = staged({ ...setting, reportOnly: { preset: 'none', directives: { 'img-src': ["'none'"] } } });
    const { enforced, reported, nonce } = await page(on, { nonce: true });
    assert.deepEqual(enforced, []);
    assert.equal(reported.length, 2);
    assert.equal(listed(reported[0], 'script-src'), `'strict-dynamic' 'nonce-${nonce}'`);
    assert.equal(listed(reported[1], 'img-src'), "'none'");
    const data = await page(on, { own: JSON_TYPE });
    assert.deepEqual(data.enforced, []);
    assert.equal(listed(data.reported[0], 'default-src'), "'none'");
    assert.ok(!data.reported[0]!.has('sandbox'));
  });

  it('gives no nonce to data, whatever its policy', async () => {
    const on = staged({ ...setting, data: { 'script-src': ["'self'"] }, reason: WHY });
    const { reported } = await page(on, { own: JSON_TYPE, nonce: true });
    assert.equal(listed(reported[0], 'script-src'), "'self'");
  });

  it('ends by itself on its day, in a process that runs', async () => {
    const on = staged(setting);
    const end = Date.UTC(2026, 0, 2);
    assert.ok(end > NOON);
    for (const own of [HTML, JSON_TYPE]) {
      on.clock.at = end - 1;
      const before = await page(on, { own });
      assert.deepEqual([before.enforced.length, before.reported.length], [0, 1]);
      on.clock.at = end;
      const after = await page(on, { own });
      assert.deepEqual([after.enforced.length, after.reported.length], [1, 0]);
    }
  });

  it('of one route leaves the others enforced', async () => {
    const on = staged(undefined, [{}, { path: '/x', overrides: { csp: { mode: setting.mode } } }]);
    assert.equal((await page(on)).enforced.length, 1);
    assert.equal((await page(on, { target: '/x' })).enforced.length, 0);
  });

  it('is told at start', async () => {
    const on = staged(setting);
    await on.ready;
    assert.deepEqual(
      on.said('policy.weakened').map(({ option, how }) => [option, how]),
      [['csp', 'detect']],
    );
  });
});
