/**
 * The MAC is HMAC-SHA-256, by the vectors of RFC 4231 and by node:crypto; tags hold for one text and one key.
 * @module
 */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createMac, hmacSha256, sha256 } from './mac.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

/** RFC 4231, sections 4.2 to 4.8. Case 3 and 4 have data that is no text, so node:crypto stands in for them below. */
const VECTORS: readonly (readonly [title: string, key: Buffer, text: string, tag: string])[] = [
  [
    '1: a key of 20 bytes',
    Buffer.alloc(20, 0x0b),
    'Hi There',
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  ],
  [
    '2: a key shorter than the tag',
    Buffer.from('Jefe'),
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    '6: a key longer than a block',
    Buffer.alloc(131, 0xaa),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    '7: key and data longer than a block',
    Buffer.alloc(131, 0xaa),
    'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
];

describe('HMAC-SHA-256', () => {
  for (const [title, key, text, tag] of VECTORS)
    it(`agrees with RFC 4231, test case ${title}`, () => {
      assert.equal(hmacSha256(key)(text), hex(tag).toString('base64url'));
    });

  it('agrees with node:crypto for any key and any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 800 }),
      fc.array(fc.nat(0xffff), { maxLength: 400 }).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), text, (bytes, data) => {
        const key = Buffer.from(bytes);
        assert.equal(hmacSha256(key)(data), createHmac('sha256', key).update(data).digest('base64url'));
      }),
    );
  });

  it('agrees with node:crypto around every length where it changes its way', () => {
    const key = Buffer.alloc(32, 7);
    const mac = hmacSha256(key);
    for (const length of [0, 1, 55, 56, 63, 64, 65, 340, 341, 342, 343, 1023, 1024, 1025, 5000])
      for (const letter of ['a', 'é', '\u20ac']) {
        const text = letter.repeat(length);
        assert.equal(mac(text), createHmac('sha256', key).update(text).digest('base64url'), `${length} of ${letter}`);
      }
  });

  it('agrees with node:crypto around the length of a block, where a long key is hashed first', () => {
    for (const length of [0, 1, 32, 63, 64, 65, 128]) {
      const key = Buffer.alloc(length, 7);
      assert.equal(hmacSha256(key)('text'), createHmac('sha256', key).update('text').digest('base64url'), `${length}`);
    }
  });

  it('leaves nothing of one text in the tag of the next', () => {
    const mac = hmacSha256(Buffer.alloc(32, 7));
    const alone = hmacSha256(Buffer.alloc(32, 7))('b');
    mac('a'.repeat(300));
    assert.equal(mac('b'), alone);
  });

  it('does not see a key that is changed or wiped afterwards', () => {
    const key = Buffer.alloc(32, 7);
    const mac = hmacSha256(key);
    const [short, long] = [mac('text'), mac('x'.repeat(2000))];
    key.fill(0);
    assert.equal(mac('text'), short);
    assert.equal(mac('x'.repeat(2000)), long);
  });
});

describe('a MAC over several keys', () => {
  const [old, fresh, foreign] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)];

  it('signs with the newest and verifies tags of all [CFG-08]', () => {
    const before = createMac([old]);
    const after = createMac([fresh, old]);
    assert.equal(after.sign('text'), createMac([fresh]).sign('text'));
    assert.equal(after.verify('text', before.sign('text')), true);
    assert.equal(after.verify('text', after.sign('text')), true);
    assert.equal(before.verify('text', after.sign('text')), false);
  });

  it('knows no key beside its own', () => {
    assert.equal(createMac([fresh, old]).verify('text', createMac([foreign]).sign('text')), false);
  });

  it('accepts a tag for its very text only', () => {
    const mac = createMac([fresh]);
    const tag = mac.sign('user=1');
    const wrong: readonly (readonly [text: string, tag: string])[] = [
      ['user=2', tag],
      ['user=1', ''],
      ['user=1', tag.slice(0, -1)],
      ['user=1', `${tag}=`],
      ['user=1', `${tag} `],
      ['user=1', tag.toLowerCase()],
      ['', tag],
    ];
    for (const [text, given] of wrong) assert.equal(mac.verify(text, given), false, `${text} ${given}`);
    assert.match(tag, /^[\w-]{43}$/);
  });

  it('accepts no tag that differs in one character', () => {
    const mac = createMac([fresh]);
    const tag = mac.sign('text');
    fc.assert(
      fc.property(
        fc.nat(tag.length - 1),
        fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme-ascii' }),
        (at, letter) => {
          const other = tag.slice(0, at) + letter + tag.slice(at + 1);
          assert.equal(mac.verify('text', other), other === tag);
        },
      ),
    );
  });

  it('is not made without a key', () => assert.throws(() => createMac([]), TypeError));
});

describe('sha256', () => {
  it('is SHA-256 of the text in UTF-8, as base64url', () => {
    assert.equal(
      sha256('abc'),
      hex('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad').toString('base64url'),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(sha256(text), createHash('sha256').update(text).digest('base64url'));
      }),
    );
  });
});
