/**
 * Every flaw that was planted in the leaky application is exploited there, and the same exploit fails on Desk.
 * @module
 */
import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { LOGINS, passwordOf } from '../desk.fixture.ts';
import { GUESSING, INPUT_EXPLOITS } from './input-exploits.ts';
import {
  as,
  EVIL,
  hiddenOf,
  isIn,
  mirasTicket,
  SERVE,
  signIn,
  startLeaky,
  startProtected,
  thief,
} from './leaky.fixture.ts';
import type { Exploit, Target } from './leaky.fixture.ts';

const DAY = 86_400_000;

const EXPLOITS: readonly Exploit[] = [
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
      // The id stands behind the address on the one, in the link before it on the other.
      const at = text.indexOf(LOGINS.jonas);
      const ids = text.includes('/admin/people/')
        ? text.slice(0, at).match(/[\w-]{22}(?=")/g)
        : text.slice(at).match(/[\w-]{22}/g);
      const id = (text.includes('/admin/people/') ? ids?.at(-1) : ids?.[0]) ?? '';
      assert.notEqual(id, '');
      await victim.from(EVIL).post(`/admin/people/${id}`, { form: { role: 'administrator', confirmed: 'yes' } });
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
      await attacker.post(`/admin/people/${id}`, { form: { ...hidden, role: 'administrator', confirmed: 'yes' } });
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

  for (const [group, name, exploit] of [...EXPLOITS, GUESSING, ...INPUT_EXPLOITS])
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
