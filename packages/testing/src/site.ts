/**
 * Origins and sites as browsers compare them: what is same-site decides which cookies travel and what
 * `Sec-Fetch-Site` says.
 * @module
 */
import { isIP } from 'node:net';

/**
 * Suffixes of more than one label under which strangers register names: a short selection of the Public Suffix List.
 * Tests that need another one name it in the browser's `publicSuffixes`.
 */
const PUBLIC_SUFFIXES: ReadonlySet<string> = new Set(
  (
    'ac.uk co.uk gov.uk org.uk com.au net.au org.au co.nz co.jp co.kr co.in co.za com.br com.cn com.mx com.tr com.tw ' +
    'github.io gitlab.io pages.dev workers.dev vercel.app netlify.app herokuapp.com web.app firebaseapp.com fly.dev ' +
    'onrender.com cloudfront.net azurewebsites.net s3.amazonaws.com'
  ).split(' '),
);

/** Who is same-site with whom, for one browser. */
export class Sites {
  readonly #suffixes: ReadonlySet<string>;

  constructor(more: readonly string[] = []) {
    this.#suffixes = more.length === 0 ? PUBLIC_SUFFIXES : new Set([...PUBLIC_SUFFIXES, ...more]);
  }

  /** The name somebody registered: one label more than the public suffix. `null` for addresses and bare suffixes. */
  registrable(host: string): string | null {
    if (isAddress(host)) return null;
    const labels = host.split('.');
    let length = 1;
    for (let at = labels.length - 2; at >= 0; at--) {
      if (this.#suffixes.has(labels.slice(at).join('.'))) length = labels.length - at;
    }
    return labels.length > length ? labels.slice(-length - 1).join('.') : null;
  }

  /** Scheme and registrable domain (schemeful same-site); the port does not count. */
  of(url: URL): string {
    return `${url.protocol}//${this.registrable(url.hostname) ?? url.hostname}`;
  }

  /** How a request from `initiator` to `target` relates; an opaque initiator (`null`) is foreign to all. */
  relation(initiator: URL | null, target: URL): 'same-origin' | 'same-site' | 'cross-site' {
    if (initiator === null) return 'cross-site';
    if (initiator.origin === target.origin) return 'same-origin';
    return this.of(initiator) === this.of(target) ? 'same-site' : 'cross-site';
  }
}

/** Whether a host as URLs write it is an IP address. */
export function isAddress(host: string): boolean {
  return host.startsWith('[') || isIP(host) !== 0;
}

/** Potentially trustworthy (Secure Contexts): https, or http to this machine. */
export function isTrustworthy(url: URL): boolean {
  return url.protocol === 'https:' || isLocal(url.hostname);
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
