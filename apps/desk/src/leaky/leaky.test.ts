/**
 * Every flaw that was planted in the leaky application is exploited there, and the same exploit fails on Desk.
 * @module
 */
import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { browser } from '@dewar/testing';
import type { BrowserResponse, Tab } from '@dewar/testing';
import { LOGINS, ORIGIN, passwordOf, startDesk } from '../desk.fixture.ts';
import type { Person } from '../desk.fixture.ts';

/** What an exploit sees of either application: browsers in front of it, and time. */
interface Target {
  visit(): Tab;
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

const SERVE = join(import.meta.dirname, 'serve.ts');
const DAY = 86_400_000;

async function startLeaky(): Promise<Target> {
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

async function startProtected(): Promise<Target> {
  const { visit, clock, target } = await startDesk();
  return {
    visit,
    advance: async (milliseconds) => clock.advance(milliseconds),
    close: () => target.close(),
  };
}

async function signIn(
  tab: Tab,
  login: string,
  password = passwordOf(login),
): Promise<{ status: number; text: string }> {
  return tab.submit(await tab.get('/sign-in'), { login, password }, { form: '/sign-in' });
}

async function as(target: Target, person: Person): Promise<Tab> {
  const tab = target.visit();
  const { status } = await signIn(tab, LOGINS[person]);
  assert.equal(status, 200, `${person} signs in`);
  return tab;
}

/** Whether this browser is let in as that person. */
async function isIn(tab: Tab, person: Person): Promise<boolean> {
  return (await tab.get('/tickets')).text.includes(nameOf(person));
}

function nameOf(person: Person): string {
  return { mira: 'Mira Santos', jonas: 'Jonas Lindqvist', tali: 'Tali', noor: 'Noor', piet: 'Piet', ada: 'Ada' }[
    person
  ];
}

/** A browser with copies of another's cookies, as somebody has them who read them on the way or on the machine. */
function thief(target: Target, victim: Tab): Tab {
  const tab = target.visit();
  for (const { name, value } of victim.cookies()) tab.setCookie(`${name}=${value}; Path=/; Secure`);
  return tab;
}

/** Mira's first ticket, whose number the attacker counts up to. */
async function mirasTicket(target: Target): Promise<string> {
  const { text } = await (await as(target, 'mira')).get('/tickets');
  const id = /href="\/tickets\/(\d+)">Which of our data/.exec(text)?.[1];
  assert.ok(id, 'Mira sees her ticket');
  return id;
}

/** The hidden fields of a page's forms, tokens among them: what an attacker with an account copies out of their own. */
function hiddenOf({ page }: BrowserResponse): Record<string, string> {
  const hidden = page.forms.flatMap(({ controls }) => controls).filter(({ type }) => type === 'hidden');
  return Object.fromEntries(hidden.map(({ name, value }) => [name, value]));
}

const EVIL = 'https://evil.example';

/** Flaw, and how it is used; `true` when it worked. */
const exploits: readonly (readonly [group: string, name: string, (target: Target) => Promise<boolean>])[] = [
  [
    'CSRF',
    'a page elsewhere writes in the victim’s name',
    async (target) => {
      const id = await mirasTicket(target);
      const victim = await as(target, 'mira');
      await victim.from(EVIL).post(`/tickets/${id}`, { form: { body: 'written elsewhere' } });
      return (await victim.get(`/tickets/${id}`)).text.includes('written elsewhere');
    },
  ],
  [
    'CSRF',
    'a page elsewhere has an administrator give roles',
    async (target) => {
      const victim = await as(target, 'ada');
      const { text } = await victim.get('/admin');
      const id = /[\w-]{22}/.exec(text.slice(text.indexOf(LOGINS.jonas)))?.[0] ?? '';
      await victim.from(EVIL).post('/admin/roles', { form: { account: id, role: 'administrator' } });
      const jonas = await as(target, 'jonas');
      return ((await jonas.fetch('/api/me')).json() as { roles: string[] }).roles.includes('administrator');
    },
  ],
  [
    'CSRF',
    'a page elsewhere signs the victim in as the attacker',
    async (target) => {
      const victim = target.visit();
      await victim.get('/sign-in');
      const form = { login: LOGINS.jonas, password: passwordOf(LOGINS.jonas) };
      await victim.from(EVIL).post('/sign-in', { form });
      return isIn(victim, 'jonas');
    },
  ],
  [
    'IDOR',
    'one customer reads another’s ticket by its number',
    async (target) => {
      const id = await mirasTicket(target);
      return (await (await as(target, 'jonas')).get(`/tickets/${id}`)).text.includes('data protection officer');
    },
  ],
  [
    'IDOR',
    'one customer reads it as JSON',
    async (target) => {
      const id = await mirasTicket(target);
      return (await (await as(target, 'jonas')).fetch(`/api/tickets/${id}`)).text.includes('data protection officer');
    },
  ],
  [
    'IDOR',
    'one customer answers in another’s ticket, by the form of their own page',
    async (target) => {
      const id = await mirasTicket(target);
      const attacker = await as(target, 'jonas');
      const { text } = await attacker.get('/tickets');
      const own = /href="\/tickets\/(\d+)">Export/.exec(text)![1]!;
      const hidden = hiddenOf(await attacker.get(`/tickets/${own}`));
      await attacker.post(`/tickets/${id}`, { form: { ...hidden, body: 'by a stranger' } });
      return (await (await as(target, 'mira')).get(`/tickets/${id}`)).text.includes('by a stranger');
    },
  ],
  [
    'escalation',
    'a customer opens the page that is linked for administrators',
    async (target) => (await (await as(target, 'jonas')).get('/admin')).text.includes(LOGINS.mira),
  ],
  [
    'escalation',
    'a customer makes themselves administrator',
    async (target) => {
      const attacker = await as(target, 'jonas');
      const { id } = (await attacker.fetch('/api/me')).json() as { id: string };
      const hidden = hiddenOf(await attacker.get('/tickets'));
      await attacker.post('/admin/roles', { form: { ...hidden, account: id, role: 'administrator' } });
      return ((await attacker.fetch('/api/me')).json() as { roles: string[] }).roles.includes('administrator');
    },
  ],
  [
    'disclosure',
    'an error shows where in the source it happened',
    async (target) => {
      const tab = await as(target, 'jonas');
      const answers = [
        await tab.get('/tickets/none'),
        await tab.fetch('/api/tickets/none', { method: 'POST', body: '{' }),
      ];
      return answers.some(({ text }) => /\.ts:\d+|node_modules|at async/.test(text));
    },
  ],
  [
    'disclosure',
    'JSON carries the password hash',
    async (target) => /argon2id|passwordHash/.test((await (await as(target, 'jonas')).fetch('/api/me')).text),
  ],
  [
    'disclosure',
    'a customer reads the internal notes on their ticket',
    async (target) => {
      const id = await mirasTicket(target);
      const tab = await as(target, 'mira');
      const answers = [await tab.get(`/tickets/${id}`), await tab.fetch(`/api/tickets/${id}`)];
      return answers.some(({ text }) => text.includes('draft from January'));
    },
  ],
  [
    'authentication',
    'the answer tells who has an account',
    async (target) => {
      const texts: string[] = [];
      for (const login of [LOGINS.mira, 'nobody@customer.example']) {
        const { status, text } = await signIn(target.visit(), login, 'wrong horse battery');
        const same = text.replaceAll(login, '…').replaceAll(/(?:nonce|name="_csrf" value)="[^"]*"/g, '');
        texts.push(`${status} ${same}`);
      }
      return texts[0] !== texts[1];
    },
  ],
  [
    'authentication',
    'a planted session id becomes the victim’s',
    async (target) => {
      // What the attacker plants is an id that the site itself gave out, under every name it uses.
      const attacker = await as(target, 'jonas');
      const victim = thief(target, attacker);
      const page = await victim.get('/sign-in');
      await victim.post('/sign-in', {
        form: { ...hiddenOf(page), login: LOGINS.mira, password: passwordOf(LOGINS.mira) },
      });
      assert.ok(await isIn(victim, 'mira'), 'the victim signs in');
      return isIn(attacker, 'mira');
    },
  ],
  [
    'authentication',
    'session ids are guessed from one’s own',
    async (target) => {
      const attacker = await as(target, 'jonas');
      await as(target, 'mira');
      const guess = target.visit();
      for (const { name, value } of attacker.cookies()) {
        const next = /^\d+$/.test(value)
          ? String(Number(value) + 1)
          : `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`;
        guess.setCookie(`${name}=${next}; Path=/; Secure`);
      }
      return isIn(guess, 'mira');
    },
  ],
  [
    'authentication',
    'a copied session outlives signing out',
    async (target) => {
      const victim = await as(target, 'mira');
      const copy = thief(target, victim);
      const page = await victim.get('/tickets');
      const out = page.page.forms.findIndex(({ action }) => action === '/sign-out');
      if (out < 0) await victim.post('/sign-out', { form: {} });
      else await victim.submit(page, {}, { form: out });
      assert.equal(await isIn(victim, 'mira'), false, 'signing out works');
      return isIn(copy, 'mira');
    },
  ],
  [
    'authentication',
    'a session never ends',
    async (target) => {
      const copy = thief(target, await as(target, 'mira'));
      await target.advance(400 * DAY);
      return isIn(copy, 'mira');
    },
  ],
];

describe('the planted flaws', () => {
  let leaky: Target;
  before(async () => {
    leaky = await startLeaky();
  });
  after(() => leaky.close());

  for (const [group, name, exploit] of exploits)
    it(`${group}: ${name}, there and not on Desk`, async () => {
      const desk = await startProtected();
      try {
        assert.deepEqual({ leaky: await exploit(leaky), desk: await exploit(desk) }, { leaky: true, desk: false });
        assert.ok(await isIn(await as(desk, 'tali'), 'tali'), 'honest people still get in');
      } finally {
        await desk.close();
      }
    });
});

describe('the leaky application', () => {
  const run = (args: readonly string[], env: Record<string, string>): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, ['--conditions=@dewar/source', SERVE, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
      timeout: 30_000,
    });

  it('does not start by itself', () => {
    for (const env of [{}, { DESK_LEAKY: 'in-a-test' }] as const) {
      const { status, stderr } = run([tmpdir()], env);
      assert.equal(status, 1);
      assert.match(stderr, /only as a child of its test/);
    }
  });

  it('does not start in a folder that is not to be thrown away', async () => {
    for (const folder of [import.meta.dirname, tmpdir()]) {
      const env = { PATH: process.env['PATH'], DESK_LEAKY: 'in-a-test' };
      const child = fork(SERVE, [folder], { env, execArgv: ['--conditions=@dewar/source'], silent: true });
      const [code] = (await once(child, 'exit')) as [number];
      assert.equal(code, 1, folder);
    }
  });
});
