/**
 * Both applications for exploits: the leaky one as a child of the test, and Desk; with what attackers do in front of them.
 * @module
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browser } from '@dewar/testing';
import type { BrowserResponse, Tab } from '@dewar/testing';
import { LOGINS, ORIGIN, passwordOf, startDesk } from '../desk.fixture.ts';
import type { Person } from '../desk.fixture.ts';

/** What an exploit sees of either application: browsers in front of it, and time. */
export interface Target {
  visit(): Tab;
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** A flaw, and how it is used; `true` when it worked. */
export type Exploit = readonly [group: string, name: string, (target: Target) => Promise<boolean>];

/** Where attackers have their pages. */
export const EVIL = 'https://evil.example';

export const SERVE = join(import.meta.dirname, 'serve.ts');
/** A target that a real browser can visit. */
export interface Served extends Target {
  readonly url: string;
}

export async function startLeaky(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'dewar-leaky-'));
  const env = { PATH: process.env['PATH'], DESK_LEAKY: 'in-a-test' };
  const child: ChildProcess = fork(SERVE, [folder], {
    env,
    execArgv: ['--conditions=@dewar/source'],
    serialization: 'json',
  });
  const [{ url, uid }] = (await once(child, 'message')) as [{ url: string; uid?: number }];
  assert.notEqual(uid, 0, 'it does not run as root');
  assert.equal(new URL(url).hostname, '127.0.0.1');
  return {
    url,
    visit: () => browser({ url, origin: ORIGIN }),
    async advance(milliseconds) {
      child.send({ advance: milliseconds });
      await once(child, 'message');
    },
    async close() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

export async function startProtected(): Promise<Target> {
  const { visit, clock, target } = await startDesk();
  return {
    visit,
    advance: async (milliseconds) => clock.advance(milliseconds),
    close: () => target.close(),
  };
}

export async function signIn(
  tab: Tab,
  login: string,
  password = passwordOf(login),
): Promise<{ status: number; text: string }> {
  return tab.submit(await tab.get('/sign-in'), { login, password }, { form: '/sign-in' });
}

export async function as(target: Target, person: Person): Promise<Tab> {
  const tab = target.visit();
  const { status } = await signIn(tab, LOGINS[person]);
  assert.equal(status, 200, `${person} signs in`);
  return tab;
}

/** Whether this browser is let in as that person. */
export async function isIn(tab: Tab, person: Person): Promise<boolean> {
  return (await tab.get('/tickets')).text.includes(nameOf(person));
}

function nameOf(person: Person): string {
  return { mira: 'Mira Santos', jonas: 'Jonas Lindqvist', tali: 'Tali', noor: 'Noor', piet: 'Piet', ada: 'Ada' }[
    person
  ];
}

/** A browser with copies of another's cookies, as somebody has them who read them on the way or on the machine. */
export function thief(target: Target, victim: Tab): Tab {
  const tab = target.visit();
  for (const { name, value } of victim.cookies()) tab.setCookie(`${name}=${value}; Path=/; Secure`);
  return tab;
}

/** Mira's first ticket, whose number the attacker counts up to. */
export async function mirasTicket(target: Target): Promise<string> {
  const { text } = await (await as(target, 'mira')).get('/tickets');
  const id = /href="\/tickets\/(\d+)">Which of our data/.exec(text)?.[1];
  assert.ok(id, 'Mira sees her ticket');
  return id;
}

/** The hidden fields of a page's forms, tokens among them: what an attacker with an account copies out of their own. */
export function hiddenOf({ page }: BrowserResponse): Record<string, string> {
  const hidden = page.forms.flatMap(({ controls }) => controls).filter(({ type }) => type === 'hidden');
  return Object.fromEntries(hidden.map(({ name, value }) => [name, value]));
}
