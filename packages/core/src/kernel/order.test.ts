/**
 * The order itself: every place once, phases in one piece, and the neighbours that attacks depend on.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ORDER, phaseOf, placeIndex } from './order.ts';
import type { Place } from './order.ts';

describe('the order of a request', () => {
  it('names each place once, with a reason', () => {
    const places = ORDER.map(({ place }) => place);
    assert.equal(new Set(places).size, places.length);
    for (const { place, why } of ORDER) assert.ok(why.length > 10, `${place} gives no reason`);
  });

  it('never returns to a phase that is over', () => {
    const phases = ORDER.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1]);
    assert.deepEqual(phases, ['before', 'body', 'after', 'handler', 'finish', 'end']);
  });

  const pairs: readonly (readonly [first: Place, second: Place, why: string])[] = [
    ['hosts', 'https', 'a redirect never names a host that is not ours'],
    ['hosts', 'cors', 'an origin is compared with a host that was checked'],
    ['https', 'identity', 'no credential is read from clear text'],
    ['csrf.origin', 'identity', 'a forged request touches no session'],
    ['limits.address', 'identity', 'guessing sessions is limited'],
    ['identity', 'access', 'a broken credential is refused, not taken for nobody'],
    ['csrf.header', 'access', 'a forged request does not learn what exists'],
    ['schema.head', 'access', 'no rule loads an object by a parameter of the wrong shape'],
    ['body', 'csrf.field', 'the token stands in it'],
    ['body.structure', 'schema.body', 'no validator walks a body that is nested without end'],
    ['csrf.field', 'schema.body', 'a forged form does not learn the schema'],
    ['access', 'body', 'no body is read for somebody who may not send one'],
    ['access.input', 'endpoint', 'what answers by itself is guarded like a handler'],
    ['cookies', 'cache', 'a response that sets a cookie is known to be private'],
  ];
  for (const [first, second, why] of pairs)
    it(`has ${first} before ${second}: ${why}`, () => assert.ok(placeIndex(first) < placeIndex(second)));

  it('knows no other place', () => {
    assert.throws(() => placeIndex('firewall' as Place), /"firewall" is no place/);
    assert.throws(() => phaseOf('__proto__' as Place), /is no place/);
  });
});
