/**
 * Every way in which a value leaves a process by accident, and that a secret takes none of them.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { format, inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { formatEvent } from '../kernel/index.ts';
import type { SecurityEvent } from '../kernel/index.ts';
import { Secret } from './index.ts';

const VALUE = 'n0b0dy-may-read-this-9fK2';

describe('a secret [CFG-10]', () => {
  const secret = new Secret(VALUE);

  it('is given out by reveal() and by nothing else', () => assert.equal(secret.reveal(), VALUE));

  const shown: readonly (readonly [way: string, show: (s: Secret) => unknown])[] = [
    ['JSON', (s) => JSON.stringify({ s, list: [s] })],
    ['util.inspect', (s) => inspect({ s }, { showHidden: true, depth: 9 })],
    ['util.inspect without its own word', (s) => inspect(s, { customInspect: false, showHidden: true, getters: true })],
    ['format', (s) => format('%o %O %j', s, s, s)],
    ['spread', (s) => inspect({ ...s })],
    ['Object.assign', (s) => inspect(Object.assign({}, s))],
    ['entries', (s) => inspect([Object.entries(s), Object.getOwnPropertyNames(s), Reflect.ownKeys(s)])],
    ['structuredClone', (s) => inspect(structuredClone(s), { showHidden: true })],
    ['v8.serialize', (s) => inspect([serialize(s).toString('latin1'), deserialize(serialize(s))])],
    ['an assertion that failed', (s) => messageOf(() => assert.deepEqual(s, { other: true }))],
    [
      'the event log',
      (s) => formatEvent({ name: 'kernel.stopped', at: 0, fields: { profile: s } } as unknown as SecurityEvent),
    ],
  ];
  for (const [way, show] of shown)
    it(`is not shown by ${way}`, () => {
      const text = String(show(secret));
      assert.ok(!text.includes(VALUE), text);
    });

  const refused: readonly (readonly [way: string, use: (s: Secret) => unknown])[] = [
    ['a template literal', (s) => `${s as unknown as string}`],
    ['a sum', (s) => 'Bearer ' + (s as unknown as string)],
    ['String()', (s) => String(s)],
    ['toString()', (s) => s.toString()],
    ['Number()', (s) => Number(s)],
    ['a join', (s) => [s].join()],
    ['a comparison', (s) => (s as unknown as string) < VALUE],
    ['an error’s message', (s) => new Error(s as unknown as string)],
    ['a key', (s) => ({ [s as unknown as string]: 1 })],
    ['Buffer.from', (s) => Buffer.from(s as unknown as string)],
  ];
  for (const [way, use] of refused)
    it(`does not become ${way}: a mark in its place would be a key that everybody knows`, () => {
      assert.ok(!messageOf(() => use(secret)).includes(VALUE));
    });

  it('compares by its text, with a secret and with a text', () => {
    assert.ok(secret.equals(new Secret(VALUE)));
    assert.ok(secret.equals(VALUE));
    assert.ok(!secret.equals(`${VALUE.slice(0, -1)}3`));
    assert.ok(!secret.equals(''));
  });

  it('cannot be given another reveal()', () => {
    assert.throws(() => Object.assign(secret, { reveal: () => 'mine' }), TypeError);
  });
});

function messageOf(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    return (error as Error).message;
  }
  assert.fail('did not throw');
}
