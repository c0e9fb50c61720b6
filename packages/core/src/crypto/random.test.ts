/**
 * Ids from a pool: never twice, never from bytes that were handed out before, and nothing of them stays behind.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from './random.ts';

describe('the system’s chance', () => {
  it('repeats nothing in a hundred thousand tokens', () => {
    const random = systemRandom();
    const seen = new Set<string>();
    for (let i = 0; i < 100_000; i++) seen.add(random.token(12));
    assert.equal(seen.size, 100_000);
  });

  it('repeats nothing across pools', () => {
    const seen = new Set(Array.from({ length: 1000 }, () => systemRandom().token(16)));
    assert.equal(seen.size, 1000);
  });

  for (const bytes of [1, 12, 16, 32, 33, 4096, 8191, 8192, 8193, 20_000])
    it(`gives ${bytes} bytes as base64url, and as a buffer`, () => {
      const random = systemRandom();
      // A pool that is partly used must not give less.
      random.token(5);
      const token = random.token(bytes);
      assert.equal(Buffer.from(token, 'base64url').length, bytes);
      assert.match(token, /^[\w-]+$/);
      const buffer = random.bytes(bytes);
      assert.equal(buffer.length, bytes);
      if (bytes > 8) assert.ok(buffer.some((byte) => byte !== 0));
    });

  it('uses all values of a byte, about equally often', () => {
    const random = systemRandom();
    const counts = new Uint32Array(256);
    for (let i = 0; i < 256; i++) for (const byte of random.bytes(1024)) counts[byte]!++;
    // 1024 expected each; eight standard deviations are 256.
    assert.ok(Math.min(...counts) > 768 && Math.max(...counts) < 1280, `${Math.min(...counts)} ${Math.max(...counts)}`);
  });

  it('wipes from its pool what it handed out', (t) => {
    const made: Buffer[] = [];
    for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'] as const) {
      const real = Buffer[name].bind(Buffer) as (size: number) => Buffer;
      t.mock.method(Buffer, name, (size: number) => {
        const buffer = real(size);
        made.push(buffer);
        return buffer;
      });
    }
    const random = systemRandom();
    const pool = made.find(({ length }) => length >= 4096);
    assert.ok(pool !== undefined, 'no pool was found');
    const token = random.token(32);
    const bytes = random.bytes(32);
    assert.ok(!pool.includes(Buffer.from(token, 'base64url')), 'the token is still in the pool');
    assert.ok(!pool.includes(bytes), 'the bytes are still in the pool');
  });

  it('hands out buffers of their own: changing one changes nothing that comes', () => {
    const random = systemRandom();
    const first = random.bytes(32);
    first.fill(0);
    assert.ok(random.bytes(32).some((byte) => byte !== 0));
  });
});
