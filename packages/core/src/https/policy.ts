/**
 * Options of `https`, their defaults and their check.
 * @module
 */
import { unknownKeys } from '../kernel/index.ts';
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
  const { redirect, host, skip, hsts } = options;
  if (typeof redirect !== 'boolean') faults.push(noBoolean(`${at}.redirect`));
  if (typeof host !== 'string')
    faults.push({ option: `${at}.host`, wrong: 'is no text', write: `write "desk.example"` });
  else if (host !== '' && !/^[a-z0-9._-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/.test(host)) {
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
  return hsts === false ? faults : [...faults, ...hstsFaults(hsts, `${at}.hsts`)];
}

function hstsFaults(hsts: unknown, at: string): ConfigFault[] {
  const write = `write { maxAge: ${YEAR}, includeSubDomains: true, preload: false }`;
  if (typeof hsts !== 'object' || hsts === null) return [{ option: at, wrong: 'is no policy', write }];
  const { maxAge, includeSubDomains, preload } = hsts as HstsOptions;
  const faults = unknownKeys(hsts, ['maxAge', 'includeSubDomains', 'preload'], at);
  if (!Number.isInteger(maxAge) || maxAge < 0) {
    faults.push({ option: `${at}.maxAge`, wrong: 'is no whole number of seconds', write: `write ${YEAR}` });
  }
  if (typeof includeSubDomains !== 'boolean') faults.push(noBoolean(`${at}.includeSubDomains`));
  if (typeof preload !== 'boolean') faults.push(noBoolean(`${at}.preload`));
  if (faults.length === 0 && preload && (maxAge < YEAR || !includeSubDomains)) {
    faults.push({
      option: `${at}.preload`,
      wrong: 'the preload list takes no policy under one year or without subdomains',
      write: write.replace('preload: false', 'preload: true'),
    });
  }
  return faults;
}

function noBoolean(option: string): ConfigFault {
  return { option, wrong: 'is neither true nor false', write: 'write true or false' };
}
