/**
 * Options of `csrf`, their defaults and their check.
 * @module
 */
import type { CheckEnv, ConfigFault, Profile } from '../kernel/index.ts';

export interface CsrfOptions {
  /**
   * Other origins whose pages may send requests that change things, as people's browsers send them: with their cookies.
   * Exact: `https://www.example.com`. Whoever can run a script there can act as anybody who is signed in here.
   * @default []
   */
  readonly trustedOrigins: readonly string[];
  /**
   * Form field that carries the token.
   * @default '_csrf'
   */
  readonly field: string;
  /**
   * Request field that carries the token, for scripts that read it from the page's meta tag. Lower-case.
   * @default 'x-csrf-token'
   */
  readonly header: string;
  /**
   * A cookie that scripts can read (`XSRF-TOKEN`) and send back in `x-xsrf-token`, for single-page applications.
   * @default false
   */
  readonly cookie: string | false;
  /**
   * Cookie that tokens are bound to until somebody signs in; ends with the browser. A name without the prefix
   * `__Host-` can be set by any sibling subdomain, which then knows a token that fits, so it needs a `reason`.
   * @default '__Host-csrf'
   */
  readonly bindingCookie: string;
}

/** Nobody trusted but ourselves; no cookie that scripts can read. */
export const CSRF_DEFAULTS: Readonly<CsrfOptions> = Object.freeze({
  trustedOrigins: Object.freeze([]),
  field: '_csrf',
  header: 'x-csrf-token',
  cookie: false,
  bindingCookie: '__Host-csrf',
});

/** Where the cookie's value comes back; the name that Angular, Axios and others use unasked. */
export const COOKIE_HEADER = 'x-xsrf-token';

const FIELD = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const HEADER = /^[a-z][a-z0-9-]{0,63}$/;
const COOKIE = /^[A-Za-z0-9_-]{1,64}$/;

/** Faults of the options, each with what to write instead. */
export function checkCsrf(options: CsrfOptions, at: string, env: CheckEnv): ConfigFault[] {
  const { trustedOrigins, field, header, cookie, bindingCookie } = options;
  const faults: ConfigFault[] = [];
  if (Array.isArray(trustedOrigins)) {
    trustedOrigins.forEach((origin: unknown, index) => {
      const fault = originFault(origin, env.profile);
      if (fault !== undefined) faults.push({ option: `${at}.trustedOrigins[${index}]`, ...fault });
    });
  } else
    faults.push({ option: `${at}.trustedOrigins`, wrong: 'is no list', write: `write ['https://www.example.com']` });
  if (!matches(FIELD, field) || field === '__proto__' || field === 'constructor') {
    faults.push({ option: `${at}.field`, wrong: 'is no name for a form field', write: `write '_csrf'` });
  }
  if (!matches(HEADER, header)) {
    const lower = typeof header === 'string' && HEADER.test(header.toLowerCase()) ? header.toLowerCase() : undefined;
    const wrong = lower === undefined ? 'is no name for a request field' : 'is not in lower case';
    faults.push({ option: `${at}.header`, wrong, write: `write '${lower ?? CSRF_DEFAULTS.header}'` });
  }
  if (cookie !== false && !matches(COOKIE, cookie)) {
    faults.push({ option: `${at}.cookie`, wrong: 'is no cookie name', write: `write 'XSRF-TOKEN', or false` });
  }
  if (!matches(COOKIE, bindingCookie)) {
    faults.push({ option: `${at}.bindingCookie`, wrong: 'is no cookie name', write: `write '__Host-csrf'` });
  } else if (cookie === bindingCookie) {
    const wrong = 'is the binding cookie, which no script may read';
    faults.push({ option: `${at}.cookie`, wrong, write: `write 'XSRF-TOKEN'` });
  }
  return faults;
}

function matches(form: RegExp, value: unknown): boolean {
  return typeof value === 'string' && form.test(value);
}

const LOOPBACK = /^http:\/\/(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

type Fault = Pick<ConfigFault, 'wrong' | 'write'>;

/** Origins are compared as texts, so only the one spelling that browsers send is taken. */
function originFault(origin: unknown, profile: Profile): Fault | undefined {
  if (typeof origin !== 'string') return { wrong: 'is no text', write: `write 'https://www.example.com'` };
  if (origin === 'null') {
    return { wrong: '"null" is every sandboxed frame and local file there is', write: 'leave it out' };
  }
  if (origin.includes('*')) {
    const write = 'name each origin: "https://www.example.com"';
    return { wrong: `"${origin}" has a wildcard, and one forgotten subdomain would be trusted`, write };
  }
  const text = origin.trim();
  const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  const write = parsed === null || parsed.hostname === '' ? 'https://www.example.com' : `https://${parsed.host}`;
  // The server of a front end that somebody works on; production knows none.
  if (profile === 'development' && parsed?.origin === origin && LOOPBACK.test(origin)) return undefined;
  if (/^http:/i.test(origin)) {
    const wrong = `"${origin}" is clear text: whoever sits on the network speaks for it`;
    return { wrong, write: `write "${write}", and serve it over https` };
  }
  if (parsed !== null && parsed.protocol === 'https:' && parsed.origin === origin) return undefined;
  const wrong = origin.endsWith('/') ? `"${origin}" ends in "/"` : `"${origin}" is not what browsers send as Origin`;
  return { wrong, write: `write "${write}"` };
}
