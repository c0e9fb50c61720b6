/**
 * Attacks by what a body holds: too much of it, shapes nobody thought of, fields nobody asked for.
 * @module
 */
import type { Attack } from '../attack.ts';
import type { BrowserResponse } from '../browser-response.ts';
import type { Target } from '../twin.ts';
import { signedInAs, visitor } from '../victim.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

function post(target: Target, path: string, body: string, headers = JSON_TYPE): Promise<BrowserResponse> {
  return visitor(target).fetch(path, { method: 'POST', headers, body });
}

const honest: Attack['legitimate'] = async (target) =>
  (await post(target, '/hook', '{"event":"paid"}')).text.includes('"paid"');

/** Deeper than any function that calls itself can go. */
const DEEP = 100_000;

export const bodyAttacks: readonly Attack[] = [
  {
    name: 'JSON nested without end does not break what walks it',
    protection: 'body',
    rows: ['VAL-07', 'S-51'],
    exploit: async (target) => (await post(target, '/hook', '['.repeat(DEEP) + ']'.repeat(DEEP))).status === 500,
    legitimate: honest,
  },
  {
    name: 'JSON with a name twice is not two things to two readers',
    protection: 'body',
    rows: ['VAL-08'],
    // Whoever looked at it before saw a member, as parsers do that keep the first.
    exploit: async (target) =>
      (await post(target, '/hook', '{"role":"member","role":"admin"}')).text.includes('"admin"'),
    legitimate: honest,
  },
  {
    name: 'a number that two ids share reaches no handler',
    protection: 'body',
    rows: ['VAL-07'],
    // The id of somebody else, once it was read: 9007199254740993 is no double.
    exploit: async (target) =>
      (await post(target, '/hook', '{"id":9007199254740993}')).text.includes('9007199254740992'),
    legitimate: honest,
  },
  {
    name: 'a body larger than its route takes is not read',
    protection: 'body',
    rows: ['VAL-10'],
    exploit: async (target) => (await post(target, '/small', JSON.stringify('x'.repeat(500)))).status === 200,
    legitimate: async (target) => (await post(target, '/small', '"x"')).status === 200,
  },
  {
    name: 'a form does not get into an interface that takes JSON alone',
    protection: 'body',
    rows: ['VAL-19'],
    exploit: async (target) =>
      (
        await visitor(target)
          .from('https://evil.example')
          .post('/small', { form: { a: '1' } })
      ).status === 200,
    legitimate: async (target) => (await post(target, '/small', '"x"')).status === 200,
  },
];

export const schemaAttacks: readonly Attack[] = [
  {
    name: 'nobody makes themselves administrator by a field that was not asked for',
    protection: 'schema',
    rows: ['VAL-03', 'S-21', 'c2-mass'],
    async exploit(target) {
      const eve = await signedInAs(target, 'eve');
      await eve.fetch('/api/profile', { method: 'POST', headers: JSON_TYPE, body: '{"name":"Eve","role":"admin"}' });
      return (await eve.get('/api/profile')).text.includes('"role":"admin"');
    },
    async legitimate(target) {
      const eve = await signedInAs(target, 'eve');
      await eve.fetch('/api/profile', { method: 'POST', headers: JSON_TYPE, body: '{"name":"Eve"}' });
      return (await eve.get('/api/profile')).text.includes('"name":"Eve"');
    },
  },
  {
    name: 'an object in place of a text does not become part of a search',
    protection: 'schema',
    rows: ['VAL-02', 'S-22', 'c2-body'],
    exploit: async (target) =>
      (await post(target, '/api/vault', '{"owner":"ann","pin":{"$gt":""}}')).text.includes('ann’s vault'),
    legitimate: async (target) =>
      (await post(target, '/api/vault', '{"owner":"ann","pin":"4711"}')).text.includes('ann’s vault'),
  },
];
