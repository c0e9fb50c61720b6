/**
 * Attacks by the Host header, and by clear text.
 * @module
 */
import type { Attack } from '../attack.ts';
import { SUBJECT_HOST } from '../subject.ts';
import { rawGet, visitor } from '../victim.ts';

const PROXY = ['X-Forwarded-Proto', 'https'] as const;

/** Host poisoning: links of a page, and later of a mail, lead where the attacker says. */
export const hostsAttacks: readonly Attack[] = [
  {
    name: 'a forged Host does not reach the links of a page',
    protection: 'hosts',
    rows: ['CFG-13'],
    async exploit(target) {
      const response = await rawGet(target, '/', [['Host', 'evil.example'], PROXY]);
      return response.body.toString().includes('https://evil.example/reset/');
    },
    async legitimate(target) {
      return (await visitor(target).get('/')).text.includes(`https://${SUBJECT_HOST}/reset/`);
    },
  },
];

export const httpsAttacks: readonly Attack[] = [
  {
    name: 'clear text is not answered',
    protection: 'https',
    rows: ['TLS-01', 'TLS-02', 'S-10', 'S-11'],
    async exploit(target) {
      const response = await rawGet(target, '/json', [['Host', SUBJECT_HOST]]);
      return response.body.toString().includes('"ok":true');
    },
    async legitimate(target) {
      return (await visitor(target).get('/json')).status === 200;
    },
  },
  {
    name: 'the redirect to https cannot be steered by the Host header',
    protection: 'https',
    masks: ['hosts'],
    rows: ['TLS-05'],
    async exploit(target) {
      const response = await rawGet(target, '/json', [['Host', 'evil.example']]);
      // On the twin the page itself is answered for the forged host, in clear text.
      return (response.header('location') ?? '').includes('evil.example') || response.status === 200;
    },
    async legitimate(target) {
      return (await visitor(target).get('/json')).status === 200;
    },
  },
  {
    name: 'a browser learns never to use clear text again',
    protection: 'https',
    rows: ['TLS-06'],
    async exploit(target) {
      const response = await rawGet(target, '/', [['Host', SUBJECT_HOST], PROXY]);
      return !/max-age=[1-9]/.test(response.header('strict-transport-security') ?? '');
    },
    async legitimate(target) {
      return (await visitor(target).get('/')).status === 200;
    },
  },
];
