/**
 * What people write is text, in Chromium: scripts, images and drawings in comments, subjects and names do not run on Desk,
 * also where its content security policy is taken away. On the leaky application the same words do.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { LOGINS, passwordOf } from '../apps/desk/src/desk.fixture.ts';
import { startLeaky } from '../apps/desk/src/leaky/leaky.fixture.ts';
import type { Served } from '../apps/desk/src/leaky/leaky.fixture.ts';
import { complaintsOf, profiles } from './browser.fixture.ts';
import { signIn, startDesk, startStripping } from './sites.fixture.ts';
import type { DeskSite, Site } from './sites.fixture.ts';

/** Each sets `pwned` where it runs. */
const COMMENTS: readonly (readonly [name: string, markup: string])[] = [
  ['an image that cannot be loaded', '<img src="/none" onerror="pwned = 1">'],
  ['a script', '<script>pwned = 1</script>'],
  ['a drawing', '<svg onload="pwned = 1"><circle r="9"/></svg>'],
  ['a script in a drawing', '<svg><script>pwned = 1</script></svg>'],
  ['an animation', '<svg><animate onbegin="pwned = 1" attributeName="x" dur="1s"></svg>'],
  ['a frame', '<iframe srcdoc="<script>parent.pwned = 1</script>"></iframe>'],
  ['an opened disclosure', '<details open ontoggle="pwned = 1">x</details>'],
  ['the end of what it stands in', '</p></textarea></title><img src="/none" onerror="pwned = 1">'],
];
/** Long enough for images to fail and events to fire; on the leaky side nothing waits that long. */
const SETTLED_MS = 500;
const POLICY = ['content-security-policy'];

describe('what people write, in Chromium', () => {
  const browser = profiles();
  let desk: DeskSite;
  let stripped: Site;
  let leaky: Served;
  before(async () => {
    desk = await startDesk();
    stripped = await startStripping(desk, POLICY);
    leaky = await startLeaky();
  });
  after(async () => {
    await stripped?.close();
    await desk?.close();
    await leaky?.close();
  });

  for (const [name, markup] of COMMENTS) {
    it(`runs on the leaky application: ${name}`, async () => {
      const page = await browser.open();
      const path = await commentOnLeaky(page, leaky, markup);
      await page.goto(path);
      await page.waitForFunction('window.pwned === 1');
    });
  }

  for (const [how, siteOf] of [
    ['', () => desk],
    [', its policy taken away', () => stripped],
  ] as const)
    it(`is text on Desk${how}: comments, a subject and a name [XSS-01]`, async () => {
      const site = siteOf();
      const customer = await browser.open();
      const complaints = await complaintsOf(customer);
      await signIn(customer, site, 'jonas');
      const subject = COMMENTS[0]![1];
      await customer.goto(`${site.url}/account`);
      await customer.getByLabel('Your name').fill(COMMENTS[2]![1]);
      await customer.getByRole('button', { name: 'Save' }).click();
      await customer.getByRole('status').filter({ hasText: 'Your name was changed.' }).waitFor();
      await customer.goto(`${site.url}/tickets/new`);
      await customer.getByLabel('What is it about?').fill(subject);
      await customer.getByLabel('What happened, and what did you expect?').fill('Nothing');
      await customer.getByRole('button', { name: 'Open the ticket' }).click();
      for (const [, markup] of COMMENTS) {
        await customer.getByLabel('Your message').fill(markup);
        await customer.getByRole('button', { name: 'Add the message' }).click();
        await customer.locator('article .body').filter({ hasText: markup }).last().waitFor();
      }
      const path = new URL(customer.url()).pathname;

      const agent = await browser.open();
      complaints.push(...(await complaintsOf(agent)));
      await signIn(agent, site, 'noor');
      for (const own of [
        '/',
        '/tickets',
        `/tickets?q=${encodeURIComponent(subject)}`,
        path,
        `${path}?done=${subject}`,
      ]) {
        await agent.goto(site.url + own);
        await agent.waitForTimeout(SETTLED_MS);
        assert.equal(await agent.evaluate('window.pwned'), undefined, own);
        assert.equal(await agent.locator('main img, main script, main iframe, main svg, main details').count(), 0, own);
        assert.ok((await agent.locator('main').innerText()).includes(subject), own);
      }
      assert.equal(await customer.evaluate('window.pwned'), undefined);
      assert.deepEqual(complaints, [], 'nothing was even blocked: it is text');
    });

  it('that stands in a link is text on Desk, and markup on the leaky application', async () => {
    const script = '"><img src="/none" onerror="pwned = 1">';
    const query = `/tickets?q=${encodeURIComponent(script)}`;
    const victim = await browser.open();
    await signIn(victim, stripped, 'mira');
    await victim.goto(stripped.url + query);
    await victim.waitForTimeout(SETTLED_MS);
    assert.equal(await victim.evaluate('window.pwned'), undefined);
    assert.equal(await victim.getByRole('searchbox').inputValue(), script);
    const other = await browser.open();
    await signInOnLeaky(other, leaky);
    await other.goto(addressOf(leaky) + query);
    await other.waitForFunction('window.pwned === 1');
  });
});

/** A name under `localhost`: Chromium keeps its Secure cookies there without TLS. */
function addressOf({ url }: Served): string {
  return `http://leaky.localhost:${new URL(url).port}`;
}

async function signInOnLeaky(page: Page, leaky: Served): Promise<void> {
  await page.goto(`${addressOf(leaky)}/sign-in`);
  await page.locator('[name=login]').fill(LOGINS.jonas);
  await page.locator('[name=password]').fill(passwordOf(LOGINS.jonas));
  await Promise.all([page.waitForURL('**/tickets'), page.getByRole('button').click()]);
}

/** Writes it into a new ticket by the interface for scripts, and answers its address. */
async function commentOnLeaky(page: Page, leaky: Served, body: string): Promise<string> {
  await signInOnLeaky(page, leaky);
  const { id } = await page.evaluate<{ id: number }>(
    `fetch('/api/tickets', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify(${JSON.stringify({ subject: 'x', body })}) }).then((answer) => answer.json())`,
  );
  return `${addressOf(leaky)}/tickets/${id}`;
}
