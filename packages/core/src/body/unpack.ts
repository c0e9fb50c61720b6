/**
 * Unpacks a whole body, bounded twice: by the bytes a route takes, and by how much its packed bytes can honestly hold.
 * @module
 */
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { CompressCallback, Zlib, ZlibOptions } from 'node:zlib';
import type { Denial, Unpack } from '../kernel/index.ts';
import { NOT_PACKED, RATIO, TOO_LARGE } from '../parse/index.ts';
import type { Encoding } from './policy.ts';

type Decode = (bytes: Buffer, options: ZlibOptions, done: CompressCallback) => void;

/** `deflate` is zlib's format (RFC 9110, 8.4.1.2), not the raw one that some clients send. */
const DECODERS: Readonly<Record<Encoding, Decode>> = { gzip: gunzip, deflate: inflate, br: brotliDecompress };

/** With `info`, zlib tells how much of its input it used. */
interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: Zlib;
}

/** An unpacker of one coding. It works in the pool of threads, so that others are served meanwhile. */
export function createUnpack(encoding: Encoding, maxRatio: number): Unpack {
  const decode = DECODERS[encoding];
  return (bytes, limit) =>
    new Promise((resolve) => {
      // No bytes are no packed body, and zlib takes no limit of none.
      if (bytes.length === 0) return resolve(NOT_PACKED);
      const honest = bytes.length * maxRatio;
      decode(bytes, { maxOutputLength: Math.min(limit, honest), info: true }, (error, result) => {
        resolve(error === null ? whole(result as unknown as Unpacked, bytes) : refusal(error, honest < limit));
      });
    });
}

/** What stands behind the end of the packed data would be read by another server, or by nobody. */
function whole({ buffer, engine }: Unpacked, bytes: Buffer): Buffer | Denial {
  return engine.bytesWritten === bytes.length ? buffer : NOT_PACKED;
}

function refusal(error: NodeJS.ErrnoException, byRatio: boolean): Denial {
  if (error.code !== 'ERR_BUFFER_TOO_LARGE') return NOT_PACKED;
  return byRatio ? RATIO : TOO_LARGE;
}
