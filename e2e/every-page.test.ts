/**
 * Every page of Desk in every state, in Chromium: axe-core finds nothing in light or dark colours, nothing is wider than
 * a small telephone, and nothing is reported to the console.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { complaintsOf, profiles } from './browser.fixture.ts';
import { pages, visitAs } from './pages.fixture.ts';
import { startDesk } from './sites.fixture.ts';
import type { DeskSite } from './sites.fixture.ts';

/** What Chromium itself says about every page with such a status. */
const STATUS_NOTE = /^error: Failed to load resource: the server responded with a status of [45]\d\d/;
const TELEPHONE = { width: 360, height: 640 };
const DESKTOP = { width: 1100, height: 740 };

describe('every page of Desk in Chromium', () => {
  const browser = profiles();
  let desk: DeskSite;
  before(async () => {
    desk = await startDesk();
  });
  after(() => desk?.close());

  it('has nothing that axe finds, fits a telephone, and reports nothing [S-06]', async () => {
    const visitors = new Map<string, { readonly page: Page; readonly complaints: string[] }>();
    for (const { name, who, path, shows, act } of pages(desk)) {
      const { page, complaints } = visitors.get(who) ?? (await arrive(who));
      visitors.set(who, { page, complaints });
      complaints.splice(0);
      await page.goto(desk.url + path);
      await act?.(page);
      assert.match(await page.locator('body').innerText(), shows, name);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await violations(page), [], `${name} in ${colorScheme}`);
      }
      await page.setViewportSize(TELEPHONE);
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), TELEPHONE.width, name);
      assert.deepEqual(await violations(page), [], `${name} on a telephone`);
      await page.setViewportSize(DESKTOP);
      assert.deepEqual(
        complaints.filter((one) => !STATUS_NOTE.test(one)),
        [],
        name,
      );
    }
    assert.equal(visitors.size, 6, 'everybody was there');
  });

  it('is judged by an axe that finds something where something is wrong', async () => {
    const page = await browser.open();
    await page.setContent(
      '<html><title>x</title><body><p style="color:#aaa">pale</p><img src="x"><input></body></html>',
    );
    const found = (await violations(page)).map((one) => one.split(':')[0]);
    for (const rule of ['color-contrast', 'html-has-lang', 'image-alt', 'label', 'landmark-one-main'])
      assert.ok(found.includes(rule), `${rule} is among ${found.join(', ')}`);
  });

  async function arrive(who: string): Promise<{ readonly page: Page; readonly complaints: string[] }> {
    const page = await browser.open({ viewport: DESKTOP, reducedMotion: 'reduce' });
    const complaints = await complaintsOf(page);
    await visitAs(page, desk, who as Parameters<typeof visitAs>[2]);
    return { page, complaints };
  }
});

/** Rule and place of everything axe finds, its best practices included. */
async function violations(page: Page): Promise<readonly string[]> {
  // In the page's own world, by the debugger: the policy of the page has no say in it, and stays as it is.
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}
