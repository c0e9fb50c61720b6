/**
 * Defaults, then the policy, then the route: what each protection runs with, and which settings are faults.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConfigFault } from './config-error.ts';
import { defaultsOf, resolve } from './configured.ts';
import type { Effective } from './configured.ts';
import { guard, NOON } from './kernel.fixture.ts';
import type { GuardOptions } from './kernel.fixture.ts';
import { detect, off } from './settings.ts';
import type { Setting } from './settings.ts';

const WHY = 'the partner portal needs it';
const ENV = { profile: 'production', now: NOON, route: false } as const;

/** Settings come from JavaScript too, so a row may hold anything. */
function layered(...layers: readonly unknown[]): { readonly effective: Effective; readonly faults: ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const protection = guard();
  const effective = layers.reduce<Effective>(
    (base, layer, index) =>
      resolve(protection, base, layer as Setting<object>, index === 0 ? 'guard' : 'GET /x: guard', ENV, faults),
    defaultsOf(protection),
  );
  return { effective, faults };
}

function optionsOf(effective: Effective): GuardOptions {
  assert.equal(effective.off, null);
  return (effective as { options: GuardOptions }).options;
}

describe('layers of options', () => {
  it('begin with the defaults', () => {
    const { effective, faults } = layered(undefined);
    assert.deepEqual(optionsOf(effective), { level: 3, names: [] });
    assert.deepEqual(faults, []);
  });

  it('replace option by option: the route over the policy over the defaults [DX-03]', () => {
    assert.deepEqual(optionsOf(layered({ names: ['a'] }).effective), { level: 3, names: ['a'] });
    assert.deepEqual(optionsOf(layered({ names: ['a'], level: 4 }, { level: 5 }).effective), {
      level: 5,
      names: ['a'],
    });
  });

  it('take an option that is undefined as not given', () => {
    const { effective, faults } = layered({ level: undefined, names: ['a'] });
    assert.deepEqual(faults, []);
    assert.deepEqual(optionsOf(effective), { level: 3, names: ['a'] });
  });

  it('never change the defaults, and cannot be changed by who set them', () => {
    const given = { level: 4 };
    const { effective } = layered(given);
    given.level = 0;
    assert.equal(optionsOf(effective).level, 4);
    assert.throws(() => Object.assign(optionsOf(effective), { level: 0 }), TypeError);
    assert.equal(optionsOf(layered(undefined).effective).level, 3);
  });
});

describe('a protection turned off', () => {
  it('for the policy comes back on a route that gives it options, from its defaults', () => {
    const { effective } = layered(off(WHY), { names: ['a'] });
    assert.deepEqual(optionsOf(effective), { level: 3, names: ['a'] });
  });

  it('for a route stays on for the policy, and keeps its reason', () => {
    assert.equal(layered({ level: 4 }, off(WHY)).effective.off, WHY);
  });

  it('stays off on a route that says nothing', () => assert.equal(layered(off(WHY), undefined).effective.off, WHY));
});

const FAULTS: readonly (readonly [title: string, layers: readonly unknown[], options: readonly string[]])[] = [
  ['off without a reason', [off('')], ['guard']],
  ['off with a reason that says nothing', [off('because')], ['guard']],
  ['off without a reason on a route', [undefined, off('')], ['GET /x: guard']],
  ['an option nobody knows [CFG-14]', [{ levle: 3 }], ['guard.levle']],
  ['an option that is no good', [{ level: 'high' }], ['guard.level']],
  ['two faults at once [CFG-01]', [{ levle: 3, level: 'high' }], ['guard.levle', 'guard.level']],
  ['a fault in each layer [CFG-01]', [{ levle: 3 }, { nmaes: [] }], ['guard.levle', 'GET /x: guard.nmaes']],
  ['an option below its default without a reason', [{ level: 2 }], ['guard.level']],
  ['an option below its default with a reason that says nothing', [{ level: 2, reason: 'ok' }], ['guard.level']],
  ['an option below its default with a reason', [{ level: 2, reason: WHY }], []],
  ['an option above its default', [{ level: 9 }], []],
  ['an option below its default on a route', [undefined, { level: 2 }], ['GET /x: guard.level']],
  [
    'a route weaker still under the policy’s reason',
    [{ level: 2, reason: WHY }, { level: 1 }],
    ['GET /x: guard.level'],
  ],
  [
    'a route weaker still with its own reason',
    [
      { level: 2, reason: WHY },
      { level: 1, reason: WHY },
    ],
    [],
  ],
  ['a route that keeps what the policy gave a reason for', [{ level: 2, reason: WHY }, { names: ['a'] }], []],
  ['a list in place of options', [['a']], ['guard']],
  ['null in place of options', [null], ['guard']],
  ['false in place of options', [false], ['guard']],
  ['text in place of options', ['off'], ['guard']],
  ['a mode nobody knows', [{ mode: 'report' }], ['guard.mode']],
  ['off as a mode', [{ mode: off(WHY) }], ['guard.mode']],
  ['detect without an end date in production', [{ mode: detect(WHY) }], ['guard.mode']],
  ['detect with an end date', [{ mode: detect(WHY, { until: '2026-02-01' }) }], []],
];

describe('a setting', () => {
  for (const [title, layers, options] of FAULTS)
    it(`${options.length === 0 ? 'may be' : 'may not be'} ${title}`, () => {
      assert.deepEqual(
        layered(...layers).faults.map(({ option }) => option),
        options,
      );
    });

  it('may not observe where others rely on what the protection decides', () => {
    const faults: ConfigFault[] = [];
    const mode = detect(WHY, { until: '2026-02-01' });
    const fixed = guard({ detectable: false });
    const effective = resolve(fixed, defaultsOf(fixed), { mode } as Setting<object>, 'guard', ENV, faults);
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['guard.mode'],
    );
    assert.equal((effective as { detect: unknown }).detect, null);
  });

  it('goes on enforcing where its detect mode has ended', () => {
    const { effective } = layered({ mode: detect(WHY, { until: '2025-12-31' }) });
    assert.equal((effective as { detect: unknown }).detect, null);
  });

  it('of a route may enforce what the policy only observes', () => {
    const { effective, faults } = layered({ mode: detect(WHY, { until: '2026-02-01' }) }, { mode: 'enforce' });
    assert.deepEqual(faults, []);
    assert.equal((effective as { detect: unknown }).detect, null);
  });
});
