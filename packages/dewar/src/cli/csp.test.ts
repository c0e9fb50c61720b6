/**
 * The report of a policy's violations as text: what happened, what may be added, what cannot.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CspReport, CspViolationGroup } from '@dewar/core';
import { CSP_DEFAULTS, mergedCsp } from '@dewar/core/csp';
import { cspReport } from './csp.ts';
import type { Io } from './io.ts';

const plain: Io['paint'] = (_tone, text) => text;
const NOON = Date.UTC(2026, 0, 1, 12);

const group = (more: Partial<CspViolationGroup>): CspViolationGroup => ({
  directive: 'img-src',
  blocked: 'https://images.example',
  document: '/tickets/*',
  disposition: 'enforce',
  count: 12,
  first: NOON,
  last: NOON,
  ...more,
});
const report = (groups: readonly CspViolationGroup[], ignored: Partial<CspReport['ignored']> = {}): CspReport => ({
  since: NOON,
  groups,
  ignored: { malformed: 0, foreign: 0, extension: 0, excess: 0, forgotten: 0, ...ignored },
  page: mergedCsp(CSP_DEFAULTS).page as CspReport['page'],
});
const shown = (given: CspReport, width?: number): string => cspReport(given, { width, paint: plain });

describe('the report of violations', () => {
  it('tells what was blocked, what may be let in, and what is to be changed [HDR-12]', () => {
    const inline = group({ directive: 'script-src-elem', blocked: 'inline', disposition: 'report', count: 3 });
    assert.equal(
      shown(report([group({}), inline], { foreign: 2, excess: 40 })),
      [
        '12 × img-src blocked https://images.example on /tickets/*',
        '    last 2026-01-01 12:00 UTC',
        '3 × script-src-elem would block inline on /tickets/*',
        '    last 2026-01-01 12:00 UTC',
        '',
        'Only if each of these is yours, write under csp.directives:',
        `    'img-src': ["'self'","data:","https://images.example"],`,
        '    img-src https://images.example: 12 reports, on /tickets/*',
        '',
        'To change in pages:',
        '    script-src-elem inline on /tickets/*: give the <script> the nonce: c.nonce(); a hash cannot be learned, it might be an attacker’s',
        '',
        '15 reports in 2 groups since 2026-01-01 12:00 UTC; not counted: 2 foreign, 40 excess',
        '',
      ].join('\n'),
    );
  });

  it('says in one line that there is nothing', () => {
    assert.equal(shown(report([])), '0 reports in 0 groups since 2026-01-01 12:00 UTC\n');
  });

  it('names five pages of many', () => {
    const groups = Array.from({ length: 8 }, (_, index) => group({ document: `/p${index}/x` }));
    assert.match(shown(report(groups)), /on \/p0\/x, \/p1\/x, \/p2\/x, \/p3\/x, \/p4\/x and 3 more/);
  });

  for (const width of [20, 40, 80]) {
    it(`fits ${width} columns, and loses nothing`, () => {
      const given = report([group({ blocked: `https://${'long-name.'.repeat(9)}example` })]);
      const room = Math.max(width, 40);
      const text = shown(given, width);
      assert.ok(
        text.split('\n').every((line) => line.length <= room),
        text,
      );
      assert.equal(text.replaceAll(/\s/g, ''), shown(given).replaceAll(/\s/g, ''));
    });
  }

  it('lets no control character of a report reach the terminal', () => {
    const text = shown(report([group({ document: '/\u001b[2Jx\u202e' })]));
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u001b\u202e]/);
    assert.match(text, /\\u001b\[2Jx\\u202e/);
  });
});
