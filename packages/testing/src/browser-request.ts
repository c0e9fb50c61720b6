/**
 * The header fields Chromium sends, in its order, and the three it lets a server judge a request by: `Origin`,
 * `Referer` and `Sec-Fetch-*` (Fetch, Referrer Policy, Fetch Metadata; each compared with Chromium 156).
 * @module
 */
import { isTrustworthy } from './site.ts';
import type { CookieContext } from './cookie-jar.ts';
import type { EncodedBody } from './form-body.ts';
import type { Field } from './http-message.ts';
import type { Sites } from './site.ts';

/** The document that starts requests; `url` is `null` where its origin is opaque (sandboxed frames, `data:`). */
export interface Page {
  readonly url: URL | null;
  readonly referrerPolicy: ReferrerPolicy;
}

/** What a page tells others about itself. */
export type ReferrerPolicy =
  | 'no-referrer'
  | 'no-referrer-when-downgrade'
  | 'same-origin'
  | 'origin'
  | 'strict-origin'
  | 'origin-when-cross-origin'
  | 'strict-origin-when-cross-origin'
  | 'unsafe-url';

/** What a browser that misses newer features leaves out. */
export interface LegacyOptions {
  /** Whether form posts carry `Origin`; the oldest do not. @default true */
  readonly origin?: boolean;
  /** `explicit`: no attribute means no restriction; `ignored`: the attribute is unknown. @default 'explicit' */
  readonly sameSite?: 'explicit' | 'ignored';
}

/** One request on its way through redirects. */
export interface BrowserRequest {
  readonly method: string;
  /** Every URL so far, the current one last. */
  readonly chain: readonly [URL, ...URL[]];
  readonly mode: 'navigate' | 'cors' | 'no-cors' | 'same-origin';
  readonly destination: string;
  readonly credentials: 'omit' | 'same-origin' | 'include';
  readonly body: EncodedBody | undefined;
  /** Fields a script set, forbidden ones already removed. */
  readonly fields: readonly Field[];
  /** The document that asked; `null` is the user, through the address bar. */
  readonly initiator: Page | null;
  /** What the next `Referer` is cut from: the page, or what an earlier hop already cut it down to. */
  readonly referrer: URL | null;
  readonly referrerPolicy: ReferrerPolicy;
  /** Whether a click or key press stands behind a navigation. */
  readonly user: boolean;
  /** Whether it began as a form post, which Chromium revalidates even after a redirect to GET. */
  readonly posted: boolean;
  /** Whether a cross-origin hop has turned `Origin` into `null`. */
  readonly originLost: boolean;
  /** Whether any URL so far was cross-origin to the initiator. */
  readonly tainted: boolean;
  readonly legacy: LegacyOptions | undefined;
}

const BRANDS = '"Chromium";v="156", "Not:A-Brand";v="8"';
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const ACCEPT_PAGE =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,' +
  'application/signed-exchange;v=b3;q=0.7';
const ACCEPT_IMAGE = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
const POLICIES: ReadonlySet<string> = new Set<ReferrerPolicy>([
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
]);

/** The policy of a page or request that says nothing. */
export const DEFAULT_REFERRER_POLICY: ReferrerPolicy = 'strict-origin-when-cross-origin';

/** The last policy of a `Referrer-Policy` value that browsers know, or nothing. */
export function readReferrerPolicy(value: string | undefined): ReferrerPolicy | undefined {
  const known = (value ?? '').split(',').map((one) => one.trim().toLowerCase());
  return known.findLast((one): one is ReferrerPolicy => POLICIES.has(one));
}

/** The URL a request is at. */
export function currentUrl(request: BrowserRequest): URL {
  return request.chain.at(-1)!;
}

/** Whether the response replaces the document in the address bar. */
export function isTopLevel(request: BrowserRequest): boolean {
  return request.mode === 'navigate' && request.destination === 'document';
}

/** Whether cookies and other credentials travel. */
export function carriesCredentials(request: BrowserRequest): boolean {
  if (request.mode === 'navigate' || request.credentials === 'include') return true;
  return request.credentials === 'same-origin' && !request.tainted;
}

/** How the cookies of this request are chosen. Redirects on the way do not count, in Chromium. */
export function cookieContext(request: BrowserRequest, sites: Sites): CookieContext {
  const url = currentUrl(request);
  const page = request.initiator?.url ?? null;
  const related = request.initiator === null || sites.relation(page, url) !== 'cross-site';
  const safe = request.method === 'GET' || request.method === 'HEAD';
  const foreign = isTopLevel(request) ? (safe ? 'lax' : 'lax-unsafe') : 'cross';
  const top = isTopLevel(request) || request.initiator === null ? url : page;
  return {
    site: related ? 'strict' : foreign,
    topSite: top === null ? 'opaque' : sites.of(top),
    sameSite: request.legacy === undefined ? 'modern' : (request.legacy.sameSite ?? 'explicit'),
  };
}

