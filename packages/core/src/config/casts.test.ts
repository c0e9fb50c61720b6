/**
 * What each cast takes, and what it refuses although some reader would take it.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { boolean, bytes, duration, integer, json, list, number, oneOf, secret, Secret, text, url } from './index.ts';
import type { Cast, ConfigSchema, Field } from './index.ts';

const STRONG = 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE';

/** Only positive whole numbers under `n`, for a schema without a library. */
const schema: ConfigSchema<{ n: number }> = {
  '~standard': {
    validate(value) {
      const { n } = value as { n?: unknown };
      return typeof n === 'number' ? { value: { n } } : { issues: [{ path: ['n'] }, { path: [{ key: 'a b' }] }, {}] };
    },
  },
};

const taken: readonly (readonly [kind: string, field: Field<unknown>, given: string, value: unknown])[] = [
  ['text', text('X'), ' as it stands ', ' as it stands '],
  ['text', text('X', { min: 0 }), '', ''],
  ['text', text('X', { pattern: /[a-z]+/g }), 'abc', 'abc'],
  ['integer', integer('X'), '0', 0],
  ['integer', integer('X'), '-42', -42],
  ['integer', integer('X', { min: 0, max: 65_535 }), '65535', 65_535],
  ['integer', integer('X'), '9007199254740991', Number.MAX_SAFE_INTEGER],
  ['number', number('X'), '0.25', 0.25],
  ['number', number('X'), '-3', -3],
  ['boolean', boolean('X'), 'True', true],
  ['boolean', boolean('X'), 'YES', true],
  ['boolean', boolean('X'), 'on', true],
  ['boolean', boolean('X'), '1', true],
  ['boolean', boolean('X'), 'false', false],
  ['boolean', boolean('X'), 'No', false],
  ['boolean', boolean('X'), 'OFF', false],
  ['boolean', boolean('X'), '0', false],
  ['one of', oneOf('X', ['debug', 'info']), 'info', 'info'],
  ['url', url('X'), 'https://a.example/b?c', new URL('https://a.example/b?c')],
  ['url', url('X', { schemes: ['redis', 'rediss'] }), 'redis://cache:6379/0', new URL('redis://cache:6379/0')],
  ['duration', duration('X'), '15 minutes', 900],
  ['duration', duration('X'), '90', 90],
  ['bytes', bytes('X'), '10 MiB', 10_485_760],
  ['bytes', bytes('X'), '10kB', 10_000],
  ['bytes', bytes('X'), '0', 0],
  ['list', list('X'), 'a, b ,c', ['a', 'b', 'c']],
  ['list', list('X'), `"a, b", 'c', "d""e"`, ['a, b', 'c', 'd"e']],
  ['list', list('X', { min: 0 }), ' ', []],
  ['list', list('X', { of: integer, separator: ':' }), '1:2', [1, 2]],
  ['list', list('X', { of: (name) => oneOf(name, ['a', 'b']) }), 'b,a', ['b', 'a']],
  ['json', json('X', schema), '{"n":1,"more":true}', { n: 1 }],
];

