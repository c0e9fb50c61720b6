/**
 * The syntax of one source expression (CSP3, 2.3.1), checked at start: what a browser would silently ignore, or read as
 * the beginning of another directive, is refused here by name.
 * @module
 */
import { nearest } from '../kernel/index.ts';
import { SANDBOX_FLAGS, WORDS } from './directives.ts';
import type { DirectiveKind, DirectiveName } from './directives.ts';

/** What is wrong with one value. */
export interface SourceFault {
  readonly wrong: string;
  readonly write: string;
  readonly nearest?: string;
}

const SCRIPT_KEYWORDS = [
  "'strict-dynamic'",
  "'unsafe-inline'",
  "'unsafe-eval'",
  "'unsafe-hashes'",
  "'wasm-unsafe-eval'",
  "'trusted-types-eval'",
  "'inline-speculation-rules'",
  "'report-sample'",
  "'report-sha256'",
  "'report-sha384'",
  "'report-sha512'",
];
const STYLE_KEYWORDS = ["'unsafe-inline'", "'unsafe-hashes'", "'report-sample'"];
const COMMON = ["'self'", "'none'"];
const KEYWORDS: readonly string[] = [...COMMON, ...SCRIPT_KEYWORDS];

/** Bytes of a digest by its algorithm. */
const DIGESTS: ReadonlyMap<string, number> = new Map([
  ['sha256', 32],
  ['sha384', 48],
  ['sha512', 64],
]);
const HASH = /^'(sha(?:256|384|512))-([A-Za-z0-9+/_-]+={0,2})'$/;
const SCHEME = /^[a-z][a-z0-9+.-]*:$/i;
// scheme://host:port/path, each part but the host optional. `;` and `,` were refused before, `?` and `#` never match.
const HOST =
  /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\*|(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?)(?::(?:\d{1,5}|\*))?(?:\/[\w\-.~!$&'()*+=:@%/]*)?$/i;
const POLICY_NAME = /^[A-Za-z0-9\-#=_/@.%]+$/;

/** True for a hash source. */
export function isHash(source: string): boolean {
  return HASH.test(source);
}

/** True for a bare scheme: `https:`, `data:`. */
export function isScheme(source: string): boolean {
  return SCHEME.test(source);
}

/** The parts of a host source; keywords and schemes have no host. */
export function partsOf(source: string): { readonly scheme: string; readonly host: string; readonly file: boolean } {
  if (source.startsWith("'") || isScheme(source)) return { scheme: '', host: '', file: false };
  const [, scheme = '', host = '', path = ''] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:]*)(?::[^/]*)?(\/.*)?$/i.exec(source) ?? [];
  return { scheme: scheme.toLowerCase(), host: host.toLowerCase(), file: path !== '' && !path.endsWith('/') };
}

/** The fault of one value, if it has one. */
export function sourceFault(source: unknown, name: DirectiveName, kind: DirectiveKind): SourceFault | undefined {
  if (typeof source !== 'string') return { wrong: 'is no text', write: `write "'self'" or 'https://cdn.example'` };
  const shown = JSON.stringify(source);
  // Each of these would end this value and begin one that nobody wrote: a directive, a policy, a header line.
  if (!/^[!-~]+$/.test(source) || /[;,]/.test(source)) {
    // A list in one text is a slip; anything else is told without repeating it as advice.
    const list =
      /^[ -~]+$/.test(source) && !/[;,]/.test(source)
        ? JSON.stringify(source.trim().split(/ +/))
        : 'one source in each value';
    return {
      wrong: `${shown} holds a space, ";", "," or a character that is no printable ASCII`,
      write: `write ${list}`,
    };
  }
  if (kind === 'words') return oneOf(shown, source, WORDS[name] ?? []);
  if (kind === 'sandbox') return oneOf(shown, source, SANDBOX_FLAGS);
  if (kind === 'trusted-types') return policyNameFault(shown, source);
  return source.startsWith("'") ? quotedFault(shown, source, name, kind) : plainFault(shown, source);
}

function quotedFault(shown: string, source: string, name: string, kind: DirectiveKind): SourceFault | undefined {
  if (/^'nonce-/i.test(source)) {
    const write = `name the directive in nonceIn and give pages c.nonce()`;
    return { wrong: 'is a nonce written by hand, the same for every response, so anybody can read and use it', write };
  }
  const hash = HASH.exec(source);
  const known = kind === 'script' ? KEYWORDS : kind === 'style' ? [...COMMON, ...STYLE_KEYWORDS] : COMMON;
  if (hash === null) {
    if (known.includes(source)) return undefined;
    if (KEYWORDS.includes(source)) return { wrong: `${shown} means nothing in ${name}`, write: 'leave it out' };
    return oneOf(shown, source, known, 'is no keyword');
  }
  if (kind === 'sources') return { wrong: `a hash means nothing in ${name}`, write: 'leave it out' };
  const [, algorithm = '', digest = ''] = hash;
  const bytes = DIGESTS.get(algorithm)!;
  if (Buffer.from(digest, 'base64').length === bytes) return undefined;
  return {
    wrong: `${shown} is no ${algorithm} digest, so it matches nothing`,
    write: `write ${bytes} bytes in base64`,
  };
}

function plainFault(shown: string, source: string): SourceFault | undefined {
  const quoted = `'${source.toLowerCase()}'`;
  if (KEYWORDS.includes(quoted) || /^(?:nonce|sha(?:256|384|512))-/i.test(source)) {
    const write = `write "'${source}'", with its single quotes`;
    return { wrong: `${shown} is read as the name of a host`, write };
  }
  if (SCHEME.test(source)) return undefined;
  if (/^(?:[a-z+.-]+:\/\/)?\[/i.test(source)) {
    return { wrong: `${shown} is an IPv6 address, which a policy cannot name`, write: 'write a host name' };
  }
  if (/[?#]/.test(source)) {
    return {
      wrong: `${shown} has a query or a fragment, which no source may have`,
      write: `write "${source.replace(/[?#].*/, '')}"`,
    };
  }
  const port = Number(/:(\d+)(?:\/|$)/.exec(source.replace(/^[a-z+.-]+:\/\//i, ''))?.[1] ?? 0);
  if (HOST.test(source) && port <= 65_535) return undefined;
  return { wrong: `${shown} is no source`, write: `write "'self'", 'https://cdn.example' or 'https:'` };
}

function policyNameFault(shown: string, source: string): SourceFault | undefined {
  if (["'none'", "'allow-duplicates'", '*'].includes(source) || POLICY_NAME.test(source)) {
    const bare = ['none', 'allow-duplicates'].includes(source.toLowerCase());
    return bare ? { wrong: `${shown} is read as the name of a policy`, write: `write "'${source}'"` } : undefined;
  }
  return {
    wrong: `${shown} is no name of a Trusted Types policy`,
    write: `write letters, digits and -#=_/@.% , or "'none'"`,
  };
}

function oneOf(
  shown: string,
  source: string,
  known: readonly string[],
  wrong = 'is not known here',
): SourceFault | undefined {
  if (known.includes(source)) return undefined;
  const near = nearest(source, known);
  const fault = { wrong: `${shown} ${wrong}`, write: `use one of ${known.join(' ')}` };
  return near === undefined ? fault : { ...fault, nearest: near };
}
