/**
 * Everything over TLS: a 308 that keeps the method and cannot be steered by the Host header, and HSTS, which is
 * meaningless in clear text and therefore sent over https only (RFC 6797, 7.2).
 * @module
 */
import { protection } from '../kernel/index.ts';
import type { Denial, FieldList, Protection, RequestFacts } from '../kernel/index.ts';
import { checkHttps, HTTPS_DEFAULTS, YEAR } from './policy.ts';
import type { HstsOptions, HttpsOptions } from './policy.ts';

export type HttpsCode = 'https/redirect' | 'https/required';

/** No host to send people to is known, so nothing is answered in clear text. */
const REQUIRED: Denial = Object.freeze({
  code: 'https/required' satisfies HttpsCode,
  status: 403,
  by: 'https',
  option: 'https.host',
  input: 'connection',
});

/** The redirect, as a denial: what follows in the pipeline never sees the request. */
function redirectTo(host: string, facts: Pick<RequestFacts, 'rawTarget' | 'path'>): Denial {
  const query = facts.rawTarget.indexOf('?');
  const location = `https://${host}${facts.path}${query < 0 ? '' : facts.rawTarget.slice(query)}`;
  return {
    code: 'https/redirect' satisfies HttpsCode,
    status: 308,
    by: 'https',
    option: 'https.redirect',
    input: 'connection',
    headers: ['location', location],
  };
}

/** Whether a path is served in clear text on purpose. */
function skips(skip: readonly string[]): (path: string) => boolean {
  const exact = new Set(skip.filter((path) => !path.endsWith('/*')));
  const folders = skip.filter((path) => path.endsWith('/*')).map((path) => path.slice(0, -1));
  if (skip.length === 0) return () => false;
  return (path) => exact.has(path) || folders.some((folder) => path.startsWith(folder));
}

/** Value of Strict-Transport-Security. */
export function hstsValue({ maxAge, includeSubDomains, preload }: HstsOptions): string {
  return `max-age=${maxAge}${includeSubDomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`;
}

/** The protection. In development, which binds loopback only, neither redirect nor HSTS is sent. */
export const https: Protection<HttpsOptions, undefined> = protection({
  name: 'https',
  defaults: HTTPS_DEFAULTS,
  codes: ['https/redirect', 'https/required'],
  detectable: false,
  check: checkHttps,
  weaker: ({ redirect, hsts, skip }) => [
    ...(redirect ? [] : ['redirect']),
    ...(skip.length === 0 ? [] : ['skip']),
    ...(hsts === false || hsts.maxAge < YEAR || !hsts.includeSubDomains ? ['hsts'] : []),
  ],
  compile({ options, env }) {
    if (env.profile === 'development') return [];
    const host = options.host === '' ? (env.part('hosts')?.canonical ?? '') : options.host;
    const skip = skips(options.skip);
    const hsts: FieldList = options.hsts === false ? [] : ['strict-transport-security', hstsValue(options.hsts)];
    return [
      {
        place: 'https',
        run({ facts }) {
          if (facts.secure || !options.redirect || skip(facts.path)) return null;
          return host === '' ? REQUIRED : redirectTo(host, facts);
        },
      },
      { place: 'headers', head: ({ secure }) => (secure ? hsts : []) },
    ];
  },
  combinations: [
    {
      id: 'https/no-redirect-host',
      check(policy) {
        const own = policy.options(https);
        if (own === null || !own.redirect || own.host !== '' || policy.profile === 'development') return [];
        // From the options: while there are faults, no protection has a state to ask.
        const known = policy.options<{ readonly allowed: readonly string[] }>({
          name: 'hosts',
          defaults: { allowed: [] },
        });
        if (known?.allowed.some((entry) => !entry.startsWith('*.')) === true) return [];
        return [
          {
            option: 'https.host',
            wrong: 'nobody knows which host to redirect to, and the Host header must not decide',
            write: `write https: { host: 'desk.example' }, or a plain name in hosts.allowed`,
          },
        ];
      },
    },
  ],
});
