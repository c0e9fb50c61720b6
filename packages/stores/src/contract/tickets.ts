/**
 * What every store of single-use values must hold to.
 * @module
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Opened } from './opened.ts';
import { ODD_TEXTS, T0 } from './records.ts';

export function ticketContract(opened: Opened): void {
  it('gives a value once', async () => {
    const { tickets } = await opened();
    await tickets.put('k', 'value', T0 + 1000);
    assert.deepEqual([await tickets.takeOnce('k', T0), await tickets.takeOnce('k', T0)], ['value', null]);
    assert.equal(await tickets.takeOnce('never put', T0), null);
  });

  it('gives a value to exactly one of 50 parallel callers', async () => {
    const { tickets } = await opened();
    await tickets.put('k', 'value', T0 + 1000);
    const answers = await Promise.all(Array.from({ length: 50 }, () => tickets.takeOnce('k', T0)));
    assert.deepEqual(
      answers.filter((answer) => answer !== null),
      ['value'],
    );
  });

  it('gives nothing from its last moment on', async () => {
    const { tickets } = await opened();
    await tickets.put('a', 'value', T0);
    await tickets.put('b', 'value', T0);
    assert.equal(await tickets.takeOnce('a', T0), null);
    assert.equal(await tickets.takeOnce('b', T0 - 1), 'value');
  });

  it('puts a value in place of what was there, with its own end', async () => {
    const { tickets } = await opened();
    await tickets.put('k', 'old', T0 + 9000);
    await tickets.put('k', 'new', T0 + 1000);
    assert.equal(await tickets.prune(T0 + 999), 0);
    assert.equal(await tickets.takeOnce('k', T0), 'new');
    assert.equal(await tickets.takeOnce('k', T0), null);
  });

  it('keeps odd keys and values, compared exactly', async () => {
    const { tickets } = await opened();
    for (const text of [...ODD_TEXTS, '']) {
      await tickets.put(text, text, T0 + 1000);
      assert.equal(await tickets.takeOnce(`${text} `, T0), null);
      assert.equal(await tickets.takeOnce(text, T0), text);
    }
    await tickets.put('Key', 'value', T0 + 1000);
    assert.equal(await tickets.takeOnce('key', T0), null);
  });

  it('prunes what has expired and nothing else', async () => {
    const { tickets } = await opened();
    for (const [key, until] of [
      ['a', T0 - 1],
      ['b', T0],
      ['c', T0 + 1],
    ] as const)
      await tickets.put(key, key, until);
    assert.equal(await tickets.prune(T0), 2);
    assert.equal(await tickets.takeOnce('c', T0), 'c');
  });
}
