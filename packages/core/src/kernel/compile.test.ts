/**
 * Steps of a route in the one order, constant fields by variant, and what observing changes.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileRoute, variantIndex } from './compile.ts';
import { check, denied, fieldOf, guard, guardWith, NOON, routeInfo, set, stage } from './kernel.fixture.ts';
import { ORDER } from './order.ts';
import type { Place } from './order.ts';
import type { FieldList, ResponseKind, Step } from './steps.ts';
import { detect } from './settings.ts';

const head = (place: Place, ...fields: string[]): Step => ({ place, head: (): FieldList => fields });

/** A step that may stand at a place. */
function stepAt({ place, phase }: (typeof ORDER)[number]): Step {
  switch (phase) {
    case 'before':
    case 'after':
      return check(place, null);
    case 'body':
      return { place: 'body', plan: { limit: 1, reader: () => null } };
    case 'handler':
      return { place: 'handler', enter: (_c, run) => run() };
    case 'finish':
      return { place, finish: () => undefined };
    case 'end':
      return { place, end: () => undefined };
  }
}

describe('compiled steps', () => {
  it('stand in the one order, whoever named them first', () => {
    const steps = ORDER.map(stepAt);
    const places = ORDER.map(({ place }) => place);
    fc.assert(
      fc.property(fc.shuffledSubarray(steps, { minLength: 2 }), (shuffled) => {
        const { before, body, after, scopes, finish, end } = compileRoute(routeInfo(), shuffled);
        const sorted = [...before, ...after, ...scopes, ...finish, ...end].map(({ place }) => places.indexOf(place));
        assert.equal(sorted.length + (body === undefined ? 0 : 1), shuffled.length);
        assert.deepEqual(
          sorted,
          sorted.toSorted((a, b) => a - b),
        );
      }),
    );
  });

  it('of one place keep the order in which the protections were set up', () => {
    const [first, second] = [check('access', null), check('access', null)];
    assert.deepEqual(compileRoute(routeInfo(), [first, second]).before, [first, second]);
  });

  it('are divided by when they run', () => {
    const { before, after, finish, end } = compileRoute(routeInfo(), ORDER.map(stepAt).toReversed());
    const phase = (name: string): string[] => ORDER.filter((row) => row.phase === name).map(({ place }) => place);
    const names = (list: readonly { readonly place: string }[]): string[] => list.map(({ place }) => place);
    assert.deepEqual(names(before), phase('before'));
    assert.deepEqual(names(after), phase('after'));
    assert.deepEqual(names(finish), phase('finish'));
    assert.deepEqual(names(end), phase('end'));
  });

  it('read the body by the last plan, which is the route’s own', () => {
    const plans = [1, 2].map((limit) => ({ limit, reader: () => null }));
    const steps = plans.map((plan): Step => ({ place: 'body', plan }));
    assert.equal(compileRoute(routeInfo(), steps).body, plans[1]);
    assert.equal(compileRoute(routeInfo(), []).body, undefined);
  });

  const places: readonly Place[] = ['access', 'body', 'schema.body', 'cookies', 'detection.score'];
  const kinds: readonly (readonly [title: string, make: (place: Place) => Step, fits: readonly Place[]])[] = [
    ['a check', (place) => check(place, null), ['access', 'schema.body']],
    ['constant fields', (place) => head(place, 'x-a', '1'), ['cookies']],
    ['a finish', (place) => ({ place, finish: () => undefined }), ['cookies']],
    ['an end', (place) => ({ place, end: () => undefined }), ['detection.score']],
    ['a plan', (place) => ({ place, plan: { limit: 1, reader: () => null } }) as Step, ['body']],
  ];
  for (const [title, make, fits] of kinds)
    for (const place of places)
      it(`${fits.includes(place) ? 'may' : 'may not'} be ${title} at ${place}`, () => {
        const compile = (): unknown => compileRoute(routeInfo(), [make(place)]);
        if (fits.includes(place)) assert.doesNotThrow(compile);
        else assert.throws(compile, new RegExp(`cannot stand at "${place}"`));
      });

  it('may not stand at a place that does not exist', () => {
    assert.throws(() => compileRoute(routeInfo(), [check('firewall' as Place, null)]), /"firewall" is no place/);
  });
});

const KINDS: readonly ResponseKind[] = ['page', 'data', 'unchanged'];

describe('constant fields', () => {
  it('are joined once for each variant, and found again under it', () => {
    const made: string[] = [];
    const { heads } = compileRoute(routeInfo(), [
      {
        place: 'headers',
        head: ({ secure, kind }) => {
          made.push(`${secure} ${kind}`);
          return ['x-variant', `${secure} ${kind}`];
        },
      },
      head('csp', 'x-always', '1'),
    ]);
    assert.equal(new Set(made).size, made.length);
    for (const secure of [true, false])
      for (const kind of KINDS)
        assert.deepEqual(heads[variantIndex(secure, kind)]?.list, ['x-variant', `${secure} ${kind}`, 'x-always', '1']);
  });

  it('of a later place replace those of an earlier one, whatever their case [HDR-30]', () => {
    const { heads } = compileRoute(routeInfo(), [
      head('csp', 'X-Frame-Options', 'SAMEORIGIN'),
      head('headers', 'x-frame-options', 'DENY', 'x-a', '1'),
    ]);
    const fields = heads[variantIndex(true, 'page')]!.list;
    assert.equal(fieldOf(fields, 'x-frame-options'), 'SAMEORIGIN');
    assert.equal(fieldOf(fields, 'x-a'), '1');
  });

  it('and those that finish steps name belong to the policy', () => {
    const { owned } = compileRoute(routeInfo(), [
      { place: 'headers', head: ({ secure }) => (secure ? ['X-Secure', '1'] : []) },
      { place: 'csp', owns: ['content-security-policy'], finish: () => undefined },
    ]);
    assert.deepEqual([...owned].toSorted(), ['content-security-policy', 'x-secure']);
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

  it('hands on an answer that refuses nothing', async () => {
    const reply = { reply: 204, headers: ['x-preflight', '1'] };
    const { send, said } = stage({ protections: [set(guardWith(check('cors', reply)), setting)] });
    const { answer } = await send();
    assert.equal(answer.status, 204);
    assert.equal(said('request.would_refuse').length, 0);
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
