/**
 * The queue in front of password hashing.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refused } from '@dewar/core';
import type { Denial } from '@dewar/core';
import { workQueue } from './queue.ts';

const FULL: Denial = { code: 'accounts/busy', status: 503, by: 'accounts', option: 'queue' };

/** Work that ends when it is told to, and says when it began. */
function jobs(count: number): {
  begun: number[];
  work: (id: number) => () => Promise<number>;
  end: (id: number) => void;
} {
  const begun: number[] = [];
  const gates = Array.from({ length: count }, () => Promise.withResolvers<void>());
  return {
    begun,
    work: (id) => async () => {
      begun.push(id);
      await gates[id]!.promise;
      return id;
    },
    end: (id) => gates[id]!.resolve(),
  };
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('the queue', () => {
  it('works on no more things at a time than it may, in order of arrival', async () => {
    const { begun, work, end } = jobs(5);
    const queue = workQueue(2, 10, FULL);
    const results = [0, 1, 2, 3, 4].map((id) => queue.run(work(id)));
    assert.deepEqual([begun, queue.waiting], [[0, 1], 3]);
    end(1);
    await settle();
    assert.deepEqual(begun, [0, 1, 2]);
    for (const id of [0, 2, 3, 4]) end(id);
    assert.deepEqual(await Promise.all(results), [0, 1, 2, 3, 4]);
    assert.deepEqual([begun, queue.waiting], [[0, 1, 2, 3, 4], 0]);
  });

  it('refuses at once when too many wait, and serves again when they are through', async () => {
    const { begun, work, end } = jobs(4);
    const queue = workQueue(1, 1, FULL);
    const first = queue.run(work(0));
    const second = queue.run(work(1));
    await assert.rejects(queue.run(work(2)), (error) => error instanceof Refused && error.denial === FULL);
    end(0);
    end(1);
    await Promise.all([first, second]);
    end(3);
    assert.equal(await queue.run(work(3)), 3);
    assert.deepEqual(begun, [0, 1, 3]);
  });

  it('lets no newcomer past those who wait', async () => {
    const { begun, work, end } = jobs(3);
    const queue = workQueue(1, 5, FULL);
    const first = queue.run(work(0));
    const second = queue.run(work(1));
    const third = first.then(() => queue.run(work(2)));
    for (const id of [0, 1, 2]) end(id);
    await Promise.all([second, third]);
    assert.deepEqual(begun, [0, 1, 2]);
  });

  it('gives the place on when work fails', async () => {
    const queue = workQueue(1, 5, FULL);
    const failing = queue.run(() => Promise.reject(new Error('no memory')));
    const next = queue.run(() => Promise.resolve('served'));
    await assert.rejects(failing, /no memory/);
    assert.equal(await next, 'served');
  });

  it('gives the place on when work throws before it waits', async () => {
    const queue = workQueue(1, 5, FULL);
    const thrower = (): Promise<never> => {
      throw new Error('at once');
    };
    await assert.rejects(queue.run(thrower), /at once/);
    assert.equal(await queue.run(() => Promise.resolve('served')), 'served');
  });
});
