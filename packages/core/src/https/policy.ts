/**
 * Options of `https`, their defaults and their check.
 * @module
 */
import type { CheckEnv, ConfigFault } from '../kernel/index.ts';

export interface HstsOptions {
  /** Seconds that browsers remember. @default 31536000, one year */
  readonly maxAge: number;
  /** Covers every subdomain, so each of them must be served over https. @default true */
  readonly includeSubDomains: boolean;
  /** Asks to be built into browsers, which takes months to undo. @default false */
  readonly preload: boolean;
}

export interface HttpsOptions {
  /** Answers clear text with 308 to the same path over https. @default true, and nothing in development */
  readonly redirect: boolean;
  /** Host of the redirect, with its port if it is not 443. @default '', the canonical host of `hosts` */
  readonly host: string;
  /** Paths answered in clear text as well: exact, or everything below with a final `/*`. For health checks and ACME. @default [] */
  readonly skip: readonly string[];
  /** Strict-Transport-Security (RFC 6797), sent over https only; `false` leaves it out. @default one year with subdomains */
  readonly hsts: HstsOptions | false;
}

/** Seconds. */
export const YEAR = 31_536_000;

/** One year of HSTS, subdomains included, redirect everywhere. */
export const HTTPS_DEFAULTS: Readonly<HttpsOptions> = Object.freeze({
  redirect: true,
  host: '',
  skip: Object.freeze([]),
  hsts: Object.freeze({ maxAge: YEAR, includeSubDomains: true, preload: false }),
});

/** Faults of the options. */
export function checkHttps(options: HttpsOptions, at: string, _env: CheckEnv): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const { host, skip, hsts } = options;
  if (host !== '' && !/^[a-z0-9._-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/.test(host)) {
    faults.push({
      option: `${at}.host`,
      wrong: `"${host}" is no host`,
      write: `write "desk.example" or "desk.example:8443"`,
    });
  }
  if (!Array.isArray(skip)) faults.push({ option: `${at}.skip`, wrong: 'is no list', write: `write ['/healthz']` });
  else
    skip.forEach((path: unknown, index) => {
      if (typeof path === 'string' && /^\/[^*?#]*(\/\*)?$/.test(path) && path !== '/*') return;
      faults.push({
        option: `${at}.skip[${index}]`,
        wrong: `"${String(path)}" is no path`,
        write: `write an exact path, "/healthz", or a folder, "/.well-known/acme-challenge/*"`,
      });
    });
  if (hsts === false) return faults;
  if (!Number.isInteger(hsts.maxAge) || hsts.maxAge < 0) {
    faults.push({ option: `${at}.hsts.maxAge`, wrong: 'is no whole number of seconds', write: `write ${YEAR}` });
  }
  if (hsts.preload && (hsts.maxAge < YEAR || !hsts.includeSubDomains)) {
    faults.push({
      option: `${at}.hsts.preload`,
      wrong: 'the preload list takes no policy under one year or without subdomains',
      write: `write { maxAge: ${YEAR}, includeSubDomains: true, preload: true }`,
    });
  }
  return faults;
}
