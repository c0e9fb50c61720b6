/**
 * Refuses requests for a host that is not ours: DNS rebinding, cache poisoning and poisoned links in mails all
 * begin with a Host header that somebody believed.
 * @module
 */
import { protection } from '../kernel/index.ts';
import type { Denial, HostsPart, Profile, Protection } from '../kernel/index.ts';
import { checkHosts, HOSTS_DEFAULTS } from './policy.ts';
import type { HostsOptions } from './policy.ts';

export type HostsCode = 'hosts/not-allowed';

/** 421, RFC 9110 15.5.20: the request came to a server that does not answer for this authority. */
const NOT_ALLOWED: Denial = Object.freeze({
  code: 'hosts/not-allowed' satisfies HostsCode,
  status: 421,
  by: 'hosts',
  option: 'hosts.allowed',
  input: 'host',
});

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Compiles the list to two look-ups. Development, which binds loopback only, is reached by its names as well. */
export function compileHosts(allowed: readonly string[], profile: Profile): HostsPart {
  const list = profile === 'development' ? [...allowed, ...LOOPBACK] : allowed;
  const exact = new Set(list.filter((entry) => !entry.startsWith('*.')));
  const suffixes = list.filter((entry) => entry.startsWith('*.')).map((entry) => entry.slice(1));
  return {
    canonical: [...exact][0] ?? '',
    allows({ host, hostname }) {
      if (exact.has(hostname) || exact.has(host)) return true;
      // The facts have refused a name with an empty label, so something stands before the dot.
      for (const suffix of suffixes) if (hostname.endsWith(suffix) || host.endsWith(suffix)) return true;
      return false;
    },
  };
}

/** The protection. Host checks cannot only observe: every later answer may name the host. */
export const hosts: Protection<HostsOptions, HostsPart> = protection({
  name: 'hosts',
  defaults: HOSTS_DEFAULTS,
  codes: ['hosts/not-allowed'],
  detectable: false,
  check: checkHosts,
  setup: (options, env) => compileHosts(options.allowed, env.profile),
  compile({ options, own, route, env, state }) {
    const list = own ? compileHosts(options.allowed, env.profile) : state;
    const { withoutHost } = route;
    return [
      {
        place: 'hosts',
        run: ({ facts }) => (list.allows(facts) || (withoutHost && facts.host === '') ? null : NOT_ALLOWED),
      },
    ];
  },
});
