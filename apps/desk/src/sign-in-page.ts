/**
 * Where a browser asks for a page that only signed-in people get, it is sent to sign in and comes back after that.
 * Everything else that asks keeps the plain 401. The rule of access still decides: this step only speaks first.
 * @module
 */
import { protection, routerTarget, wantsPage } from '@dewar/core';
import type { CheckStep, Context, Denial, Protection, Reply, Rule, Verdict } from '@dewar/core';

export interface SignInPageOptions {
  /** Path of the page; it is given `?next=` with the path to come back to. @default '/sign-in' */
  readonly path: string;
}

/** Sends navigations of guests to the sign-in page. */
export const signInPage: Protection<SignInPageOptions, undefined> = protection<SignInPageOptions>({
  name: 'signInPage',
  defaults: Object.freeze({ path: '/sign-in' }),
  codes: [],
  detectable: false,
  check: ({ path }, at) =>
    /^\/(?!\/)[\w/-]*$/.test(path)
      ? []
      : [{ option: `${at}.path`, wrong: `"${path}" is no path of this site`, write: `write '/sign-in'` }],
  compile({ route, options }) {
    const reads = route.method === 'GET' || route.method === 'HEAD';
    if (!reads || route.notFound || route.access === undefined || isPublic(route.access)) return [];
    return [{ place: 'identity', run: (c) => (wantsPage(c.facts) ? sendGuests(c, options.path) : null) }];
  },
});

function sendGuests(c: Context, path: string): ReturnType<CheckStep['run']> {
  const denial = c.kernel.identify(c);
  const decide = (found: Denial | null): Verdict =>
    found !== null || c.identity?.kind !== 'anonymous'
      ? found
      : redirect(`${path}?next=${encodeURIComponent(routerTarget(c.facts))}`);
  return denial instanceof Promise ? denial.then(decide) : decide(denial);
}

function redirect(location: string): Reply {
  return { reply: 303, headers: ['location', location, 'cache-control', 'no-store'] };
}

/** `anyone()`, alone or with a reason for its objects. */
function isPublic(rule: Rule): boolean {
  if (rule.kind === 'all') return rule.rules.every((part) => part.kind === 'shared' || isPublic(part));
  return rule.kind === 'anyone';
}
