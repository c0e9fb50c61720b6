/**
 * The client's address, scheme and host behind proxies: nothing is believed that no trusted hop wrote.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileFacts } from './facts.ts';
import { FACTS_DEFAULTS } from './facts-options.ts';
import type { FactsOptions } from './facts-options.ts';
import type { RequestFacts } from './facts-types.ts';
import { parseForwarded } from './forwarded.ts';

const TRUSTED = { trustedProxies: ['10.0.0.0/8', '2001:db8:ffff::/48'] };
const STANDARD = { ...TRUSTED, forwardedHeader: 'forwarded' } as const;

function read(peer: string, fields: readonly string[], options: Partial<FactsOptions> = TRUSTED): RequestFacts {
  const reader = compileFacts({ ...FACTS_DEFAULTS, ...options }, { clock: { now: () => 0 }, newId: () => 'r' });
  const headers = ['Host', 'app.example', ...fields];
  return reader({ method: 'GET', target: '/', headers, httpVersion: '1.1', peer, encrypted: false, kind: 'request' });
}

const FOR = 'X-Forwarded-For';

describe('the client address', () => {
  const table: readonly (readonly [string, string, readonly string[], Partial<FactsOptions>, string, boolean])[] = [
    [
      'an empty list trusts nobody (CVE-2026-76835, derived)',
      '10.0.0.1',
      [FOR, '1.1.1.1'],
      { trustedProxies: [] },
      '10.0.0.1',
      false,
    ],
    ['an untrusted peer is not believed (CVE-2025-46814)', '192.0.2.1', [FOR, '1.1.1.1'], TRUSTED, '192.0.2.1', false],
    ['a trusted peer is believed', '10.0.0.1', [FOR, '198.51.100.7'], TRUSTED, '198.51.100.7', true],
    ['a trusted peer without the field is the client', '10.0.0.1', [], TRUSTED, '10.0.0.1', false],
    ['a mapped peer is the IPv4 proxy', '::ffff:10.0.0.1', [FOR, '198.51.100.7'], TRUSTED, '198.51.100.7', true],
    [
      'what the client wrote itself is not read',
      '10.0.0.1',
      [FOR, '127.0.0.1, 198.51.100.7'],
      TRUSTED,
      '198.51.100.7',
      true,
    ],
    ['garbage of the client is not read', '10.0.0.1', [FOR, 'x,,"; drop, 198.51.100.7'], TRUSTED, '198.51.100.7', true],
    [
      'trusted hops are walked through',
      '10.0.0.1',
      [FOR, '6.6.6.6, 198.51.100.7, 10.9.9.9,10.8.8.8'],
      TRUSTED,
      '198.51.100.7',
      true,
    ],
    [
      'the first of only trusted hops is the client',
      '10.0.0.1',
      [FOR, '10.1.1.1, 10.2.2.2'],
      TRUSTED,
      '10.1.1.1',
      true,
    ],
    [
      'two lines are one list',
      '10.0.0.1',
      [FOR, '6.6.6.6', 'x-forwarded-for', '198.51.100.7'],
      TRUSTED,
      '198.51.100.7',
      true,
    ],
    ['a port is dropped', '10.0.0.1', [FOR, '198.51.100.7:4711'], TRUSTED, '198.51.100.7', true],
    ['IPv6 in brackets', '10.0.0.1', [FOR, '[2001:DB8::7]:4711'], TRUSTED, '2001:db8::7', true],
    ['IPv6 proxies', '2001:db8:ffff::1', [FOR, '2001:db8::7'], TRUSTED, '2001:db8::7', true],
    ['the other kind of field is not read', '10.0.0.1', ['Forwarded', 'for=1.1.1.1'], TRUSTED, '10.0.0.1', false],
    ['nor the first kind, when the other is chosen', '10.0.0.1', [FOR, '1.1.1.1'], STANDARD, '10.0.0.1', false],
    ['X-Real-IP is never read [S-44]', '10.0.0.1', ['X-Real-IP', '1.1.1.1'], TRUSTED, '10.0.0.1', false],
    [
      'RFC 7239',
      '10.0.0.1',
      ['Forwarded', 'for=6.6.6.6, For="[2001:db8::7]:80";proto=https'],
      STANDARD,
      '2001:db8::7',
      true,
    ],
    [
      'RFC 7239 through trusted hops',
      '10.0.0.1',
      ['Forwarded', 'for=198.51.100.7;by=_x', 'Forwarded', 'for=10.3.3.3'],
      STANDARD,
      '198.51.100.7',
      true,
    ],
    ['a Unix socket has no address and no trust', '', [FOR, '1.1.1.1'], TRUSTED, '', false],
    ['a link-local peer loses its zone', 'fe80::1%eth0', [], TRUSTED, 'fe80::1', false],
  ];
  for (const [title, peer, fields, options, ip, viaTrusted] of table)
    it(`${title} [LIM-26] [TLS-04]`, () => {
      const facts = read(peer, fields, options);
      assert.equal(facts.refused, null);
      assert.equal(facts.client.ip, ip);
      assert.equal(facts.client.viaTrusted, viaTrusted);
    });

  it('is the client’s, not the proxy’s, where the head is refused before the forwarding fields', () => {
    const many = Array.from({ length: 120 }, (_, index) => [`x-${index}`, 'y']).flat();
    const faults: readonly (readonly [string, readonly string[]])[] = [
      ['facts/header-count', many],
      ['facts/header-size', ['x-large', 'y'.repeat(9000)]],
      ['facts/header-name', ['bad name', 'y']],
      ['facts/header-duplicate', ['Host', 'app.example']],
    ];
    for (const [code, fields] of faults) {
      const facts = read('10.0.0.1', [...fields, FOR, '198.51.100.7', 'X-Forwarded-Proto', 'https']);
      assert.equal(facts.refused?.code, code);
      assert.deepEqual([facts.client.ip, facts.secure], ['198.51.100.7', true], code);
    }
  });

  it('is grouped by network for IPv6, and alone for IPv4 in whatever spelling (CVE-2026-30827) [LIM-24] [c2-rate]', () => {
    assert.equal(read('2001:db8:1:2:3::4', []).client.group, '2001:db8:1:2::/64');
    assert.equal(read('::ffff:192.0.2.1', []).client.group, '192.0.2.1');
    assert.notEqual(read('::ffff:192.0.2.1', []).client.group, read('::ffff:192.0.2.2', []).client.group);
    assert.equal(read('2001:db8:1:2:3::4', [], { ipv6Prefix: 48 }).client.group, '2001:db8:1::/48');
  });

  const refused: readonly (readonly [string, readonly string[], Partial<FactsOptions>])[] = [
    ['a hop that is no address', [FOR, '1.1.1.1, unknown'], TRUSTED],
    ['an empty last hop', [FOR, '1.1.1.1,'], TRUSTED],
    ['an empty field', [FOR, ''], TRUSTED],
    ['a scheme that is none', ['X-Forwarded-Proto', 'wss'], TRUSTED],
    ['a list of schemes', ['X-Forwarded-Proto', 'https,http'], TRUSTED],
    [
      'an open quote of the client, which would swallow the proxy part',
      ['Forwarded', 'for=", for=198.51.100.7'],
      STANDARD,
    ],
    ['the same in two lines', ['Forwarded', 'for="', 'Forwarded', 'for="[2001:db8::7]"'], STANDARD],
    ['an address twice', ['Forwarded', 'for=1.1.1.1;for=2.2.2.2'], STANDARD],
    ['a hidden client', ['Forwarded', 'for=_hidden'], STANDARD],
    ['an element without a client', ['Forwarded', 'proto=https'], STANDARD],
  ];
  for (const [title, fields, options] of refused)
    it(`refuses ${title} from a trusted proxy [LIM-26]`, () =>
      assert.equal(read('10.0.0.1', fields, options).refused?.code, 'facts/forwarded'));
});

describe('scheme and host', () => {
  const PAIR = ['X-Forwarded-Proto', 'https', 'X-Forwarded-Host', 'Shop.Example:8443'];

  it('come from a trusted proxy [TLS-04] [TLS-05]', () => {
    const facts = read('10.0.0.1', PAIR);
    assert.deepEqual(
      [facts.scheme, facts.secure, facts.host, facts.origin],
      ['https', true, 'shop.example:8443', 'https://shop.example:8443'],
    );
  });

  it('never come from anybody else [TLS-04] [TLS-05]', () => {
    const facts = read('192.0.2.1', PAIR);
    assert.deepEqual(
      [facts.scheme, facts.secure, facts.host, facts.origin],
      ['http', false, 'app.example', 'http://app.example'],
    );
  });

  it('come from the element that names the client [TLS-04]', () => {
    const facts = read(
      '10.0.0.1',
      [
        'Forwarded',
        'for=6.6.6.6;proto=http;host=evil.example, for=198.51.100.7;proto=HTTPS;host=shop.example, for=10.1.1.1;proto=http;host=inner',
      ],
      STANDARD,
    );
    assert.deepEqual([facts.client.ip, facts.scheme, facts.host], ['198.51.100.7', 'https', 'shop.example']);
  });

  it('are refused when a trusted proxy hands on a bad host [CFG-13]', () => {
    assert.equal(read('10.0.0.1', ['X-Forwarded-Host', 'a.example, b.example']).refused?.code, 'facts/host-invalid');
  });
});

describe('Forwarded', () => {
  it('reads tokens, quoted strings and escapes', () => {
    assert.deepEqual(parseForwarded('for="[2001:db8::1]";Proto=http , for=1.2.3.4;host="a\\.b"'), [
      { node: '[2001:db8::1]', proto: 'http', host: undefined },
      { node: '1.2.3.4', proto: undefined, host: 'a.b' },
    ]);
  });

  for (const text of [
    '',
    'for',
    'for=',
    'for=a b',
    'for=1.1.1.1;',
    'for=1.1.1.1,',
    ',for=a',
    'for=::1',
    'for="a"b',
    'for="a',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseForwarded(text), null));
});
