/**
 * Options of `cookies`, their defaults and their check.
 * @module
 */
import { reasonFault, unknownKeys } from '../kernel/index.ts';
import type { CheckEnv, Combination, ConfigFault } from '../kernel/index.ts';
import { isDomain, isName, isPath, prefixOf } from './grammar.ts';

export type SameSite = 'Strict' | 'Lax' | 'None';

/** In what one cookie may be weaker than all others. Its name is used exactly as it stands in the policy. */
export interface CookieException {
  /** Scripts may read it. Whoever can inject a script reads it too. */
  readonly readable?: true;
  /** `None` sends it with every cross-site request; browsers take that with Secure only. */
  readonly sameSite?: SameSite;
  /** Shares it with every host below this domain, and each of them can set it. */
  readonly domain?: string;
  /** Sends it below this path only. Keeps nobody out: scripts of other paths get at it. */
  readonly path?: string;
  /** Sends it in clear text as well, for whoever listens. */
  readonly insecure?: true;
  /** Why. Listed at start and by the audit. */
  readonly reason: string;
}

/** Options of `cookies`. Secure and HttpOnly are no options: only a named exception goes without. */
export interface CookiesOptions {
  /**
   * SameSite of every cookie that names no stricter one.
   * @default 'Lax'
   */
  readonly sameSite: 'Strict' | 'Lax';
  /**
   * Put before names that have none. `__Host-` keeps subdomains and clear text from planting a cookie in our place.
   * @default '__Host-'
   */
  readonly prefix: '__Host-' | '__Secure-' | '';
  /**
   * Most bytes of a name and its value together; browsers silently drop a cookie of more than 4096 (RFC 6265bis, 5.6).
   * @default 4096
   */
  readonly maxSize: number;
  /**
   * Most bytes of names and values that one response may set: they come back in one field, and the next request is
   * refused when that is too long (`facts.maxHeaderValue`).
   * @default 6144
   */
  readonly maxTotal: number;
  /**
   * Cookies that are weaker than all others, by exact name.
   * @default {}
   */
  readonly exceptions: Readonly<Record<string, CookieException>>;
}

/** Everything `__Host-`, Secure, HttpOnly, SameSite=Lax. */
export const COOKIES_DEFAULTS: Readonly<CookiesOptions> = Object.freeze({
  sameSite: 'Lax',
  prefix: '__Host-',
  maxSize: 4096,
  maxTotal: 6144,
  exceptions: Object.freeze({}),
});

const EXCEPTION_OPTIONS = ['readable', 'sameSite', 'domain', 'path', 'insecure', 'reason'];
const WRITE_EXCEPTION = `write { theme: { readable: true, reason: 'a script switches it' } }`;

/** Faults of the options. */
export function checkCookies(options: CookiesOptions, at: string, env: CheckEnv): readonly ConfigFault[] {
  if (env.route) {
    return [
      {
        option: at,
        wrong: 'a route has no cookies of its own: browsers send them to every route',
        write: 'set it in the policy',
      },
    ];
  }
  const { sameSite, prefix, exceptions } = options;
  const faults: ConfigFault[] = [];
  if (sameSite !== 'Lax' && sameSite !== 'Strict') {
    const write = `write 'Lax' or 'Strict'; 'None' for one cookie: exceptions: { name: { sameSite: 'None', reason } }`;
    faults.push({ option: `${at}.sameSite`, wrong: `${JSON.stringify(sameSite)} is no choice`, write });
  }
  if (!['__Host-', '__Secure-', ''].includes(prefix)) {
    const write = `write '__Host-', '__Secure-' or ''`;
    faults.push({ option: `${at}.prefix`, wrong: `${JSON.stringify(prefix)} is no prefix browsers know`, write });
  }
  faults.push(...size(options, 'maxSize', 4096, at), ...size(options, 'maxTotal', 65_536, at));
  if (typeof exceptions !== 'object' || exceptions === null || Array.isArray(exceptions)) {
    return [...faults, { option: `${at}.exceptions`, wrong: 'is no set by name', write: WRITE_EXCEPTION }];
  }
  for (const [name, one] of Object.entries(exceptions)) {
    faults.push(...exceptionFaults(name, one, `${at}.exceptions["${name}"]`));
  }
  return faults;
}

function size(options: CookiesOptions, name: 'maxSize' | 'maxTotal', most: number, at: string): ConfigFault[] {
  const value = options[name];
  if (Number.isInteger(value) && value >= 1 && value <= most) return [];
  const write = `write ${COOKIES_DEFAULTS[name]}`;
  return [{ option: `${at}.${name}`, wrong: `${String(value)} is no whole number from 1 to ${most}`, write }];
}

function exceptionFaults(name: string, one: CookieException, at: string): ConfigFault[] {
  if (typeof one !== 'object' || one === null) {
    return [{ option: at, wrong: 'does not say what it may differ in', write: WRITE_EXCEPTION }];
  }
  const faults = [...unknownKeys(one, EXCEPTION_OPTIONS, at), ...reasonFault(one.reason, `${at}.reason`)];
  const add = (key: string, wrong: string, write: string): void => {
    faults.push({ option: `${at}.${key}`, wrong, write });
  };
  if (!isName(name)) faults.push({ option: at, wrong: 'is no name of a cookie', write: `write one such as 'theme'` });
  for (const key of ['readable', 'insecure'] as const) {
    if (one[key] !== undefined && one[key] !== true) add(key, 'can only be true', 'leave it out');
  }
  if (one.sameSite !== undefined && !['Strict', 'Lax', 'None'].includes(one.sameSite)) {
    add('sameSite', `${JSON.stringify(one.sameSite)} is no choice`, `write 'Strict', 'Lax' or 'None'`);
  }
  if (one.domain !== undefined && !isDomain(one.domain)) {
    add(
      'domain',
      `${JSON.stringify(one.domain)} is no domain`,
      `write 'example.com', in lower case, without a dot before`,
    );
  }
  if (one.path !== undefined && !isPath(one.path)) {
    add('path', `${JSON.stringify(one.path)} is no path`, `write '/account'`);
  }
  const rules = prefixOf(name);
  const prefix = name.slice(0, name.indexOf('-') + 1);
  const refused = `browsers refuse it for a name that begins with ${prefix}`;
  if (rules.secure && one.insecure === true) add('insecure', refused, 'leave it out, or choose another name');
  if (rules.host && one.domain !== undefined) add('domain', refused, 'leave it out, or choose another name');
  if (rules.host && one.path !== undefined && one.path !== '/') add('path', refused, `write '/', or another name`);
  if (rules.httpOnly && one.readable === true) add('readable', refused, 'leave it out, or choose another name');
  return faults;
}

/** Names of options below their defaults. Exceptions carry reasons of their own. */
export function weakerCookies({ prefix }: CookiesOptions): readonly string[] {
  return prefix === '__Host-' ? [] : ['prefix'];
}

const SELF = { name: 'cookies', defaults: COOKIES_DEFAULTS } as const;

export const cookieCombinations: readonly Combination[] = [
  {
    // What leaves has Secure all the same; whoever wrote this expects a cookie that no browser keeps.
    id: 'cookies/same-site-none-without-secure',
    check: (policy) =>
      Object.entries(policy.options(SELF)?.exceptions ?? {})
        .filter(([, { sameSite, insecure }]) => sameSite === 'None' && insecure === true)
        .map(([name]) => ({
          option: `cookies.exceptions["${name}"]`,
          wrong: 'SameSite=None without Secure: browsers refuse it, and it would travel in clear text',
          write: 'leave insecure out',
        })),
  },
];
