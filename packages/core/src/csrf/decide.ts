/**
 * Where a request comes from, as browsers tell it themselves (Fetch Metadata, Origin), and what follows: the decision
 * table of the README, rows from the top, as one pure function.
 * @module
 */
import type { Credentials, Denial, RequestFacts } from '../kernel/index.ts';
import { CROSS_SITE, FOREIGN_ORIGIN, SAME_SITE } from './denials.ts';

/** What the table reads of a request. */
export type Signals = Pick<RequestFacts, 'method' | 'kind' | 'origin' | 'header'>;

/** A refusal; or nothing more is asked; or a token is owed; or the bearer or key must turn out to be good. */
export type Decision = Denial | 'pass' | 'token' | 'credential';

/** True for requests that change nothing (RFC 9110, 9.2.1). Whatever is not known here counts as unsafe. */
export function isSafe({ method, kind }: Pick<Signals, 'method' | 'kind'>): boolean {
  // A websocket opens with GET and then carries whatever its page wants, with the cookies of whoever looks at it.
  return (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') && kind === 'request';
}

/** Decides on a request. `trusted` holds origins exactly as browsers write them. */
export function decide(facts: Signals, { ambient, explicit }: Credentials, trusted: ReadonlySet<string>): Decision {
  if (isSafe(facts)) return 'pass';
  const site = facts.header('sec-fetch-site');
  const origin = facts.header('origin');
  if (site === 'same-origin' || site === 'none' || isKnown(origin, site, facts.origin, trusted)) {
    // Without any credential it may be a sign-in: forged, it signs the victim in as the attacker.
    return (ambient || !explicit) && isForm(facts) ? 'token' : 'pass';
  }
  if (site === undefined && origin === undefined) return ambient || isForm(facts) ? 'token' : 'pass';
  if (explicit && !ambient) return 'credential';
  if (site === undefined) return FOREIGN_ORIGIN;
  // A value that no specification knows is nobody's promise.
  return site === 'same-site' ? SAME_SITE : CROSS_SITE;
}

/** A trusted origin, or, where the browser says nothing more exact, our own. */
function isKnown(
  origin: string | undefined,
  site: string | undefined,
  own: string,
  trusted: ReadonlySet<string>,
): boolean {
  if (origin === undefined || origin === '') return false;
  return trusted.has(origin) || (site === undefined && origin === own);
}

/** What a page can send elsewhere without asking (Fetch, 2.2.2: CORS-safelisted Content-Type). */
const FORM_TYPES: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);
const TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/;

/** True for bodies that a form could have sent. What cannot be read as a type counts as one. */
export function isForm(facts: Pick<Signals, 'header'>): boolean {
  const type = facts.header('content-type');
  // `fetch` sends a Blob without a type to anywhere, without asking first.
  if (type === undefined || type === '') return hasBody(facts);
  const semicolon = type.indexOf(';');
  const essence = (semicolon < 0 ? type : type.slice(0, semicolon)).trim().toLowerCase();
  return FORM_TYPES.has(essence) || !TYPE.test(essence);
}

function hasBody(facts: Pick<Signals, 'header'>): boolean {
  return facts.header('transfer-encoding') !== undefined || Number(facts.header('content-length') ?? 0) > 0;
}
