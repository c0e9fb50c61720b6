/**
 * Counters as bytes: the ids of all limits, then a row of 18 bytes for each counter, then an HMAC over everything. Keys
 * are what the table knows, hashes under a secret: a file that is stolen names no address and no account. What was
 * changed, cut off or written under another secret is no snapshot.
 * @module
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Quota } from './quota.ts';
import type { Bucket } from './table.ts';

const MAGIC = 'dewar limits 1\n';
const ROW = 18;
const TAG = 32;
const HEAD = MAGIC.length + 8;
/** More is no snapshot of ours. */
const MOST_IDS = 16 * 1024 * 1024;

/** The bytes of a snapshot. */
export function writeSnapshot(rows: readonly Bucket[], key: Buffer): Buffer {
  const ids = new Map<Quota, number>();
  for (const { quota } of rows) if (!ids.has(quota)) ids.set(quota, ids.size);
  const list = Buffer.from(JSON.stringify([...ids.keys()].map(({ id }) => id)), 'utf8');
  const bytes = Buffer.alloc(HEAD + list.length + rows.length * ROW + TAG);
  bytes.write(MAGIC, 'latin1');
  bytes.writeUInt32LE(list.length, MAGIC.length);
  bytes.writeUInt32LE(rows.length, MAGIC.length + 4);
  list.copy(bytes, HEAD);
  let at = HEAD + list.length;
  for (const { low, high, quota, fullAt } of rows) {
    bytes.writeInt32LE(low, at);
    bytes.writeInt32LE(high, at + 4);
    bytes.writeUInt16LE(ids.get(quota)!, at + 8);
    bytes.writeDoubleLE(fullAt, at + 10);
    at += ROW;
  }
  tagOf(bytes, key).copy(bytes, at);
  return bytes;
}

/** The counters of a snapshot, for limits that there still are; a text says why it is none. */
export function readSnapshot(bytes: Buffer, key: Buffer, quotas: Iterable<Quota>): Bucket[] | string {
  if (bytes.length < HEAD + TAG || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'it is no snapshot';
  if (!timingSafeEqual(tagOf(bytes, key), bytes.subarray(-TAG)))
    return 'it was changed, cut off, or written under another secret';
  const length = bytes.readUInt32LE(MAGIC.length);
  const count = bytes.readUInt32LE(MAGIC.length + 4);
  if (length > MOST_IDS || HEAD + length + count * ROW + TAG !== bytes.length) return 'its lengths do not agree';
  const known = new Map([...quotas].map((quota) => [quota.id, quota]));
  const ids = JSON.parse(bytes.toString('utf8', HEAD, HEAD + length)) as readonly string[];
  const buckets: Bucket[] = [];
  for (let at = HEAD + length; at < bytes.length - TAG; at += ROW) {
    const quota = known.get(ids[bytes.readUInt16LE(at + 8)] ?? '');
    // A limit that was changed or taken away starts anew.
    if (quota === undefined) continue;
    buckets.push({
      low: bytes.readInt32LE(at),
      high: bytes.readInt32LE(at + 4),
      quota,
      fullAt: bytes.readDoubleLE(at + 10),
    });
  }
  return buckets;
}

function tagOf(bytes: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', key).update(bytes.subarray(0, -TAG)).digest();
}
