/**
 * Carries a browser's request to the socket that stands for its origin: preflights, cookies in and out, redirects.
 * @module
 */
import {
  carriesCredentials,
  cookieContext,
  currentUrl,
  preflightFields,
  readReferrerPolicy,
  refererField,
  requestFields,
} from './browser-request.ts';
import { BrowserResponse } from './browser-response.ts';
import { corsAllows, embeddable, preflightAllows, preflightNames } from './cors-rules.ts';
import { head, rawRequest } from './raw-client.ts';
import type { BrowserRequest } from './browser-request.ts';
import type { Blocked, Outcome, Redirect, RefusedCookie } from './browser-response.ts';
import type { CookieJar } from './cookie-jar.ts';
import type { Field, RawResponse } from './http-message.ts';
import type { Sites } from './site.ts';

/** Where an origin's server listens, and what the proxy in front of it adds. */
export interface Route {
  readonly socket: string;
  readonly added: readonly Field[];
}

/** What requests of one browser share. */
export interface Network {
  readonly jar: CookieJar;
  readonly sites: Sites;
  readonly timeout: number;
  readonly thirdPartyCookies: boolean;
  /** The server that answers for an origin, or nothing. */
  locate(url: URL): Route | undefined;
}

const MAX_REDIRECTS = 20;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const BODY_FIELDS: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
]);

/** Sends a request and follows where it leads, unless `manual`. */
export async function send(network: Network, first: BrowserRequest, manual = false): Promise<BrowserResponse> {
  let request = first;
  const redirects: Redirect[] = [];
  const setCookies: string[] = [];
  const refusedCookies: RefusedCookie[] = [];
  let preflight: RawResponse | undefined;
  let raw: RawResponse | undefined;
  let sent: readonly Field[] = [];

  const done = (more: Partial<Outcome> = {}): BrowserResponse =>
    new BrowserResponse({
      url: currentUrl(request),
      raw,
      sent,
      method: request.method,
      redirects,
      preflight,
      blocked: undefined,
      leftTo: undefined,
      opaque: request.mode === 'no-cors' && request.tainted,
      setCookies,
      refusedCookies,
      ...more,
    });

  for (;;) {
    const url = currentUrl(request);
    const route = network.locate(url);
    if (route === undefined) return done({ leftTo: url.href });
    if (request.mode === 'same-origin' && request.tainted) return done({ raw: undefined, blocked: 'mode' });

    const names = preflightNames(request);
    if (names !== null) {
      const asked = { ...request, method: 'OPTIONS', body: undefined };
      const fields = preflightFields(request, network.sites, names);
      preflight = await exchange(network, route, asked, [...fields, ...route.added]);
      if (!preflightAllows(request, names, preflight)) return done({ raw: undefined, blocked: 'preflight' });
    }

    const context = cookieContext(request, network.sites);
    const credentials = carriesCredentials(request);
    const cookie = credentials ? network.jar.header(url, context) : undefined;
    sent = [...requestFields(request, network.sites, cookie, network.thirdPartyCookies), ...route.added];
    raw = await exchange(network, route, request, sent);
    for (const line of raw.headers('set-cookie')) {
      setCookies.push(line);
      const reason = credentials ? network.jar.set(line, url, context) : 'third-party';
      if (reason !== null) refusedCookies.push({ line, reason });
    }

    const blocked = blockedBy(request, raw, network.sites);
    const location = raw.header('location');
    if (blocked !== undefined) return done({ blocked });
    if (!REDIRECTS.has(raw.status) || location === undefined || manual) return done();
    if (redirects.length === MAX_REDIRECTS) throw new Error(`too many redirects, the last to ${location}`);
    const next = targetOf(location, url);
    // Not a place a browser goes from here: `javascript:`, `data:` or nonsense.
    if (next === undefined) return done({ leftTo: location });
    if (network.locate(next) === undefined) return done({ leftTo: next.href });
    redirects.push({ status: raw.status, url: url.href, location, headers: raw.fields });
    request = redirected(request, raw, next);
  }
}

async function exchange(
  network: Network,
  route: Route,
  request: BrowserRequest,
  fields: readonly Field[],
): Promise<RawResponse> {
  const url = currentUrl(request);
  const { method, body } = request;
  const bytes = head(method, `${url.pathname}${url.search}`, fields, body?.bytes ?? '');
  const options = { timeout: network.timeout, awaitClose: false, methods: [method] };
  const result = await rawRequest(route.socket, bytes, options);
  if (result.fault !== undefined) throw new Error(`${method} ${url.href}: ${result.fault}`);
  return result.response;
}

function blockedBy(request: BrowserRequest, raw: RawResponse, sites: Sites): Blocked | undefined {
  if (!request.tainted) return undefined;
  if (request.mode === 'cors') return corsAllows(request, raw) ? undefined : 'cors';
  return request.mode === 'no-cors' && !embeddable(request, raw, sites) ? 'corp' : undefined;
}

function targetOf(location: string, url: URL): URL | undefined {
  // A field is bytes: browsers read it as UTF-8 before they resolve it.
  const next = URL.parse(Buffer.from(location, 'latin1').toString('utf8'), url.href);
  if (next === null || (next.protocol !== 'http:' && next.protocol !== 'https:')) return undefined;
  if (next.hash === '') next.hash = url.hash;
  return next;
}

/** Fetch, "HTTP-redirect fetch", with Chromium's stricter loss of `Origin` on any cross-origin hop. */
function redirected(request: BrowserRequest, raw: RawResponse, next: URL): BrowserRequest {
  const last = currentUrl(request);
  const { status } = raw;
  const { method } = request;
  const toGet =
    (method === 'POST' && (status === 301 || status === 302)) ||
    (status === 303 && method !== 'GET' && method !== 'HEAD');
  const crossed = last.origin !== next.origin;
  const page = request.initiator?.url ?? null;
  const lost = request.mode === 'cors' ? crossed && page?.origin !== last.origin : crossed;
  return {
    ...request,
    method: toGet ? 'GET' : method,
    body: toGet ? undefined : request.body,
    fields: request.fields.filter(([name]) => {
      const lower = name.toLowerCase();
      return !(toGet && BODY_FIELDS.has(lower)) && !(crossed && lower === 'authorization');
    }),
    chain: [...request.chain, next],
    referrer: URL.parse(refererField(request) ?? ''),
    referrerPolicy: readReferrerPolicy(raw.header('referrer-policy')) ?? request.referrerPolicy,
    originLost: request.originLost || lost,
    tainted: request.tainted || (request.initiator !== null && page?.origin !== next.origin),
  };
}
