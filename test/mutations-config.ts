/**
 * Guards of the configuration, each with the change that takes it away and the tests that must notice.
 * @module
 */
import type { Mutation } from './mutations.ts';

const CONFIG = 'packages/core/src/config';
const READ = [`${CONFIG}/read.test.ts`];

export const CONFIG_MUTATIONS: readonly Mutation[] = [
  {
    guard: 'config: a secret would print itself',
    file: `${CONFIG}/secret.ts`,
    from: '  toJSON(): string {\n    return HIDDEN;',
    to: '  toJSON(): string {\n    return this.#value;',
    tests: [`${CONFIG}/secret.test.ts`],
  },
  {
    guard: 'config: a secret in a text would become a key that everybody knows',
    file: `${CONFIG}/secret.ts`,
    from: '  [Symbol.toPrimitive](): never {\n    return this.toString();',
    to: '  [Symbol.toPrimitive](): string {\n    return HIDDEN;',
    tests: [`${CONFIG}/secret.test.ts`],
  },
  {
    guard: 'config: a report would show what only its name calls a secret',
    file: `${CONFIG}/report.ts`,
    from: 'if (value instanceof Secret || isSecret(name)) return HIDDEN;',
    to: 'if (value instanceof Secret) return HIDDEN;',
    tests: READ,
  },
  {
    guard: 'config: a report would show the password of an address',
    file: `${CONFIG}/report.ts`,
    from: '.replaceAll(USER, `${HIDDEN}@`)',
    to: '.replaceAll(USER, (user) => user)',
    tests: READ,
  },
  {
    guard: 'config: a weak secret would do',
    file: `${CONFIG}/secret-field.ts`,
    from: "foreign ? [] : secretFaults([given], '')",
    to: '[]',
    tests: [`${CONFIG}/casts.test.ts`],
  },
  {
    guard: 'config: whoever can write a file would choose our keys',
    file: `${CONFIG}/guarded-file.ts`,
    from: 'if ((mode & OTHERS_WRITE) !== 0)',
    to: 'if (false)',
    tests: READ,
  },
  {
    guard: 'config: a file that everybody reads would do in production',
    file: `${CONFIG}/guarded-file.ts`,
    from: "(open.severe || guard.open === 'refuse')",
    to: 'open.severe',
    tests: READ,
  },
  {
    guard: 'config: a link could lead anywhere',
    file: `${CONFIG}/guarded-file.ts`,
    from: 'constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0)',
    to: 'constants.O_RDONLY | constants.O_NONBLOCK',
    tests: READ,
  },
  {
    guard: 'config: a mounted link could lead out of its folder',
    file: `${CONFIG}/guarded-file.ts`,
    from: 'if (path.startsWith(folder + sep)) return path;',
    to: 'if (path !== folder) return path;',
    tests: READ,
  },
  {
    guard: 'config: the default of development would reach production',
    file: `${CONFIG}/read.ts`,
    from: '(development ? field.development : undefined) ?? field.fallback',
    to: 'field.development ?? field.fallback',
    tests: READ,
  },
  {
    guard: 'config: an empty variable would take its default',
    file: `${CONFIG}/read.ts`,
    from: 'const [first, ...others] = sources.find(name);',
    to: "const [first, ...others] = sources.find(name).filter(({ value }) => value !== '');",
    tests: READ,
  },
  {
    guard: 'config: of a name that stands twice, one would be chosen',
    file: `${CONFIG}/env-file.ts`,
    from: 'return { assignments, faults: [...faults, ...repeated(assignments)] };',
    to: 'return { assignments, faults };',
    tests: [`${CONFIG}/files.test.ts`],
  },
  {
    guard: 'config: a mistyped name would leave the default in force',
    file: `${CONFIG}/stray.ts`,
    from: 'near !== undefined && missing.includes(near)',
    to: 'near === name',
    tests: READ,
  },
  {
    guard: 'control: another account could ask',
    file: 'packages/core/src/control/place.ts',
    from: 'chmodSync(draft, 0o600);',
    to: 'chmodSync(draft, 0o666);',
    tests: ['packages/core/src/control/control.server.test.ts'],
  },
  {
    guard: 'control: others could put a socket of theirs under the name',
    file: 'packages/core/src/control/place.ts',
    from: 'if ((mode & OTHERS_WRITE) !== 0) {',
    to: 'if (mode === 0) {',
    tests: ['packages/core/src/control/control.server.test.ts'],
  },
  {
    guard: 'control: a question without end would be kept',
    file: 'packages/core/src/control/channel.ts',
    from: 'if (end === -1 && asked.length <= MOST_ASKED) return;',
    to: 'if (end === -1) return;',
    tests: ['packages/core/src/control/control.server.test.ts'],
  },
  {
    guard: 'policy: a secret in an option would be shown',
    file: 'packages/core/src/kernel/policy-view.ts',
    from: "SECRET_OPTION.test(name) ? '[secret]' : value",
    to: 'value',
    tests: ['packages/core/src/kernel/policy-view.test.ts'],
  },
];
