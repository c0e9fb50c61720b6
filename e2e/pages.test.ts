/**
 * Every page of Desk as everybody sees it, in Chromium: nothing is reported to the console, and whoever uses a keyboard,
 * a screen reader or a dark screen finds their way.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { Person } from '../apps/desk/src/desk.fixture.ts';
import { pageFaults } from './accessibility.ts';
import { complaintsOf, profiles } from './browser.fixture.ts';
import { signIn, startDesk } from './sites.fixture.ts';
import type { DeskSite } from './sites.fixture.ts';

interface Visit {
  readonly who: Person | 'guest';
  readonly paths: readonly string[];
}

/** Every page, each for whom it looks different. */
const VISITS: readonly Visit[] = [
  { who: 'guest', paths: ['/', '/sign-in', '/register', '/tickets', '/sign-in?done=signed-out'] },
  { who: 'mira', paths: ['/', '/tickets', '/tickets?page=9', '/tickets/new', '/tickets/1', '/account'] },
  { who: 'noor', paths: ['/', '/tickets', '/tickets?status=closed', '/tickets/new', '/tickets/2', '/account'] },
  { who: 'ada', paths: ['/', '/tickets', '/tickets/new', '/tickets/1', '/account', '/admin'] },
];
/** Addresses that are refused, by who asks and with which status. */
const REFUSALS: readonly (readonly [who: Visit['who'], path: string, status: number])[] = [
  ['guest', '/no-such-page', 404],
  ['mira', '/tickets/2', 404],
  ['mira', '/admin', 403],
  ['guest', '/tickets/..%2f1', 400],
];
/** What Chromium itself says about every page with such a status. */
const STATUS_NOTE = /^error: Failed to load resource: the server responded with a status of 4\d\d/;
/** More stops than any page has. */
const MANY = 80;

describe('the pages of Desk in Chromium', () => {
  const browser = profiles();
  let desk: DeskSite;
  before(async () => {
    desk = await startDesk();
  });
  after(() => desk?.close());

  const visit = async (who: Visit['who'], page: Page): Promise<void> => {
    if (who !== 'guest') await signIn(page, desk, who);
  };

  for (const { who, paths } of VISITS) {
    it(`${who} sees every page without a violation, a warning or an error [S-06] [HDR-04]`, async () => {
      const page = await browser.open();
      const complaints = await complaintsOf(page);
      await visit(who, page);
      for (const path of paths) {
        const answer = await page.goto(desk.url + path, { waitUntil: 'load' });
        assert.equal(answer?.status(), 200, path);
        // The page's own script and style are at work: complaints are not absent because nothing was there.
        assert.deepEqual(await page.evaluate(AT_WORK), [true, true], path);
        assert.deepEqual(complaints, [], path);
      }
    });

    it(`${who} can read and reach everything, in light and in dark colours`, async () => {
      const page = await browser.open();
      await visit(who, page);
      for (const path of paths) {
        await page.goto(desk.url + path);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          assert.deepEqual(await page.evaluate(pageFaults, false), [], `${path} in ${colorScheme}`);
          assert.deepEqual(await focusFaults(page), [], `${path} in ${colorScheme}`);
        }
      }
    });

    it(`${who} needs no sideways scrolling on a telephone`, async () => {
      const page = await browser.open({ viewport: { width: 320, height: 640 } });
      await visit(who, page);
      for (const path of paths) {
        await page.goto(desk.url + path);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, path);
      }
    });
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`a form that was filled in wrongly can be read in ${colorScheme} colours`, async () => {
      const page = await browser.open({ colorScheme });
      await page.goto(`${desk.url}/register`);
      await page.getByRole('button', { name: 'Make the account' }).click();
      await page.getByRole('alert').waitFor();
      assert.deepEqual(await page.evaluate(pageFaults, false), []);
    });
  }

  for (const [who, path, status] of REFUSALS) {
    it(`${who} is refused ${path} with a page that says nothing internal [S-04]`, async () => {
      const page = await browser.open();
      await visit(who, page);
      const complaints = await complaintsOf(page);
      const answer = await page.goto(desk.url + path);
      assert.equal(answer?.status(), status);
      assert.deepEqual(
        complaints.filter((one) => !STATUS_NOTE.test(one)),
        [],
      );
      const text = await page.locator('body').innerText();
      assert.match(text, /\S/);
      assert.doesNotMatch(text, /node_modules|\.ts\b|\bat \w+ \(|fastify|dewar/i);
    });
  }

  it('a page without labels, contrast and focus is found out', async () => {
    const page = await browser.open();
    await page.setContent(
      '<p style="color:#999">pale</p><input id="bare"><button style="outline:none">Go</button><h3>Deep</h3>',
    );
    assert.deepEqual(await page.evaluate(pageFaults, false), [
      'the page names no language',
      'the page has no title',
      'there is no main',
      'there is no body > header',
      'there is no body > footer',
      'there is no nav',
      'there are 0 h1',
      'h3 follows h1',
      'input#bare has no label',
      'p "pale" has contrast 2.85',
    ]);
    await page.getByText('Go').focus();
    assert.deepEqual(await page.evaluate(pageFaults, true), ['button "Go" does not show its focus']);
  });
});

/** The script shows times in the reader's own words and the style sets the column. */
const AT_WORK = `[
  [...document.querySelectorAll('time')].every((time) => time.title !== '')
    && [...document.querySelectorAll('form input[type=password]')].every((input) => input.closest('.row') !== null),
  getComputedStyle(document.body).display === 'flex',
]`;

/** Goes through the page with the tab key; what is reached must show it. */
async function focusFaults(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (let stops = 0; stops < MANY; stops++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate<boolean>('document.activeElement === document.body')) {
      if (stops === 0) found.push('nothing is reached by keyboard');
      return found;
    }
    found.push(...(await page.evaluate(pageFaults, true)));
  }
  return [...found, `there are more than ${MANY} stops`];
}
