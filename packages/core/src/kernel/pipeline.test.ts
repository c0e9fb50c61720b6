/**
 * The walk: synchronous while nobody waits, on behind a promise where somebody does, over at the first denial.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Context } from './context.ts';
import { denied } from './kernel.fixture.ts';
import { runChecks } from './pipeline.ts';
import type { CheckStep } from './steps.ts';
import { isPromise } from './verdict.ts';
import type { Denial, MaybePromise, Verdict } from './verdict.ts';

const NOBODY = { over: false } as Context;

type Kind = 'pass' | 'pass later' | 'refuse' | 'refuse later';

/** Steps of these kinds, and the list of those that ran. */
function steps(kinds: readonly Kind[]): { readonly list: CheckStep[]; readonly ran: number[] } {
  const ran: number[] = [];
  const list = kinds.map((kind, index): CheckStep => ({
    place: 'access',
    run(): MaybePromise<Verdict> {
      ran.push(index);
      const verdict = kind.startsWith('refuse') ? denied(String(index)) : null;
      return kind.endsWith('later') ? Promise.resolve(verdict) : verdict;
    },
  }));
  return { list, ran };
}

describe('the pipeline', () => {
  it('passes at once where there is nothing to check', () => assert.equal(runChecks([], NOBODY), null));

  it('answers at once while no step waits', () => {
    assert.equal(runChecks(steps(['pass', 'pass']).list, NOBODY), null);
    const { list, ran } = steps(['pass', 'refuse', 'pass']);
    assert.equal((runChecks(list, NOBODY) as Denial).code, 'guard/1');
    assert.deepEqual(ran, [0, 1]);
  });

  it('does not wait for what stands behind a denial', () => {
    assert.equal(isPromise(runChecks(steps(['refuse', 'pass later']).list, NOBODY)), false);
  });

  it('ends with the first denial, runs nothing behind it, and waits only if a step before it did', async () => {
    const kinds = fc.array(fc.constantFrom<Kind>('pass', 'pass later', 'refuse', 'refuse later'), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(kinds, async (given) => {
        const { list, ran } = steps(given);
        const first = given.findIndex((kind) => kind.startsWith('refuse'));
        const reached = first < 0 ? given : given.slice(0, first + 1);
        const result = runChecks(list, NOBODY);
        assert.equal(
          isPromise(result),
          reached.some((kind) => kind.endsWith('later')),
        );
        assert.equal(((await result) as Denial | null)?.code, first < 0 ? undefined : `guard/${first}`);
        assert.deepEqual(ran, [...reached.keys()]);
      }),
    );
  });

  it('waits for a promise that is not of this realm', async () => {
    // oxlint-disable-next-line unicorn/no-thenable
    const foreign = { then: (done: (value: Denial) => void) => done(denied('foreign')) };
    const step: CheckStep = { place: 'access', run: () => foreign as unknown as Promise<Denial> };
    assert.equal(((await runChecks([step], NOBODY)) as Denial).code, 'guard/foreign');
  });

  it('ends with an answer that refuses nothing, as with a denial', () => {
    const reply = { reply: 204, headers: [] };
    const { list, ran } = steps(['refuse']);
    assert.equal(runChecks([{ place: 'cors', run: () => reply }, ...list], NOBODY), reply);
    assert.deepEqual(ran, []);
  });

  it('does nothing more for a client that went away while a step waited', async () => {
    const gone = { over: false } as { over: boolean } & Context;
    const { list, ran } = steps(['pass later', 'refuse']);
    const result = runChecks(list, gone);
    gone.over = true;
    assert.equal(await result, null);
    assert.deepEqual(ran, [0]);
  });

  it('hands an error on, thrown or rejected, and lets nothing pass', async () => {
    const thrown: CheckStep = {
      place: 'access',
      run() {
        throw new Error('the store is gone');
      },
    };
    const rejected: CheckStep = { place: 'access', run: () => Promise.reject(new Error('the store is gone')) };
    assert.throws(() => runChecks([thrown], NOBODY), /the store is gone/);
    await assert.rejects(async () => runChecks([...steps(['pass later']).list, rejected], NOBODY), /the store is gone/);
  });
});
