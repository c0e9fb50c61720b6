/**
 * Every refusal of `csrf`, made once and shared by all requests.
 * @module
 */
import type { Denial, InputClass } from '../kernel/index.ts';

export type CsrfCode =
  | 'csrf/cross-site'
  | 'csrf/same-site'
  | 'csrf/origin'
  | 'csrf/credential'
  | 'csrf/token-missing'
  | 'csrf/token-invalid';

/** The codes as a list. */
export const CSRF_CODES: readonly CsrfCode[] = [
  'csrf/cross-site',
  'csrf/same-site',
  'csrf/origin',
  'csrf/credential',
  'csrf/token-missing',
  'csrf/token-invalid',
];

const denial = (code: CsrfCode, option: string, input: InputClass): Denial =>
  Object.freeze({ code, status: 403, by: 'csrf', option, input });

/** The browser says that another site sent it. */
export const CROSS_SITE: Denial = denial('csrf/cross-site', 'csrf.trustedOrigins', 'header');
/** The browser says that a sibling sent it: another subdomain, or ours over clear text. */
export const SAME_SITE: Denial = denial('csrf/same-site', 'csrf.trustedOrigins', 'header');
/** Its Origin is neither ours nor trusted. */
export const FOREIGN_ORIGIN: Denial = denial('csrf/origin', 'csrf.trustedOrigins', 'header');
/** It came from elsewhere and rests on a bearer or key, which says who nobody is. */
export const CREDENTIAL: Denial = denial('csrf/credential', 'csrf.trustedOrigins', 'credential');
/** A token is owed that only a request field can carry. */
export const NO_HEADER_TOKEN: Denial = denial('csrf/token-missing', 'csrf.header', 'header');
/** The token in the request field is not one for this session. */
export const BAD_HEADER_TOKEN: Denial = denial('csrf/token-invalid', 'csrf.header', 'header');
/** No token in the request fields, and none in the form. */
export const NO_FIELD_TOKEN: Denial = denial('csrf/token-missing', 'csrf.field', 'body');
/** The token in the form is not one for this session. */
export const BAD_FIELD_TOKEN: Denial = denial('csrf/token-invalid', 'csrf.field', 'body');
