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
const SESSIONS = 'packages/core/src/sessions';

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
    from: 'return verdict === null && c.tokenOwed ? TOKEN_OWED : verdict;',
    to: 'return verdict;',
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
  {
    guard: 'sessions: the id would be stored as it stands in the cookie',
    file: 'packages/core/src/crypto/mac.ts',
    from: "return hash('sha256', text, 'base64url');",
    to: 'return text;',
    tests: ['packages/core/src/sessions/sessions.test.ts', 'packages/core/src/crypto/mac.test.ts'],
  },
  {
    guard: 'sessions: signing in would keep the session that was there (fixation)',
    file: `${SESSIONS}/service.ts`,
    from: "if (before !== null) await this.#remove(before, 'replaced');",
    to: '',
    tests: [`${SESSIONS}/sessions.test.ts`],
  },
  {
    guard: 'sessions: an ended session would go on from the cache',
    file: `${SESSIONS}/resolver.ts`,
    from: 'const end = endOf(record, entry.seenAt, now, limits);',
    to: 'const end = null;',
    tests: [`${SESSIONS}/sessions.test.ts`],
  },
  {
    guard: 'sessions: a new proof would leave the old id a grace',
    file: `${SESSIONS}/service.ts`,
    from: "      previous: '',\n      previousUntil: 0,\n    };\n    const record = await",
    to: '      previous: current.hash,\n      previousUntil: env.clock.now() + 10_000,\n    };\n    const record = await',
    tests: [`${SESSIONS}/sessions.test.ts`, `${SESSIONS}/rotation.test.ts`],
  },
  {
    guard: 'csrf: a token of another session would do',
    file: 'packages/core/src/csrf/token.ts',
    from: 'return mac.verify(token.slice(0, RANDOM_LENGTH) + binding, token.slice(RANDOM_LENGTH));',
    to: 'return true;',
    tests: ['packages/core/src/csrf/token.test.ts'],
  },
  {
    guard: 'csrf: a token without a binding would be good for everybody',
    file: 'packages/core/src/csrf/token.ts',
    from: " || binding === ''",
    to: '',
    tests: ['packages/core/src/csrf/token.test.ts'],
  },
  {
    guard: 'passwords: two spellings of one password would differ',
    file: 'packages/accounts/src/passwords.ts',
    from: "return password.normalize('NFKC');",
    to: 'return password;',
    tests: ['packages/accounts/src/passwords.test.ts'],
  },
  {
    guard: 'stores: an expired ticket would be taken',
    file: 'packages/stores/src/sqlite-tickets.ts',
    from: "row !== undefined && (row['until'] as number) > now",
    to: 'row !== undefined',
    tests: ['packages/stores/src/contract.test.ts'],
  },
  {
    guard: 'body: a prototype key in JSON would reach handlers',
    file: 'packages/core/src/http/body.ts',
    from: "if (key === '__proto__') return true;",
    to: '',
    tests: ['packages/core/src/http/body.test.ts'],
  },
  {
    guard: 'log: a line could be forged by what a client sent',
    file: `${KERNEL}/event-log.ts`,
    from: '.replace(UNSAFE, escape)',
    to: '',
    tests: [`${KERNEL}/event-log.test.ts`],
  },
];
