/**
 * What holds for every input, not only for the rows somebody thought of.
 * @module
 */
import assert from 'node:assert/strict';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { groupOf, inAny, parseAddress, parseCidr } from './address.ts';
import { parseCookies } from './cookie-header.ts';
import { compileFacts } from './facts.ts';
import { FACTS_CODES } from './facts-codes.ts';
import { FACTS_DEFAULTS } from './facts-options.ts';
import type { RequestFacts } from './facts-types.ts';
import { parseHost } from './host.ts';
import { parseQuery } from './query.ts';
import { readTarget } from './target.ts';

/** Paths thick with what breaks parsers: escapes, dots, separators, doubled encodings. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'B', '7', '-', '~', '+', '@', '!', ':', '(', "'") },
  { weight: 3, arbitrary: fc.constantFrom('/', '.', '..', '//', '\\', ';', '?', '#', '%', ' ') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '%2e',
      '%2E',
      '%2f',
      '%5C',
      '%25',
      '%252e',
      '%61',
      '%20',
      '%21',
      '%40',
      '%3b',
      '%00',
      '%0a',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom('%c3%a9', '%C3%A9', '%c0%af', '%e2%80%a8', '%C2%85', '%ff') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 2 }) },
);
const rawPath = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
const RUNS = { numRuns: 5000 };

/** How a router reads a path: all escapes undone but those of reserved characters (as `decodeURI` does). */
const routed = (path: string): string => decodeURI(path);

describe('paths', () => {
  it('an accepted path decodes to no control, backslash or dot segment, and to a separator only when it says so', () => {
    let accepted = 0;
    fc.assert(
      fc.property(rawPath, (raw) => {
        const { refused, path, encodedSeparators } = readTarget(raw, 'GET');
        if (refused !== null) return;
        accepted++;
        const decoded = decodeURIComponent(path);
        assert.doesNotMatch(decoded, /[\u0000-\u001f\u007f-\u009f]/);
        assert.ok(
          decoded.split(/[/\\]/).every((segment) => segment !== '.' && segment !== '..'),
          path,
        );
        const hidden = path.split('/').some((segment) => /[/\\]/.test(decodeURIComponent(segment)));
        assert.equal(encodedSeparators, hidden);
        assert.doesNotMatch(path, /[;\\#?]/);
      }),
      RUNS,
    );
    assert.ok(accepted > 100, `only ${accepted} paths were accepted`);
  });

  it('decoding an accepted path again changes nothing: it was not encoded twice', () => {
    fc.assert(
      fc.property(rawPath, (raw) => {
        const { refused, path } = readTarget(raw, 'GET');
        if (refused === null) assert.doesNotMatch(decodeURIComponent(path), /%[0-9a-f]{2}/i);
      }),
      RUNS,
    );
  });

  it('two accepted paths that a router reads alike are one spelling', () => {
    const seen = new Map<string, string>();
    const respelt = fc.tuple(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
    );
    fc.assert(
      fc.property(respelt, ([text, ways]) => {
        const raw = [...text].map((character, index) => spell(character, ways[index]!)).join('');
        const { refused, path } = readTarget(`/${raw}`, 'GET');
        if (refused !== null) return;
        const before = seen.get(routed(path));
        assert.ok(before === undefined || before === path, `${before} and ${path}`);
        seen.set(routed(path), path);
      }),
      { numRuns: 20_000 },
    );
    assert.ok(seen.size > 100, `only ${seen.size} paths were accepted`);
  });

  it('an accepted path is its own canonical form', () => {
    fc.assert(
      fc.property(rawPath, (raw) => {
        const first = readTarget(raw, 'GET');
        if (first.refused !== null) return;
        const again = readTarget(first.path, 'GET');
        assert.deepEqual(
          [again.refused, again.path, again.encodedSeparators],
          [null, first.path, first.encodedSeparators],
        );
      }),
      RUNS,
    );
  });

  it('what encodeURIComponent writes is accepted, dots and controls aside', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        fc.pre(!/^\.\.?$|[\u0000-\u001f\u007f-\u009f/\\]|%[0-9a-f]{2}|[\ud800-\udfff]/iu.test(name));
        const { refused, path } = readTarget(`/${encodeURIComponent(name)}`, 'GET');
        assert.equal(refused, null);
        assert.equal(decodeURIComponent(path.slice(1)), name);
      }),
      RUNS,
    );
  });
});

