/**
 * What a browser or a cache would do with a response, for what a socket cannot show. The real Chromium has the last
 * word: the e2e tests show the same cases there.
 * @module
 */

/** A response as these models read it. */
interface Fields {
  header(name: string): string | undefined;
}

/** Directives of an enforced policy: the first of a name counts (CSP3, 2.2.1). */
function directives(policy: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const part of policy.split(';')) {
    const [name, ...values] = part.trim().split(/\s+/);
    if (name !== undefined && name !== '' && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), values);
  }
  return found;
}

/** True where a page of another origin may show this one in a frame. */
export function framedByStrangers(response: Fields): boolean {
  const policy = directives(response.header('content-security-policy') ?? '').get('frame-ancestors');
  // frame-ancestors wins over the older field (CSP3, 6.4.2.1).
  if (policy !== undefined) return policy.includes('*') || policy.some((source) => /^https?:$/.test(source));
  return !['DENY', 'SAMEORIGIN'].includes((response.header('x-frame-options') ?? '').toUpperCase());
}

/** True where an injected inline script without the page's nonce runs. */
export function runsInjectedScript(response: Fields): boolean {
  const policy = directives(response.header('content-security-policy') ?? '');
  const sources = policy.get('script-src-elem') ?? policy.get('script-src') ?? policy.get('default-src');
  if (sources === undefined) return true;
  const nonceOrHash = sources.some((source) => /^'(nonce-|sha(256|384|512)-|strict-dynamic)/.test(source));
  return sources.includes("'unsafe-inline'") && !nonceOrHash;
}

/** True where a cache that many people share may keep the response (RFC 9111, 3). */
export function keptForOthers(response: Fields): boolean {
  const control = (response.header('cache-control') ?? '').toLowerCase();
  return !/\b(no-store|private)\b/.test(control) && /\b(public|s-maxage|max-age)\b/.test(control);
}

/** True where a browser may read the body as another type than the one it was sent as. */
export function sniffed(response: Fields): boolean {
  return response.header('x-content-type-options')?.toLowerCase() !== 'nosniff';
}
