/**
 * What makes sessions worthless beside them. Production does not start with one of these, whatever reason was given.
 * @module
 */
import type { Combination } from '../kernel/index.ts';
import { SESSIONS_DEFAULTS } from './policy.ts';

const SELF = { name: 'sessions', defaults: SESSIONS_DEFAULTS } as const;

interface Exceptions {
  readonly exceptions: Readonly<Record<string, { readonly readable?: boolean; readonly sameSite?: string }>>;
}
const COOKIES = { name: 'cookies', defaults: { exceptions: {} } as Exceptions } as const;

export const sessionCombinations: readonly Combination[] = [
  {
    id: 'sessions/without-cookies',
    check: (policy) =>
      policy.on('sessions') && !policy.on('cookies')
        ? [
            {
              option: 'cookies',
              wrong: 'is off, and sessions live in a cookie that somebody must guard',
              write: `turn it on, or sessions off as well: sessions: off('bearer-only API, no cookies')`,
            },
          ]
        : [],
  },
  {
    id: 'csrf/off-with-cookie-sessions',
    check(policy) {
      // Observing, for a reason and until a date, is how csrf is rolled out; `policy.weakened` says so at every start.
      if (!policy.on('sessions') || policy.on('csrf')) return [];
      return [
        {
          option: 'csrf',
          wrong: `is off, and browsers send the session cookie with other sites' requests too`,
          write: `turn it on, or sessions off as well: sessions: off('bearer-only API, no cookies')`,
        },
      ];
    },
  },
  {
    id: 'sessions/readable-cookie',
    check(policy) {
      const name = policy.options(SELF)?.name ?? '';
      return policy.options(COOKIES)?.exceptions[name]?.readable === true
        ? [
            {
              option: `cookies.exceptions["${name}"].readable`,
              wrong: 'is the session: one injected script would take it away',
              write: 'leave it out; give the page what it needs in another cookie',
            },
          ]
        : [];
    },
  },
];
