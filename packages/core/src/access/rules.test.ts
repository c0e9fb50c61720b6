/**
 * Rules as they are written: what is refused at once, and how they read.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../kernel/index.ts';
import { printSeconds, secondsOf } from '../kernel/index.ts';
import { all, any, anyone, can, describeRule, fresh, mfa, not, owner, resource, role, shared } from './index.ts';
import { signedIn, todo } from './index.ts';
import { tickets } from './stage.test.ts';

const { ticket } = tickets([]);

const BAD: readonly (readonly [name: string, make: () => unknown, says: RegExp])[] = [
  ['role() of nothing', () => role(), /role\(\) needs at least one name/],
  ['role() of an empty name', () => role(''), /role\(\) needs/],
  ['role() of a list', () => role(['agent'] as never), /role\(\) needs/],
  ['can() of nothing', () => can(''), /can\(\) needs a permission/],
  ['can() of two words', () => can('close tickets'), /without spaces/],
  ['all() of nothing', () => all(), /all\(\) needs at least one rule/],
  ['any() of nothing', () => any(), /any\(\) needs at least one rule/],
  ['all() of a constructor', () => all(signedIn as never), /in all\(\), one is a function: write signedIn\(\)/],
  ['not() of nothing', () => not(undefined as never), /what it denies is no rule/],
  ['owner() of a name', () => owner('ticket' as never), /needs what resource\(\) made/],
  ['two resources of one name', () => any(owner(ticket), owner(tickets([]).ticket)), /two resources "ticket"/],
  ['shared() of an empty reason', () => shared(' '), /write why/],
  ['todo() of a short reason', () => todo('later'), /write why/],
  ['mfa() of an empty name', () => mfa(''), /mfa\(\) takes names/],
  ['fresh(0)', () => fresh(0), /0 is no whole number/],
  ['fresh(-1)', () => fresh(-1), /no whole number/],
  ['fresh(1.5)', () => fresh(1.5), /no whole number/],
  ['fresh(Infinity)', () => fresh(Infinity), /no whole number/],
  ['fresh(NaN)', () => fresh(NaN), /no whole number/],
  ['fresh() of nothing', () => fresh(undefined as never), /nothing is no length of time/],
  ['fresh() of a unit there is not', () => fresh('15 minits' as never), /did you mean "minute"/],
  ['fresh() without a space', () => fresh('15minutes' as never), /no length of time/],
  ['fresh() of zero', () => fresh('0 minutes'), /no length of time/],
  ['fresh() of an inherited name', () => fresh('5 constructor' as never), /no length of time/],
  ['resource() without a name', () => resource('', { load: () => 1, of: () => '' }), /has no name/],
  ['resource() without options', () => resource('a', undefined as never), /load is no function/],
  ['resource() without an owner', () => resource('a', { load: () => 1 } as never), /nobody could own one/],
  [
    'resource() of a hidden that is text',
    () => resource('a', { load: () => 1, of: () => '', hidden: 'no' as never }),
    /neither/,
  ],
];

describe('constructors', () => {
  for (const [name, make, says] of BAD) {
    it(`refuse ${name} at once`, () => {
      assert.throws(make, (error) => error instanceof ConfigError && says.test(error.message));
    });
  }

  it('make rules that nobody can change afterwards', () => {
    const list = ['agent'];
    const rule = role(...list);
    list.push('everybody');
    assert.deepEqual(rule, { kind: 'role', anyOf: ['agent'] });
    assert.ok(
      Object.isFrozen(rule) && Object.isFrozen((rule as { anyOf: unknown }).anyOf) && Object.isFrozen(any(rule)),
    );
  });
});

const TEXTS: readonly (readonly [rule: Parameters<typeof describeRule>[0], text: string])[] = [
  [anyone(), 'anyone'],
  [any(role('agent', 'admin'), owner(ticket)), 'any(role(agent, admin), owner(ticket))'],
  [all(signedIn(), not(can('x:y'))), 'all(signedIn, not(can(x:y)))'],
  [all(fresh('15 minutes'), mfa()), 'all(fresh(15 minutes), mfa)'],
  [all(fresh(90), mfa('totp', 'passkey')), 'all(fresh(90 seconds), mfa(totp, passkey))'],
  [all(anyone(), shared('say "all"\nof them')), 'all(anyone, shared("say \\"all\\"\\nof them"))'],
  [todo('not decided'), 'todo("not decided")'],
];

describe('text', () => {
  for (const [rule, text] of TEXTS) it(`of ${rule.kind} reads ${text}`, () => assert.equal(describeRule(rule), text));
});

describe('durations', () => {
  for (const [text, seconds] of [
    ['30 seconds', 30],
    ['1 second', 1],
    ['15 minutes', 900],
    ['1 hour', 3600],
    ['7 days', 604_800],
  ] as const) {
    it(`${text} are ${seconds} seconds, and back`, () => {
      assert.equal(secondsOf(text, 'x'), seconds);
      assert.equal(printSeconds(seconds), text);
    });
  }

  it('every printed length reads back as itself', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (n) => secondsOf(printSeconds(n) as never, 'x') === n));
  });
});
