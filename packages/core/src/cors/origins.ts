/**
 * Origins: what an owner may write, and which of those a request's `Origin` is.
 * @module
 */
import type { ConfigFault, Profile } from '../kernel/index.ts';
import { patternFault } from './patterns.ts';
import { isShared } from './suffixes.ts';

export type Fault = Pick<ConfigFault, 'wrong' | 'write'>;

const EXAMPLE = 'https://shop.example';
const WILDCARD = /^https:\/\/\*\.([a-z0-9-]+(?:\.[a-z0-9-]+)*)(:\d{1,5})?$/;
const LOOPBACK = /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** What is wrong with one entry of `origins`; `*` alone in its list never comes here. */
export function originFault(origin: unknown, profile: Profile): Fault | undefined {
  if (origin instanceof RegExp) return patternFault(origin);
  if (typeof origin !== 'string') return { wrong: 'is no origin', write: `write '${EXAMPLE}'` };
  if (origin === 'null') {
    return { wrong: '"null" is every sandboxed frame and every local file there is', write: 'leave it out' };
  }
  if (origin === '*') return { wrong: '"*" lets in everybody, the others named here too', write: `write ['*'] alone` };
  if (origin.includes('*')) return wildcardFault(origin);
  return exactFault(origin, profile);
}

function wildcardFault(origin: string): Fault | undefined {
  const [, domain] = WILDCARD.exec(origin) ?? [];
  if (domain === undefined) {
    const write = 'write "https://*.shop.example": the star stands for one whole name, the first';
    return { wrong: `"${origin}" has its star where it is no name of its own`, write };
  }
  if (!isShared(domain)) return undefined;
  const wrong = `"${origin}" is open to everybody who registers a name under ${domain}`;
  return { wrong, write: `write "https://*.yours.${domain}", or name each origin` };
}

/** Origins are compared as texts, so only the one spelling that browsers send is taken. */
function exactFault(origin: string, profile: Profile): Fault | undefined {
  const text = origin.trim();
  const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  const host = parsed === null || parsed.hostname === '' ? undefined : parsed.host;
  const secure = host === undefined ? EXAMPLE : `https://${host}`;
  if (parsed !== null && LOOPBACK.test(parsed.hostname) && profile !== 'development') {
    const wrong = `"${origin}" is whatever runs on the visitor's own machine`;
    return { wrong, write: `leave it out, or keep it for the development profile` };
  }
  const clear = profile === 'development' && parsed !== null && LOOPBACK.test(parsed.hostname);
  if (/^http:/i.test(origin) && !clear) {
    const wrong = `"${origin}" is clear text: whoever sits on the network speaks for it`;
    return { wrong, write: `write "${secure}", and serve it over https` };
  }
  const known = parsed !== null && (parsed.protocol === 'https:' || clear);
  if (known && host !== undefined && parsed.origin === origin) return undefined;
  const wrong = origin.endsWith('/') ? `"${origin}" ends in "/"` : `"${origin}" is not what browsers send as Origin`;
  return { wrong, write: `write "${known ? parsed.origin : secure}"` };
}

/** Who is let in, ready to be asked. */
export interface OriginSet {
  /** Everybody. */
  readonly any: boolean;
  readonly exact: readonly string[];
  /** True for an origin that a pattern lets in; exact ones are looked up. */
  fits(origin: string): boolean;
}

/** What browsers send for a page on a named host. Patterns see nothing else, and nothing longer. */
const SENT = /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/;
const LONGEST = 'https://'.length + 253 + ':65535'.length;

/** Compiles entries that have no fault. */
export function compileOrigins(origins: readonly (string | RegExp)[]): OriginSet {
  const texts = origins.filter((one) => typeof one === 'string');
  const patterns = origins.flatMap((one) => (typeof one === 'string' ? wildcard(one) : [one]));
  return {
    any: texts.includes('*'),
    exact: texts.filter((one) => !one.includes('*')),
    fits: (origin) =>
      patterns.length > 0 &&
      origin.length <= LONGEST &&
      SENT.test(origin) &&
      patterns.some((pattern) => pattern.test(origin)),
  };
}

function wildcard(text: string): RegExp[] {
  const [, domain, port = ''] = WILDCARD.exec(text) ?? [];
  if (domain === undefined) return [];
  return [new RegExp(`^https://[a-z0-9-]+\\.${domain.replaceAll('.', '\\.')}${port}$`)];
}
