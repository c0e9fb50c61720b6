/**
 * Pages elsewhere that read what a careless handler gave everybody leave to read.
 * @module
 */
import type { Attack } from '../attack.ts';
import type { Target } from '../twin.ts';
import { signedInAs } from '../victim.ts';

/** Same-site, so that the victim's cookies travel: what another site's page gets is nobody's answer. */
const SIBLING = 'https://blog.app.example';

/** Ann's own page reads what is hers. */
async function honest(target: Target): Promise<boolean> {
  const ann = await signedInAs(target, 'ann');
  return (await ann.fetch('/mine')).text.includes('ann’s secret');
}

export const corsAttacks: readonly Attack[] = [
  {
    name: 'a stranger’s page reads no private answer, whatever the handler reflects',
    protection: 'cors',
    rows: ['CORS-04', 'CORS-05', 'CORS-10', 'S-45'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      const stolen = await ann.from(SIBLING).fetch('/mine', { credentials: 'include' });
      return stolen.readable && stolen.text.includes('ann’s secret');
    },
    legitimate: honest,
  },
  {
    name: 'a preflight reaches no handler that would give leave for everything',
    protection: 'cors',
    masks: ['csrf'],
    rows: ['CORS-08'],
    async exploit(target) {
      const ann = await signedInAs(target, 'ann');
      const headers = { 'content-type': 'application/json' };
      const options = { method: 'PUT', headers, body: '{"text":"defaced"}', credentials: 'include' } as const;
      await ann.from(SIBLING).fetch('/notes/a1', options);
      return (await ann.fetch('/notes/a1')).text.includes('defaced');
    },
    async legitimate(target) {
      const ann = await signedInAs(target, 'ann');
      const headers = { 'content-type': 'application/json' };
      const answer = await ann.fetch('/notes/a1', { method: 'PUT', headers, body: '{"text":"mine"}' });
      return answer.text.includes('mine');
    },
  },
];
