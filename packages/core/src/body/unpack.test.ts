/**
 * Packed bodies: whole or not at all, never more than the limit, and no bombs.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Encoding } from './policy.ts';
import { createUnpack } from './unpack.ts';

const TEXT = Buffer.from(JSON.stringify({ note: 'The printer on the second floor does not print since Monday.' }));
const ZEROS = Buffer.alloc(1_000_000);
const PACKERS: Readonly<Record<Encoding, (bytes: Buffer) => Buffer>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};

async function unpack(encoding: Encoding, bytes: Buffer, limit = 1_000, maxRatio = 50): Promise<string> {
  const result = await createUnpack(encoding, maxRatio)(bytes, limit);
  return Buffer.isBuffer(result) ? result.toString() : result.code;
}

describe('a packed body [VAL-18]', () => {
  for (const encoding of ['gzip', 'deflate', 'br'] as const) {
    const packed = PACKERS[encoding](TEXT);

    it(`${encoding}: is what was packed`, async () => assert.equal(await unpack(encoding, packed), TEXT.toString()));

    it(`${encoding}: is held to the limit once it is unpacked`, async () => {
      assert.equal(await unpack(encoding, packed, TEXT.length), TEXT.toString());
      assert.equal(await unpack(encoding, packed, TEXT.length - 1), 'body/too-large');
    });

    it(`${encoding}: is no bomb`, async () => {
      const bomb = PACKERS[encoding](ZEROS);
      assert.ok(bomb.length < 2_000);
      assert.equal(await unpack(encoding, bomb, 10_000_000), 'body/ratio');
      assert.equal(await unpack(encoding, bomb, 100), 'body/too-large');
    });

    it(`${encoding}: that is cut off, garbled or goes on behind its end is none`, async () => {
      assert.equal(await unpack(encoding, packed.subarray(0, -1)), 'body/not-packed');
      assert.equal(await unpack(encoding, TEXT), 'body/not-packed');
      assert.equal(await unpack(encoding, Buffer.concat([packed, Buffer.from('{"role":"admin"}')])), 'body/not-packed');
    });
  }

  it('deflate: without the head of zlib is none', async () => {
    assert.equal(await unpack('deflate', deflateRawSync(TEXT)), 'body/not-packed');
  });

  it('unpacks to nothing at most where there is nothing', async () => {
    assert.equal(await unpack('gzip', gzipSync(Buffer.alloc(0))), '');
  });

  it('of no bytes is none, and no fault of the server', async () => {
    assert.equal(await unpack('gzip', Buffer.alloc(0)), 'body/not-packed');
  });
});
