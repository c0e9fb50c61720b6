/**
 * Addresses that a protection answers itself: found before any route, guarded like one, and gone with the protection.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { check, denied, guard, set, stage, withFields } from './kernel.fixture.ts';
import { protection } from './protection.ts';
import type { AnyProtection } from './protection.ts';
import { off } from './settings.ts';

const HERE = { method: 'POST', target: '/here' };

/** Answers `POST /here`, where `guard` has no say. */
const answering: AnyProtection = protection({
  name: 'answering',
  defaults: Object.freeze({}),
  codes: [],
  detectable: false,
  check: () => [],
  endpoints: () => [
    { method: 'POST', path: '/here', without: { guard: 'it would refuse everything', absent: 'none' } },
  ],
  compile: ({ route }) =>
    route.path === '/here' && route.method === 'POST'
      ? [{ place: 'endpoint', run: () => ({ reply: 202, headers: [] }) }]
      : [],
});
const refusing = guard({ compile: () => [check('limits.address', denied())] });
const named = (name: string): AnyProtection =>
  protection({
    name,
    defaults: Object.freeze({}),
    codes: [],
    detectable: false,
    check: () => [],
    compile: () => [check('hosts', { ...denied(), by: name })],
  });

describe('an address that a protection answers', () => {
  it('answers without a route, and without those that have no say there', async () => {
    const on = stage({ protections: [answering, refusing] });
    const { answer, denial } = await on.send(HERE);
    assert.deepEqual([answer.status, denial], [202, null]);
  });

  it('is that method and path, letter by letter', async () => {
    const on = stage({ protections: [answering, refusing] });
    for (const head of [
      { ...HERE, method: 'GET' },
      { ...HERE, method: 'PUT' },
      { ...HERE, target: '/here/' },
      { ...HERE, target: '/HERE' },
      { ...HERE, target: '/' },
    ]) {
      assert.equal((await on.send(head)).denial?.code, 'guard/no', JSON.stringify(head));
    }
    assert.equal((await on.send({ ...HERE, target: '/here?x=1' })).answer.status, 202);
  });

  it('is guarded by all that were not named', async () => {
    const on = stage({ protections: [answering, named('others')] });
    assert.equal((await on.send(HERE)).denial?.by, 'others');
  });

  it('comes before a route that fits', async () => {
    const on = stage({ protections: [answering], routes: [{ method: 'POST', path: '/here' }] });
    assert.equal((await on.send(HERE)).answer.status, 202);
  });

  it('is none of the declared routes, and no other request sees it', async () => {
    const on = stage({ protections: [answering], routes: [{}] });
    assert.equal(on.kernel.routes.length, 1);
    assert.equal((await on.send()).answer.status, 200);
  });

  it('is refused with the facts, as everything is', async () => {
    const on = stage({ protections: [answering] });
    assert.equal((await on.send({ ...HERE, ...withFields('Host', 'other.example') })).answer.status, 400);
  });

  it('is gone where the protection is off or left out', async () => {
    const without = stage({ protections: [set(answering, off('there is nothing to be answered'))] });
    assert.equal((await without.send(HERE)).answer.status, 200);
    const twin = stage({ profile: 'test', protections: [answering], omit: new Set(['answering']) });
    assert.equal((await twin.send(HERE)).answer.status, 200);
  });

  it('of a kernel with faults answers nobody', async () => {
    const fault = { option: 'x', wrong: 'is wrong', write: 'write y' };
    const on = stage({ protections: [answering], faults: [fault] });
    await assert.rejects(on.ready);
    const verdict = on.kernel.before(on.context(HERE));
    assert.ok(verdict !== null && 'code' in verdict && verdict.code === 'kernel/not-started');
  });
});
