/**
 * Guards of the facts: what two parsers could read differently, believed once more.
 * @module
 */
import type { Mutation } from './mutations.ts';

const KERNEL = 'packages/core/src/kernel';

/** Rows of the facts; those of everything else stand in `mutations.ts`, which has these too. */
export const FACTS_MUTATIONS: readonly Mutation[] = [
  {
    guard: 'facts: a dot segment would pass',
    file: `${KERNEL}/target.ts`,
    from: 'return length === 1 || length === 2;',
    to: 'return false;',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: a refused request would be judged by its route',
    file: `${KERNEL}/kernel.ts`,
    from: 'if (facts.refused !== null) return facts.refused;',
    to: '',
    tests: [`${KERNEL}/kernel.test.ts`],
  },
  {
    guard: 'facts: a second __Host- cookie would win',
    file: `${KERNEL}/cookie-header.ts`,
    from: "if (PREFIXED.test(name)) return 'facts/cookie-duplicate';",
    to: '',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: an escaped letter would be a second spelling of a path',
    file: `${KERNEL}/target.ts`,
    from: 'else if (isUnreserved(byte)) respelt = true;',
    to: '',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: a path that is encoded twice would pass',
    file: `${KERNEL}/target.ts`,
    from: "if (byte === 0x25 && escapedByte(path, i + 2) >= 0) return refuse('facts/path-double-encoding');",
    to: '',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: a raw semicolon would cut a path for some routers',
    file: `${KERNEL}/target.ts`,
    from: '"!$&\'()*+,=:@".includes',
    to: '"!$&\'()*+,=:@;".includes',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: a raw backslash would be a slash for some parsers',
    file: `${KERNEL}/target.ts`,
    from: '"!$&\'()*+,=:@".includes',
    to: '"!$&\'()*+,=:@\\\\".includes',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: a fragment in the path would pass',
    file: `${KERNEL}/target.ts`,
    from: '"!$&\'()*+,=:@".includes',
    to: '"!$&\'()*+,=:@#".includes',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: a fragment in the query would pass',
    file: `${KERNEL}/target.ts`,
    from: '/[^\\x21-\\x7e]|#/',
    to: '/[^\\x21-\\x7e]/',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: an absolute-form target would name another host than Host',
    file: `${KERNEL}/facts.ts`,
    from: 'named.host !== own.host || ',
    to: '',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: X_Forwarded_For would be X-Forwarded-For behind some proxies',
    file: `${KERNEL}/field-lines.ts`,
    from: "if (slot === LOOKALIKE) return 'facts/header-lookalike';",
    to: 'if (slot === LOOKALIKE) continue;',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: the second of two Host fields would count',
    file: `${KERNEL}/field-lines.ts`,
    from: 'if ((seen & bit) !== 0)',
    to: 'if ((seen & bit) !== 0 && slot !== SLOT.host)',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: the second of two Content-Length fields would count',
    file: `${KERNEL}/field-lines.ts`,
    from: 'if ((seen & bit) !== 0)',
    to: 'if ((seen & bit) !== 0 && slot !== SLOT.contentLength)',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: a body framed twice would smuggle a request',
    file: `${KERNEL}/field-lines.ts`,
    from: "if (contentLength !== undefined) return 'facts/framing';",
    to: '',
    tests: [`${KERNEL}/facts.test.ts`],
  },
  {
    guard: 'facts: the left-most address of X-Forwarded-For, which anybody writes, would be believed',
    file: `${KERNEL}/forwarded.ts`,
    from: 'if (!hop.trusted || comma < 0) break;',
    to: 'if (comma < 0) break;',
    tests: [`${KERNEL}/forwarded.test.ts`],
  },
  {
    guard: 'facts: the left-most element of Forwarded, which anybody writes, would be believed',
    file: `${KERNEL}/forwarded.ts`,
    from: 'if (hop.trusted && i > 0) continue;',
    to: 'if (i > 0) continue;',
    tests: [`${KERNEL}/forwarded.test.ts`],
  },
  {
    guard: 'facts: an IPv4-mapped address would be a second client',
    file: `${KERNEL}/address.ts`,
    from: 'if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) return ipv4(words[3]);',
    to: '',
    tests: [`${KERNEL}/address.test.ts`],
  },
  {
    guard: 'facts: each address of one IPv6 network would have limits of its own',
    file: `${KERNEL}/address.ts`,
    from: 'return `${ipv6Text(masked(address.words, masksOf(6, prefix)))}/${prefix}`;',
    to: 'return address.text;',
    tests: [`${KERNEL}/address.test.ts`],
  },
  {
    guard: 'facts: a query would be decoded twice',
    file: `${KERNEL}/query.ts`,
    from: 'return decodeURIComponent(spaced);',
    to: 'return decodeURIComponent(decodeURIComponent(spaced));',
    tests: [`${KERNEL}/facts.test.ts`],
  },
];