const refused: readonly (readonly [kind: string, field: Field<unknown>, given: string, wrong: RegExp])[] = [
  ['text', text('X'), '', /0 characters/],
  ['text', text('X', { max: 3 }), 'long', /4 characters/],
  ['text', text('X', { pattern: /a|b/ }), 'ab', /does not look/],
  ...['', ' 5', '5 ', '+5', '05', '-0', '1e3', '0x10', '1_000', '1.0', '٣', '9007199254740992', 'NaN'].map(
    (given) => ['integer', integer('X'), given, /no whole number/] as const,
  ),
  ['integer', integer('X', { max: 65_535 }), '65536', /out of range/],
  ['integer', integer('X', { min: 0 }), '-1', /out of range/],
  ...['', 'Infinity', 'nan', '.5', '5.', '1,5', '1e9'].map(
    (given) => ['number', number('X'), given, /no number/] as const,
  ),
  ...['', 'y', 't', 'n', 'f', '2', 'truee', 'enabled', 'null', ' true'].map(
    (given) => ['boolean', boolean('X'), given, /neither true nor false/] as const,
  ),
  ['one of', oneOf('X', ['debug', 'info']), 'INFO', /none of the words/],
  ['url', url('X'), 'http://a.example', /scheme/],
  ['url', url('X'), 'javascript:alert(1)', /scheme/],
  ['url', url('X'), ' https://a.example', /no URL/],
  ['url', url('X'), 'https://a.example\\b', /no URL/],
  ['url', url('X'), 'a.example', /no URL/],
  ['url', url('X'), 'https://user:pass@a.example', /user or password/],
  ['url', url('X', { schemes: ['redis'] }), 'redis:///0', /no host/],
  ...['', '0', '-1', '15m', '1.5 hours', '15 fortnights'].map(
    (given) => ['duration', duration('X'), given, /no length of time/] as const,
  ),
  ['duration', duration('X', { min: 60 }), '30 seconds', /too short/],
  ['duration', duration('X', { max: 60 }), '1 hour', /too long/],
  ...['', '10 mib', '1.5 MiB', '10 M', '-1', '9007199254740991 GiB', '01'].map(
    (given) => ['bytes', bytes('X'), given, /no size/] as const,
  ),
  ['bytes', bytes('X', { max: 10 }), '11', /out of range/],
  ['list', list('X'), '', /0 elements/],
  ['list', list('X'), 'a,,b', /element 2 is empty/],
  ['list', list('X'), 'a,', /element 2 is empty/],
  ['list', list('X'), '"a', /not closed/],
  ['list', list('X'), '"a"b', /behind a quote/],
  ['list', list('X'), "it's", /quote or backslash/],
  ['list', list('X', { max: 2 }), 'a,b,c', /3 elements/],
  ['list', list('X', { of: integer }), '1,x', /element 2 is no whole number/],
  ['json', json('X', schema), '{n:1}', /no JSON/],
  ['json', json('X', schema), '{"n":1,"__proto__":{"admin":true}}', /__proto__/],
  ['json', json('X', schema), '{"n":"1"}', /n, \?, as a whole/],
  ['secret', secret('X'), 'short', /5 bytes/],
  ['secret', secret('X'), 'change-me-change-me-change-me-change-me', /placeholder/],
  ['secret', secret('X'), 'a'.repeat(40), /different/],
  ['secret', secret('X'), `${STRONG}\n`, /line breaks/],
  ['secret', secret('X', { leastBytes: 64 }), STRONG, /32 bytes/],
  ['secret', secret('X', { foreign: true }), '', /0 bytes/],
];

describe('casts [CFG-04]', () => {
  for (const [kind, field, given, value] of taken)
    it(`${kind} takes ${JSON.stringify(given)}`, () => assert.deepEqual(field.cast(given), { value }));

  for (const [kind, field, given, wrong] of refused)
    it(`${kind} refuses ${JSON.stringify(given)}`, () => {
      const cast: Cast<unknown> = field.cast(given);
      assert.ok('wrong' in cast, JSON.stringify(cast));
      assert.match(cast.wrong, wrong);
      assert.ok(cast.write.length > 0);
    });

  it('secret takes a strong one, and another system’s as it is', () => {
    for (const [field, given] of [
      [secret('X'), STRONG],
      [secret('X', { foreign: true }), 'postgres://user:password@db/x'],
    ] as const) {
      const cast = field.cast(given);
      assert.ok('value' in cast && cast.value instanceof Secret);
      assert.equal(cast.value.reveal(), given);
    }
  });

  it('names the word that was nearest', () => {
    const cast = oneOf('X', ['debug', 'warning']).cast('warnign');
    assert.equal('nearest' in cast && cast.nearest, 'warning');
  });

  it('no fault repeats what was given [S-02]', () => {
    const given = fc.stringMatching(/^[a-zA-Z0-9+/=@:.,"' -]{12,60}$/);
    const fields = [integer('X'), boolean('X'), oneOf('X', ['a']), url('X'), duration('X'), bytes('X'), secret('X')];
    const more = [list('X', { of: integer }), json('X', schema), text('X', { max: 5 }), number('X')];
    fc.assert(
      fc.property(given, fc.constantFrom<Field<unknown>>(...fields, ...more), (value, field) => {
        const cast = field.cast(value);
        return 'value' in cast || !`${cast.wrong} ${cast.write}`.includes(value);
      }),
    );
  });

  it('what a list wrote with quotes is what it reads', () => {
    const element = fc.string({ minLength: 1, maxLength: 8 }).filter((part) => part.trim() !== '');
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 5 }), (parts) => {
        const written = parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(',');
        assert.deepEqual(list('X').cast(written), { value: parts });
      }),
    );
  });

  it('refuses a declaration that means two things', () => {
    assert.throws(() => integer('APP PORT'), /no name of a variable/);
    assert.throws(() => integer('X', { default: 1, development: 2 }), /write one of them/);
    assert.throws(() => secret('X', { leastBytes: 8 }), /foreign/);
    assert.throws(() => list('X', { separator: '"' }), /separator/);
    const late: ConfigSchema<number> = { '~standard': { validate: () => Promise.resolve({ value: 1 }) } };
    assert.throws(() => json('X', late).cast('1'), /cannot wait/);
  });
});
