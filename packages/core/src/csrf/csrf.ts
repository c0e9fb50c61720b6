/**
 * Refuses requests that change something and were made by somebody else's page with our visitor's cookies.
 * @module
 */
import { isPromise, protection, Slot } from '../kernel/index.ts';
import type { Context, CookiesPart, CsrfPart, Denial, Env, MaybePromise, Protection, Step } from '../kernel/index.ts';
import { bindingOf, startBinding, writeCookie } from './binding.ts';
import { decide, isForm, isSafe } from './decide.ts';
import { cookieNames, observingWithoutSameSite, offWithAmbient, oneNameForAll } from './combinations.ts';
import {
  BAD_FIELD_TOKEN,
  BAD_HEADER_TOKEN,
  CREDENTIAL,
  CSRF_CODES,
  NO_FIELD_TOKEN,
  NO_HEADER_TOKEN,
} from './denials.ts';
import { checkCsrf, COOKIE_HEADER, CSRF_DEFAULTS } from './policy.ts';
import type { CsrfOptions } from './policy.ts';
import { createTokens } from './token.ts';
import type { Tokens } from './token.ts';

/** What `csrf.origin` left to be settled once more is known. */
const DUTY = new Slot<'token' | 'credential'>();
/** The response carries a token: it is for nobody else. */
const ISSUED = new Slot<true>();

/** Tokens of one kernel, for pages and steps. */
class CsrfTokens implements CsrfPart {
  readonly field: string;
  readonly #options: CsrfOptions;
  readonly #tokens: Tokens;
  readonly #cookies: CookiesPart | undefined;

  constructor(options: CsrfOptions, env: Env) {
    this.field = options.field;
    this.#options = options;
    this.#tokens = createTokens(env.keys, env.random);
    this.#cookies = env.part('cookies');
  }

  token(c: Context): MaybePromise<string> {
    const who = c.who();
    return isPromise(who) ? who.then(() => this.#issue(c)) : this.#issue(c);
  }

  #issue(c: Context): string {
    const { bindingCookie } = this.#options;
    const binding = bindingOf(c, bindingCookie) || startBinding(c, bindingCookie, this.#cookies);
    c.touchedSession = true;
    ISSUED.set(c, true);
    return this.#tokens.make(binding);
  }

  /** The token in the request fields, where there is one. The cookie's own value is never read: it may be anybody's. */
  sent(c: Context): string | undefined {
    const { header, cookie } = this.#options;
    const token = c.facts.header(header);
    if (token !== undefined || cookie === false) return token;
    return c.facts.header(COOKIE_HEADER);
  }

  /** Judges a token once it is known who asks. */
  judge(c: Context, token: unknown, bad: Denial): MaybePromise<Denial | null> {
    const denial = c.kernel.identify(c);
    if (isPromise(denial)) return denial.then((late) => late ?? this.#judge(c, token, bad));
    return denial ?? this.#judge(c, token, bad);
  }

  #judge(c: Context, token: unknown, bad: Denial): Denial | null {
    return this.#tokens.holds(token, bindingOf(c, this.#options.bindingCookie)) ? null : bad;
  }

  /** Hands the token to a single-page application, as often as its session changes and no more. */
  refresh(c: Context, name: string): void {
    if (c.identity?.kind !== 'account' && ISSUED.get(c) === undefined) return;
    const binding = bindingOf(c, this.#options.bindingCookie);
    if (binding === '' || this.#tokens.holds(c.facts.cookies[name], binding)) return;
    ISSUED.set(c, true);
    writeCookie(c, this.#cookies, name, this.#tokens.make(binding), true);
  }
}

/** A bearer or key that came from elsewhere counts for itself only. */
function authenticated(c: Context): MaybePromise<Denial | null> {
  const denial = c.kernel.identify(c);
  if (isPromise(denial)) return denial.then((late) => late ?? somebody(c));
  return denial ?? somebody(c);
}

function somebody(c: Context): Denial | null {
  return c.identity?.kind === 'anonymous' ? CREDENTIAL : null;
}

/** The field's value; not a text where it stands twice. */
function fieldOf(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined;
  return (body as Readonly<Record<string, unknown>>)[name];
}

const PERSONAL: Step = {
  place: 'cache',
  finish(c, head) {
    if (ISSUED.get(c) === undefined) return;
    head.set('cache-control', 'no-store');
    head.vary.push('Cookie');
  },
};

function compileSteps(
  trusted: ReadonlySet<string>,
  tokens: CsrfTokens,
  cookie: string | false,
  sessions: boolean,
): Step[] {
  const steps: Step[] = [
    {
      place: 'csrf.origin',
      run(c) {
        if (isSafe(c.facts)) return null;
        const decision = decide(c.facts, c.kernel.credentials(c), trusted);
        if (typeof decision !== 'string') return decision;
        if (decision !== 'pass') DUTY.set(c, decision);
        return null;
      },
    },
    {
      place: 'csrf.header',
      run(c) {
        const duty = DUTY.get(c);
        if (duty === undefined) return null;
        if (duty === 'credential') return authenticated(c);
        const token = tokens.sent(c);
        if (token !== undefined) return tokens.judge(c, token, BAD_HEADER_TOKEN);
        // No page of ours puts a token into any other body, so that one need not be read to be refused.
        if (!isForm(c.facts)) return NO_HEADER_TOKEN;
        c.tokenOwed = true;
        return null;
      },
    },
    {
      place: 'csrf.field',
      run(c) {
        if (!c.tokenOwed) return null;
        c.tokenOwed = false;
        const token = fieldOf(c.body, tokens.field);
        return token === undefined ? NO_FIELD_TOKEN : tokens.judge(c, token, BAD_FIELD_TOKEN);
      },
    },
  ];
  // A token makes the response one person's; where there are sessions, they say so for both.
  if (!sessions) steps.push(PERSONAL);
  if (cookie !== false) steps.push({ place: 'cookies', finish: (c) => tokens.refresh(c, cookie) });
  return steps;
}

/** The protection. Names of fields and cookies are the policy's for every route; trusted origins may be a route's. */
export const csrf: Protection<CsrfOptions, CsrfTokens> = protection<CsrfOptions, CsrfTokens>({
  name: 'csrf',
  defaults: CSRF_DEFAULTS,
  codes: CSRF_CODES,
  detectable: true,
  check: checkCsrf,
  weaker: ({ bindingCookie }) => (bindingCookie.startsWith('__Host-') ? [] : ['bindingCookie']),
  setup: (options, env) => new CsrfTokens(options, env),
  compile: ({ options, env, state }) =>
    compileSteps(new Set(options.trustedOrigins), state, options.cookie, env.part('sessions') !== undefined),
  combinations: [oneNameForAll, cookieNames, offWithAmbient, observingWithoutSameSite],
});
