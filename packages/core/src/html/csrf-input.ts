/**
 * The CSRF token in a form, as markup.
 * @module
 */
import { isPromise } from '../kernel/index.ts';
import type { Context, MaybePromise } from '../kernel/index.ts';
import { html } from './html.ts';
import type { Html } from './markup.ts';

/** A hidden field for a form that posts; `await` it. Nothing where csrf is off. See `csrfToken` for what asking does. */
export function csrfInput(c: Context): MaybePromise<Html> {
  const part = c.kernel.part('csrf');
  if (part === undefined) return html``;
  const token = part.token(c);
  return isPromise(token) ? token.then((late) => input(part.field, late)) : input(part.field, token);
}

function input(name: string, token: string): Html {
  return html`<input type="hidden" name="${name}" value="${token}" />`;
}
