/**
 * Attacks on who may do what: other people's objects, other people's roles.
 * @module
 */
import type { Attack } from '../attack.ts';
import { signedInAs } from '../victim.ts';

export const accessAttacks: readonly Attack[] = [
  {
    name: 'a signed-in stranger cannot read another’s note',
    protection: 'access',
    rows: ['AZ-05', 'S-35'],
    async exploit(target) {
      const eve = await signedInAs(target, 'eve');
      return (await eve.fetch('/notes/b1')).text.includes('bob’s secret');
    },
    async legitimate(target) {
      const bob = await signedInAs(target, 'bob');
      return (await bob.fetch('/notes/b1')).text.includes('bob’s secret');
    },
  },
  {
    name: 'a signed-in stranger cannot change another’s note',
    protection: 'access',
    rows: ['AZ-05'],
    async exploit(target) {
      const eve = await signedInAs(target, 'eve');
      const headers = { 'content-type': 'application/json' };
      await eve.fetch('/notes/a1', { method: 'PUT', headers, body: '{"text":"defaced"}' });
      const ann = await signedInAs(target, 'ann');
      return (await ann.fetch('/notes/a1')).text.includes('defaced');
    },
    async legitimate(target) {
      const bob = await signedInAs(target, 'bob');
      const headers = { 'content-type': 'application/json' };
      const answer = await bob.fetch('/notes/b1', { method: 'PUT', headers, body: '{"text":"mine"}' });
      return answer.status === 200 && answer.text.includes('mine');
    },
  },
  {
    name: 'a member cannot open the administrators’ page',
    protection: 'access',
    rows: ['AZ-01', 'S-18'],
    async exploit(target) {
      const eve = await signedInAs(target, 'eve');
      return (await eve.get('/admin')).text.includes('ann, bob');
    },
    async legitimate(target) {
      const root = await signedInAs(target, 'root');
      return (await root.get('/admin')).text.includes('ann, bob');
    },
  },
  {
    name: 'a guest cannot open a page that asks for sign-in',
    protection: 'access',
    rows: ['AZ-09'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      ann.clearCookies();
      return (await ann.get('/notes')).status === 200;
    },
    async legitimate(target) {
      const ann = await signedInAs(target, 'ann');
      return (await ann.get('/notes')).text.includes('ann’s secret');
    },
  },
];
