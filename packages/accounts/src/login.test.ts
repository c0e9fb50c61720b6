/**
 * One spelling per login.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { normaliseLogin } from './login.ts';

describe('a login', () => {
  for (const [typed, kept, why] of [
    ['ada@desk.example', 'ada@desk.example', 'as it stands'],
    ['  Ada@Desk.Example\n', 'ada@desk.example', 'spaces around it, letter case'],
    ['ada\uff20desk.example', 'ada@desk.example', 'a full-width @'],
    ['\uff21da@desk.example', 'ada@desk.example', 'a full-width letter'],
    ['ada@desk\u3002example', null, 'an ideographic full stop is no dot'],
    ['A\u030angstrom@desk.example', '\u00e5ngstrom@desk.example', 'a composed letter'],
    [
      'ada.lovelace+desk@mail.desk.example',
      'ada.lovelace+desk@mail.desk.example',
      'dots and plus are the mail server’s',
    ],
  ] as const)
    it(`is kept in one spelling: ${why} [PWD-02]`, () => assert.equal(normaliseLogin(typed), kept));

  for (const [typed, why] of [
    ['', 'nothing'],
    ['ada', 'no @'],
    ['a@b@desk.example', 'two @'],
    ['ada\uff20x@desk.example', 'two @, one of them full-width'],
    ['ada@desk', 'no dot behind the @'],
    ['ada@desk..example', 'an empty label'],
    ['a da@desk.example', 'a space inside'],
    ['ada\0@desk.example', 'NUL'],
    ['ada@desk.example\r\nbcc: eve@evil.example', 'a line break'],
    ['ad\u200ba@desk.example', 'a zero-width space'],
    ['\u202eada@desk.example', 'a bidirectional override'],
    ['"ada"@desk.example', 'quotes'],
    ['ada@desk.example,eve@evil.example', 'a list'],
    ['ada\ud800@desk.example', 'a lone surrogate'],
    [`${'a'.repeat(250)}@b.example`, 'too long'],
    [['ada@desk.example'], 'a list of one'],
    [undefined, 'a missing field'],
  ] as const)
    it(`is refused for ${why}`, () => assert.equal(normaliseLogin(typed), null));

  it('is a fixed point: what was normalised normalises to itself [PWD-02]', () => {
    // Letters that change under NFKC or lower case, or compose with their neighbour, among ordinary ones.
    const letters = [
      ...'abzAZ09.+-_',
      '\u0130',
      '\u0131',
      '\u00df',
      '\u1e9e',
      '\ufb01',
      '\u212b',
      '\u03a3',
      '\u0301',
      '\u0307',
      '\uff21',
    ];
    const part = fc.string({
      unit: fc.oneof(fc.constantFrom(...letters), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
      minLength: 1,
      maxLength: 12,
    });
    let accepted = 0;
    fc.assert(
      fc.property(part, part, (local, domain) => {
        const once = normaliseLogin(`${local}@${domain}.example`);
        if (once === null) return;
        accepted++;
        assert.equal(normaliseLogin(once), once);
      }),
      { numRuns: 2000 },
    );
    assert.ok(accepted > 100, `only ${accepted} were logins`);
  });
});
