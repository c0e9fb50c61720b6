/**
 * Clickjacking, in Chromium: another site and a sibling embed Desk in every way there is, and see nothing of it.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { profiles } from './browser.fixture.ts';
import { signIn, startDesk, startStranger } from './sites.fixture.ts';
import type { DeskSite, Stranger } from './sites.fixture.ts';

const CROSS_SITE = '127.0.0.1';
const SIBLING = 'evil.desk.localhost';

const EMBEDDINGS: readonly (readonly [name: string, host: string, markup: (url: string) => string])[] = [
  ['another site’s frame', CROSS_SITE, (url) => `<iframe src="${url}"></iframe>`],
  ['a sibling’s frame, which the cookies go along with', SIBLING, (url) => `<iframe src="${url}"></iframe>`],
  ['a sandboxed frame', SIBLING, (url) => `<iframe sandbox="allow-scripts allow-forms" src="${url}"></iframe>`],
  ['a frame in a frame', SIBLING, (url) => `<iframe srcdoc="<iframe src='${url}'></iframe>"></iframe>`],
  ['an object', SIBLING, (url) => `<object type="text/html" data="${url}"></object>`],
  ['an embed', SIBLING, (url) => `<embed type="text/html" src="${url}">`],
];

describe('framing in Chromium', () => {
  const browser = profiles();
  let stranger: Stranger;
  let desk: DeskSite;
  let twin: DeskSite;
  let framesOnly: DeskSite;
  before(async () => {
    stranger = await startStranger();
    desk = await startDesk();
    twin = await startDesk(['csp', 'headers']);
    framesOnly = await startDesk(['csp']);
  });
  after(() => Promise.all([stranger, desk, twin, framesOnly].map((one) => one?.close())));

  for (const [name, host, markup] of EMBEDDINGS) {
    it(`${name} shows nothing of Desk [HDR-15] [S-08]`, async () => {
      const page = await browser.open();
      assert.equal(await embeds(page, twin, stranger.show(host, markup(`${twin.url}/sign-in`))), true, 'on the twin');
      assert.equal(await embeds(page, desk, stranger.show(host, markup(`${desk.url}/sign-in`))), false);
    });
  }

  it('a sibling’s frame shows no tickets of whoever is signed in [HDR-15]', async () => {
    for (const [site, framed] of [
      [twin, true],
      [desk, false],
    ] as const) {
      const page = await browser.open();
      await signIn(page, site, 'mira');
      const embedded = await embeds(page, site, stranger.show(SIBLING, `<iframe src="${site.url}/tickets"></iframe>`));
      const seen = embedded && (await page.frames()[1]?.getByText('Invoice from March').count()) === 1;
      assert.equal(seen, framed, site === twin ? 'on the twin' : 'on Desk');
    }
  });

  it('another site’s frame is not sent the session, even where framing is allowed [SES-03] [S-30]', async () => {
    const page = await browser.open();
    await signIn(page, twin, 'mira');
    const markup = `<iframe src="${twin.url}/tickets"></iframe>`;
    assert.equal(await embeds(page, twin, stranger.show(CROSS_SITE, markup)), true);
    assert.equal(await page.frames()[1]?.getByRole('heading', { name: 'Sign in' }).count(), 1);
  });

  it('X-Frame-Options refuses frames where there is no policy [S-08]', async () => {
    const page = await browser.open();
    const markup = `<iframe src="${framesOnly.url}/sign-in"></iframe>`;
    assert.equal(await embeds(page, framesOnly, stranger.show(SIBLING, markup)), false);
  });
});

/** Opens a page that embeds the site; whether anything of the site is in it. Loading a page waits for its frames. */
async function embeds(page: Page, { url }: DeskSite, attacker: string): Promise<boolean> {
  await Promise.all([
    page.waitForResponse((response) => response.url().startsWith(url)),
    page.goto(attacker, { waitUntil: 'load' }),
  ]);
  // A document that was refused has an address of the browser's own.
  return page.frames().some((frame) => frame.url().startsWith(url));
}
