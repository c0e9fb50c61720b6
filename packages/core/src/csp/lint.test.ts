/**
 * Every finding, by the policy that has it and one that does not.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bypassOf } from './bypass-hosts.ts';
import { mergeDirectives } from './directives.ts';
import type { Directives } from './directives.ts';
import type { CspFindingId, CspSeverity } from './finding.ts';
import { lintCsp } from './lint.ts';
import { STRICT_PAGE, TIGHT_DATA } from './policy.ts';

const SHA = `'sha256-${Buffer.alloc(32, 7).toString('base64')}'`;
const nonceIn = ['script-src', 'style-src'] as const;
const over = (more: Directives): Directives => mergeDirectives(STRICT_PAGE, more);
const scripts = (...list: string[]): Directives => over({ 'script-src': list });

describe('a finding', () => {
  const rows: readonly (readonly [policy: Directives, severity: CspSeverity, id: CspFindingId, source?: string])[] = [
    [scripts("'unsafe-inline'"), 'high', 'unsafe-inline', "'unsafe-inline'"],
    [over({ 'script-src': false, 'default-src': ["'unsafe-inline'"] }), 'high', 'unsafe-inline', "'unsafe-inline'"],
    [over({ 'script-src-attr': ["'unsafe-inline'"] }), 'high', 'unsafe-inline', "'unsafe-inline'"],
    [over({ 'script-src-elem': ["'unsafe-inline'"] }), 'high', 'unsafe-inline', "'unsafe-inline'"],
    [scripts("'unsafe-inline'", SHA), 'info', 'ignored', "'unsafe-inline'"],
    [scripts("'unsafe-inline'", "'strict-dynamic'"), 'info', 'ignored', "'unsafe-inline'"],
    [scripts("'strict-dynamic'", "'unsafe-eval'"), 'medium', 'unsafe-eval', "'unsafe-eval'"],
    [scripts(SHA, "'unsafe-hashes'"), 'low', 'unsafe-hashes', "'unsafe-hashes'"],
    [scripts('*'), 'high', 'wildcard', '*'],
    [scripts('https://*'), 'high', 'wildcard', 'https://*'],
    [scripts('https:'), 'high', 'scheme', 'https:'],
    [scripts('http:'), 'high', 'scheme', 'http:'],
    [scripts('data:'), 'high', 'scheme', 'data:'],
    [scripts('blob:'), 'high', 'scheme', 'blob:'],
    [scripts("'strict-dynamic'", 'https:'), 'info', 'ignored', 'https:'],
    [scripts('https://*.cdn.example'), 'medium', 'wildcard-host', 'https://*.cdn.example'],
    [scripts('http://cdn.example'), 'medium', 'clear-text', 'http://cdn.example'],
    [scripts('https://cdn.example'), 'low', 'script-host', 'https://cdn.example'],
    [scripts('https://cdn.jsdelivr.net'), 'high', 'bypass-host', 'https://cdn.jsdelivr.net'],
    [scripts('CDN.jsdelivr.net:443/npm/'), 'high', 'bypass-host', 'CDN.jsdelivr.net:443/npm/'],
    [scripts('https://cdn.jsdelivr.net/a.js'), 'medium', 'bypass-host', 'https://cdn.jsdelivr.net/a.js'],
    [scripts('https://*.googleapis.com'), 'high', 'bypass-host', 'https://*.googleapis.com'],
    [scripts('*.github.io'), 'high', 'bypass-host', '*.github.io'],
    [scripts("'self'"), 'low', 'script-self', "'self'"],
    [over({ 'worker-src': ['blob:'] }), 'low', 'scheme', 'blob:'],
    [over({ 'script-src': false, 'default-src': false }), 'high', 'missing-script-src'],
    [over({ 'default-src': false }), 'medium', 'missing-default-src'],
    [over({ 'object-src': false, 'default-src': false }), 'medium', 'missing-object-src'],
    [over({ 'object-src': ["'self'"] }), 'low', 'open-object-src'],
    [over({ 'object-src': false }), 'low', 'open-object-src'],
    [over({ 'base-uri': false }), 'high', 'missing-base-uri'],
    [over({ 'base-uri': ["'self'"] }), 'low', 'open-base-uri'],
    [over({ 'base-uri': ['https://a.example'] }), 'medium', 'open-base-uri'],
    [over({ 'form-action': false }), 'medium', 'missing-form-action'],
    [over({ 'form-action': ['*'] }), 'medium', 'open-form-action', '*'],
    [over({ 'form-action': ['https:'] }), 'medium', 'open-form-action', 'https:'],
    [over({ 'frame-ancestors': false }), 'medium', 'missing-frame-ancestors'],
    [over({ 'frame-ancestors': ['*'] }), 'medium', 'open-frame-ancestors', '*'],
    [over({ 'frame-ancestors': ['https://*.a.example'] }), 'medium', 'open-frame-ancestors', 'https://*.a.example'],
    [over({ 'frame-ancestors': ["'self'"] }), 'low', 'open-frame-ancestors', "'self'"],
    [over({ 'require-trusted-types-for': false }), 'low', 'missing-trusted-types'],
    [over({ 'trusted-types': ['*'] }), 'low', 'trusted-types-any'],
    [over({ 'trusted-types': false }), 'low', 'trusted-types-any'],
    [over({ 'upgrade-insecure-requests': false }), 'info', 'missing-upgrade'],
    [over({ 'style-src': ["'unsafe-inline'"] }), 'medium', 'unsafe-inline', "'unsafe-inline'"],
    [over({ 'style-src': ['https:'] }), 'low', 'wildcard', 'https:'],
    [over({ 'img-src': ['https:'] }), 'low', 'wildcard', 'https:'],
    [over({ 'connect-src': ['*'] }), 'low', 'wildcard', '*'],
    [over({ 'connect-src': ['wss:'] }), 'low', 'wildcard', 'wss:'],
    [over({ 'img-src': ['http://a.example'] }), 'low', 'clear-text', 'http://a.example'],
    [over({ 'img-src': ['https://127.0.0.1'] }), 'info', 'address', 'https://127.0.0.1'],
  ];
  for (const [policy, severity, id, source] of rows)
    it(`${id} (${severity})${source === undefined ? '' : ` ${source}`} is the only one`, () => {
      const found = lintCsp(policy, { nonceIn: [...nonceIn] });
      const main = found.filter((one) => one.id === id && one.severity === severity && one.source === source);
      assert.equal(main.length, 1, JSON.stringify(found));
      // Where default-src is taken away, what fell back to it is named too.
      if (policy['default-src'] !== undefined && policy['script-src'] !== undefined)
        assert.equal(found.length, 1, JSON.stringify(found));
    });

  it('names a policy that runs nothing', () => {
    const found = lintCsp(STRICT_PAGE, { nonceIn: [] });
    assert.deepEqual(
      found.map(({ id, severity }) => [id, severity]),
      [['nothing-runs', 'info']],
    );
  });

  it('of data says what opens by itself, and nothing about pages', () => {
    const of = (more: Directives): readonly string[] =>
      lintCsp(mergeDirectives(TIGHT_DATA, more), { nonceIn: [], of: 'data' }).map(({ id }) => id);
    assert.deepEqual(of({}), []);
    assert.deepEqual(of({ sandbox: false }), ['missing-sandbox']);
    assert.deepEqual(of({ sandbox: ['allow-scripts', 'allow-same-origin'] }), ['open-sandbox']);
    assert.deepEqual(of({ 'script-src': ["'unsafe-inline'"] }), ['unsafe-inline']);
    assert.deepEqual(of({ 'default-src': false }), ['missing-script-src', 'missing-object-src']);
  });

  it('is not made by the presets', () => {
    assert.deepEqual(lintCsp(STRICT_PAGE, { nonceIn: [...nonceIn] }), []);
  });

  it('stands before the less grave ones', () => {
    const found = lintCsp({ 'script-src': ["'self'", "'unsafe-eval'", '*'] }, { nonceIn: [] });
    const ranks = found.map(({ severity }) => ['high', 'medium', 'low', 'info'].indexOf(severity));
    assert.deepEqual(ranks, [...ranks].sort());
  });
});

describe('a host that gives a policy away', () => {
  const rows: readonly (readonly [host: string, reason: string | undefined])[] = [
    ['accounts.google.com', 'jsonp'],
    ['*.google.com', 'jsonp'],
    ['unpkg.com', 'libraries'],
    ['s3.amazonaws.com', 'anybody'],
    ['*.amazonaws.com', 'anybody'],
    ['*.s3.eu-west-1.amazonaws.com', 'anybody'],
    ['*.windows.net', 'anybody'],
    ['bucket.s3.amazonaws.com', undefined],
    ['evilunpkg.com', undefined],
    ['*.notgithub.io', undefined],
    ['cdn.example', undefined],
  ];
  for (const [host, reason] of rows)
    it(`${host}: ${reason ?? 'not listed'}`, () => {
      assert.equal(bypassOf(host), reason);
    });
});
