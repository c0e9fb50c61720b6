/**
 * Known field names in the spellings clients send, so that most names cost one look-up: no scan, no lower-casing.
 * @module
 */

/** A name in lower case, and what is special about it. */
export interface FieldName {
  readonly name: string;
  /** 0: may be repeated. 1 to 30: bit of a field that may stand once only. Above: a list that facts read. Else `LOOKALIKE`. */
  readonly slot: number;
}

/** The slot of a name that others may take for one of those we decide on. */
export const LOOKALIKE = -1;

/** Fields where a second one would let two parties read two requests, in the order of their bits. */
const SINGLE = [
  'host',
  'content-length',
  'transfer-encoding',
  'cookie',
  'expect',
  'upgrade',
  'x-forwarded-host',
  'x-forwarded-proto',
  'content-type',
  'authorization',
  'proxy-authorization',
  'origin',
  'referer',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'sec-fetch-user',
  'access-control-request-method',
  'range',
  'content-range',
  'user-agent',
  'sec-websocket-key',
  'sec-websocket-version',
  'http2-settings',
  'max-forwards',
] as const;

const LISTS = ['x-forwarded-for', 'forwarded'] as const;

const ORDINARY = [
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'access-control-request-headers',
  'access-control-request-private-network',
  'cache-control',
  'connection',
  'content-encoding',
  'content-language',
  'dnt',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'pragma',
  'priority',
  'purpose',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-gpc',
  'sec-purpose',
  'te',
  'trailer',
  'traceparent',
  'tracestate',
  'upgrade-insecure-requests',
  'via',
  'x-csrf-token',
  'x-forwarded-port',
  'x-real-ip',
  'x-request-id',
  'x-requested-with',
] as const;

type Slot =
  | 'host'
  | 'contentLength'
  | 'transferEncoding'
  | 'cookie'
  | 'expect'
  | 'upgrade'
  | 'forwardedHost'
  | 'forwardedProto'
  | 'forwardedFor'
  | 'forwarded';

/** Slots that facts read themselves; they number the head of `SINGLE`, and the two lists. */
export const SLOT: Readonly<Record<Slot, number>> = Object.freeze({
  host: 1,
  contentLength: 2,
  transferEncoding: 3,
  cookie: 4,
  expect: 5,
  upgrade: 6,
  forwardedHost: 7,
  forwardedProto: 8,
  forwardedFor: 31,
  forwarded: 32,
});

interface Spelling {
  readonly raw: string;
  readonly field: FieldName;
}

const KNOWN: ReadonlyMap<string, FieldName> = spellings();
/** Spellings by length and first letter. Comparing with one or two is half the cost of hashing a fresh string. */
const SHELVES: readonly (readonly Spelling[] | undefined)[] = shelves();
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The name in lower case with its slot, or null for what is no field name (RFC 9110, 5.1). */
export function fieldName(raw: string): FieldName | null {
  const shelf = SHELVES[(raw.length << 7) | raw.charCodeAt(0)];
  if (shelf !== undefined) for (let i = 0; i < shelf.length; i++) if (shelf[i]!.raw === raw) return shelf[i]!.field;
  if (!TOKEN.test(raw)) return null;
  const name = raw.toLowerCase();
  return KNOWN.get(name) ?? { name, slot: isLookalike(name) ? LOOKALIKE : 0 };
}

/**
 * True for a name that becomes one of those we decide on when `_` is read as `-`, as CGI and WSGI servers do:
 * `X_Forwarded_For` would pass a proxy that strips `X-Forwarded-For` (CVE-2025-64484).
 */
function isLookalike(name: string): boolean {
  if (!name.includes('_')) return false;
  const dashed = name.replaceAll('_', '-');
  return (KNOWN.get(dashed)?.slot ?? 0) > 0 || dashed.startsWith('x-forwarded-') || dashed === 'x-real-ip';
}

function spellings(): Map<string, FieldName> {
  const map = new Map<string, FieldName>();
  const add = (name: string, slot: number): void => {
    const entry = Object.freeze({ name, slot });
    map.set(name, entry);
    map.set(
      name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
      entry,
    );
  };
  SINGLE.forEach((name, index) => add(name, index + 1));
  LISTS.forEach((name, index) => add(name, index + SLOT.forwardedFor));
  for (const name of ORDINARY) add(name, 0);
  return map;
}

function shelves(): (readonly Spelling[] | undefined)[] {
  const longest = Math.max(...[...KNOWN.keys()].map((raw) => raw.length));
  const all = Array.from<Spelling[] | undefined>({ length: (longest + 1) << 7 });
  for (const [raw, field] of KNOWN) (all[(raw.length << 7) | raw.charCodeAt(0)] ??= []).push({ raw, field });
  return all;
}
