/**
 * Cookies: attributes, prefixes, sizes.
 * @module
 */
export { clearCookie, cookies, getCookie, setCookie } from './cookies.ts';
export type { CookieJar } from './cookies.ts';
export { COOKIES_DEFAULTS } from './policy.ts';
export type { CookieException, CookiesOptions, SameSite } from './policy.ts';
