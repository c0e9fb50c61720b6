/**
 * Guards that are no steps of the pipeline, each with the change that takes it away and the tests that must notice.
 * @module
 */

export interface Mutation {
  /** What is taken away, as a sentence about the attacker. */
  readonly guard: string;
  /** Source file, from the root. */
  readonly file: string;
  /** Text that stands there exactly once. */
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

const KERNEL = 'packages/core/src/kernel';

export const MUTATIONS: readonly Mutation[] = [
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
    guard: 'kernel: a token that nobody looked for would not be missed',
    file: `${KERNEL}/kernel.ts`,
    from: 'return c.tokenOwed ? TOKEN_OWED : null;',
    to: 'return null;',
    tests: [`${KERNEL}/kernel.test.ts`],
  },
  {
    guard: 'identity: the last of two credentials would count',
    file: `${KERNEL}/identify.ts`,
    from: 'return several ? AMBIGUOUS_CREDENTIALS : found;',
    to: 'return found;',
    tests: [`${KERNEL}/identify.test.ts`],
  },
  {
    guard: 'keys: a tag of one purpose would serve for another',
    file: 'packages/core/src/crypto/key-ring.ts',
    from: '`dewar/1 ${purpose}`',
    to: "'dewar/1'",
    tests: ['packages/core/src/crypto/key-ring.test.ts'],
  },
];
