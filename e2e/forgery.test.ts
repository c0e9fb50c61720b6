/**
 * Requests that somebody else's page sends in the victim's name, in Chromium, where the browser itself decides which
 * cookies and Fetch Metadata go along.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { LOGINS, passwordOf } from '../apps/desk/src/desk.fixture.ts';
import { profiles } from './browser.fixture.ts';
import { signIn, startDesk, startStranger } from './sites.fixture.ts';
import type { DeskSite, Stranger } from './sites.fixture.ts';

const CROSS_SITE = '127.0.0.1';
const SIBLING = 'evil.desk.localhost';

interface Forgery {
  readonly name: string;
  readonly rows: string;
  /** Name of the attacker's page. SameSite hides the flaw from another site, never from a sibling. */
  readonly from: string;
  /** Whether the victim is signed in, as Mira. */
  readonly signedIn: boolean;
  readonly page: (url: string) => string;
  /** What Desk says about it. */
  readonly code: string;
  /** Whether the victim ends up on Desk. @default true */
  readonly leaves?: false;
  readonly worked: (page: Page, site: DeskSite) => Promise<boolean>;
}

const form = (action: string, fields: Readonly<Record<string, string>>, more = ''): string =>
  `<form method="post" action="${action}" ${more}>${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    .join('')}</form><script>document.forms[0].submit()</script>`;

const TICKET = { subject: 'Forged', body: 'Please send all passwords to eve@elsewhere.example' };
const EVE = { login: LOGINS.jonas, password: passwordOf(LOGINS.jonas) };

async function ticketForged(_page: Page, { services }: DeskSite): Promise<boolean> {
  const { tickets } = await services.tickets.page({ owner: null, internal: true }, 1);
  return tickets.some(({ subject }) => subject === TICKET.subject);
}

async function isSignedInAs(page: Page, { url }: DeskSite, name: string): Promise<boolean> {
  await page.goto(`${url}/account`);
  return (await page.getByRole('heading', { level: 1, name }).count()) === 1;
}

const FORGERIES: readonly Forgery[] = [
  {
    name: 'another site’s form signs nobody in to the attacker’s account',
    rows: '[CSRF-11] [CSRF-13] [S-31]',
    from: CROSS_SITE,
    signedIn: false,
    page: (url) => form(`${url}/sign-in`, EVE),
    code: 'csrf/cross-site',
    worked: (page, site) => isSignedInAs(page, site, 'Jonas Lindqvist'),
  },
  {
    name: 'a sandboxed form, whose origin is "null", signs nobody in',
    rows: '[CSRF-09] [CSRF-13]',
    from: CROSS_SITE,
    signedIn: false,
    page: (url) =>
      `<iframe sandbox="allow-scripts allow-forms allow-top-navigation" srcdoc="${form(`${url}/sign-in`, EVE, 'target=_top').replaceAll('"', '&quot;')}"></iframe>`,
    code: 'csrf/cross-site',
    worked: (page, site) => isSignedInAs(page, site, 'Jonas Lindqvist'),
  },
  {
    name: 'a sibling’s form opens no ticket',
    rows: '[CSRF-11] [S-31]',
    from: SIBLING,
    signedIn: true,
    page: (url) => form(`${url}/tickets`, TICKET),
    code: 'csrf/same-site',
    worked: ticketForged,
  },
  {
    name: 'a sibling’s script opens no ticket by fetch',
    rows: '[CSRF-11]',
    from: SIBLING,
    signedIn: true,
    page: (url) => `<script>
      fetch('${url}/tickets', { method: 'POST', mode: 'no-cors', credentials: 'include',
        body: new URLSearchParams(${JSON.stringify(TICKET)}) });
    </script>`,
    code: 'csrf/same-site',
    leaves: false,
    worked: ticketForged,
  },
  {
    name: 'a sibling’s form signs nobody out',
    rows: '[CSRF-14]',
    from: SIBLING,
    signedIn: true,
    page: (url) => form(`${url}/sign-out`, {}),
    code: 'csrf/same-site',
    worked: async (page, site) => !(await isSignedInAs(page, site, 'Mira Santos')),
  },
];

describe('cross-site requests in Chromium', () => {
  const browser = profiles();
  let stranger: Stranger;
  let desk: DeskSite;
  let twin: DeskSite;
  before(async () => {
    stranger = await startStranger();
    desk = await startDesk();
    twin = await startDesk(['csrf']);
  });
  after(() => Promise.all([stranger, desk, twin].map((one) => one?.close())));

  for (const { name, rows, from, signedIn, page: lure, code, leaves = true, worked } of FORGERIES) {
    const attack = async (site: DeskSite): Promise<{ worked: boolean; refusals: readonly string[] }> => {
      const page = await browser.open();
      if (signedIn) await signIn(page, site, 'mira');
      await page.goto('about:blank');
      const before = site.refusals().length;
      const sent = page.waitForEvent('request', (one) => one.url().startsWith(site.url) && one.method() === 'POST');
      // What the form's answer leads to is loaded as well before the victim goes on.
      const over = leaves
        ? page.waitForURL((url) => url.href.startsWith(site.url))
        : Promise.race(['requestfinished', 'requestfailed'].map((event) => ended(page, event, site)));
      await Promise.all([sent, over, page.goto(stranger.show(from, lure(site.url))).catch(ignoreInterrupted)]);
      return { worked: await worked(page, site), refusals: site.refusals().slice(before) };
    };

    it(`${name} ${rows}`, async () => {
      const onTwin = await attack(twin);
      assert.equal(onTwin.worked, true, 'on the twin');
      const onDesk = await attack(desk);
      assert.equal(onDesk.worked, false);
      assert.equal(onDesk.refusals[0], code);
    });
  }

  it('somebody who was refused sees a page, no code, and goes on', async () => {
    const page = await browser.open();
    await signIn(page, desk, 'tali');
    await page.goto('about:blank');
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === 'POST'),
      page.waitForURL(`${desk.url}/tickets`),
      page.goto(stranger.show(SIBLING, form(`${desk.url}/tickets`, TICKET))).catch(ignoreInterrupted),
    ]);
    assert.equal(answer.status(), 403);
    const text = await page.locator('body').innerText();
    assert.match(text, /\S/);
    assert.doesNotMatch(text, /csrf|sec-fetch|stack|\.ts\b/i);
    assert.equal(await isSignedInAs(page, desk, 'Tali O'), true);
  });
});

/** Waits until a request to the site is over, whether or not the attacker's page may read the answer. */
async function ended(page: Page, event: string, { url }: DeskSite): Promise<void> {
  await page.waitForEvent(event as 'requestfinished', (request) => request.url().startsWith(url));
}

/** The lure's own form may leave before the lure has loaded. */
function ignoreInterrupted(error: unknown): void {
  if (!/interrupted|ERR_ABORTED/.test(String(error))) throw error;
}
