/**
 * Randomness, comparison and keys.
 * @module
 */
export { safeEqual } from './equal.ts';
export { createKeyRing, secretFaults, SECRET_BYTES } from './key-ring.ts';
export type { KeyRing } from './key-ring.ts';
export { createMac, hmacSha256, sha256 } from './mac.ts';
export type { Mac } from './mac.ts';
export { systemRandom } from './random.ts';
