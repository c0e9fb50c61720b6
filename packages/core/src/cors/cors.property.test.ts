/**
 * Whatever is sent as Origin, nobody is named who is not in the rules, and no path is opened but theirs.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileRules, decide, resourceOf } from './index.ts';
import type { CorsRule } from './index.ts';

const NAMED = ['https://shop.example', 'https://api.shop.example:8443'];
const RULES: readonly CorsRule[] = [
  { path: '/api/orders', origins: NAMED, methods: ['GET', 'PUT'], headers: ['x-trace'], credentials: true },
  { path: '/previews/*', origins: ['https://*.preview.example'] },
];
const resources = compileRules(RULES);

/** An origin near one that is let in: a letter more, less or other, another case, another scheme, another end. */
const near = fc
  .tuple(
    fc.constantFrom(...NAMED, 'https://pr-1.preview.example'),
    fc.nat(40),
    fc.constantFrom('', '.', '/', '@', ':', '%', '\0', 'x', 'X', ' ', ',', '-', '*', '.evil.example', 'https://'),
    fc.nat(2),
  )
  .map(([origin, at, piece, cut]) => origin.slice(0, at) + piece + origin.slice(at + cut));
const anyOrigin = fc.oneof(near, fc.string(), fc.webUrl(), fc.constantFrom('null', '*', '', 'https://SHOP.example'));
const anyPath = fc.oneof(
  fc.constantFrom('/api/orders', '/api/orders/', '/API/orders', '/api/orders/7', '/previews/1', '/previews', '/'),
  fc.webPath(),
);
const methods = fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'get', 'PROPFIND');

/** What the rules say, written a second time and slowly. */
function mayRead(path: string, origin: string, method: string): boolean {
  if (path === '/api/orders') return NAMED.includes(origin) && ['GET', 'HEAD', 'PUT'].includes(method);
  const preview = /^https:\/\/[a-z0-9-]+\.preview\.example$/.test(origin);
  return path.startsWith('/previews/') && preview && ['GET', 'HEAD'].includes(method);
}

function decided(path: string, origin: string, method: string, more: Record<string, string> = {}): readonly string[] {
  const fields: Record<string, string> = { origin, 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site', ...more };
  const signals = {
    method,
    kind: 'request',
    origin: 'https://app.example',
    header: (name: string): string | undefined => fields[name],
  } as const;
  const { verdict, fields: given } = decide(signals, resourceOf(resources, path));
  const refused = verdict !== null && 'code' in verdict;
  assert.equal(refused, given.length === 0, 'refused, or named');
  return given;
}

describe('cors, whatever is sent', () => {
  it('names exactly whom the rules name, for requests and for preflights [CORS-01] [CORS-02] [CORS-03]', () => {
    fc.assert(
      fc.property(anyPath, anyOrigin, methods, (path, origin, method) => {
        const expected = mayRead(path, origin, method);
        const asked = decided(path, origin, 'OPTIONS', { 'access-control-request-method': method });
        const actual = method === 'OPTIONS' ? [] : decided(path, origin, method);
        if (method !== 'OPTIONS') assert.equal(actual.length > 0, expected);
        assert.equal(asked.length > 0, expected);
        for (const given of [asked, actual]) {
          if (given.length > 0) assert.deepEqual(given.slice(0, 2), ['access-control-allow-origin', origin]);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