/** All fields of the request, `cookie` being what the jar gave. */
export function requestFields(
  request: BrowserRequest,
  sites: Sites,
  cookie: string | undefined,
  thirdPartyCookies: boolean,
): readonly Field[] {
  const url = currentUrl(request);
  const navigation = request.mode === 'navigate';
  const modern = request.legacy === undefined && isTrustworthy(url);
  const length = request.body?.bytes.length ?? (request.method === 'POST' || request.method === 'PUT' ? 0 : undefined);
  const own = new Set(request.fields.map(([name]) => name.toLowerCase()));
  const type = request.body !== undefined && !own.has('content-type') ? request.body.type : '';
  const accept = navigation ? ACCEPT_PAGE : request.destination === 'image' ? ACCEPT_IMAGE : '*/*';
  const hints: readonly Field[] = [
    ['sec-ch-ua', BRANDS],
    ['sec-ch-ua-mobile', '?0'],
    ['sec-ch-ua-platform', '"Linux"'],
  ];
  const fields: (readonly [string, string | undefined | false])[] = [
    ['Host', url.host],
    ['Connection', 'keep-alive'],
    ['Content-Length', length?.toString()],
    ['Cache-Control', navigation && request.posted && 'max-age=0'],
    ...(modern ? hints : []),
    ['Upgrade-Insecure-Requests', navigation && '1'],
    ['Content-Type', type],
    ['User-Agent', !own.has('user-agent') && USER_AGENT],
    ...request.fields,
    ['Origin', originField(request)],
    ['Accept', !own.has('accept') && accept],
    ...(modern ? metadata(request, sites, thirdPartyCookies) : []),
    ['Referer', refererField(request)],
    ['Accept-Encoding', isTrustworthy(url) ? 'gzip, deflate, br, zstd' : 'gzip, deflate'],
    ['Accept-Language', !own.has('accept-language') && 'en-US,en;q=0.9'],
    ['Cookie', cookie],
  ];
  return fields.filter((field): field is Field => typeof field[1] === 'string' && field[1] !== '');
}

/** The fields of the OPTIONS request that asks leave for this one; it never carries credentials. */
export function preflightFields(request: BrowserRequest, sites: Sites, names: readonly string[]): readonly Field[] {
  const modern = request.legacy === undefined && isTrustworthy(currentUrl(request));
  const fields: (readonly [string, string | undefined])[] = [
    ['Host', currentUrl(request).host],
    ['Connection', 'keep-alive'],
    ['Accept', '*/*'],
    ['Access-Control-Request-Method', request.method],
    ['Access-Control-Request-Headers', names.length === 0 ? undefined : names.join(',')],
    ['Origin', originField(request)],
    ['User-Agent', USER_AGENT],
    ['Sec-Fetch-Mode', modern ? 'cors' : undefined],
    ['Sec-Fetch-Site', modern ? fetchSite(request, sites) : undefined],
    ['Sec-Fetch-Dest', modern ? request.destination : undefined],
    ['Referer', refererField(request)],
    ['Accept-Encoding', isTrustworthy(currentUrl(request)) ? 'gzip, deflate, br, zstd' : 'gzip, deflate'],
    ['Accept-Language', 'en-US,en;q=0.9'],
  ];
  return fields.filter((field): field is Field => field[1] !== undefined);
}

/** `Origin` as the server sees it, or nothing. */
export function originField(request: BrowserRequest): string | undefined {
  const { initiator, mode, legacy } = request;
  if (initiator === null) return undefined;
  const cors = mode === 'cors' && request.tainted;
  if (!cors && (request.method === 'GET' || request.method === 'HEAD' || legacy?.origin === false)) return undefined;
  if (initiator.url === null || request.originLost) return 'null';
  const { origin, protocol } = initiator.url;
  if (mode === 'cors') return origin;
  // A page that hides its address hides its origin too: this is how no-referrer makes same-origin posts say `null`.
  switch (request.referrerPolicy) {
    case 'no-referrer':
      return 'null';
    case 'same-origin':
      return currentUrl(request).origin === origin ? origin : 'null';
    case 'no-referrer-when-downgrade':
    case 'strict-origin':
    case 'strict-origin-when-cross-origin':
      return protocol === 'https:' && currentUrl(request).protocol !== 'https:' ? 'null' : origin;
    default:
      return origin;
  }
}

function metadata(request: BrowserRequest, sites: Sites, thirdPartyCookies: boolean): readonly Field[] {
  const site = fetchSite(request, sites);
  const fields: Field[] = [
    ['Sec-Fetch-Site', site],
    ['Sec-Fetch-Mode', request.mode],
  ];
  if (request.mode === 'navigate' && request.user) fields.push(['Sec-Fetch-User', '?1']);
  fields.push(['Sec-Fetch-Dest', request.destination]);
  const embedded = cookieContext(request, sites).site === 'cross' && carriesCredentials(request);
  if (embedded) fields.push(['Sec-Fetch-Storage-Access', thirdPartyCookies ? 'active' : 'none']);
  return fields;
}

/** The worst relation along the redirects counts; what the user typed stays `none`. */
function fetchSite({ initiator, chain }: BrowserRequest, sites: Sites): string {
  if (initiator === null) return 'none';
  const relations = chain.map((url) => sites.relation(initiator.url, url));
  return relations.find((one) => one === 'cross-site') ?? relations.find((one) => one === 'same-site') ?? 'same-origin';
}

/** `Referer` as the server sees it, or nothing. */
export function refererField(request: BrowserRequest): string | undefined {
  const page = request.referrer;
  if (page === null) return undefined;
  const url = currentUrl(request);
  const origin = `${page.origin}/`;
  const whole = `${page.origin}${page.pathname}${page.search}`;
  const full = whole.length > 4096 ? origin : whole;
  const same = page.origin === url.origin;
  const downgrade = isTrustworthy(page) && !isTrustworthy(url);
  switch (request.referrerPolicy) {
    case 'no-referrer':
      return undefined;
    case 'unsafe-url':
      return full;
    case 'origin':
      return origin;
    case 'same-origin':
      return same ? full : undefined;
    case 'strict-origin':
      return downgrade ? undefined : origin;
    case 'no-referrer-when-downgrade':
      return downgrade ? undefined : full;
    case 'origin-when-cross-origin':
      return same ? full : origin;
    case 'strict-origin-when-cross-origin':
      return same ? full : downgrade ? undefined : origin;
  }
}
