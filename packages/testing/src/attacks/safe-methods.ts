/**
 * State that changes by a mere link or picture: no CSRF protection looks at GET.
 * @module
 */
import type { Attack } from '../attack.ts';
import type { Tab } from '../browser-client.ts';
import { signedInAs } from '../victim.ts';

async function isSignedIn(ann: Tab): Promise<boolean> {
  return (await ann.get('/me')).text.includes('"ann"');
}

export const safeMethodsAttacks: readonly Attack[] = [
  {
    // A sibling's picture carries SameSite=Lax cookies; one of any site does where the browser follows a link.
    name: 'a picture on a sibling’s page cannot change anything for who looks at it',
    protection: 'safeMethods',
    rows: ['S-34', 'CSRF-21'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      const page = ann.from('https://blog.app.example');
      await page.fetch('/leave', { mode: 'no-cors', credentials: 'include' });
      return !(await isSignedIn(ann));
    },
    async legitimate(target) {
      const ann = await signedInAs(target, 'ann');
      await ann.submit(await ann.get('/notes'), { text: 'still here' });
      return isSignedIn(ann);
    },
  },
  {
    name: 'a link from anywhere cannot sign out who follows it',
    protection: 'safeMethods',
    rows: ['S-34'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      await ann.from('https://evil.example').get('/leave');
      return !(await isSignedIn(ann));
    },
    async legitimate(target) {
      const ann = await signedInAs(target, 'ann');
      return (await ann.from('https://search.example').get('/notes')).status === 200 && isSignedIn(ann);
    },
  },
];
