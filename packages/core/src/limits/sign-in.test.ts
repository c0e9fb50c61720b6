/**
 * The limits of a sign-in: guesses run out, and nobody shuts somebody else out.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signInLimits } from './index.ts';
import type { SignInLimits } from './index.ts';
import { limitsStage } from './stage.test.ts';
import type { LimitsStage } from './stage.test.ts';

function on(options?: SignInLimits): LimitsStage {
  return limitsStage(undefined, {
    routes: [{ method: 'GET' }, { method: 'POST', limits: { rules: signInLimits(options) } }],
  });
}

const guess = (login: string, peer: string, status = 401) => ({ method: 'POST', peer, body: { login }, status });

/** Runs one attempt to its end, and answers how long it was held. */
async function attempt(stage: LimitsStage, request: object): Promise<{ status: number; held: number }> {
  const asked = stage.ask(request);
  await new Promise(setImmediate);
  const [timer] = stage.timers;
  const held = timer === undefined ? 0 : timer.at - stage.clock.at;
  if (timer !== undefined) {
    stage.timers.delete(timer);
    timer.run();
  }
  return { status: (await asked).status, held };
}

describe('limits of a sign-in', () => {
  it('let one network guess five times at one account, and another go on [LIM-28] [PWD-21]', async () => {
    const stage = on();
    assert.deepEqual(await stage.statuses(6, guess('ann', '192.0.2.1')), [401, 401, 401, 401, 401, 429]);
    assert.deepEqual(await stage.statuses(1, guess('ann', '192.0.2.2')), [401]);
    assert.deepEqual(await stage.statuses(1, guess('bob', '192.0.2.1')), [401]);
  });

  it('count no success: an office signs in a thousand times', async () => {
    const stage = on();
    for (let i = 0; i < 500; i++) {
      assert.equal((await stage.ask(guess(`user${i % 7}`, '192.0.2.1', 303))).status, 303);
    }
  });

  it('let one network try a hundred accounts, and no more', async () => {
    const stage = on();
    const statuses: number[] = [];
    for (let i = 0; i < 120; i++) statuses.push((await stage.ask(guess(`user${i}`, '192.0.2.1'))).status);
    assert.equal(statuses.filter((status) => status === 401).length, 100);
    assert.deepEqual(
      statuses.slice(100),
      Array.from({ length: 20 }, () => 429),
    );
  });

  it('of an account that many networks attack only hold back: its owner gets in [LIM-28]', async () => {
    const stage = on();
    let longest = 0;
    for (let i = 0; i < 60; i++) {
      const { status, held } = await attempt(stage, guess('ann', `10.0.0.${i}`));
      assert.equal(status, 401);
      longest = Math.max(longest, held);
    }
    assert.equal(longest, 5000);
    const owner = await attempt(stage, guess('ann', '192.0.2.1', 303));
    assert.equal(owner.status, 303);
    assert.ok(owner.held <= 5000);
  });

  it('let a browser that is known to the account in at once', async () => {
    const stage = on({ known: (c) => c.facts.cookies['known'] === 'yes' });
    for (let i = 0; i < 60; i++) await attempt(stage, guess('ann', `10.0.0.${i}`));
    const request = { ...guess('ann', '192.0.2.1', 303), fields: { Cookie: 'known=yes' } };
    assert.deepEqual(await attempt(stage, request), { status: 303, held: 0 });
  });

  it('know every spelling of a login as one', async () => {
    const stage = on();
    const spellings = [
      'ann@x.example',
      'ANN@x.example',
      'Ann@X.Example',
      ' ann@x.example',
      '\uff41nn@x.example',
      'aNn@x.example',
    ];
    const statuses: number[] = [];
    for (const login of spellings) statuses.push((await stage.ask(guess(login, '192.0.2.1'))).status);
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
  });

  it('tell nobody how much is left', async () => {
    const { field } = await on().ask(guess('ann', '192.0.2.1'));
    assert.equal(field('ratelimit-policy'), '"address";q=1000;w=60');
  });
});
