/**
 * Files in Chromium: tags carry integrity, so that a file which is not what it was does not run.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { anyone } from 'dewar';
import { defineDewar, serveFiles } from 'dewar/fastify';
import Fastify from 'fastify';
import type { Page } from 'playwright-core';
import { complaintsOf, profiles } from './browser.fixture.ts';
import { startSite } from './sites.fixture.ts';
import type { OwnSite } from './sites.fixture.ts';

describe('files in Chromium', () => {
  const browser = profiles();
  const folder = mkdtempSync(join(tmpdir(), 'dewar-files-'));
  let site: OwnSite;
  before(async () => {
    writeFileSync(join(folder, 'app.js'), 'window.started = "own"');
    writeFileSync(join(folder, 'site.css'), 'h1 { color: rgb(1, 2, 3) }');
    const definition = defineDewar({
      policy: { hosts: { allowed: ['app.localhost'] }, facts: { trustedProxies: ['127.0.0.1/32'] } },
      async app(plugin) {
        const app = Fastify(plugin.options);
        await app.register(plugin);
        const files = serveFiles(app, { folder, access: anyone() });
        app.get('/', { access: anyone() }, (request, reply) => {
          const tags = files.style('site.css') + files.script('app.js', request.dewar.nonce());
          return reply.type('text/html').send(`<!doctype html><title>Files</title>${tags}<h1>Files</h1>`);
        });
        return app;
      },
    });
    site = await startSite(definition, 'app.localhost');
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await site?.close();
  });

  const started = (page: Page): Promise<unknown> => page.evaluate('window.started');
  /** Bytes that each file took on the line. */
  const transferred = (page: Page): Promise<readonly number[]> =>
    page.evaluate(
      "performance.getEntriesByType('resource').filter((one) => one.name.includes('/assets/')).map((one) => one.transferSize)",
    );
  const colour = (page: Page): Promise<unknown> =>
    page.evaluate("getComputedStyle(document.querySelector('h1')).color");

  it('run and apply under the strict policy, and are not asked for twice [HDR-08]', async () => {
    const page = await browser.open();
    const complaints = await complaintsOf(page);
    await page.goto(site.url);
    assert.deepEqual([await started(page), await colour(page)], ['own', 'rgb(1, 2, 3)']);
    assert.deepEqual(
      complaints.filter((one) => !one.includes('favicon') && !one.includes('404')),
      [],
    );
    assert.ok((await transferred(page)).every((bytes) => bytes > 0));
    await page.goto(`${site.url}/?again`);
    assert.deepEqual(await transferred(page), [0, 0]);
  });

  it('that were changed on the way do not run [HDR-08]', async () => {
    const page = await browser.open();
    await page.route('**/assets/*.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'window.started = "changed"' }),
    );
    const complaints = await complaintsOf(page);
    await page.goto(site.url);
    assert.equal(await started(page), undefined);
    assert.ok(
      complaints.some((one) => /integrity/.test(one)),
      complaints.join('\n'),
    );
  });
});
