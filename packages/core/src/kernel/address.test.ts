/**
 * Addresses have one text, one group, and match networks as Node's own lists do.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cidrText, groupOf, inAny, isNetworkAddress, parseAddress, parseCidr } from './address.ts';

const text = (address: string): string | null => parseAddress(address)?.text ?? null;

describe('the canonical text', () => {
  const table: readonly (readonly [string, string])[] = [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1::', '1::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:201', '192.0.2.1'],
    ['::192.0.2.1', '::c000:201'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ];
  for (const [given, expected] of table)
    it(`of ${given} is ${expected} [LIM-24] [c2-rate]`, () => assert.equal(text(given), expected));

  const none = [
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '0x7f.1.1.1',
    '1.2.3.4 ',
    '1.2.3.4\n',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '12345::',
    'g::',
    '[::1]',
    'fe80::1%eth0',
    '::1.2.3',
    '1.2.3.4::',
    '::ffff:1.2.3.4:1',
    'localhost',
    '１.2.3.4',
  ];
  for (const given of none)
    it(`of ${JSON.stringify(given)} does not exist`, () => assert.equal(parseAddress(given), null));
});

describe('groups', () => {
  const table: readonly (readonly [string, number, string])[] = [
    ['192.0.2.1', 64, '192.0.2.1'],
    ['::ffff:192.0.2.1', 64, '192.0.2.1'],
    ['::ffff:192.0.2.2', 32, '192.0.2.2'],
    ['2001:db8:0:1:dead:beef:0:1', 64, '2001:db8:0:1::/64'],
    ['2001:db8:0:12ff::1', 56, '2001:db8:0:1200::/56'],
    ['2001:db8::1', 128, '2001:db8::1/128'],
    ['2001:db8:ffff::1', 32, '2001:db8::/32'],
  ];
  for (const [given, prefix, group] of table)
    it(`${given} by /${prefix} counts as ${group} (CVE-2026-30827, GHSA-5847-rm3g-23mw) [LIM-24] [c2-rate]`, () =>
      assert.equal(groupOf(parseAddress(given)!, prefix), group));
});

describe('networks', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['192.0.2.4/30', '192.0.2.7', true],
    ['192.0.2.4/30', '192.0.2.8', false],
    ['200.0.0.0/5', '207.1.1.1', true],
    ['0.0.0.0/0', '198.51.100.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '192.0.2.1', false],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '::ffff:192.0.2.1', true],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['fe80::/10', 'febf::1', true],
    ['::1', '::2', false],
  ];
  for (const [cidr, address, inside] of table)
    it(`${cidr} ${inside ? 'holds' : 'does not hold'} ${address} [LIM-26]`, () =>
      assert.equal(inAny([parseCidr(cidr)!], parseAddress(address)!), inside));

  for (const given of [
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    'a/8',
    '::ffff:1.2.3.0/24',
  ])
    it(`${given} is none`, () => assert.equal(parseCidr(given), null));

  it('know their canonical text and whether bits stand beyond the prefix', () => {
    assert.equal(cidrText(parseCidr('10.1.2.3/8')!), '10.0.0.0/8');
    assert.equal(cidrText(parseCidr('2001:DB8::1/32')!), '2001:db8::/32');
    assert.equal(isNetworkAddress('10.1.2.3/8', parseCidr('10.1.2.3/8')!), false);
    assert.equal(isNetworkAddress('10.0.0.0/8', parseCidr('10.0.0.0/8')!), true);
  });
});
