/**
 * Reports of browsers: what is read of them, how they are counted, and what is learned from them.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, protection } from '../kernel/index.ts';
import type { Configured, CspReport, CspViolationGroup, Setting } from '../kernel/index.ts';
import { set, stage } from '../kernel/kernel.fixture.ts';
import type { Cast, Stage } from '../kernel/kernel.fixture.ts';
import { directiveFaults } from './check.ts';
import { DIRECTIVE_NAMES } from './directives.ts';
import { csp, mergedCsp, proposeCsp } from './index.ts';
import type { CspOptions } from './index.ts';
import { CSP_DEFAULTS } from './policy.ts';
import { readReports } from './violation.ts';

const HOST = 'app.example';
const read = (value: unknown): readonly unknown[] => readReports(Buffer.from(JSON.stringify(value)), HOST);

/** As Chromium writes it for `report-uri`. */
const legacy = (more: object = {}): object => ({
  'csp-report': {
    'document-uri': 'https://app.example/tickets/42?q=secret#part',
    referrer: '',
    'violated-directive': 'script-src-elem',
    'effective-directive': 'script-src-elem',
    'original-policy': "default-src 'self'",
    disposition: 'enforce',
    'blocked-uri': 'https://cdn.example/lib.js?token=1',
    'script-sample': 'password=hunter2',
    'status-code': 200,
    ...more,
  },
});
/** As the Reporting API has it. */
const modern = (more: object = {}): object => ({
  age: 7,
  type: 'csp-violation',
  url: 'https://app.example/tickets/42',
  user_agent: 'Mozilla/5.0',
  body: {
    documentURL: 'https://app.example/tickets/42',
    effectiveDirective: 'img-src',
    blockedURL: 'https://images.example/a.png',
    disposition: 'report',
    sample: '',
    ...more,
  },
});

describe('reports, read', () => {
  it('both formats come to the same, and keep no query, sample or id [HDR-12]', () => {
    assert.deepEqual(read(legacy()), [
      { directive: 'script-src-elem', blocked: 'https://cdn.example', document: '/tickets/*', disposition: 'enforce' },
    ]);
    assert.deepEqual(read([modern(), modern({ blockedURL: 'inline', effectiveDirective: 'style-src-attr' })]), [
      { directive: 'img-src', blocked: 'https://images.example', document: '/tickets/*', disposition: 'report' },
      { directive: 'style-src-attr', blocked: 'inline', document: '/tickets/*', disposition: 'report' },
    ]);
  });

  for (const [blocked, kept] of [
    ['inline', 'inline'],
    ['eval', 'eval'],
    ['trusted-types-sink', 'trusted-types-sink'],
    ['data', 'data:'],
    ['blob:https://app.example/1', 'blob:'],
    ['self', "'self'"],
    ['https://app.example/old.js', "'self'"],
    ['https://user:pass@CDN.example:8443/x', 'https://cdn.example:8443'],
    ['wss://live.example/socket', 'wss://live.example'],
  ] as const) {
    it(`${blocked} is told as ${kept} [HDR-12]`, () => {
      const [found] = read(legacy({ 'blocked-uri': blocked })) as [{ readonly blocked: string }];
      assert.equal(found.blocked, kept);
    });
  }

  for (const [name, report, why] of [
    ['another host’s page', legacy({ 'document-uri': 'https://evil.example/' }), 'foreign'],
    ['an extension', legacy({ 'blocked-uri': 'chrome-extension://abc/x.js' }), 'extension'],
    ['an extension of Firefox', legacy({ 'blocked-uri': 'moz-extension://abc/x.js' }), 'extension'],
    ['no directive', legacy({ 'effective-directive': 'made-up', 'violated-directive': '' }), 'malformed'],
    ['a directive of the prototype', legacy({ 'effective-directive': 'constructor' }), 'malformed'],
    ['no page', legacy({ 'document-uri': 7 }), 'malformed'],
    ['a script as address', legacy({ 'blocked-uri': 'javascript:alert(1)' }), 'malformed'],
    ['no address', legacy({ 'blocked-uri': '' }), 'malformed'],
    ['a star', legacy({ 'blocked-uri': 'https://*' }), 'malformed'],
    ['a star below a domain', legacy({ 'blocked-uri': 'https://*.example/' }), 'malformed'],
    ['a host longer than names are', legacy({ 'blocked-uri': `https://${'a'.repeat(260)}` }), 'malformed'],
    ['nothing', {}, 'malformed'],
    ['another kind of report', [{ type: 'deprecation', body: {} }], 'malformed'],
    ['a number', 7, 'malformed'],
    ['null', null, 'malformed'],
    ['a report that is null', [null], 'malformed'],
  ] as const) {
    it(`${name} counts as ${why}, and keeps nothing`, () => assert.deepEqual(read(report), [why]));
  }

  it('bytes that are no JSON, and a thousand reports in one body, cost little', () => {
    assert.deepEqual(readReports(Buffer.from('{'), HOST), ['malformed']);
    assert.deepEqual(readReports(Buffer.from('['.repeat(60_000)), HOST), ['malformed']);
    assert.equal(read(Array.from({ length: 1000 }, () => modern())).length, 100);
  });

  it('paths that differ by an id are one page', () => {
    const documents = ['/tickets/1', '/tickets/2', '/tickets/3f2a9c1e-0000-4000-8000-000000000000', '/tickets/%C3%A4'];
    const found = documents.map((path) => read(legacy({ 'document-uri': `https://${HOST}${path}` }))[0]);
    assert.equal(new Set(found.map((one) => JSON.stringify(one))).size, 1);
    const deep = read(legacy({ 'document-uri': `https://${HOST}${'/a'.repeat(50)}` }))[0] as { document: string };
    assert.equal(deep.document, '/a/a/a/a/a/a/*');
  });
});

