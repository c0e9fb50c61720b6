/**
 * What a token is bound to: the session; before sign-in a random cookie of its own, for which no store has a row.
 * @module
 */
import { Slot } from '../kernel/index.ts';
import type { Context, CookiesPart } from '../kernel/index.ts';

/** The anonymous binding that this very response sets. */
const STARTED = new Slot<string>();
const VALUE = /^[A-Za-z0-9_-]{22}$/;

/** The binding of whoever asks; empty where there is none, or where nobody asked yet who it is. */
export function bindingOf(c: Context, cookie: string): string {
  const who = c.identity;
  if (who === undefined) return '';
  // Another spelling for each kind: an anonymous cookie can never stand for a session.
  if (who.kind === 'anonymous') {
    const value = STARTED.get(c) ?? c.facts.cookies[cookie];
    return value !== undefined && VALUE.test(value) ? `anonymous ${value}` : '';
  }
  if (c.binding !== '') return `session ${c.binding}`;
  // Somebody else's sign-in: what it calls the session, or, where it has no name for it, the account.
  if (who.kind === 'token') return `token ${who.id}`;
  return who.sessionId === '' ? `account ${who.id}` : `session ${who.sessionId}`;
}

/** Gives a visitor without a session something to be bound to. */
export function startBinding(c: Context, name: string, cookies: CookiesPart | undefined): string {
  const value = c.kernel.random.token(16);
  writeCookie(c, cookies, name, value, false);
  STARTED.set(c, value);
  return `anonymous ${value}`;
}

const READABLE = Object.freeze({ readable: true });

/** Sets a cookie that ends with the browser, by the cookies protection where it is part of this kernel. */
export function writeCookie(
  c: Context,
  cookies: CookiesPart | undefined,
  name: string,
  value: string,
  readable: boolean,
): void {
  if (cookies !== undefined) return readable ? cookies.set(c, name, value, READABLE) : cookies.set(c, name, value);
  // Browsers drop a prefixed cookie that is not Secure; any other must still work where development has no TLS.
  const secure = c.facts.secure || name.startsWith('__') ? '; Secure' : '';
  // Lax: with Strict, who follows a link to our form from elsewhere gets a new binding, and other tabs break.
  c.setCookie(name, `${name}=${value}; Path=/${secure}${readable ? '' : '; HttpOnly'}; SameSite=Lax`);
}
