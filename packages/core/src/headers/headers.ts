/**
 * The response fields that tell browsers what this application never does. Constant for a route, joined at start.
 * @module
 */
import { protection } from '../kernel/index.ts';
import type { FieldList, Protection } from '../kernel/index.ts';
import { checkHeaders, HEADERS_DEFAULTS } from './policy.ts';
import type { FeatureAllowList, HeadersOptions } from './policy.ts';

/** All fields of the options as a flat list. */
export function headerFields(options: HeadersOptions): FieldList {
  const fields: string[] = [];
  const add = (name: string, value: string | false): void => {
    if (value !== false) fields.push(name, value);
  };
  add('x-content-type-options', options.contentTypeOptions && 'nosniff');
  add('x-frame-options', options.frameOptions);
  add('referrer-policy', options.referrerPolicy);
  add('permissions-policy', options.permissionsPolicy && permissions(options.permissionsPolicy));
  add('cross-origin-opener-policy', options.openerPolicy);
  add('cross-origin-resource-policy', options.resourcePolicy);
  add('cross-origin-embedder-policy', options.embedderPolicy);
  add('origin-agent-cluster', options.originAgentCluster && '?1');
  add('x-dns-prefetch-control', options.noDnsPrefetch && 'off');
  add('x-permitted-cross-domain-policies', options.noCrossDomainPolicies && 'none');
  add('x-download-options', options.noOpenDownloads && 'noopen');
  add('x-xss-protection', options.noXssFilter && '0');
  return fields;
}

/** Permissions-Policy as a structured-field dictionary (RFC 9651). */
function permissions(policy: Readonly<Record<string, FeatureAllowList>>): string {
  return Object.entries(policy)
    .map(
      ([feature, list]) =>
        `${feature}=(${list.map((origin) => (origin === 'self' ? 'self' : `"${origin}"`)).join(' ')})`,
    )
    .join(', ');
}

/** Options that let through what the default stops. */
function weaker(options: HeadersOptions): string[] {
  const names = Object.keys(HEADERS_DEFAULTS) as (keyof HeadersOptions)[];
  return names.filter((name) => {
    if (name === 'frameOptions') return options.frameOptions !== 'DENY';
    if (name === 'referrerPolicy') return !['no-referrer', 'same-origin'].includes(String(options.referrerPolicy));
    if (name === 'permissionsPolicy') return permitsMore(options.permissionsPolicy);
    if (name === 'openerPolicy')
      return options.openerPolicy !== 'same-origin' && options.openerPolicy !== 'noopener-allow-popups';
    if (name === 'resourcePolicy') return options.resourcePolicy !== 'same-origin';
    return HEADERS_DEFAULTS[name] !== false && options[name] === false;
  });
}

/** True where a feature that the default denies is granted, or no longer spoken of. */
function permitsMore(policy: HeadersOptions['permissionsPolicy']): boolean {
  if (policy === false) return true;
  return Object.entries(POLICY_DEFAULTS).some(([feature, allowed]) => {
    const here = policy[feature];
    return here === undefined || here.some((origin) => !allowed.includes(origin));
  });
}

const POLICY_DEFAULTS: Readonly<Record<string, FeatureAllowList>> = HEADERS_DEFAULTS.permissionsPolicy || {};

/** The protection. It vetoes nothing, so there is nothing to observe. */
export const headers: Protection<HeadersOptions, undefined> = protection({
  name: 'headers',
  defaults: HEADERS_DEFAULTS,
  codes: [],
  detectable: false,
  check: checkHeaders,
  weaker,
  compile({ options }) {
    const fields = headerFields(options);
    return [{ place: 'headers', head: () => fields }];
  },
});
