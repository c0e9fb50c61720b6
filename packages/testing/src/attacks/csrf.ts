/**
 * Requests that somebody else's page makes in the victim's name.
 * @module
 */
import type { Attack } from '../attack.ts';
import type { Tab } from '../browser-client.ts';
import type { Target } from '../twin.ts';
import { signedInAs, visitor } from '../victim.ts';

const FORGED = { form: { text: 'forged' } };

/** True when ann's own page shows what somebody else posted in her name. */
async function wasForged(ann: Tab): Promise<boolean> {
  return (await ann.get('/notes')).text.includes('forged');
}

/** Ann posts by the form of her own page. */
async function honest(target: Target): Promise<boolean> {
  const ann = await signedInAs(target, 'ann');
  const answer = await ann.submit(await ann.get('/notes'), { text: 'written by me' });
  return answer.text.includes('written by me');
}

export const csrfAttacks: readonly Attack[] = [
  {
    // SameSite cookies are sent by a sibling, so nothing but this protection stands here.
    name: 'a page on a sibling subdomain cannot post in the victim’s name',
    protection: 'csrf',
    rows: ['CSRF-11', 'S-31'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      await ann.from('https://blog.app.example').post('/notes', FORGED);
      return wasForged(ann);
    },
    legitimate: honest,
  },
  {
    name: 'a sibling’s script cannot post JSON in the victim’s name, preflight or none',
    protection: 'csrf',
    rows: ['CSRF-11'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      const sibling = ann.from('https://blog.app.example');
      const options = { method: 'POST', mode: 'no-cors', credentials: 'include' } as const;
      await sibling.fetch('/notes', { ...options, body: new URLSearchParams({ text: 'forged' }) });
      return wasForged(ann);
    },
    async legitimate(target) {
      const ann = await signedInAs(target, 'ann');
      const headers = { 'content-type': 'application/json' };
      return (await ann.fetch('/api/notes', { method: 'POST', headers, body: '{"text":"mine"}' })).status === 201;
    },
  },
  {
    name: 'a forged post of an old browser, without Origin and Fetch Metadata, lacks the token',
    protection: 'csrf',
    rows: ['CSRF-01', 'CSRF-07', 'S-32'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      await ann.from('https://blog.app.example').legacy({ origin: false }).post('/notes', FORGED);
      return wasForged(ann);
    },
    async legitimate(target) {
      const ann = (await signedInAs(target, 'ann')).legacy({ origin: false });
      return (await ann.submit(await ann.get('/notes'), { text: 'old but mine' })).text.includes('old but mine');
    },
  },
  {
    name: 'nobody is signed in to the attacker’s account from elsewhere',
    protection: 'csrf',
    rows: ['CSRF-13'],
    async exploit(target) {
      const victim = visitor(target);
      await victim.from('https://evil.example').post('/sign-in', { form: { name: 'eve', password: 'eve' } });
      return (await victim.get('/notes')).text.includes('<p>eve</p>');
    },
    legitimate: honest,
  },
  {
    name: 'nobody is signed out from elsewhere',
    protection: 'csrf',
    rows: ['CSRF-14'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      await ann.from('https://blog.app.example').post('/sign-out', { form: {} });
      return (await ann.get('/notes')).status !== 200;
    },
    legitimate: honest,
  },
  {
    name: 'an attacker’s own token does not work in the victim’s session',
    protection: 'csrf',
    rows: ['CSRF-04', 'c1-4'],
    async exploit(target) {
      const eve = await signedInAs(target, 'eve');
      const token = /name="_csrf" value="([^"]+)"/.exec((await eve.get('/notes')).text)?.[1] ?? '';
      const ann = await signedInAs(target, 'ann');
      const sibling = ann.from('https://blog.app.example').legacy({ origin: false });
      await sibling.post('/notes', { form: { text: 'forged', _csrf: token } });
      return wasForged(ann);
    },
    legitimate: honest,
  },
];
