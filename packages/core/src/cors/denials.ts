/**
 * Every refusal of `cors`. Those of a rule name it, and are made once, at start.
 * @module
 */
import type { Denial, FieldList, Verdict } from '../kernel/index.ts';

export type CorsCode = 'cors/origin' | 'cors/method' | 'cors/header' | 'cors/private-network';

/** The codes as a list. */
export const CORS_CODES: readonly CorsCode[] = ['cors/origin', 'cors/method', 'cors/header', 'cors/private-network'];

/** What is decided about a request, and the fields that go with it. */
export interface Decision {
  readonly verdict: Verdict;
  readonly fields: FieldList;
}

/** What the rules of one path can refuse with. */
export interface Refusals {
  /** The origin is in none of them. */
  readonly origin: Decision;
  /** The origin may read here, but not by this method. */
  readonly method: Decision;
  /** A request field that the rule does not name. */
  readonly header: Decision;
  /** A page of the internet, and this server is in a private network. */
  readonly privateNetwork: Decision;
}

/** The refusals of a path that has rules, or of one that has none. */
export function refusals(path?: string): Refusals {
  const refuse = (code: CorsCode): Decision => {
    const denial: Denial = { code, status: 403, by: 'cors', option: 'cors.rules', input: 'header' };
    const verdict = Object.freeze(path === undefined ? denial : { ...denial, rule: path });
    return Object.freeze({ verdict, fields: Object.freeze([]) });
  };
  return Object.freeze({
    origin: refuse('cors/origin'),
    method: refuse('cors/method'),
    header: refuse('cors/header'),
    privateNetwork: refuse('cors/private-network'),
  });
}
