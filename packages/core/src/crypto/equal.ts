/**
 * Comparison whose time does not tell how much of a guess was right.
 * @module
 */
import { timingSafeEqual } from 'node:crypto';

const SCRATCH = 512;
const left = Buffer.alloc(SCRATCH);
const right = Buffer.alloc(SCRATCH);

/** Equality of two texts in a time that depends on their lengths only. The length of a tag is no secret. */
export function safeEqual(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  if (a.length * 3 > SCRATCH) return timingSafeEqual(hold(a), hold(b));
  const size = left.write(a, 0, 'utf8');
  if (right.write(b, 0, 'utf8') !== size) return false;
  // In UTF-8 every half of a surrogate pair is the same three bytes; by then there is nothing left to learn from time.
  return timingSafeEqual(left.subarray(0, size), right.subarray(0, size)) && a === b;
}

/** Two texts of the same length in UTF-16 may differ in bytes, so both are held in UTF-16. */
function hold(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}
