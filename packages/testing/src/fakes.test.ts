import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FAKE_CLOCK_START, fakeClock } from './fake-clock.ts';
import { fakeRandom } from './fake-random.ts';

describe('fakeClock', () => {
  it('stands still until it is moved', () => {
    const clock = fakeClock();
    assert.equal(clock.now(), FAKE_CLOCK_START);
    assert.equal(clock.now(), FAKE_CLOCK_START);
    clock.advance(1500);
    assert.equal(clock.now(), FAKE_CLOCK_START + 1500);
    clock.advance(-500);
    assert.equal(clock.now(), FAKE_CLOCK_START + 1000);
    clock.set(7);
    assert.equal(clock.now(), 7);
  });

  it('refuses what is no moment, so that a wrong sum does not pass as "never expires"', () => {
    assert.throws(() => fakeClock(Number.NaN), /no moment/);
    assert.throws(() => fakeClock().advance(Infinity), /no moment/);
  });
});

describe('fakeRandom', () => {
  it('repeats itself for one seed and differs for another', () => {
    const [a, b, c] = [fakeRandom('s'), fakeRandom('s'), fakeRandom('t')];
    assert.equal(a.token(32), b.token(32));
    assert.deepEqual(a.bytes(100), b.bytes(100));
    assert.notEqual(a.token(32), c.token(32));
  });

  it('gives the asked number of bytes, never the same twice', () => {
    const random = fakeRandom();
    const seen = new Set(Array.from({ length: 1000 }, () => random.token(16)));
    assert.equal(seen.size, 1000);
    assert.equal(Buffer.from(random.token(33), 'base64url').length, 33);
    assert.equal(random.bytes(0).length, 0);
  });

  it('hands out buffers that do not change behind the caller', () => {
    const random = fakeRandom();
    const first = random.bytes(8);
    const before = first.toString('hex');
    random.bytes(8).fill(0);
    assert.equal(first.toString('hex'), before);
  });
});
