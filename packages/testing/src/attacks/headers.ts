/**
 * Attacks that a response field stops: framing, sniffing, windows that keep hold of ours.
 * @module
 */
import type { Attack } from '../attack.ts';
import { framedByStrangers, sniffed } from '../browser-models.ts';
import { visitor } from '../victim.ts';

const honest: Attack['legitimate'] = async (target) => (await visitor(target).get('/')).status === 200;

export const headersAttacks: readonly Attack[] = [
  {
    name: 'a page cannot be framed by a stranger, even in a browser without CSP',
    protection: 'headers',
    masks: ['csp'],
    rows: ['HDR-15', 'S-08'],
    exploit: async (target) => framedByStrangers(await visitor(target).get('/')),
    legitimate: honest,
  },
  {
    name: 'a text file is not read as a page',
    protection: 'headers',
    rows: ['HDR-16', 'S-07'],
    exploit: async (target) => sniffed(await visitor(target).get('/upload')),
    legitimate: async (target) => (await visitor(target).get('/upload')).text.includes('steal()'),
  },
  {
    name: 'an opener keeps no hold of our window',
    protection: 'headers',
    rows: ['HDR-19'],
    exploit: async (target) => (await visitor(target).get('/')).header('cross-origin-opener-policy') === undefined,
    legitimate: honest,
  },
  {
    name: 'no path of ours is told to other sites',
    protection: 'headers',
    rows: ['HDR-17'],
    async exploit(target) {
      const policy = (await visitor(target).get('/')).header('referrer-policy');
      return policy !== 'same-origin' && policy !== 'no-referrer';
    },
    legitimate: honest,
  },
];