function spell(character: string, way: number): string {
  const hex = character.charCodeAt(0).toString(16).padStart(2, '0');
  return way === 0 ? `%${hex}` : way === 1 ? `%${hex.toUpperCase()}` : character;
}

describe('addresses', () => {
  const loose = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV4().map((ip) => `::ffff:${ip}`),
    fc
      .array(fc.constantFrom('::', ':', '0', '00', '1', 'ffff', 'abcd', '.', '255', '256', '12345'), { maxLength: 12 })
      .map((parts) => parts.join('')),
  );

  it('are accepted exactly where Node accepts them', () => {
    fc.assert(
      fc.property(loose, (text) => assert.equal(parseAddress(text) !== null, isIPv4(text) || isIPv6(text))),
      RUNS,
    );
  });

  it('have an idempotent canonical text, the one URLs use for IPv6', () => {
    fc.assert(
      fc.property(loose, (text) => {
        const address = parseAddress(text);
        if (address === null) return;
        assert.equal(parseAddress(address.text)!.text, address.text);
        if (address.version === 6) assert.equal(`[${address.text}]`, new URL(`http://[${text}]`).hostname);
        else assert.ok(isIPv4(address.text));
      }),
      RUNS,
    );
  });

  it('match networks as a BlockList of Node does, and share a group exactly within a prefix', () => {
    const ip = fc.oneof(
      fc.ipV6(),
      fc
        .tuple(fc.constantFrom('2001:db8:', '2001:db8:1:', 'fe80:'), fc.nat(0xffff))
        .map(([head, n]) => `${head}:${n.toString(16)}`),
    );
    fc.assert(
      fc.property(ip, ip, fc.integer({ min: 0, max: 128 }), (net, other, prefix) => {
        const list = new BlockList();
        list.addSubnet(net, prefix, 'ipv6');
        const [base, address] = [parseAddress(net)!, parseAddress(other)!];
        // Mapped addresses are IPv4 to us.
        fc.pre(base.version === 6 && address.version === 6);
        const inside = list.check(other, 'ipv6');
        assert.equal(inAny([parseCidr(`${net}/${prefix}`)!], address), inside);
        assert.equal(groupOf(base, prefix) === groupOf(address, prefix), inside);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (net, other, prefix) => {
        const list = new BlockList();
        list.addSubnet(net, prefix, 'ipv4');
        assert.equal(inAny([parseCidr(`${net}/${prefix}`)!], parseAddress(other)!), list.check(other, 'ipv4'));
      }),
      RUNS,
    );
  });
});

const env = { clock: { now: () => 0 }, newId: () => 'r' };
const proxied = compileFacts({ ...FACTS_DEFAULTS, trustedProxies: ['10.0.0.0/8'] }, env);

function request(peer: string, fields: readonly string[], target = '/'): RequestFacts {
  const headers = ['Host', 'app.example', ...fields];
  return proxied({ method: 'GET', target, headers, httpVersion: '1.1', peer, encrypted: false, kind: 'request' });
}

