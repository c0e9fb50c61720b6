/**
 * Script injection into a page that has the hole: what is left is the second line.
 * @module
 */
import type { Attack } from '../attack.ts';
import { framedByStrangers, runsInjectedScript } from '../browser-models.ts';
import { visitor } from '../victim.ts';

const HOLE = `/hello?name=${encodeURIComponent('<script>steal()</script>')}`;

export const cspAttacks: readonly Attack[] = [
  {
    name: 'a script that was injected into a page does not run',
    protection: 'csp',
    rows: ['HDR-04', 'HDR-06', 'S-06'],
    async exploit(target) {
      const response = await visitor(target).get(HOLE);
      return response.text.includes('<script>steal()</script>') && runsInjectedScript(response);
    },
    async legitimate(target) {
      const response = await visitor(target).get('/hello?name=Ann');
      const nonce = /<script nonce="([^"]+)"/.exec(response.text)?.[1];
      const policy = response.header('content-security-policy');
      // The page's own script runs: it carries the nonce of the policy, or there is no policy.
      return nonce !== undefined && (policy === undefined || policy.includes(`'nonce-${nonce}'`));
    },
  },
  {
    name: 'a page cannot be framed by a stranger',
    protection: 'csp',
    masks: ['headers'],
    rows: ['HDR-15'],
    exploit: async (target) => framedByStrangers(await visitor(target).get('/')),
    legitimate: async (target) => (await visitor(target).get('/')).status === 200,
  },
];
