/**
 * What is written reads back as it was meant, by a reader that knows only the specification's grammar.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { directiveFaults } from './check.ts';
import { parseField } from './csp-parser.fixture.ts';
import { DIRECTIVE_NAMES, kindOf, NONCEABLE, SANDBOX_FLAGS, WORDS } from './directives.ts';
import type { DirectiveName, Directives } from './directives.ts';
import { cut, joinNonce, serialize } from './serialize.ts';

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/).filter((name) => !/^(self|none|nonce-|sha)/.test(name));
const host = fc
  .tuple(
    fc.constantFrom('', 'https://', 'wss://'),
    fc.constantFrom('', '*.'),
    label,
    fc.constantFrom('.example', '.test'),
    fc.constantFrom('', ':8443', ':*'),
    fc.constantFrom('', '/', '/a/b.js', '/a%20b/'),
  )
  .map((parts) => parts.join(''));
const plain = fc.oneof(host, fc.constantFrom("'self'", 'https:', 'data:', '*'));
const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((b) => `'sha256-${Buffer.from(b).toString('base64')}'`);

function valueOf(name: DirectiveName): fc.Arbitrary<true | readonly string[]> {
  const kind = kindOf(name)!;
  const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.uniqueArray(one, { minLength: 1, maxLength: 4 });
  if (kind === 'flag') return fc.constant(true);
  if (kind === 'sandbox') return fc.uniqueArray(fc.constantFrom(...SANDBOX_FLAGS), { maxLength: 4 });
  if (kind === 'words') return fc.constantFrom(...WORDS[name]!).map((word) => [word]);
  if (kind === 'trusted-types') return some(fc.constantFrom('app', 'dompurify', "'allow-duplicates'", '*'));
  const sources =
    kind === 'script'
      ? fc.oneof(
          plain,
          hash,
          fc.constantFrom("'strict-dynamic'", "'unsafe-inline'", "'unsafe-eval'", "'report-sample'"),
        )
      : kind === 'style'
        ? fc.oneof(plain, hash, fc.constantFrom("'unsafe-inline'", "'report-sample'"))
        : plain;
  return fc.oneof(some(sources), fc.constant(["'none'"]));
}

const directives = fc
  .uniqueArray(fc.constantFrom(...DIRECTIVE_NAMES), { minLength: 1 })
  .chain((names) => fc.tuple(...names.map((name) => valueOf(name).map((value) => [name, value] as const))))
  .map((entries): Directives => Object.fromEntries(entries));
const nonceIn = fc.uniqueArray(fc.constantFrom(...NONCEABLE));
const nonce = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url'));

describe('a policy that passed the check', () => {
  it('reads back as it was written [HDR-01] [S-06]', () => {
    fc.assert(
      fc.property(directives, (written) => {
        assert.deepEqual(directiveFaults(written, 'csp'), []);
        const text = serialize(written, { nonceIn: [], secure: true, reportOnly: false, reportTo: '' });
        const [read, ...more] = parseField(text);
        assert.equal(more.length, 0);
        assert.deepEqual(
          Object.fromEntries(read!),
          Object.fromEntries(Object.entries(written).map(([name, value]) => [name, value === true ? [] : value])),
        );
      }),
    );
  });

  it('has the nonce in exactly the directives that were named, and are not closed [HDR-04] [HDR-05]', () => {
    fc.assert(
      fc.property(directives, nonceIn, nonce, (written, named, value) => {
        const form = { nonceIn: named, secure: true, reportOnly: false, reportTo: '/csp' };
        const one = cut([written], form);
        const [read] = parseField(joinNonce(one, value));
        for (const [name, list] of read!) {
          const own = written[name as DirectiveName];
          const expected = named.includes(name as DirectiveName) && Array.isArray(own) && own[0] !== "'none'";
          assert.equal(list.includes(`'nonce-${value}'`), expected, `${name} ${list.join(' ')}`);
        }
        assert.ok(!one.plain.includes('nonce-'));
      }),
    );
  });

  it('that only reports leaves out what browsers ignore there, and nothing else', () => {
    fc.assert(
      fc.property(directives, (written) => {
        const form = { nonceIn: [], secure: true, reportTo: '' };
        const text = serialize(written, { ...form, reportOnly: true });
        const names = text === '' ? [] : [...parseField(text)[0]!.keys()];
        const kept = Object.keys(written).filter((name) => name !== 'sandbox' && name !== 'upgrade-insecure-requests');
        assert.deepEqual(names, kept);
      }),
    );
  });
});

describe('a value that would end its directive, its policy or its line', () => {
  it('never passes the check, wherever it stands [HDR-30]', () => {
    const bad = fc
      .tuple(fc.string(), fc.constantFrom(';', ',', ' ', '\r\n', '\n', '\0', '\t', '\u2028', '\u00e9'), fc.string())
      .map((parts) => parts.join(''));
    const name = fc.constantFrom(...DIRECTIVE_NAMES.filter((one) => kindOf(one) !== 'flag'));
    fc.assert(
      fc.property(name, bad, (directive, source) => {
        const faults = directiveFaults({ [directive]: [source] }, 'csp.directives');
        assert.equal(faults.length, 1);
        assert.equal(faults[0]!.option, `csp.directives["${directive}"][0]`);
        // The fault goes to a terminal and a log.
        assert.match(faults[0]!.wrong, /^[^\r\n\0]*$/);
      }),
    );
  });
});