describe('the client', () => {
  it('never comes from a hop left of an untrusted one', () => {
    const trusted = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `10.0.${a}.${b}`);
    const outside = fc.tuple(fc.integer({ min: 11, max: 223 }), fc.nat(255)).map(([a, b]) => `${a}.1.1.${b}`);
    const forged = fc.array(fc.oneof(trusted, outside, fc.constantFrom('', 'unknown', '"', '::1', '127.0.0.1')), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(forged, outside, fc.array(trusted, { maxLength: 4 }), trusted, (left, client, hops, peer) => {
        const facts = request(peer, ['X-Forwarded-For', [...left, client, ...hops].join(', ')]);
        assert.equal(facts.refused, null);
        assert.deepEqual(facts.client, { ip: client, group: client, viaTrusted: true });
      }),
      { numRuns: 2000 },
    );
  });

  it('is the peer, whatever an untrusted peer sends', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (list, element) => {
        const facts = request('192.0.2.9', [
          'X-Forwarded-For',
          list,
          'Forwarded',
          element,
          'X-Forwarded-Proto',
          'https',
        ]);
        assert.deepEqual([facts.client.ip, facts.client.viaTrusted, facts.secure], ['192.0.2.9', false, false]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('queries', () => {
  const part = fc.string({
    unit: fc.constantFrom('a', 'B', '=', '+', '%20', '%26', '%3D', '%25', '%C3%A9', '.', ';', '[', ']'),
    maxLength: 6,
  });

  it('are read as URLSearchParams reads them, wherever they are valid', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const text = parts.join('&');
        const query = parseQuery(text);
        assert.notEqual(typeof query, 'string');
        const expected = new URLSearchParams(text);
        assert.deepEqual(Object.keys(query).toSorted(), [...new Set(expected.keys())].toSorted());
        for (const [name, value] of Object.entries(query)) assert.deepEqual([value].flat(), expected.getAll(name));
      }),
      RUNS,
    );
  });

  it('take back what URLSearchParams wrote', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((value) => !/[\u0000-\u001f\u007f]/.test(value));
    fc.assert(
      fc.property(
        fc.dictionary(
          text.filter((name) => name !== '__proto__'),
          text,
          { maxKeys: 5 },
        ),
        (given) => {
          assert.deepEqual({ ...(parseQuery(new URLSearchParams(given).toString()) as object) }, { ...given });
        },
      ),
      RUNS,
    );
  });
});

describe('cookies', () => {
  it('come back as they were set', () => {
    const name = fc.string({ unit: fc.constantFrom(...'abcXYZ019_-.!#*+'), minLength: 1, maxLength: 12 });
    const value = fc
      .string({ unit: fc.constantFrom(...'abcXYZ019=/+%{}:.~ ,'), maxLength: 12 })
      .map((text) => text.trim());
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 8 }), (jar) => {
        const text = Object.entries(jar)
          .map(([key, held]) => `${key}=${held}`)
          .join('; ');
        assert.deepEqual({ ...(parseCookies(text, 50) as object) }, { ...jar });
      }),
      RUNS,
    );
  });
});

describe('hosts', () => {
  it('have one spelling, which URLs agree with', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aB1.-_:[]0x7f@/%'), maxLength: 12 });
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.domain(),
          fc.ipV6().map((ip) => `[${ip}]:81`),
        ),
        (given) => {
          const parsed = parseHost(given);
          if (typeof parsed === 'string') return;
          assert.deepEqual(parseHost(parsed.host), parsed);
          assert.equal(new URL(`http://${given}`).hostname, parsed.hostname);
        },
      ),
      RUNS,
    );
  });
});

describe('any head at all', () => {
  it('gets facts, never an exception, and only codes of the list', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(
        anything,
        rawPath,
        fc.array(anything, { maxLength: 6 }),
        anything,
        (method, target, headers, peer) => {
          for (const verb of ['GET', method]) {
            const facts = proxied({
              method: verb,
              target,
              headers,
              httpVersion: '1.1',
              peer,
              encrypted: true,
              kind: 'request',
            });
            assert.ok(facts.refused === null || (FACTS_CODES as readonly string[]).includes(facts.refused.code));
            assert.equal(facts.header('absent'), undefined);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
