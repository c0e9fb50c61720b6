/**
 * Where somebody goes after signing in. It came from the address, so whoever made the link chose it: only a path of
 * this very site is followed (CWE-601).
 * @module
 */

const OWN = 'https://own.invalid';

/** The path to go to, normalised as browsers do it, or `otherwise`. */
export function safeNext(given: unknown, otherwise: string): string {
  if (typeof given !== 'string' || given.length > 2000) return otherwise;
  // Browsers drop tabs and line ends and take "\" for "/" before they decide what is a host.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(given) || given.includes('\\')) return otherwise;
  const url = URL.parse(given, OWN);
  if (url === null || url.origin !== OWN || url.username !== '' || url.pathname.startsWith('//')) return otherwise;
  return url.pathname + url.search;
}