/** A protection of which only the name counts: a kernel with access is a whole application's. */
const ACCESS: Configured = set(
  protection({
    name: 'access',
    defaults: Object.freeze({}),
    codes: [],
    detectable: false,
    check: () => [],
    compile: () => [],
  }),
  undefined,
);
const REPORTS: Setting<CspOptions> = { reports: '/csp-reports' };

/** A kernel with a receiver, and a browser that reports to it. */
async function receiver(setting = REPORTS): Promise<Stage & { post(type: string, value: unknown): number }> {
  const on = stage({ protections: [set(csp, setting), ACCESS] });
  await on.ready;
  return Object.assign(on, {
    post(type: string, value: unknown): number {
      const c = on.context({ method: 'POST', target: '/csp-reports' });
      assert.equal(on.kernel.before(c), null);
      const found = c.route.body?.reader(type);
      if (found !== undefined && found !== null && 'whole' in found) {
        assert.equal(found.whole(Buffer.from(JSON.stringify(value)), c), null);
      }
      const verdict = on.kernel.after(c);
      assert.ok(verdict !== null && 'reply' in verdict);
      const answer = on.kernel.answer(c, verdict);
      assert.equal(answer.body, '');
      return answer.status;
    },
  });
}
const LEGACY = 'application/csp-report';
const MODERN = 'application/reports+json';
const reportOf = ({ kernel }: Stage): CspReport => kernel.part('csp')!.report();

