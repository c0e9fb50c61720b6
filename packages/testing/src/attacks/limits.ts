/**
 * Attacks by number: a password out of a list, work that is asked for again and again, and the ways around a limit that
 * forgot one spelling of its key.
 * @module
 */
import type { Attack } from '../attack.ts';
import type { Tab } from '../browser-client.ts';
import { SUBJECT_HOST } from '../subject.ts';
import type { Target } from '../twin.ts';
import { head, rawRequest } from '../raw-client.ts';
import { signedInAs, visitor } from '../victim.ts';

/** What people choose; ann's is the last. */
const LIST: readonly string[] = [...Array.from({ length: 30 }, (_, index) => `password${index}`), 'nna'];
const SEARCH_LIMIT = 10;
const TIMES = 30;

async function guess(tab: Tab, name: string, password: string): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name, password });
  return (await tab.fetch('/sign-in', { method: 'POST', headers, body })).text.includes('ann’s secret');
}

/** Tries the list on ann, one after the other. */
async function guessAll(target: Target, spelling: (index: number) => string): Promise<boolean> {
  const tab = visitor(target);
  for (const [index, password] of LIST.entries()) if (await guess(tab, spelling(index), password)) return true;
  return false;
}

/** Somebody else signs in from the same address, at the first attempt. */
const another: Attack['legitimate'] = async (target) =>
  (await (await signedInAs(target, 'bob')).get('/notes')).text.includes('bob’s secret');

/** True when more searches were answered than the limit lets through. */
async function searched(
  target: Target,
  ask: (index: number) => { method?: string; path?: string; from?: string },
): Promise<boolean> {
  let answered = 0;
  for (let index = 0; index < TIMES; index++) {
    const { method = 'GET', path = '/search', from } = ask(index);
    const fields: [string, string][] = [
      ['Host', SUBJECT_HOST],
      ['X-Forwarded-Proto', 'https'],
    ];
    if (from !== undefined) fields.push(['X-Forwarded-For', from]);
    const { response } = await rawRequest(target.url, head(method, path, fields));
    if (response.status === 200) answered += 1;
  }
  return answered > SEARCH_LIMIT;
}

/** Another address is answered. */
const elsewhere: Attack['legitimate'] = async (target) => {
  const fields: [string, string][] = [
    ['Host', SUBJECT_HOST],
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-For', '203.0.113.99'],
  ];
  const { response } = await rawRequest(target.url, head('GET', '/search', fields));
  return response.body.toString().includes('"found"');
};

export const limitsAttacks: readonly Attack[] = [
  {
    name: 'a password is not guessed from a list',
    protection: 'limits',
    rows: ['LIM-28', 'PWD-21', 'S-41'],
    exploit: (target) => guessAll(target, () => 'ann'),
    legitimate: another,
  },
  {
    name: 'a password is not guessed under ever new spellings of the name',
    protection: 'limits',
    rows: ['LIM-27'],
    exploit: (target) =>
      guessAll(target, (index) => ['ann', 'Ann', 'aNn', 'anN', 'ANN', 'AnN', ' ann', 'ann ', '\tANN '][index % 9]!),
    legitimate: another,
  },
  {
    name: 'a password is not guessed by sending the whole list at once',
    protection: 'limits',
    rows: ['LIM-11'],
    async exploit(target) {
      const guesses = LIST.map((password) => guess(visitor(target), 'ann', password));
      return (await Promise.all(guesses)).includes(true);
    },
    legitimate: another,
  },
  {
    name: 'costly work is not asked for without end',
    protection: 'limits',
    rows: ['LIM-06'],
    exploit: (target) => searched(target, () => ({})),
    legitimate: elsewhere,
  },
  {
    name: 'an address that the client made up is no new client',
    protection: 'limits',
    rows: ['S-44'],
    // The proxy adds the true one on the right.
    exploit: (target) => searched(target, (index) => ({ from: `203.0.113.${index}, 198.51.100.7` })),
    legitimate: elsewhere,
  },
  {
    name: 'another address of the same IPv6 network is no new client',
    protection: 'limits',
    rows: ['LIM-24', 'c2-rate'],
    exploit: (target) => searched(target, (index) => ({ from: `2001:db8:0:1::${(index + 1).toString(16)}` })),
    legitimate: elsewhere,
  },
  {
    name: 'another method or query of the same route is no new limit',
    protection: 'limits',
    rows: ['LIM-08'],
    exploit: (target) =>
      searched(target, (index) => ({ method: index % 2 === 0 ? 'HEAD' : 'GET', path: `/search?page=${index}` })),
    legitimate: elsewhere,
  },
  {
    name: 'another spelling of the path leads around no limit',
    protection: 'limits',
    rows: ['LIM-06'],
    exploit: (target) =>
      searched(target, (index) => ({
        path: ['/search', '/search/', '/search?', '//search'][index % 4]!,
      })),
    legitimate: elsewhere,
  },
];
