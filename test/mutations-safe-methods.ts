/**
 * Guards of the safe methods, each with the change that takes it away and the tests that must notice.
 * @module
 */
import type { Mutation } from './mutations.ts';

const TESTS = ['packages/core/src/safe-methods/safe-methods.test.ts'];
const WATCH = 'packages/core/src/safe-methods/safe-methods.ts';
const WRITES = 'packages/core/src/store/writes.ts';

export const SAFE_METHODS_MUTATIONS: readonly Mutation[] = [
  {
    guard: 'safe methods: a write would only be reported',
    file: WATCH,
    from: 'if (refused) throw new Refused(verdict);',
    to: '',
    tests: TESTS,
  },
  {
    guard: 'safe methods: HEAD and OPTIONS could write',
    file: WATCH,
    from: "new Set(['GET', 'HEAD', 'OPTIONS'])",
    to: "new Set(['GET'])",
    tests: TESTS,
  },
  {
    guard: 'safe methods: a link in a mail could be used up by GET',
    file: WRITES,
    from: "tickets: ['put', 'takeOnce']",
    to: "tickets: ['put']",
    tests: TESTS,
  },
  {
    guard: 'safe methods: Dewar’s own rotation would be refused',
    file: 'packages/core/src/sessions/resolver.ts',
    from: 'const changed = unwatched(() => env.stores.sessions.change(hash, change));',
    to: 'const changed = env.stores.sessions.change(hash, change);',
    tests: TESTS,
  },
  {
    guard: 'safe methods: SQL of the application could write',
    file: 'packages/stores/src/guarded.ts',
    from: 'if (writes) noteWrite(',
    to: 'if (false) noteWrite(',
    tests: ['packages/stores/src/statement.test.ts'],
  },
  {
    guard: 'safe methods: a change behind WITH would pass for a query',
    file: 'packages/stores/src/statement.ts',
    from: 'READS.test(statement) && !CHANGES.test(statement)',
    to: 'READS.test(statement)',
    tests: ['packages/stores/src/statement.test.ts'],
  },
];