describe('reports, received', () => {
  it('are answered with nothing, counted in groups, and told once [HDR-12]', async () => {
    const on = await receiver(REPORTS);
    for (let i = 0; i < 3; i++) assert.equal(on.post(LEGACY, legacy()), 204);
    assert.equal(on.post(`${MODERN}; charset=utf-8`, [modern(), modern()]), 204);
    const { groups } = reportOf(on);
    assert.deepEqual(
      groups.map(({ directive, blocked, count }) => [directive, blocked, count]),
      [
        ['script-src-elem', 'https://cdn.example', 3],
        ['img-src', 'https://images.example', 2],
      ],
    );
    assert.equal(on.said('csp.violation').length, 2);
    assert.ok(!JSON.stringify([on.events, groups]).includes('secret'));
    assert.ok(!JSON.stringify([on.events, groups]).includes('hunter2'));
  });

  it('what is no report is answered alike, and counted', async () => {
    const on = await receiver(REPORTS);
    assert.equal(on.post('application/json', legacy()), 204);
    assert.equal(on.post(LEGACY, 'nonsense'), 204);
    assert.equal(on.post(LEGACY, legacy({ 'document-uri': 'https://evil.example/' })), 204);
    const { groups, ignored } = reportOf(on);
    assert.deepEqual([groups.length, ignored.malformed, ignored.foreign], [0, 2, 1]);
  });

  it('a flood is not read: 200 at once, then 20 a second', async () => {
    const on = await receiver(REPORTS);
    for (let i = 0; i < 1000; i++) assert.equal(on.post(LEGACY, legacy()), 204);
    assert.deepEqual([reportOf(on).groups[0]?.count, reportOf(on).ignored.excess], [200, 800]);
    on.clock.at += 1000;
    for (let i = 0; i < 1000; i++) on.post(LEGACY, legacy());
    assert.equal(reportOf(on).groups[0]?.count, 220);
    on.clock.at -= 60_000;
    on.post(LEGACY, legacy());
    assert.equal(reportOf(on).groups[0]?.count, 220);
  });

  it('made-up groups fill neither the memory nor the log', async () => {
    const on = await receiver(REPORTS);
    for (let i = 0; i < 30; i++) {
      on.clock.at += 10_000;
      on.post(
        MODERN,
        Array.from({ length: 100 }, (_, n) => modern({ blockedURL: `https://x${i}-${n}.example/` })),
      );
    }
    const { groups, ignored } = reportOf(on);
    assert.deepEqual([groups.length, ignored.forgotten], [500, 2500]);
    assert.equal(on.said('csp.violation').length, 100);
    on.clock.at += 3_600_000;
    on.post(LEGACY, legacy());
    assert.equal(on.said('csp.violation').length, 101);
  });

  it('what is seen again and again is not forgotten for what is made up', async () => {
    const on = await receiver(REPORTS);
    for (let i = 0; i < 20; i++) {
      on.clock.at += 10_000;
      const made = Array.from({ length: 99 }, (_, n) => modern({ blockedURL: `https://x${i}-${n}.example/` }));
      on.post(MODERN, [...made, modern()]);
    }
    const [first] = reportOf(on).groups;
    assert.deepEqual([first?.blocked, first?.count], ['https://images.example', 20]);
  });

  it('is an address of POST alone, and no page’s', async () => {
    const on = await receiver(REPORTS);
    assert.equal(on.context({ method: 'GET', target: '/csp-reports' }).route, on.kernel.notFound);
    assert.equal(on.context({ method: 'POST', target: '/csp-reports/' }).route, on.kernel.notFound);
    assert.equal((await receiver({})).context({ method: 'POST', target: '/csp-reports' }).route.body, undefined);
  });

  it('browsers are told where to report', async () => {
    const { send } = await receiver(REPORTS);
    const { field } = await send({}, ['content-type', 'text/html']);
    assert.match(String(field('content-security-policy')), /; report-uri \/csp-reports; report-to csp$/);
    assert.equal(field('reporting-endpoints'), 'csp="/csp-reports"');
    const elsewhere = await receiver({ ...REPORTS, reportTo: 'https://reports.example/csp' });
    const sent = await elsewhere.send({}, ['content-type', 'text/html']);
    assert.equal(sent.field('reporting-endpoints'), 'csp="https://reports.example/csp"');
  });
});

describe('the option reports', () => {
  const faults = async (setting: Setting<CspOptions>, cast: Cast = {}): Promise<string[]> => {
    try {
      await stage({ protections: [set(csp, setting), ACCESS], ...cast }).ready;
      return [];
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.faults.map(({ option, write }) => `${option}: ${write}`);
    }
  };

  for (const reports of ['csp-reports', '/', '//x', '/a?b', '/a/', '/a/../b', '/%41', 'https://x.example/', 7]) {
    it(`${JSON.stringify(reports)} is a fault`, async () => {
      assert.deepEqual(await faults({ reports } as Setting<CspOptions>), ["csp.reports: write '/csp-reports'"]);
    });
  }

  it('a route has none, and takes none away', async () => {
    const [own] = await faults(REPORTS, { routes: [{ overrides: { csp: { reports: '/other' } as object } }] });
    assert.equal(own, 'GET /: csp.reports: write it in the policy');
    const [taken] = await faults(REPORTS, { routes: [{ method: 'POST', path: '/csp-reports' }] });
    assert.equal(taken, 'csp.reports: take the route out, or receive reports at another path');
  });

  it('alone in an application, csp receives nothing', async () => {
    assert.deepEqual(await faults(REPORTS, { protections: [set(csp, REPORTS)] }), [
      "csp.reports: write reportTo: '/csp-reports', and a route of your own for it",
    ]);
  });
});

const page = mergedCsp(CSP_DEFAULTS).page as CspReport['page'];
const group = (directive: string, blocked: string, more: Partial<CspViolationGroup> = {}): CspViolationGroup => ({
  directive,
  blocked,
  document: '/',
  disposition: 'report',
  count: 1,
  first: 0,
  last: 0,
  ...more,
});
const learn = (...groups: CspViolationGroup[]): ReturnType<typeof proposeCsp> =>
  proposeCsp({
    since: 0,
    groups,
    page,
    ignored: { malformed: 0, foreign: 0, extension: 0, excess: 0, forgotten: 0 },
  });

