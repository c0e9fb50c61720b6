/**
 * Attacks on cookies and on what caches keep of signed-in people.
 * @module
 */
import type { Attack } from '../attack.ts';
import { keptForOthers } from '../browser-models.ts';
import { signedInAs, visitor } from '../victim.ts';

export const cookiesAttacks: readonly Attack[] = [
  {
    name: 'a script cannot read a cookie that a handler set without flags',
    protection: 'cookies',
    rows: ['SES-03', 'S-29'],
    async exploit(target) {
      const tab = visitor(target);
      await tab.get('/theme');
      return tab.documentCookie().includes('d3vice');
    },
    async legitimate(target) {
      const tab = visitor(target);
      await tab.get('/theme');
      return tab.cookie('device')?.value === 'd3vice';
    },
  },
  {
    name: 'a cookie that a handler set without flags does not go out in clear text',
    protection: 'cookies',
    rows: ['SES-03', 'TLS-14'],
    async exploit(target) {
      const tab = visitor(target);
      await tab.get('/theme');
      return tab.cookie('device')?.secure !== true;
    },
    async legitimate(target) {
      const tab = visitor(target);
      await tab.get('/theme');
      return tab.cookie('device')?.value === 'd3vice';
    },
  },
];

export const sessionsAttacks: readonly Attack[] = [
  {
    name: 'a shared cache does not keep what a signed-in person was sent',
    protection: 'sessions',
    rows: ['SES-15', 'HDR-26', 'c2-session'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      return keptForOthers(await ann.fetch('/me'));
    },
    async legitimate(target) {
      const ann = await signedInAs(target, 'ann');
      return (await ann.fetch('/me')).text.includes('"ann"');
    },
  },
];
