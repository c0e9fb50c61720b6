/**
 * Refusals by request id: bounded, oldest out first.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explanations } from './explain.ts';
import { denied, stage } from './kernel.fixture.ts';

describe('kept refusals', () => {
  it('are as many as allowed, the oldest goes first', () => {
    const { context } = stage();
    const kept = explanations(2);
    const [first, second, third] = [context(), context(), context()];
    for (const c of [first, second, third]) kept.keep(c.facts, denied(), c);
    assert.equal(kept.explain(first.facts.id), undefined);
    assert.deepEqual(
      kept.recent().map(({ request }) => request),
      [second.facts.id, third.facts.id],
    );
  });

  it('of one request are one: the last', () => {
    const { context } = stage();
    const kept = explanations(2);
    const [c, other] = [context(), context()];
    kept.keep(other.facts, denied(), other);
    kept.keep(c.facts, denied('first'), c);
    kept.keep(c.facts, denied('second'), c);
    assert.equal(kept.explain(c.facts.id)?.denial.code, 'guard/second');
    assert.notEqual(kept.explain(other.facts.id), undefined);
  });

  it('hold no query', () => {
    const { context } = stage();
    const kept = explanations(2);
    const c = context({ target: '/?token=s3cret' });
    kept.keep(c.facts, denied(), c);
    assert.ok(!JSON.stringify(kept.recent()).includes('s3cret'));
  });
});
