/**
 * What pages elsewhere read of Desk: nothing, until the policy has the rule that the README shows.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { protectedApp, TEST_SECRET } from '@dewar/testing';
import { browser, fakeClock } from '@dewar/testing';
import type { CorsOptions } from '@dewar/core/cors';
import { ORIGIN, passwordOf, signIn, TEST_CONFIG } from './desk.fixture.ts';
import { seedDemo } from './demo.ts';
import { createDesk } from './desk.ts';

const STATUS_PAGE = 'https://status.desk.example';
const RULE: Partial<CorsOptions> = {
  rules: [{ path: '/api/*', origins: [STATUS_PAGE], methods: ['GET'], credentials: true }],
};

/** Who asks, from where, what; and whether the page gets to read the answer. */
async function reads(cors: Partial<CorsOptions>, from: string, path: string): Promise<boolean> {
  const clock = fakeClock();
  const { definition, services } = createDesk({ ...TEST_CONFIG, clock });
  const target = await protectedApp({ ...definition, policy: { ...definition.policy, cors } }, ORIGIN, {
    clock,
    secret: TEST_SECRET,
  });
  try {
    await seedDemo(services(), clock.now(), passwordOf);
    const tab = browser({ url: target.url, origin: ORIGIN, forwarded: true, clock });
    await signIn(tab, 'mira@customer.example');
    const answer = await tab.from(from).fetch(path, { credentials: 'include' });
    return answer.readable && answer.text.includes('mira@customer.example');
  } finally {
    await target.close();
  }
}

describe('a page of another site', () => {
  for (const [title, cors, from, path, expected] of [
    ['reads nothing', {}, STATUS_PAGE, '/api/me', false],
    ['reads the interface where a rule names it', RULE, STATUS_PAGE, '/api/me', true],
    ['reads no pages by that rule', RULE, STATUS_PAGE, '/account', false],
    ['reads nothing where the rule names another', RULE, 'https://other.desk.example', '/api/me', false],
  ] as const)
    it(title, async () => assert.equal(await reads(cors, from, path), expected));
});
