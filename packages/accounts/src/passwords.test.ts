/**
 * Password hashes, with the real argon2.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hash as argon2 } from '@node-rs/argon2';
import { ConfigError, Refused } from '@dewar/core';
import { createPasswords, passwordFault } from './passwords.ts';
import { passwordsDefaults } from './policy.ts';

const PASSWORD = 'correct horse battery';
const passwords = createPasswords();
const made = await passwords.hash(PASSWORD);

describe('a password hash', () => {
  it('is argon2id with the parameters of the options, as a PHC string [PWD-03]', () =>
    assert.match(made, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/));

  it('has a salt of its own', async () => assert.notEqual(await passwords.hash(PASSWORD), made));

  for (const [typed, matches, why] of [
    [PASSWORD, true, 'the password'],
    ['correct horse batterx', false, 'another'],
    ['Correct horse battery', false, 'another letter case (it is never changed)'],
    [`${PASSWORD} `, false, 'a space at the end (it is never trimmed)'],
    ['', false, 'nothing'],
    [`${PASSWORD}${'x'.repeat(1_000_000)}`, false, 'a megabyte'],
  ] as const)
    it(`answers ${matches} for ${why}`, async () => assert.equal(await passwords.verify(made, typed), matches));

  it('matches the same text in another composition [PWD-02]', async () => {
    const composed = await passwords.hash('gr\u00fc\u00dfe aus k\u00f6ln \u2460');
    assert.equal(await passwords.verify(composed, 'gru\u0308\u00dfe aus ko\u0308ln 1'), true);
  });

  it('does not match a lone surrogate with its replacement', async () => {
    const replaced = await passwords.hash('a password with \ufffd in it');
    assert.equal(await passwords.verify(replaced, 'a password with \ud800 in it'), false);
  });

  for (const [hash, why] of [
    ['', 'no hash'],
    ['correct horse battery', 'clear text'],
    [made.replace('argon2id', 'argon2d'), 'argon2d'],
    [made.replace('m=19456', 'm=4194304'), 'four gigabytes'],
    [made.replace('$m=', '$m=1,m='), 'parameters twice'],
    [made.slice(0, -3), 'a cut tag'],
  ] as const)
    it(`is never matched when the store holds ${why}`, async () =>
      assert.equal(await passwords.verify(hash, PASSWORD), false));

  it('costs the same to miss as to match, also where there is none [PWD-17]', async () => {
    const one = createPasswords({ concurrency: 1 });
    const times = async (hash: string): Promise<number> => {
      const rounds: number[] = [];
      for (let i = 0; i < 7; i++) {
        const start = performance.now();
        await one.verify(hash, 'wrong horse battery');
        rounds.push(performance.now() - start);
      }
      return Math.min(...rounds);
    };
    const [known, unknown] = [await times(made), await times('')];
    assert.ok(unknown > known / 2 && unknown < known * 2, `known ${known} ms, unknown ${unknown} ms`);
  });

  for (const [hash, old, why] of [
    [() => made, false, 'today’s'],
    [() => argon2(PASSWORD, { memoryCost: 12_288, timeCost: 3 }), true, 'other parameters'],
    [() => argon2(PASSWORD, { memoryCost: 19_456, timeCost: 2, algorithm: 1 }), true, 'argon2i'],
    [() => '', true, 'none'],
  ] as const)
    it(`${old ? 'wants' : 'needs no'} rehash for ${why} [PWD-09]`, async () =>
      assert.equal(passwords.needsRehash(await hash()), old));

  it('still matches when it was made with other parameters', async () => {
    const old = await argon2(PASSWORD, { memoryCost: 12_288, timeCost: 3 });
    assert.equal(await passwords.verify(old, PASSWORD), true);
  });
});

describe('a password to be chosen', () => {
  for (const [typed, fault] of [
    ['fourteen chars', 'too-short'],
    ['fifteen chars !', null],
    ['\u{1f600}'.repeat(14), 'too-short'],
    ['\u{1f600}'.repeat(15), null],
    ['x'.repeat(128), null],
    ['x'.repeat(129), 'too-long'],
    ['all lower case is fine', null],
    ['\ud800 fifteen characters', 'not-text'],
    [['a list of one password'], 'not-text'],
  ] as const)
    it(`${fault ?? 'is taken'}: ${JSON.stringify(typed).slice(0, 40)}`, () =>
      assert.equal(passwordFault(typed, passwordsDefaults), fault));

  it('is refused by hash() as well [PWD-11]', async () => {
    await assert.rejects(passwords.hash('short'), RangeError);
  });
});

describe('hashing under load', () => {
  it('refuses with 503 and Retry-After what would wait too long [PWD-10]', async () => {
    const small = createPasswords({ concurrency: 1, queue: 2 });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => small.verify(made, PASSWORD)));
    const refused = results.filter((one) => one.status === 'rejected').map((one) => one.reason as Refused);
    assert.equal(refused.length, 5);
    assert.ok(refused.every((error) => error instanceof Refused && error.denial.status === 503));
    assert.deepEqual(refused[0]!.denial.headers, ['retry-after', '5']);
  });
});

describe('the options', () => {
  for (const [given, option, wrong] of [
    [{ memory: 1024 }, 'passwords.memory', /1024 is no whole number from 7168/],
    [{ memory: 7168 }, 'passwords.memory', /guessed too cheaply/],
    [{ passes: 1 }, 'passwords.memory', /guessed too cheaply/],
    [{ least: 6 }, 'passwords.least', /from 8 to 64/],
    [{ most: 32 }, 'passwords.most', /from 64 to 1024/],
    [{ queue: 0 }, 'passwords.queue', /no whole number/],
    [{ passes: Number.NaN }, 'passwords.passes', /NaN is no whole number/],
    [{ memroy: 19_456 } as object, 'passwords.memroy', /no such option/],
  ] as const)
    it(`refuse ${JSON.stringify(given)} by name`, () =>
      assert.throws(
        () => createPasswords(given),
        (error) => error instanceof ConfigError && error.faults[0]!.option === option && wrong.test(error.message),
      ));

  it('take every pair that is strong enough', () => {
    for (const [memory, passes] of [
      [47_104, 1],
      [19_456, 2],
      [12_288, 3],
      [9216, 4],
      [7168, 5],
      [65_536, 3],
    ] as const)
      assert.equal(createPasswords({ memory, passes }).options.memory, memory);
  });
});
