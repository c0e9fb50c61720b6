/**
 * What shows only when csrf stands beside routes, cookies and other credentials.
 * @module
 */
import { isDetect } from '../kernel/index.ts';
import type { Combination } from '../kernel/index.ts';
import { CSRF_DEFAULTS } from './policy.ts';

/** What pages and all routes must agree on, so no route can have its own. */
const ONE_FOR_ALL = ['field', 'header', 'cookie', 'bindingCookie'];

/** A token is made for the whole application: a route that looked for it elsewhere would refuse everybody. */
export const oneNameForAll: Combination = {
  id: 'csrf/route-names',
  check: (_policy, routes) =>
    routes.flatMap(({ method, path, overrides }) =>
      Object.keys(overrides['csrf'] ?? {})
        .filter((name) => ONE_FOR_ALL.includes(name))
        .map((name) => ({
          option: `${method} ${path}: csrf.${name}`,
          wrong: 'stands on one route, but pages make tokens for all of them',
          write: `set csrf.${name} in the policy`,
        })),
    ),
};

/** The cookies protection's options, as far as csrf must agree with them. */
interface CookieNames {
  readonly exceptions: Readonly<Record<string, { readonly readable?: boolean; readonly sameSite?: string }>>;
}
const COOKIES: { readonly name: string; readonly defaults: CookieNames } = {
  name: 'cookies',
  defaults: { exceptions: {} },
};
const CSRF = { name: 'csrf', defaults: CSRF_DEFAULTS } as const;

/** The cookies protection prefixes every name that it does not know, and makes no cookie readable without a reason. */
export const cookieNames: Combination = {
  id: 'csrf/cookie-names',
  check(policy) {
    const own = policy.options(CSRF);
    const cookies = policy.options(COOKIES);
    if (own === null || cookies === null) return [];
    const { cookie, bindingCookie } = own;
    const fault = (option: string, wrong: string, name: string, what: string) => ({
      option,
      wrong,
      write: `write cookies: { exceptions: { '${name}': { ${what}reason: 'why' } } }`,
    });
    const wrongCookie =
      cookie !== false && cookies.exceptions[cookie]?.readable !== true
        ? [fault('csrf.cookie', `${cookie} is not readable by scripts`, cookie, 'readable: true, ')]
        : [];
    const known = bindingCookie.startsWith('__') || Object.hasOwn(cookies.exceptions, bindingCookie);
    return known
      ? wrongCookie
      : [...wrongCookie, fault('csrf.bindingCookie', `${bindingCookie} would get a prefix`, bindingCookie, '')];
  },
};

/** Sessions have a check of their own; this one is for what the application itself resolves (`policy.identity`). */
export const offWithAmbient: Combination = {
  id: 'csrf/off-with-ambient-credentials',
  check(policy) {
    const kinds = policy.kernel.resolvers.filter(({ ambient }) => ambient).map(({ kind }) => kind);
    if (kinds.length === 0 || policy.on('csrf')) return [];
    return [
      {
        option: 'csrf',
        wrong: `is off, and browsers attach ${kinds.join(', ')} to other sites' requests too`,
        write: `turn it on, or take credentials that scripts must send: a resolver with ambient: false`,
      },
    ];
  },
};

/** The sessions protection's options, as far as csrf must know them. */
const SESSIONS: { readonly name: string; readonly defaults: { readonly name: string } } = {
  name: 'sessions',
  defaults: { name: '' },
};

/** SameSite is what holds while csrf only observes: without it nothing stands between another site and the session. */
export const observingWithoutSameSite: Combination = {
  id: 'csrf/detect-with-cross-site-session',
  check(policy, routes) {
    const name = policy.options(SESSIONS)?.name ?? '';
    if (policy.options(COOKIES)?.exceptions[name]?.sameSite !== 'None') return [];
    const whole = policy.detectOf('csrf') === null ? [] : ['csrf.mode'];
    const single = routes
      .filter(({ overrides }) => isDetect((overrides['csrf'] as { readonly mode?: unknown } | undefined)?.mode))
      .map(({ method, path }) => `${method} ${path}: csrf.mode`);
    return [...whole, ...single].map((option) => ({
      option,
      wrong: `only observes, and ${name} is sent with other sites' requests (SameSite=None)`,
      write: `enforce, or leave sameSite out of cookies.exceptions["${name}"]`,
    }));
  },
};
