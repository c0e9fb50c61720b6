/**
 * Reports that Chromium itself sends, in both formats, received and counted by the application.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { CspReport } from '@dewar/core';
import { proposeCsp } from '@dewar/core/csp';
import { anyone } from 'dewar';
import { defineDewar } from 'dewar/fastify';
import Fastify from 'fastify';
import { FLAGS, profiles } from './browser.fixture.ts';
import { startFront, startSite } from './sites.fixture.ts';
import type { OwnSite, Site } from './sites.fixture.ts';

const PAGE = `<!doctype html><title>Reported</title>
<img src="https://images.example/a.png?session=secret-1" alt="">
<script>window.ran = 'secret-2'</script>
<p style="color: red">text</p>`;
const PATIENCE_MS = 20_000;

/** What Chromium was kept from on that page, by directive. */
const EXPECTED = ['img-src https://images.example', 'script-src-elem inline', 'style-src-attr inline'];

function startReported(): Promise<OwnSite> {
  const definition = defineDewar({
    policy: {
      hosts: { allowed: ['app.localhost'] },
      facts: { trustedProxies: ['127.0.0.1/32'] },
      csp: { reports: '/csp-reports' },
    },
    async app(plugin) {
      const app = Fastify(plugin.options);
      await app.register(plugin);
      for (const url of ['/tickets/1', '/tickets/2']) {
        app.get(url, { access: anyone() }, (_request, reply) => reply.type('text/html').send(PAGE));
      }
      return app;
    },
  });
  return startSite(definition, 'app.localhost');
}

describe('violations in Chromium', () => {
  // The Reporting API gathers for a minute otherwise.
  const browser = profiles({ args: [...FLAGS, '--short-reporting-delay', '--ignore-certificate-errors'] });
  let site: OwnSite;
  // The Reporting API only goes over TLS, which loopback's other fronts do without.
  let secure: Site;
  // Browsers that know `report-to` ignore `report-uri`.
  let old: Site;
  before(async () => {
    site = await startReported();
    secure = await startFront(site.url, [], { tls: true });
    old = await startFront(site.url, ['reporting-endpoints'], {
      policy: (text) => text.replace('; report-to csp', ''),
    });
  });
  after(() => Promise.all([secure, old, site].map((one) => one?.close())));

  const report = (): CspReport => site.target.running.kernel.part('csp')!.report();
  const groups = (): string[] => report().groups.map(({ directive, blocked }) => `${directive} ${blocked}`);

  /** Content types of the reports that arrived while `act` ran and until `done`. */
  async function until(done: () => boolean, act: () => Promise<unknown>): Promise<void> {
    await act();
    for (const end = Date.now() + PATIENCE_MS; !done() && Date.now() < end;) await wait(50);
    assert.ok(done(), JSON.stringify(report()));
  }
  const received = (): number => report().groups.reduce((sum, { count }) => sum + count, 0);

  it('arrive by the Reporting API, from two pages that count as one [HDR-11] [HDR-12]', async () => {
    const page = await browser.open();
    await until(
      () => received() >= 2 * EXPECTED.length,
      async () => {
        for (const id of [1, 2]) await page.goto(`${secure.url}/tickets/${id}`);
      },
    );
    assert.deepEqual(groups().sort(), EXPECTED);
    assert.deepEqual(
      report().groups.map(({ document, disposition, count }) => [document, disposition, count]),
      EXPECTED.map(() => ['/tickets/*', 'enforce', 2]),
    );
    assert.ok(!JSON.stringify([site.target.events, report()]).includes('secret-'));
  });

  it('arrive by report-uri from a browser that knows no better [HDR-10] [HDR-12]', async () => {
    const page = await browser.open();
    const before = received();
    const sent = page.waitForRequest((one) => one.url().endsWith('/csp-reports'));
    await until(
      () => received() === before + EXPECTED.length,
      () => page.goto(`${old.url}/tickets/1`),
    );
    assert.equal((await sent).headers()['content-type'], 'application/csp-report');
    assert.deepEqual(groups().sort(), EXPECTED);
  });

  it('teach a policy that lets the picture in and nothing that was smuggled [HDR-12]', () => {
    const { directives, notes } = proposeCsp(report());
    assert.deepEqual(directives, { 'img-src': ["'self'", 'data:', 'https://images.example'] });
    assert.deepEqual(notes.map(({ directive }) => directive).sort(), ['script-src-elem', 'style-src-attr']);
  });
});
