/**
 * Every page of Desk and every state of it that looks different, by who sees it and what they do to get there.
 * @module
 */
import type { Page } from 'playwright-core';
import type { Person } from '../apps/desk/src/desk.fixture.ts';
import type { DeskSite } from './sites.fixture.ts';

export interface Visited {
  readonly name: string;
  /** Kim has just registered. */
  readonly who: Person | 'guest' | 'kim';
  readonly path: string;
  /** @default 200 */
  readonly status?: number;
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
    { name: 'home', who: 'guest', path: '/' },
    { name: 'sign-in', who: 'guest', path: '/sign-in' },
    { name: 'signed-out', who: 'guest', path: '/sign-in?done=signed-out' },
    { name: 'register', who: 'guest', path: '/register' },
    { name: 'register-errors', who: 'guest', path: '/register', act: press('Make the account') },
    { name: 'home-customer', who: 'mira', path: '/' },
    { name: 'home-agent', who: 'noor', path: '/' },
    { name: 'tickets-customer', who: 'mira', path: '/tickets' },
    { name: 'tickets', who: 'noor', path: '/tickets' },
    { name: 'tickets-page-2', who: 'noor', path: '/tickets?page=2' },
    { name: 'tickets-mine', who: 'noor', path: '/tickets?status=open&who=me' },
    { name: 'tickets-search', who: 'noor', path: '/tickets?q=invoice' },
    { name: 'tickets-nothing-found', who: 'noor', path: '/tickets?q=unicorn' },
    { name: 'tickets-beyond', who: 'noor', path: '/tickets?page=9' },
    { name: 'tickets-empty', who: 'kim', path: '/tickets' },
    { name: 'new-ticket', who: 'mira', path: '/tickets/new' },
    { name: 'new-ticket-errors', who: 'mira', path: '/tickets/new', act: press('Open the ticket') },
    { name: 'ticket', who: 'noor', path: '/tickets/2' },
    { name: 'ticket-customer', who: 'mira', path: '/tickets/1' },
    { name: 'ticket-long', who: 'piet', path: '/tickets/27' },
    { name: 'ticket-right-to-left', who: 'noor', path: '/tickets/13' },
    { name: 'profile', who: 'mira', path: '/account' },
    { name: 'people', who: 'ada', path: '/admin' },
    { name: 'people-search', who: 'ada', path: '/admin?q=customer' },
    { name: 'people-nobody-found', who: 'ada', path: '/admin?q=unicorn' },
    { name: 'person', who: 'ada', path: '/admin', act: (page) => openPerson(page, 'Jonas') },
    { name: 'person-confirm', who: 'ada', path: '/admin', act: giveRole },
    { name: 'person-only-administrator', who: 'ada', path: '/admin', act: (page) => openPerson(page, 'Ada Okafor') },
    { name: 'not-found', who: 'guest', path: '/no-such-page', status: 404 },
    { name: 'forbidden', who: 'mira', path: '/admin', status: 403 },
    { name: 'too-large', who: 'mira', path: '/tickets/new', act: sendTooMuch },
    { name: 'broken', who: 'mira', path: '/tickets', act: (page) => breakDown(page, services) },
  ];
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

/** Without its database nothing can be answered. */
async function breakDown(page: Page, { stores }: DeskSite['services']): Promise<void> {
  await stores.close();
  await page.reload();
}
