/**
 * Options of the facts are refused by name, with what to write instead.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFacts, FACTS_DEFAULTS } from './facts-options.ts';
import type { FactsOptions } from './facts-options.ts';

describe('options', () => {
  it('are sound by default', () => assert.deepEqual(checkFacts(FACTS_DEFAULTS), []));

  const bad: readonly (readonly [string, object, string])[] = [
    ['a hostname', { trustedProxies: ['10.0.0.0/8', 'proxy.internal'] }, 'trustedProxies[1]'],
    ['a keyword', { trustedProxies: ['loopback'] }, 'trustedProxies[0]'],
    ['a prefix too long', { trustedProxies: ['10.0.0.0/33'] }, 'trustedProxies[0]'],
    ['bits beyond the prefix', { trustedProxies: ['10.0.0.1/8'] }, 'trustedProxies[0]'],
    ['a mapped network', { trustedProxies: ['::ffff:10.0.0.0/8'] }, 'trustedProxies[0]'],
    ['no list', { trustedProxies: true }, 'trustedProxies'],
    ['both kinds of field', { forwardedHeader: 'both' }, 'forwardedHeader'],
    ['a prefix below 32', { ipv6Prefix: 16 }, 'ipv6Prefix'],
    ['a limit that is no number', { maxCookies: '50' }, 'maxCookies'],
    ['a misspelt name', { trustedProxy: [] }, 'trustedProxy'],
  ];
  for (const [title, change, option] of bad)
    it(`refuse ${title} by name`, () => {
      const faults = checkFacts({ ...FACTS_DEFAULTS, ...change } as FactsOptions);
      assert.deepEqual(
        faults.map((fault) => fault.option),
        [option],
      );
      assert.deepEqual(
        checkFacts({ ...FACTS_DEFAULTS, ...change } as FactsOptions, 'facts').map((fault) => fault.option),
        [`facts.${option}`],
      );
    });

  it('say which network was meant', () => {
    const [fault] = checkFacts({ ...FACTS_DEFAULTS, trustedProxies: ['2001:db8::1/32'] });
    assert.match(fault!.write, /'2001:db8::\/32'/);
  });
});
