/**
 * What a page puts into its forms. Asking for a token asks who the visitor is, so only a page that needs one does.
 * @module
 */
import { isPromise } from '../kernel/index.ts';
import type { Context, MaybePromise } from '../kernel/index.ts';

/**
 * A new token for this visitor; `await` it. Empty where csrf is off. Before the first byte of the response: a visitor
 * without a session gets a cookie to be bound to. The response is kept by no cache.
 */
export function csrfToken(c: Context): MaybePromise<string> {
  return c.kernel.part('csrf')?.token(c) ?? '';
}

/** A hidden field for a form, as HTML that needs no escaping. Empty where csrf is off. */
export function csrfField(c: Context): MaybePromise<string> {
  const part = c.kernel.part('csrf');
  if (part === undefined) return '';
  const token = part.token(c);
  return isPromise(token) ? token.then((late) => field(part.field, late)) : field(part.field, token);
}

/** A meta element for a page's head, from which scripts read the token they send. Empty where csrf is off. */
export function csrfMeta(c: Context): MaybePromise<string> {
  const part = c.kernel.part('csrf');
  if (part === undefined) return '';
  const token = part.token(c);
  return isPromise(token) ? token.then(meta) : meta(token);
}

// The name was checked at start and the token is base64url: neither holds a character that HTML knows.
const field = (name: string, token: string): string => `<input type="hidden" name="${name}" value="${token}">`;
const meta = (token: string): string => `<meta name="csrf-token" content="${token}">`;
