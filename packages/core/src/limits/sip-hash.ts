/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) of a text: what a key is known by. Nobody without the secret can make two
 * clients share a counter, and no address or login is kept. In 32-bit halves, since numbers hold no 64 bits; writes its
 * answer into fields, so that a request allocates nothing for it.
 * @module
 */

export class SipHash {
  /** The halves of the last answer: as signed numbers, which need no memory of their own. */
  low = 0;
  high = 0;
  readonly #key: readonly [number, number, number, number];

  /** `key`: 16 bytes; more are left unread. */
  constructor(key: Buffer) {
    this.#key = [key.readInt32LE(0), key.readInt32LE(4), key.readInt32LE(8), key.readInt32LE(12)];
  }

  /** Hashes the UTF-8 bytes of a text; the answer stands in `low` and `high`. */
  of(text: string): void {
    const { length } = text;
    for (let i = 0; i < length; i++) {
      if (text.charCodeAt(i) > 127) return this.#hash(Buffer.from(text, 'utf8').toString('latin1'));
    }
    this.#hash(text);
  }

  /** One byte a character. */
  #hash(bytes: string): void {
    const [k0, k1, k2, k3] = this.#key;
    // v0 to v3, each as low and high half.
    let al = k0 ^ 0x70736575;
    let ah = k1 ^ 0x736f6d65;
    let bl = k2 ^ 0x6e646f6d;
    let bh = k3 ^ 0x646f7261;
    let cl = k0 ^ 0x6e657261;
    let ch = k1 ^ 0x6c796765;
    let dl = k2 ^ 0x79746573;
    let dh = k3 ^ 0x74656462;
    const { length } = bytes;
    const blocks = length >> 3;
    // After the blocks comes one with what is left and the length; then four rounds over nothing.
    for (let block = 0; block <= blocks + 1; block++) {
      let ml = 0;
      let mh = 0;
      let rounds = 2;
      if (block < blocks) {
        const at = block << 3;
        ml =
          bytes.charCodeAt(at) |
          (bytes.charCodeAt(at + 1) << 8) |
          (bytes.charCodeAt(at + 2) << 16) |
          (bytes.charCodeAt(at + 3) << 24);
        mh =
          bytes.charCodeAt(at + 4) |
          (bytes.charCodeAt(at + 5) << 8) |
          (bytes.charCodeAt(at + 6) << 16) |
          (bytes.charCodeAt(at + 7) << 24);
      } else if (block === blocks) {
        for (let at = block << 3; at < length; at++) {
          const shift = (at & 3) << 3;
          if ((at & 4) === 0) ml |= bytes.charCodeAt(at) << shift;
          else mh |= bytes.charCodeAt(at) << shift;
        }
        mh |= (length & 255) << 24;
      } else {
        cl ^= 255;
        rounds = 4;
      }
      dl ^= ml;
      dh ^= mh;
      for (let round = 0; round < rounds; round++) {
        let sum = (al >>> 0) + (bl >>> 0);
        ah = (ah + bh + (sum > 0xffffffff ? 1 : 0)) | 0;
        al = sum | 0;
        let turned = (bl << 13) | (bh >>> 19);
        bh = ((bh << 13) | (bl >>> 19)) ^ ah;
        bl = turned ^ al;
        turned = al;
        al = ah;
        ah = turned;
        sum = (cl >>> 0) + (dl >>> 0);
        ch = (ch + dh + (sum > 0xffffffff ? 1 : 0)) | 0;
        cl = sum | 0;
        turned = (dl << 16) | (dh >>> 16);
        dh = ((dh << 16) | (dl >>> 16)) ^ ch;
        dl = turned ^ cl;
        sum = (al >>> 0) + (dl >>> 0);
        ah = (ah + dh + (sum > 0xffffffff ? 1 : 0)) | 0;
        al = sum | 0;
        turned = (dl << 21) | (dh >>> 11);
        dh = ((dh << 21) | (dl >>> 11)) ^ ah;
        dl = turned ^ al;
        sum = (cl >>> 0) + (bl >>> 0);
        ch = (ch + bh + (sum > 0xffffffff ? 1 : 0)) | 0;
        cl = sum | 0;
        turned = (bl << 17) | (bh >>> 15);
        bh = ((bh << 17) | (bl >>> 15)) ^ ch;
        bl = turned ^ cl;
        turned = cl;
        cl = ch;
        ch = turned;
      }
      al ^= ml;
      ah ^= mh;
    }
    this.low = al ^ bl ^ cl ^ dl;
    this.high = ah ^ bh ^ ch ^ dh;
  }
}
