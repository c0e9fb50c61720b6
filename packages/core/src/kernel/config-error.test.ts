/**
 * Every fault is named at once, with what to write instead and the nearest name that exists.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ConfigError, nearest, unknownKeys } from './config-error.ts';

describe('a ConfigError', () => {
  it('says all faults together, a line each, with the nearest name [CFG-01]', () => {
    const error = new ConfigError([
      { option: 'csrf.trustedOrigins[1]', wrong: 'ends in "/"', write: 'write "https://a.example"' },
      { option: 'heders', wrong: 'no such option', write: 'use one of headers, hosts', nearest: 'headers' },
    ]);
    assert.deepEqual(error.message.split('\n'), [
      '2 faults in the configuration',
      '  csrf.trustedOrigins[1]: ends in "/"; write "https://a.example"',
      '  heders: no such option (did you mean "headers"?); use one of headers, hosts',
    ]);
    assert.equal(error.code, 'DEWAR_CONFIG');
    assert.equal(error.name, 'ConfigError');
    assert.equal(error.faults.length, 2);
  });

  it('counts one fault as one', () => {
    const error = new ConfigError([{ option: 'secret', wrong: 'is missing', write: 'set it' }]);
    assert.match(error.message, /^one fault in/);
  });
});

describe('unknown keys', () => {
  it('are named under their option, with the nearest known one [CFG-14]', () => {
    assert.deepEqual(unknownKeys({ alowed: [], allowed: [] }, ['allowed'], 'hosts'), [
      { option: 'hosts.alowed', wrong: 'no such option', write: 'use one of allowed', nearest: 'allowed' },
    ]);
  });

  it('stand alone at the top, and without a suggestion where nothing is near', () => {
    assert.deepEqual(unknownKeys({ frobnicate: 1 }, ['hosts', 'https'], ''), [
      { option: 'frobnicate', wrong: 'no such option', write: 'use one of hosts, https' },
    ]);
  });

  it('are none where all are known', () => assert.deepEqual(unknownKeys({ a: 1 }, ['a', 'b'], 'x'), []));
});

describe('the nearest name', () => {
  const names = ['hosts', 'https', 'headers', 'access', 'trustedProxies'];
  const rows: readonly (readonly [given: string, expected: string | undefined])[] = [
    ['host', 'hosts'],
    ['header', 'headers'],
    ['Headers', 'headers'],
    ['HTTPS', 'https'],
    ['acess', 'access'],
    ['trustProxies', 'trustedProxies'],
    ['trustedProxy', 'trustedProxies'],
    ['cors', undefined],
    ['', undefined],
  ];
  for (const [given, expected] of rows)
    it(`to "${given}" is ${expected ?? 'none'}`, () => assert.equal(nearest(given, names), expected));

  it('is the name itself where it exists', () => {
    fc.assert(fc.property(fc.constantFrom(...names), (name) => assert.equal(nearest(name, names), name)));
  });

  it('finds every name again after one typing error', () => {
    const typo = fc
      .constantFrom(...names)
      .chain((name) =>
        fc.record({ name: fc.constant(name), at: fc.nat(name.length - 1), letter: fc.constantFrom(...'qxz') }),
      );
    fc.assert(
      fc.property(typo, ({ name, at, letter }) => {
        const replaced = name.slice(0, at) + letter + name.slice(at + 1);
        const inserted = name.slice(0, at) + letter + name.slice(at);
        for (const wrong of [replaced, inserted]) {
          // `hosts` and `https` are two edits apart, so one error may lead to either.
          const found = nearest(wrong, names);
          assert.ok(found === name || (name.length === 5 && found?.length === 5), `${wrong} led to ${found}`);
        }
      }),
    );
  });
});
