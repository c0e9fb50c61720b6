/**
 * Guards of who may read what: pages elsewhere, receivers of reports, files.
 * @module
 */
import type { Mutation } from './mutations.ts';

const CORE = 'packages/core/src';

export const READERS_MUTATIONS: readonly Mutation[] = [
  {
    guard: 'cors: null would be an origin like any other',
    file: `${CORE}/cors/origins.ts`,
    from: "if (origin === 'null') {",
    to: "if (origin === 'nil') {",
    tests: [`${CORE}/cors/policy.test.ts`],
  },
  {
    guard: 'cors: everybody could be let in with cookies',
    file: `${CORE}/cors/check.ts`,
    from: 'if (credentials) {',
    to: 'if (!credentials) {',
    tests: [`${CORE}/cors/policy.test.ts`],
  },
  {
    guard: 'cors: a dot of a pattern would be any letter',
    file: `${CORE}/cors/patterns.ts`,
    from: String.raw`if (/(?<!\\)\./.test(bare))`,
    to: 'if (bare === source + source)',
    tests: [`${CORE}/cors/policy.test.ts`],
  },
  {
    guard: 'cors: a pattern could end in a domain of strangers',
    file: `${CORE}/cors/patterns.ts`,
    from: 'return isShared(domain) ?',
    to: 'return domain === source ?',
    tests: [`${CORE}/cors/policy.test.ts`],
  },
  {
    guard: 'cors: a handler could reflect who asks',
    file: `${CORE}/cors/cors.ts`,
    from: '      owns: OWNED,\n',
    to: '',
    tests: [`${CORE}/cors/cors.test.ts`],
  },
  {
    guard: 'cors: a cache would give one origin’s answer to another',
    file: `${CORE}/cors/cors.ts`,
    from: "head.vary.push('Origin');",
    to: 'head.vary.push();',
    tests: [`${CORE}/cors/cors.test.ts`],
  },
  {
    guard: 'cors: a preflight could ask for any request field',
    file: `${CORE}/cors/decide.ts`,
    from: 'if (names !== undefined && !allNamed(names, rule.headers)) return refused.header;',
    to: '',
    tests: [`${CORE}/cors/cors.test.ts`],
  },
  {
    guard: 'cors: every rule would open a private network',
    file: `${CORE}/cors/decide.ts`,
    from: 'return granted.privateNetwork ?? refused.privateNetwork;',
    to: 'return granted.preflight;',
    tests: [`${CORE}/cors/cors.test.ts`],
  },
  {
    guard: 'cors: a wider rule could decide before a narrower one',
    file: `${CORE}/cors/resources.ts`,
    from: '.sort((a, b) => bySpecificity(a.path, b.path));',
    to: ';',
    tests: [`${CORE}/cors/cors.test.ts`],
  },
];
