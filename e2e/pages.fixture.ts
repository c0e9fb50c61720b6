/**
 * Every page of Desk and every state of it that looks different, by who sees it and what they do to get there.
 * @module
 */
import type { Page } from 'playwright-core';
import { passwordOf } from '../apps/desk/src/desk.fixture.ts';
import type { Person } from '../apps/desk/src/desk.fixture.ts';
import { signIn } from './sites.fixture.ts';
import type { DeskSite } from './sites.fixture.ts';

export interface Visited {
  readonly name: string;
  /** Kim has just registered. */
  readonly who: Person | 'guest' | 'kim';
  readonly path: string;
  /** What stands on it in this state. */
  readonly shows: RegExp;
  /** What is done on the page to see it in this state. */
  readonly act?: (page: Page) => Promise<void>;
}

const press =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await Promise.all([page.waitForNavigation(), page.getByRole('button', { name }).click()]);
  };

/** Makes the form send more than Desk reads. */
const sendTooMuch = async (page: Page): Promise<void> => {
  await page.evaluate(`document.querySelector('textarea').value = 'x'.repeat(200000)`);
  await press('Open the ticket')(page);
};

/** All of them; the last ones break the site, so they stay last. */
export function pages({ services }: DeskSite): readonly Visited[] {
  return [
    { name: 'home', who: 'guest', path: '/', shows: /One conversation/ },
    { name: 'sign-in', who: 'guest', path: '/sign-in', shows: /To your tickets/ },
    { name: 'signed-out', who: 'guest', path: '/sign-in?done=signed-out', shows: /You are signed out/ },
    { name: 'register', who: 'guest', path: '/register', shows: /At least 15 characters/ },
    {
      name: 'register-errors',
      who: 'guest',
      path: '/register',
      shows: /Please correct this/,
      act: press('Make the account'),
    },
    { name: 'home-customer', who: 'mira', path: '/', shows: /Latest/ },
    { name: 'home-agent', who: 'noor', path: '/', shows: /unassigned/ },
    { name: 'tickets-customer', who: 'mira', path: '/tickets', shows: /Your tickets/ },
    { name: 'tickets', who: 'noor', path: '/tickets', shows: /Older/ },
    { name: 'tickets-page-2', who: 'noor', path: '/tickets?page=2', shows: /Newer/ },
    { name: 'tickets-mine', who: 'noor', path: '/tickets?status=open&who=me', shows: /Noor Haddad/ },
    { name: 'tickets-search', who: 'noor', path: '/tickets?q=invoice', shows: /2 tickets with “invoice”/ },
    { name: 'tickets-nothing-found', who: 'noor', path: '/tickets?q=unicorn', shows: /Nothing was found/ },
    { name: 'tickets-beyond', who: 'noor', path: '/tickets?page=9', shows: /nothing on this page/ },
    { name: 'tickets-empty', who: 'kim', path: '/tickets', shows: /There are no tickets yet/ },
    { name: 'new-ticket', who: 'mira', path: '/tickets/new', shows: /Telephone/ },
    {
      name: 'new-ticket-errors',
      who: 'mira',
      path: '/tickets/new',
      shows: /Please correct this/,
      act: press('Open the ticket'),
    },
    { name: 'ticket', who: 'noor', path: '/tickets/2', shows: /internal note/ },
    { name: 'ticket-customer', who: 'mira', path: '/tickets/1', shows: /Received, thank you/ },
    { name: 'ticket-long', who: 'piet', path: '/tickets/27', shows: /This is a long one/ },
    { name: 'ticket-right-to-left', who: 'noor', path: '/tickets/13', shows: /الفاتورة مكررة/ },
    { name: 'profile', who: 'mira', path: '/account', shows: /Where you are signed in/ },
    { name: 'people', who: 'ada', path: '/admin', shows: /Who may do what/ },
    { name: 'people-search', who: 'ada', path: '/admin?q=customer', shows: /Clear the search/ },
    { name: 'people-nobody-found', who: 'ada', path: '/admin?q=unicorn', shows: /Nobody was found/ },
    {
      name: 'person',
      who: 'ada',
      path: '/admin',
      shows: /writes internal notes/,
      act: (page) => openPerson(page, 'Jonas'),
    },
    { name: 'person-confirm', who: 'ada', path: '/admin', shows: /Is this what you want/, act: giveRole },
    { name: 'person-disable', who: 'ada', path: '/admin', shows: /is signed out everywhere/, act: keepOut },
    {
      name: 'person-only-administrator',
      who: 'ada',
      path: '/admin',
      shows: /is the only administrator/,
      act: (page) => openPerson(page, 'Ada Okafor'),
    },
    { name: 'not-found', who: 'guest', path: '/no-such-page', shows: /404/ },
    { name: 'forbidden', who: 'mira', path: '/admin', shows: /403/ },
    { name: 'too-many', who: 'guest', path: '/sign-in', shows: /429/, act: guess },
    { name: 'too-large', who: 'mira', path: '/tickets/new', shows: /413/, act: sendTooMuch },
    { name: 'broken', who: 'mira', path: '/tickets', shows: /500/, act: (page) => breakDown(page, services) },
  ];
}

/** Signs in whoever is to see the pages; Kim registers. */
export async function visitAs(page: Page, desk: DeskSite, who: Visited['who']): Promise<void> {
  if (who === 'guest') return;
  if (who !== 'kim') return signIn(page, desk, who);
  const login = 'kim@customer.example';
  await page.goto(`${desk.url}/register`);
  await page.getByLabel('E-mail address').fill(login);
  await page.getByLabel('Your name').fill('Kim Bell');
  await page.getByLabel('Password', { exact: true }).fill(passwordOf(login));
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.waitForURL('**/tickets?done=welcome');
}

async function openPerson(page: Page, name: string): Promise<void> {
  await page.getByRole('main').getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Continue' }).waitFor();
}

async function giveRole(page: Page): Promise<void> {
  await openPerson(page, 'Jonas');
  await page.getByLabel('agent', { exact: true }).check();
  await press('Continue')(page);
}

async function keepOut(page: Page): Promise<void> {
  await openPerson(page, 'Jonas');
  await press('Disable the account')(page);
}

/** More wrong passwords than anybody has. */
async function guess(page: Page): Promise<void> {
  for (let tries = 0; tries < 6; tries++) {
    await page.getByLabel('E-mail address').fill('jonas@customer.example');
    await page.getByLabel('Password', { exact: true }).fill(`guess ${tries}`);
    await press('Sign in')(page);
  }
}

/** Without its database nothing can be answered. */
async function breakDown(page: Page, { stores }: DeskSite['services']): Promise<void> {
  await stores.close();
  await page.reload();
}
