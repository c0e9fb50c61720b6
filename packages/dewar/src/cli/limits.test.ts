/**
 * What `dewar limits` shows: real reports, in any width, with nothing of a client's in it.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createKernel } from '@dewar/core';
import type { LimitsReport } from '@dewar/core';
import { limit } from '@dewar/core/limits';
import { limitsTable } from './limits.ts';

const SECRET = 'pXq7vT2mZr9LdK4hWb8NcY6sJf3GaE5u';
const plain = { width: undefined, paint: (_tone: unknown, text: string): string => text };

/** The report of a kernel that so many clients asked, each as often. */
async function reportOf(asked: readonly (readonly [clients: number, times: number])[]): Promise<LimitsReport> {
  const clock = { at: Date.UTC(2026, 0, 1), now: (): number => clock.at };
  const policy = { hosts: { allowed: ['app.example'] }, limits: { rules: [limit('4 per minute', { name: 'api' })] } };
  const kernel = createKernel(policy, { profile: 'test', secret: SECRET, events: [], clock });
  const route = kernel.declare({ method: 'GET', path: '/', access: { kind: 'anyone' } });
  await kernel.start();
  let client = 0;
  for (const [clients, times] of asked) {
    for (let i = 0; i < clients; i++, client++) {
      for (let time = 0; time < times; time++) {
        const peer = `10.0.${client >> 8}.${client & 255}`;
        const head = { method: 'GET', target: '/', headers: ['Host', 'app.example'], httpVersion: '1.1' } as const;
        await kernel.before(
          kernel.context(kernel.readFacts({ ...head, peer, encrypted: true, kind: 'request' }), route, {}),
        );
      }
    }
  }
  clock.at += 90 * 60_000;
  const report = kernel.part('limits')!.report();
  await kernel.close();
  return report;
}

describe('dewar limits', () => {
  it('shows use, advice and room [S-42] [LIM-32] [LIM-33]', async () => {
    assert.equal(
      limitsTable(await reportOf([[300, 2], [20, 30]]), plain), // prettier-ignore
      `address: 1000 per minute, policy
    1200 allowed, 0 refused, 0 held back
    one client in one window: half 2, 90 % 2, 99 % 30, 99.9 % 30 or fewer, at most 30
    better: 75 per minute, for 320 of 320 windows stayed within 30: twice that is enough for them, and 1000 lets an attacker do far more
api: 4 per minute, policy
    680 allowed, 520 refused, 0 held back
    one client in one window: half 2, 90 % 2, 99 % 30, 99.9 % 30 or fewer, at most 30
    20 of 320 windows went beyond the limit
    better: 75 per minute, for 20 of 320 windows went beyond 4, too many to be attackers: look who they are, then raise it

2 limits since 2026-01-01T00:00:00.000Z, 1 hour; ordinary 640 of 100000 counters; sign-in 0 of 100000 counters; 0 wait now
`,
    );
  });

  it('says of a limit that nobody met that there is too little to judge by', async () => {
    const text = limitsTable(await reportOf([]), plain);
    assert.match(text, /^api: 4 per minute, policy\n {4}0 allowed, 0 refused, 0 held back\n {4}0 windows were seen/m);
    assert.doesNotMatch(text, /better/);
  });

  it('fits any terminal, and marks what to do', async () => {
    const report = await reportOf([[300, 2], [20, 30]]); // prettier-ignore
    const text = limitsTable(report, { width: 60, paint: (tone, line) => (tone === 'loud' ? `!${line}` : line) });
    assert.ok(
      text.split('\n').every((line) => line.replace('!', '').length <= 60),
      text,
    );
    assert.match(text, /^ {4}!better: 75 per minute/m);
  });

  it('lets no control character of a name through', () => {
    const use = {
      name: 'a\u001b[2J',
      where: 'GET /\u202e',
      amount: 1,
      seconds: 1,
      why: '',
    } as LimitsReport['limits'][0];
    const report = {
      since: 0,
      at: 0,
      held: 0,
      tables: [],
      limits: [{ ...use, windows: 0, beyond: 0, suggested: null }],
    };
    assert.match(limitsTable(report, plain), /a\\u001b\[2J: 1 per second, GET \/\\u202e/);
  });
});
