/**
 * Guards that are no steps of the pipeline, each with the change that takes it away and the tests that must notice.
 * @module
 */
import { CONFIG_MUTATIONS } from './mutations-config.ts';
import { DESK_MUTATIONS } from './mutations-desk.ts';
import { FACTS_MUTATIONS } from './mutations-facts.ts';
import { HTML_MUTATIONS } from './mutations-html.ts';
import { INPUT_MUTATIONS } from './mutations-input.ts';
import { LIMITS_MUTATIONS } from './mutations-limits.ts';
import { READERS_MUTATIONS } from './mutations-readers.ts';
import { SAFE_METHODS_MUTATIONS } from './mutations-safe-methods.ts';

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

const CORE = 'packages/core/src';
const KERNEL = `${CORE}/kernel`;
const SESSIONS = `${CORE}/sessions`;

export const MUTATIONS: readonly Mutation[] = [
  ...CONFIG_MUTATIONS,
  ...DESK_MUTATIONS,
  ...FACTS_MUTATIONS,
  ...HTML_MUTATIONS,
  ...LIMITS_MUTATIONS,
  ...READERS_MUTATIONS,
  ...SAFE_METHODS_MUTATIONS,
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
  ...INPUT_MUTATIONS,
  {
    guard: 'log: a line could be forged by what a client sent',
    file: `${KERNEL}/event-line.ts`,
    from: '.replace(UNSAFE, escape)',
    to: '',
    tests: [`${KERNEL}/event-line.test.ts`],
  },
  {
    guard: 'sessions: a shared cache would keep what a signed-in person was sent',
    file: `${SESSIONS}/response.ts`,
    from: "head.set('cache-control', 'no-store');",
    to: '',
    tests: [`${SESSIONS}/response.test.ts`],
  },
  {
    guard: 'sessions: what only looked for a session would be kept for others',
    file: `${SESSIONS}/response.ts`,
    from: 'c.touchedSession || c.identity !== undefined || c.identifying !== undefined',
    to: 'false',
    tests: [`${SESSIONS}/response.test.ts`],
  },
  {
    guard: 'sessions: one that was revoked would go on from the cache',
    file: `${SESSIONS}/service.ts`,
    from: 'cache.drop(record.hash);\n      return there;',
    to: 'return there;',
    tests: [`${SESSIONS}/sessions.test.ts`],
  },
  {
    guard: 'sessions: those revoked together would go on from the cache',
    file: `${SESSIONS}/service.ts`,
    from: 'cache.dropAccount(account, but);',
    to: '',
    tests: [`${SESSIONS}/sessions.test.ts`],
  },
  {
    guard: 'cookies: a handler could widen a __Host- cookie to a domain',
    file: `${CORE}/cookies/rules.ts`,
    from: "domain: tooWide ? '' : cookie.domain,",
    to: 'domain: cookie.domain,',
    tests: [`${CORE}/cookies/cookies.test.ts`],
  },
  {
    guard: 'cookies: a handler could narrow a __Host- cookie to a path, and lose it',
    file: `${CORE}/cookies/rules.ts`,
    from: "|| (rules.host && cookie.path !== '' && cookie.path !== '/')",
    to: '',
    tests: [`${CORE}/cookies/cookies.test.ts`],
  },
  {
    guard: 'cookies: a handler could leave Secure out',
    file: `${CORE}/cookies/rules.ts`,
    from: "secure: cookie.secure || exception?.insecure !== true || sameSite === 'None' || cookie.partitioned,",
    to: 'secure: cookie.secure,',
    tests: [`${CORE}/cookies/cookies.test.ts`],
  },
  {
    guard: 'cookies: a handler could leave HttpOnly out',
    file: `${CORE}/cookies/rules.ts`,
    from: 'httpOnly: cookie.httpOnly || exception?.readable !== true,',
    to: 'httpOnly: cookie.httpOnly,',
    tests: [`${CORE}/cookies/cookies.test.ts`],
  },
  {
    guard: 'access: 403 would tell that another’s object exists',
    file: `${CORE}/access/evaluate.ts`,
    from: 'return missing !== 0 || (known & this.#hidden & ~mine) !== 0 ? notFound : forbidden;',
    to: 'return missing !== 0 ? notFound : forbidden;',
    tests: [`${CORE}/access/stage.test.ts`, `${CORE}/access/access.test.ts`],
  },
  {
    guard: 'access: a route without a rule would be open',
    file: `${CORE}/access/access.ts`,
    from: 'return REFUSE_UNDECLARED;',
    to: 'return [];',
    tests: [`${CORE}/access/stage.test.ts`, `${CORE}/access/access.test.ts`],
  },
  {
    guard: 'access: an object would be loaded for a guest',
    file: `${CORE}/access/evaluate.ts`,
    from: 'return this.judgeOnly(c, who) ?? this.#next(c, who, 0, 0, 0);',
    to: 'return this.#next(c, who, 0, 0, 0);',
    tests: [`${CORE}/access/stage.test.ts`, `${CORE}/access/access.test.ts`],
  },
  {
    guard: 'csp: the nonce of one page would be that of every page',
    file: `${KERNEL}/context.ts`,
    from: 'this.#nonce = this.kernel.random.token(16);',
    to: "this.#nonce = 'bm9uY2Ugb2YgZXZlcnkgcGFnZQ';",
    tests: [`${CORE}/csp/csp.test.ts`, `${KERNEL}/kernel.test.ts`],
  },
  {
    guard: 'csp: a 304 would bring another nonce to the page a browser has',
    file: `${CORE}/csp/csp.ts`,
    from: "if (variant.kind === 'unchanged') return [];",
    to: '',
    tests: [`${CORE}/csp/csp.test.ts`],
  },
  {
    guard: 'https: HSTS would be said in clear text',
    file: `${CORE}/https/https.ts`,
    from: 'head: ({ secure }) => (secure ? hsts : [])',
    to: 'head: () => hsts',
    tests: [`${CORE}/https/https.test.ts`],
  },
  {
    guard: 'errors: a problem would tell the message of what was thrown',
    file: `${KERNEL}/kernel.ts`,
    from: 'return problemAnswer(c, status, {});',
    to: 'return problemAnswer(c, status, { problem: { detail: String(error) } });',
    tests: [`${KERNEL}/kernel.test.ts`, `${CORE}/http/judge.server.test.ts`],
  },
  {
    guard: 'errors: a problem would tell which protection refused',
    file: `${KERNEL}/answer.ts`,
    from: 'problem: members, close = false } = denial;',
    to: 'close = false } = denial;\n  const members = { code: denial.code, ...denial.problem };',
    tests: [`${KERNEL}/kernel.test.ts`, `${KERNEL}/problem.test.ts`, `${CORE}/http/judge.server.test.ts`],
  },
  {
    guard: 'http: who was refused as no request would hold the connection for ever',
    file: `${CORE}/http/server.ts`,
    from: 'socket.end(answer, () => socket.destroy());',
    to: 'socket.end(answer);',
    tests: ['packages/fastify/src/connections.server.test.ts'],
  },
  {
    guard: 'errors: a step that throws would let the request pass',
    file: `${CORE}/http/judge.ts`,
    from: 'verdict instanceof Failure ? c.kernel.fail(c, verdict.error) : c.kernel.answer(c, verdict)',
    to: 'verdict instanceof Failure ? null : c.kernel.answer(c, verdict)',
    tests: [`${CORE}/http/judge.server.test.ts`],
  },
  {
    guard: 'sessions: what was taken away while a body was on its way would still act',
    file: `${SESSIONS}/standing.ts`,
    from: 'if (cache.get(seen.hash, now)?.record === seen) return null;',
    to: 'if (seen.hash !== undefined) return null;',
    tests: [`${SESSIONS}/standing.test.ts`],
  },
  {
    guard: 'sessions: a role that was lost while a body was on its way would still count',
    file: `${SESSIONS}/standing.ts`,
    from: 'found.pending === seen.pending && isSame(found.roles, seen.roles) ? null : ENDED',
    to: 'found.pending === seen.pending ? null : ENDED',
    tests: [`${SESSIONS}/standing.test.ts`],
  },
  {
    guard: 'sessions: a sign-in would outrun the loss of a role',
    file: `${SESSIONS}/service.ts`,
    from: 'now.disabled || !roles.every((role) => now.roles.includes(role))',
    to: 'now.disabled',
    tests: [`${SESSIONS}/standing.test.ts`],
  },
  {
    guard: 'sessions: a password that was changed meanwhile would still sign in',
    file: `${SESSIONS}/service.ts`,
    from: 'if (version !== undefined && now?.version !== version) return false;',
    to: '',
    tests: [`${SESSIONS}/standing.test.ts`],
  },
  {
    guard: 'sessions: a session that rotated since it was listed could not be ended',
    file: `${SESSIONS}/service.ts`,
    from: 'const there = await env.stores.sessions.remove(record.hash);',
    to: 'const there = await env.stores.sessions.remove(hash);',
    tests: [`${SESSIONS}/sessions.test.ts`],
  },
  {
    guard: 'accounts: a disabled account would go on in the sessions it has',
    file: 'packages/accounts/src/disabling.ts',
    from: "{ disabled: true }))) return 'conflict';\n    await told(id);",
    to: "{ disabled: true }))) return 'conflict';",
    tests: ['packages/accounts/src/accounts.test.ts'],
  },
];
