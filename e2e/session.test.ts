/**
 * What Chromium keeps of a session: its cookies with their flags, and nothing private once somebody has signed out.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { profiles } from './browser.fixture.ts';
import { signIn, startDesk, startStranger, startStripping } from './sites.fixture.ts';
import type { DeskSite, Site, Stranger } from './sites.fixture.ts';

const SESSION = '__Host-session';
const PRIVATE = 'Invoice from March shows the wrong address';

describe('a session in Chromium', () => {
  // Pages that the browser keeps alive for its back button: the driver switches that off unless told.
  const browser = profiles({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  let stranger: Stranger;
  let desk: DeskSite;
  /** Desk, whose answers may be kept: what the fields do can be seen by their absence. */
  let keeping: Site;
  before(async () => {
    stranger = await startStranger();
    desk = await startDesk();
    keeping = await startStripping(desk, ['cache-control', 'clear-site-data', 'pragma', 'expires']);
  });
  after(() => Promise.all([stranger, keeping, desk].map((one) => one?.close())));

  it('is a cookie that scripts, other hosts and clear text never get [SES-03] [SES-04] [S-29] [S-30]', async () => {
    const page = await browser.open();
    await signIn(page, desk, 'mira');
    const cookies = await page.context().cookies();
    assert.ok(cookies.length > 0, 'there is one');
    for (const { name, value, domain, path, secure, httpOnly, sameSite } of cookies) {
      assert.match(name, /^__Host-/);
      assert.ok(value.length >= 22, `${name} carries at least 128 bits`);
      // Without a leading dot it is of this host alone.
      assert.deepEqual(
        { domain, path, secure, httpOnly },
        { domain: 'desk.localhost', path: '/', secure: true, httpOnly: true },
      );
      assert.ok(sameSite === 'Lax' || sameSite === 'Strict', `${name} is ${sameSite}`);
    }
    assert.equal(await page.evaluate('document.cookie'), '');
  });

  it('is none before signing in, gone after signing out, and another one the next time [SES-05]', async () => {
    const page = await browser.open();
    const session = async (): Promise<string | undefined> =>
      (await page.context().cookies()).find(({ name }) => name === SESSION)?.value;
    await page.goto(`${desk.url}/sign-in`);
    assert.equal(await session(), undefined);
    await signIn(page, desk, 'mira');
    const first = await session();
    assert.ok(first !== undefined);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in?done=signed-out');
    assert.equal(await session(), undefined);
    await signIn(page, desk, 'mira');
    const second = await session();
    assert.ok(second !== undefined && second !== first);
  });

  it('is not planted by a sibling [SES-04]', async () => {
    const page = await browser.open();
    await signIn(page, desk, 'mira');
    await page.goto(stranger.show('evil.desk.localhost', ''));
    for (const name of [SESSION, 'planted'])
      await page.evaluate(`document.cookie = '${name}=evil; Path=/; Secure; Domain=desk.localhost'`);
    const seen = (await page.context().cookies(desk.url))
      .filter(({ value }) => value === 'evil')
      .map(({ name }) => name);
    // A name without the prefix shows that siblings can plant cookies.
    assert.deepEqual(seen, ['planted']);
    await page.goto(`${desk.url}/tickets`);
    assert.equal(await page.getByText(PRIVATE).count(), 1, 'the session goes on');
  });

  it('leaves nothing private behind the back button [HDR-25] [HDR-26] [SES-15]', async () => {
    assert.equal(await back(await browser.open(), keeping), true, 'where answers may be kept');
    assert.equal(await back(await browser.open(), desk), false);
  });

  it('leaves nothing private in a page that the browser kept alive [HDR-26]', async () => {
    assert.deepEqual(await backAlive(await browser.open(), keeping), { alive: true, seen: true }, 'of any other kind');
    assert.deepEqual(await backAlive(await browser.open(), desk), { alive: false, seen: false });
  });
});

/** Signs out, then goes back; whether the page that was private is shown. */
async function back(page: Page, site: Site): Promise<boolean> {
  await signIn(page, site, 'mira');
  await page.getByRole('link', { name: PRIVATE }).click();
  await page.getByRole('heading', { level: 1, name: PRIVATE }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in?done=signed-out');
  // A page that was kept alive loads nothing any more.
  await page.goBack({ waitUntil: 'commit' });
  await page.waitForFunction(`document.readyState === 'complete'`);
  return (await page.getByText(PRIVATE).count()) > 0;
}

/** The same where another tab signed out: the page behind the back button may still be alive. */
async function backAlive(page: Page, site: Site): Promise<{ alive: boolean; seen: boolean }> {
  await page.context().addInitScript(`addEventListener('pageshow', (event) => (window.alive = event.persisted))`);
  await signIn(page, site, 'mira');
  await page.getByRole('link', { name: PRIVATE }).click();
  await page.getByRole('heading', { level: 1, name: PRIVATE }).waitFor();
  await page.goto(`${site.url}/`);
  const other = await page.context().newPage();
  await other.goto(`${site.url}/account`);
  await other.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await other.waitForURL('**/sign-in?done=signed-out');
  await page.goBack({ waitUntil: 'commit' });
  await page.waitForFunction('window.alive !== undefined');
  return {
    alive: await page.evaluate<boolean>('window.alive'),
    seen: (await page.getByText(PRIVATE).count()) > 0,
  };
}
