/**
 * Desk for tests: listening on a free port with the demonstration's data, and browsers in front of it.
 * @module
 */
import { protectedApp, TEST_SECRET } from '@dewar/testing';
import { browser, fakeClock } from '@dewar/testing';
import type { BrowserResponse, FakeClock, Tab, Target } from '@dewar/testing';
import type { DeskConfig } from './config.ts';
import { seedDemo } from './demo.ts';
import { createDesk } from './desk.ts';
import type { Services } from './services.ts';
import type { Ticket, Tickets } from './tickets.ts';

export const ORIGIN = 'https://desk.example';

/** Somebody of the demonstration, by the first part of their address. */
export const LOGINS: Readonly<Record<Person, string>> = Object.freeze({
  mira: 'mira@customer.example',
  jonas: 'jonas@customer.example',
  tali: 'tali@customer.example',
  noor: 'noor@desk.example',
  piet: 'piet@desk.example',
  ada: 'ada@desk.example',
});

export type Person = 'mira' | 'jonas' | 'tali' | 'noor' | 'piet' | 'ada';

/** The password of everybody in tests. */
export function passwordOf(login: string): string {
  return `password of ${login}`;
}

export interface DeskUnderTest {
  readonly target: Target;
  readonly services: Services;
  readonly clock: FakeClock;
  /** A browser of a visitor. */
  visit(): Tab;
  /** A browser in which this person has signed in. */
  as(person: Person): Promise<Tab>;
}

/** Desk in the test profile, behind a proxy on loopback that speaks https to the world. */
export const TEST_CONFIG: DeskConfig = Object.freeze({
  profile: 'test',
  port: 0,
  listen: '127.0.0.1',
  data: ':memory:',
  hosts: [new URL(ORIGIN).host],
  proxies: ['127.0.0.1/32'],
  faults: [],
});

/** Starts Desk for tests. */
export async function startDesk(): Promise<DeskUnderTest> {
  const clock = fakeClock();
  const desk = createDesk({ ...TEST_CONFIG, clock });
  const target = await protectedApp(desk.definition, ORIGIN, { clock, secret: TEST_SECRET });
  const services = desk.services();
  await seedDemo(services, clock.now(), passwordOf);
  const visit = (): Tab => browser({ url: target.url, origin: ORIGIN, forwarded: true, clock });
  return {
    target,
    services,
    clock,
    visit,
    async as(person) {
      const tab = visit();
      const { status, url } = await signIn(tab, LOGINS[person]);
      if (status !== 200) throw new Error(`${person} could not sign in: ${status} at ${url}`);
      return tab;
    },
  };
}

/** Signs in through the page's own form. */
export async function signIn(tab: Tab, login: string, password: string = passwordOf(login)): Promise<BrowserResponse> {
  const page = await tab.get('/sign-in');
  return tab.submit(page, { login, password }, { form: '/sign-in' });
}

type Behind = Awaited<ReturnType<Tickets['behind']>>;

/** The id of a demonstration's ticket, by its subject. */
export async function ticketId(services: Services, subject: RegExp): Promise<number> {
  const everything: Ticket[] = [];
  for (let place: Ticket | null | undefined = null; place !== undefined;) {
    const { tickets, more }: Behind = await services.tickets.behind({ owner: null, internal: true }, place);
    everything.push(...tickets);
    place = more ? tickets.at(-1) : undefined;
  }
  const found = everything.find((one) => subject.test(one.subject));
  if (found === undefined) throw new Error(`no ticket ${subject.source}`);
  return found.id;
}
