/**
 * Desk as people use it, in Chromium: by keyboard, by the labels that a screen reader says, and without script.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { profiles } from './browser.fixture.ts';
import { signIn, startDesk } from './sites.fixture.ts';
import type { DeskSite } from './sites.fixture.ts';

/** Of the page, where the functions given to `evaluate` run. */
declare const document: { readonly activeElement: unknown };

/** More stops than any page has. */
const MANY = 60;

describe('Desk in Chromium', () => {
  const browser = profiles();
  let desk: DeskSite;
  before(async () => {
    desk = await startDesk();
  });
  after(() => desk?.close());

  it('is used from registering to signing out by keyboard alone', async () => {
    const page = await browser.open();
    await page.goto(desk.url);
    await press(page, page.getByRole('main').getByRole('link', { name: 'Register' }));
    await page.waitForURL('**/register');
    await write(page, page.getByLabel('E-mail address'), 'kim@customer.example');
    await write(page, page.getByLabel('Your name'), 'Kim Bell');
    await write(page, page.getByLabel('Password', { exact: true }), 'three green bottles');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/tickets?done=welcome');

    await press(page, page.getByRole('link', { name: 'Open a ticket' }));
    await page.waitForURL('**/tickets/new');
    await write(page, page.getByLabel('What is it about?'), 'The <b>red</b> lamp');
    await write(page, page.getByLabel('What happened, and what did you expect?'), 'It stays on & blinks.');
    await press(page, page.getByRole('button', { name: 'Open the ticket' }));
    await page.waitForURL('**/tickets/*?done=opened');
    await shows(page.getByRole('heading', { level: 1, name: 'The <b>red</b> lamp' }));

    await write(page, page.getByLabel('Your message'), 'Now it is green.');
    await press(page, page.getByRole('button', { name: 'Add the message' }));
    await page.waitForURL('**/tickets/*?done=answered');
    await shows(page.getByRole('article').filter({ hasText: 'Now it is green.' }));

    await press(page, page.getByRole('button', { name: 'Sign out' }));
    await page.waitForURL('**/sign-in?done=signed-out');
    await shows(page.getByRole('status').filter({ hasText: 'You are signed out.' }));
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`lets a customer ask and an agent answer ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const customer = await browser.open({ javaScriptEnabled });
      const subject = `Door ${javaScriptEnabled ? 'one' : 'two'} does not close`;
      await signIn(customer, desk, 'mira');
      await customer.getByRole('link', { name: 'Open a ticket' }).click();
      await customer.getByLabel('What is it about?').fill(subject);
      await customer.getByLabel('What happened, and what did you expect?').fill('It stands open.');
      await customer.getByRole('button', { name: 'Open the ticket' }).click();
      await shows(customer.getByRole('status').filter({ hasText: 'Your ticket was opened.' }));

      const agent = await browser.open({ javaScriptEnabled });
      await signIn(agent, desk, 'noor');
      await agent.getByRole('link', { name: subject }).click();
      await agent.getByLabel('Your message').fill('Somebody will come.');
      await agent.getByRole('button', { name: 'Add the message' }).click();
      await shows(agent.getByRole('status').filter({ hasText: 'Your message was added.' }));
      await agent.getByLabel('Your message').fill('She called twice.');
      await agent.getByLabel(/^Internal note/).check();
      await agent.getByRole('button', { name: 'Add the message' }).click();
      await shows(agent.getByText('She called twice.'));

      await customer.reload();
      await shows(customer.getByRole('article').filter({ hasText: 'Somebody will come.' }));
      assert.equal(await customer.getByText('She called twice.').count(), 0);
      await customer.getByRole('button', { name: 'Close' }).click();
      await shows(customer.getByRole('status').filter({ hasText: 'The ticket was closed.' }));
      await customer.getByRole('button', { name: 'Sign out' }).click();
      await shows(customer.getByRole('status').filter({ hasText: 'You are signed out.' }));
      await customer.goto(`${desk.url}/tickets`);
      await shows(customer.getByRole('heading', { name: 'Sign in' }));
    });
  }

  it('leads from a wrong answer to the field that needs another, by keyboard', async () => {
    const page = await browser.open();
    await page.goto(`${desk.url}/register`);
    await write(page, page.getByLabel('E-mail address'), 'nobody');
    await page.keyboard.press('Enter');
    const errors = page.getByRole('alert');
    await shows(errors);
    assert.equal(await isFocused(errors), true);
    await press(page, errors.getByRole('link', { name: 'Write your name.' }));
    assert.equal(await isFocused(page.getByLabel('Your name')), true);
    assert.equal(await page.getByLabel('Your name').getAttribute('aria-invalid'), 'true');
    assert.match(await page.title(), /^Error: /);
  });

  it('shows and hides a password by its button', async () => {
    const page = await browser.open();
    await page.goto(`${desk.url}/sign-in`);
    const field = page.getByLabel('Password', { exact: true });
    const button = page.getByRole('button', { name: 'Show password' });
    await field.fill('open sesame');
    await button.click();
    assert.deepEqual([await field.getAttribute('type'), await button.getAttribute('aria-pressed')], ['text', 'true']);
    await button.click();
    assert.deepEqual(
      [await field.getAttribute('type'), await button.getAttribute('aria-pressed')],
      ['password', 'false'],
    );
  });
});

async function shows(element: Locator): Promise<void> {
  await element.waitFor({ state: 'visible' });
}

function isFocused(element: Locator): Promise<boolean> {
  return element.evaluate((found) => found === document.activeElement);
}

/** Goes on with the tab key until the element has the focus. */
async function reach(page: Page, element: Locator): Promise<void> {
  await shows(element);
  for (let stops = 0; stops < MANY; stops++) {
    if (await isFocused(element)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${element.toString()} cannot be reached by keyboard`);
}

async function press(page: Page, element: Locator): Promise<void> {
  await reach(page, element);
  await page.keyboard.press('Enter');
}

async function write(page: Page, element: Locator, text: string): Promise<void> {
  await reach(page, element);
  await page.keyboard.type(text);
}
