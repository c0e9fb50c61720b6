/**
 * Steps of a route in the one order, constant fields by variant, and what observing changes.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileRoute, PLACES, variantIndex } from './compile.ts';
import { check, denied, fieldOf, guard, guardWith, NOON, routeInfo, set, stage } from './kernel.fixture.ts';
import { ORDER } from './order.ts';
import type { Place } from './order.ts';
import type { FieldList, Step } from './protection.ts';
import { detect } from './settings.ts';

const head = (place: Place, ...fields: string[]): Step => ({ place, head: (): FieldList => fields });

describe('compiled steps', () => {
  it('stand in the one order, whoever named them first', () => {
    const steps = ORDER.map(({ place, phase }): Step =>
      phase === 'finish' ? { place, finish: () => undefined } : check(place, null),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(steps, { minLength: 2 }), (shuffled) => {
        const { before, after, finish } = compileRoute(routeInfo(), shuffled);
        const places = [...before, ...after, ...finish].map(({ place }) => place);
        assert.equal(places.length, shuffled.length);
        assert.deepEqual(
          places,
          places.toSorted((a, b) => PLACES.indexOf(a) - PLACES.indexOf(b)),
        );
      }),
    );
  });

  it('of one place keep the order in which the protections were set up', () => {
    const [first, second] = [check('access', null), check('access', null)];
    assert.deepEqual(compileRoute(routeInfo(), [first, second]).before, [first, second]);
  });

  it('are divided into before the body, after it, and the head', () => {
    const { before, after, finish } = compileRoute(routeInfo(), [
      { place: 'cookies', finish: () => undefined },
      check('schema.body', null),
      check('access', null),
    ]);
    assert.deepEqual(
      [before, after, finish].map((list) => list.map(({ place }) => place)),
      [['access'], ['schema.body'], ['cookies']],
    );
  });

  const mistakes: readonly (readonly [title: string, step: Step, message: RegExp])[] = [
    ['a check at a place of the head', check('cookies', null), /"cookies" must finish/],
    ['a finish at a place of checks', { place: 'access', finish: () => undefined }, /"access" must run/],
    ['constant fields at a place of checks', head('hosts', 'x-a', '1'), /"hosts" must run/],
    ['a place that does not exist', check('firewall' as Place, null), /"firewall" is no place/],
  ];
  for (const [title, step, message] of mistakes)
    it(`may not hold ${title}`, () => assert.throws(() => compileRoute(routeInfo(), [step]), message));
});

describe('constant fields', () => {
  it('are joined once for each of the four variants', () => {
    const variants: string[] = [];
    const { heads } = compileRoute(routeInfo(), [
      {
        place: 'headers',
        head: ({ secure, page }) => {
          variants.push(`${secure} ${page}`);
          return secure ? ['x-secure', String(page)] : [];
        },
      },
      head('csp', 'x-always', '1'),
    ]);
    assert.deepEqual(variants.toSorted(), ['false false', 'false true', 'true false', 'true true']);
    assert.deepEqual(heads[variantIndex(false, false)], ['x-always', '1']);
    assert.deepEqual(heads[variantIndex(false, true)], ['x-always', '1']);
    assert.deepEqual(heads[variantIndex(true, false)], ['x-secure', 'false', 'x-always', '1']);
    assert.deepEqual(heads[variantIndex(true, true)], ['x-secure', 'true', 'x-always', '1']);
  });

  it('of a later place replace those of an earlier one, whatever their case [HDR-30]', () => {
    const { heads } = compileRoute(routeInfo(), [
      head('csp', 'X-Frame-Options', 'SAMEORIGIN'),
      head('headers', 'x-frame-options', 'DENY', 'x-a', '1'),
    ]);
    assert.equal(fieldOf(heads[variantIndex(true, true)]!, 'x-frame-options'), 'SAMEORIGIN');
    assert.equal(fieldOf(heads[variantIndex(true, true)]!, 'x-a'), '1');
  });
});

describe('a protection that observes', () => {
  const setting = { mode: detect('roll-out, watching reports', { until: '2026-01-31' }) };
  const LAST = Date.UTC(2026, 0, 31, 23, 59, 59, 999);
  const denial = denied();

  for (const [title, result] of [
    ['at once', (): typeof denial => denial],
    ['later', (): Promise<typeof denial> => Promise.resolve(denial)],
  ] as const)
    it(`reports what it would refuse ${title}, and lets it pass`, async () => {
      const watching = guardWith({ place: 'access', run: result });
      const { send, said, kernel } = stage({ protections: [set(watching, setting)] });
      const { c, denial: refused } = await send();
      assert.equal(refused, null);
      assert.deepEqual(c.notes, [denial]);
      assert.deepEqual(
        said('request.would_refuse').map(({ code, request }) => [code, request]),
        [['guard/no', c.facts.id]],
      );
      assert.equal(said('request.refused').length, 0);
      assert.equal(kernel.refusals.length, 0);
    });

  it('lets the steps behind it decide', async () => {
    const watching = guardWith(check('cors', denial));
    const strict = guard({ name: 'strict', compile: () => [check('access', denied('strict'))] });
    const { send, kernel } = stage({ protections: [set(watching, setting), strict] });
    const { c, denial: refused } = await send();
    assert.equal(refused?.code, 'guard/strict');
    assert.deepEqual(kernel.explain(c.facts.id)?.notes, [denial]);
  });

  it('says nothing of what it would let pass', async () => {
    const { send, events } = stage({ protections: [set(guardWith(check('access', null)), setting)] });
    await send();
    assert.deepEqual(
      events.map(({ name }) => name),
      ['policy.weakened', 'kernel.started', 'request.completed'],
    );
  });

  it('observes to the last moment of its last day, and enforces from the next one, without a restart', async () => {
    const { send, clock } = stage({ protections: [set(guardWith(check('access', denial)), setting)] });
    assert.equal(clock.at, NOON);
    clock.at = LAST;
    assert.equal((await send()).denial, null);
    clock.at = LAST + 1;
    assert.equal((await send()).denial, denial);
  });

  it('leaves the fields it adds as they are', async () => {
    const { send } = stage({ protections: [set(guardWith(head('headers', 'x-a', '1')), setting)] });
    assert.equal((await send()).field('x-a'), '1');
  });
});
