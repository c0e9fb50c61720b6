/**
 * What a page elsewhere may do, as one pure function of the request's own words and the rules of its path.
 * @module
 */
import type { RequestFacts } from '../kernel/index.ts';
import { refusals } from './denials.ts';
import type { Decision, Refusals } from './denials.ts';
import type { Resource } from './resources.ts';

/** What is read of a request. */
export type Signals = Pick<RequestFacts, 'method' | 'kind' | 'origin' | 'header'>;

/** Nobody elsewhere asks, or nobody who means to read. */
export const PASS: Decision = Object.freeze({ verdict: null, fields: Object.freeze([]) });
const NO_RULE: Refusals = refusals();

/** Decides on a request. `resource` is the one its path belongs to. */
export function decide(facts: Signals, resource: Resource | undefined): Decision {
  const origin = facts.header('origin');
  if (origin === undefined || isOurs(facts, origin)) return unasked(facts, resource);
  if (facts.kind !== 'request') return PASS;
  const wanted = facts.method === 'OPTIONS' ? facts.header('access-control-request-method') : undefined;
  if (wanted !== undefined) return preflight(facts, origin, wanted, resource);
  const granted = resource?.rules.get(facts.method)?.grant(origin);
  if (granted !== undefined) return granted.actual;
  return reads(facts) ? refusal(origin, resource) : PASS;
}

/** What everybody may read says so to all: caches keep the answer that nobody asked for from elsewhere. */
function unasked({ method }: Signals, resource: Resource | undefined): Decision {
  const rule = resource?.rules.get(method);
  return rule?.any === true ? rule.grant('*')!.actual : PASS;
}

/** The browser says that the page is ours or that a person typed the address; an old one says only which origin. */
function isOurs(facts: Signals, origin: string): boolean {
  const site = facts.header('sec-fetch-site');
  return site === undefined ? origin === facts.origin : site === 'same-origin' || site === 'none';
}

/**
 * A script elsewhere wants the answer. Forms and links do not, whatever their Origin: those are for `csrf`. An old
 * browser sends Origin with GET for scripts only.
 */
function reads(facts: Signals): boolean {
  const mode = facts.header('sec-fetch-mode');
  if (mode !== undefined) return mode === 'cors';
  return facts.header('sec-fetch-site') === undefined && (facts.method === 'GET' || facts.method === 'HEAD');
}

/** Which of the two it was that a rule did not let in. */
function refusal(origin: string, resource: Resource | undefined): Decision {
  if (resource === undefined) return NO_RULE.origin;
  for (const rule of resource.rules.values()) if (rule.grant(origin) !== undefined) return resource.refusals.method;
  return resource.refusals.origin;
}

function preflight(facts: Signals, origin: string, method: string, resource: Resource | undefined): Decision {
  const rule = resource?.rules.get(method);
  const granted = rule?.grant(origin);
  if (resource === undefined || rule === undefined || granted === undefined) return refusal(origin, resource);
  const { refusals: refused } = resource;
  const names = facts.header('access-control-request-headers');
  if (names !== undefined && !allNamed(names, rule.headers)) return refused.header;
  if (facts.header('access-control-request-private-network') !== 'true') return granted.preflight;
  return granted.privateNetwork ?? refused.privateNetwork;
}

function allNamed(list: string, named: ReadonlySet<string>): boolean {
  for (const one of list.split(',')) {
    const name = one.trim().toLowerCase();
    if (name !== '' && !named.has(name)) return false;
  }
  return true;
}