describe('a policy, learned', () => {
  it('is the one there is with the exact origins that were reported [HDR-12]', () => {
    const { directives, sources, notes } = learn(
      group('img-src', 'https://images.example', { count: 2 }),
      group('img-src', 'https://images.example', { document: '/tickets/*' }),
      group('connect-src', 'https://api.example'),
      group('connect-src', 'wss://live.example'),
      group('font-src', 'data:'),
    );
    assert.deepEqual(directives, {
      'img-src': ["'self'", 'data:', 'https://images.example'],
      'connect-src': ["'self'", 'https://api.example', 'wss://live.example'],
      'font-src': ["'self'", 'data:'],
    });
    assert.deepEqual(notes, []);
    assert.deepEqual(sources[0], {
      directive: 'img-src',
      source: 'https://images.example',
      count: 3,
      documents: ['/', '/tickets/*'],
    });
  });

  it('drops none where it lets something in', () => {
    assert.deepEqual(learn(group('object-src', 'https://files.example')).directives, {
      'object-src': ['https://files.example'],
    });
  });

  for (const [directive, blocked, write] of [
    ['script-src-elem', 'inline', /nonce.*a hash cannot be learned/],
    ['script-src-attr', 'inline', /addEventListener/],
    ['style-src-elem', 'inline', /<style> the nonce/],
    ['style-src-attr', 'inline', /class/],
    ['script-src', 'eval', /code made of text/],
    ['script-src', 'wasm-eval', /code made of text/],
    ['require-trusted-types-for', 'trusted-types-sink', /no list of sources/],
    ['trusted-types', 'trusted-types-policy', /trusted-types/],
    ['script-src-elem', 'https://cdn.example', /the nonce: c\.nonce\(\)/],
    ['script-src-elem', 'data:', /nonce/],
    ['img-src', 'http://images.example', /over https/],
    ['connect-src', 'ws://live.example', /over wss/],
    ['connect-src', 'data:', /address of its own/],
    ['img-src', 'filesystem:', /address of its own/],
    ['frame-ancestors', 'https://evil.example', /only if it is yours/],
    ['base-uri', 'https://evil.example', /<base>/],
    ['sandbox', 'inline', /no list of sources/],
  ] as const) {
    it(`${directive} with ${blocked} is a word to the developer, and never a source [HDR-12]`, () => {
      const { directives, notes } = learn(group(directive, blocked));
      assert.deepEqual(directives, {});
      assert.match(notes[0]?.write ?? '', write);
    });
  }

  it('a script host known for giving a policy away is not proposed, whatever the policy', () => {
    const open = { ...page, 'script-src': ["'self'"] };
    const learned = (blocked: string): ReturnType<typeof proposeCsp> =>
      proposeCsp({
        since: 0,
        page: open,
        groups: [group('script-src-elem', blocked)],
        ignored: reportless,
      });
    assert.deepEqual(learned('https://ajax.googleapis.com').directives, {});
    assert.deepEqual(learned('https://cdn.shop.example').directives, {
      'script-src': ["'self'", 'https://cdn.shop.example'],
    });
    assert.deepEqual(learned('data:').directives, {});
  });

  it('proposes only what a policy takes, whatever is reported [HDR-12]', () => {
    const words = ['data:', 'blob:', "'self'", 'https://a.example', 'wss://a.example', 'https://[::1]', 'inline'];
    const all = DIRECTIVE_NAMES.flatMap((name) => words.map((word) => group(name, word)));
    const { directives } = learn(...all);
    assert.deepEqual(directiveFaults(directives, 'csp.directives'), []);
    // An old browser that names only this one may mean a script.
    for (const name of ['trusted-types', 'default-src']) assert.ok(!(name in directives), name);
    assert.deepEqual(directives['worker-src']?.includes("'strict-dynamic'"), false);
  });

  it('never proposes what would be a hole, whatever is reported', () => {
    const words = ['inline', 'eval', 'data:', 'blob:', "'self'", 'https://a.example', 'http://a.example', 'https://*'];
    const all = Object.keys(mergedCsp(CSP_DEFAULTS).page).flatMap((name) => words.map((word) => group(name, word)));
    const { directives } = learn(...all);
    const sources = Object.entries(directives).flatMap(([name, list]) => list.map((source) => `${name} ${source}`));
    assert.ok(sources.length > 0);
    for (const source of sources) assert.doesNotMatch(source, /unsafe|\*|http:|^script-src .*(?:data|blob):/, source);
  });
});

const reportless: CspReport['ignored'] = { malformed: 0, foreign: 0, extension: 0, excess: 0, forgotten: 0 };
