/**
 * A figure of something that does not protect means nothing: each secured application must refuse before it counts.
 * @module
 */
import type { Server } from './server.ts';

const REQUIRED = [
  'content-security-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
];
const SECURED: ReadonlySet<string> = new Set(['plugins', 'dewar', 'fused']);

/** What an application fails to do; empty where it may be measured. */
export async function failures(server: Server): Promise<string[]> {
  const found: string[] = [];
  const page = await server.request('GET', '/page');
  const again = await server.request('GET', '/page');
  if (page.status !== 200 || page.body.length < 1500) found.push(`page ${page.status}, ${page.body.length} characters`);
  if (!page.body.includes('Ada &lt;b&gt;')) found.push('the name is not escaped');
  if (!SECURED.has(server.name)) return found;
  for (const name of REQUIRED) if (page.headers[name] === undefined) found.push(`no ${name}`);
  const nonce = (text: string): string | undefined => /<script nonce="([^"]+)"/.exec(text)?.[1];
  const first = nonce(page.body);
  if (first === undefined || first === nonce(again.body)) found.push('no new nonce per response');
  else if (!String(page.headers['content-security-policy']).includes(first))
    found.push('the nonce is not in the policy');
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const forged = await server.request('POST', '/form', form, 'email=x');
  if (forged.status < 400 || forged.status >= 500) found.push(`a post without a token is answered ${forged.status}`);
  return found;
}
