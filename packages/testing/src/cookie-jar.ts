/**
 * A cookie store with Chromium's rules: who may set what (RFC 6265bis section 5.7), what travels with which request,
 * and who is pushed out when a site has too many.
 * @module
 */
import { parseSetCookie } from './set-cookie.ts';
import { isAddress, isTrustworthy, Sites } from './site.ts';
import type { Clock } from '@dewar/core';
import type { ParsedCookie } from './set-cookie.ts';

/** A stored cookie. */
export interface Cookie extends Omit<ParsedCookie, 'partitioned'> {
  /** Whether it goes back to exactly the host that set it; otherwise to everything under `domain`. */
  readonly hostOnly: boolean;
  readonly createdAt: number;
  /** The top-level site it is confined to, for a `Partitioned` cookie. */
  readonly partition: string | undefined;
}

/** Why a cookie was not stored. */
export type CookieRefusal =
  | 'empty'
  | 'control'
  | 'size'
  | 'domain'
  | 'secure'
  | 'prefix'
  | 'same-site'
  | 'third-party'
  | 'partitioned'
  | 'http-only'
  | 'overwrites-secure';

/** What a request is, to the cookies that may travel with it. */
export interface CookieContext {
  /** `strict` same-site · `lax` cross-site top-level, safe method · `lax-unsafe` the same, unsafe · `cross` the rest. */
  readonly site: 'strict' | 'lax' | 'lax-unsafe' | 'cross';
  /** The site in the address bar, which `Partitioned` cookies are kept apart by. */
  readonly topSite: string;
  /** Whether a script reads or sets through `document.cookie` rather than a response. @default false */
  readonly script?: boolean;
  /** An old browser: no `SameSite` means none, or the attribute is not known at all. @default 'modern' */
  readonly sameSite?: 'modern' | 'explicit' | 'ignored';
}

/** How a jar behaves where browsers and their settings differ. */
export interface CookieJarOptions {
  readonly clock?: Clock;
  readonly sites?: Sites;
  /** Whether a cookie without `SameSite`, younger than two minutes, goes with a cross-site top-level POST. @default false */
  readonly laxAllowingUnsafe?: boolean;
  /** Whether cross-site subresources and frames carry and set cookies. @default true */
  readonly thirdPartyCookies?: boolean;
}

interface Stored extends Cookie {
  usedAt: number;
  readonly order: number;
}

const MAX_PER_SITE = 180;
const KEPT_AFTER_PURGE = 150;
const LAX_ALLOWING_UNSAFE_MS = 120_000;

/** The cookies of one browser profile. */
export class CookieJar {
  #cookies: Stored[] = [];
  #order = 0;
  readonly #clock: Clock;
  readonly #sites: Sites;
  readonly #laxAllowingUnsafe: boolean;
  readonly #thirdParty: boolean;

  constructor(options: CookieJarOptions = {}) {
    this.#clock = options.clock ?? { now: Date.now };
    this.#sites = options.sites ?? new Sites();
    this.#laxAllowingUnsafe = options.laxAllowingUnsafe ?? false;
    this.#thirdParty = options.thirdPartyCookies ?? true;
  }

  /** Every living cookie, HttpOnly ones included: the tester's view, not a page's. */
  all(): readonly Cookie[] {
    this.#expire();
    return this.#cookies.map(({ usedAt: _usedAt, order: _order, ...cookie }) => cookie);
  }

  /** Forgets everything. */
  clear(): void {
    this.#cookies = [];
  }

  /** The `Cookie` header for a request to `url`, or `document.cookie` for a script there. */
  header(url: URL, context: CookieContext): string | undefined {
    if (!this.#thirdParty && context.site === 'cross') return undefined;
    this.#expire();
    const now = this.#clock.now();
    const sent = this.#cookies.filter((one) => this.#travels(one, url, context, now));
    // Longer paths first, then the older: the order decides which of two equal names a server believes.
    sent.sort((a, b) => b.path.length - a.path.length || a.order - b.order);
    for (const one of sent) one.usedAt = now;
    const text = sent.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
    return text === '' ? undefined : text;
  }

  /** Stores what a `Set-Cookie` line from `url` asks for; returns why not, or `null`. */
  set(line: string, url: URL, context: CookieContext): CookieRefusal | null {
    if (!this.#thirdParty && context.site === 'cross') return 'third-party';
    this.#expire();
    const now = this.#clock.now();
    const parsed = parseSetCookie(line, now);
    if (typeof parsed === 'string') return parsed;
    const home = this.#domainOf(parsed.domain, url);
    if (home === null) return 'domain';
    const { partitioned, ...rest } = parsed;
    const cookie = {
      ...rest,
      ...home,
      path: parsed.path === '' ? defaultPath(url.pathname) : parsed.path,
      partition: partitioned ? context.topSite : undefined,
    };
    const refusal = refusalOf(parsed, url, context) ?? this.#overwriteRefusal(cookie, url, context);
    if (refusal !== null) return refusal;

    const old = this.#cookies.find((one) => isSame(one, cookie));
    this.#cookies = this.#cookies.filter((one) => one !== old);
    if (cookie.expires !== null && cookie.expires <= now) return null;
    // Chromium keeps the creation time, and so the place in the header, only if the value stays the same.
    const kept = old?.value === cookie.value ? old : undefined;
    const { createdAt, order } = kept ?? { createdAt: now, order: this.#order++ };
    this.#cookies.push({ ...cookie, createdAt, order, usedAt: now });
    this.#purge(cookie.domain);
    return null;
  }

  #travels(one: Stored, url: URL, context: CookieContext, now: number): boolean {
    const host = url.hostname;
    if (one.hostOnly ? one.domain !== host : !isUnder(host, one.domain)) return false;
    if (!isOnPath(url.pathname, one.path) || (one.secure && !isTrustworthy(url))) return false;
    if (one.httpOnly && context.script === true) return false;
    if (one.partition !== undefined && one.partition !== context.topSite) return false;
    if (context.sameSite === 'ignored' || context.site === 'strict' || one.sameSite === 'None') return true;
    if (one.sameSite === 'default' && context.sameSite === 'explicit') return true;
    if (one.sameSite === 'Strict' || context.site === 'cross') return false;
    if (context.site === 'lax') return true;
    const young = now - one.createdAt < LAX_ALLOWING_UNSAFE_MS;
    return this.#laxAllowingUnsafe && one.sameSite === 'default' && young;
  }

  #domainOf(attribute: string, url: URL): { domain: string; hostOnly: boolean } | null {
    const host = url.hostname;
    const wanted = attribute.toLowerCase().replace(/^\./, '');
    if (attribute === '') return { domain: host, hostOnly: true };
    const registrable = this.#sites.registrable(host);
    if (isAddress(host) || registrable === null) return wanted === host ? { domain: host, hostOnly: true } : null;
    if (!isUnder(host, wanted) || this.#sites.registrable(wanted) !== registrable) return null;
    return { domain: wanted, hostOnly: false };
  }

  #overwriteRefusal(cookie: Omit<Cookie, 'createdAt'>, url: URL, context: CookieContext): CookieRefusal | null {
    for (const old of this.#cookies) {
      if (context.script === true && old.httpOnly && isSame(old, cookie)) return 'http-only';
      // An insecure page may not replace or shadow a Secure cookie (section 5.7, step 16).
      if (isTrustworthy(url) || !old.secure || old.name !== cookie.name) continue;
      const related = isUnder(old.domain, cookie.domain) || isUnder(cookie.domain, old.domain);
      if (related && isOnPath(cookie.path, old.path)) return 'overwrites-secure';
    }
    return null;
  }

  /** Above 180 a site is cut to 150: insecure cookies first, and the longest unused first. */
  #purge(domain: string): void {
    const site = this.#sites.registrable(domain) ?? domain;
    const own = this.#cookies.filter((one) => (this.#sites.registrable(one.domain) ?? one.domain) === site);
    if (own.length <= MAX_PER_SITE) return;
    own.sort((a, b) => Number(a.secure) - Number(b.secure) || a.usedAt - b.usedAt || a.order - b.order);
    const gone = new Set(own.slice(0, own.length - KEPT_AFTER_PURGE));
    this.#cookies = this.#cookies.filter((one) => !gone.has(one));
  }

  #expire(): void {
    const now = this.#clock.now();
    this.#cookies = this.#cookies.filter(({ expires }) => expires === null || expires > now);
  }
}

function refusalOf(parsed: ParsedCookie, url: URL, context: CookieContext): CookieRefusal | null {
  if (parsed.secure && !isTrustworthy(url)) return 'secure';
  if (parsed.httpOnly && context.script === true) return 'http-only';
  if (!keepsPrefix(parsed, url, context.script === true)) return 'prefix';
  if (parsed.partitioned && !parsed.secure) return 'partitioned';
  const sameSite = context.sameSite ?? 'modern';
  if (parsed.sameSite === 'None') return parsed.secure || sameSite !== 'modern' ? null : 'same-site';
  if (context.site !== 'cross' || sameSite === 'ignored') return null;
  return parsed.sameSite === 'default' && sameSite === 'explicit' ? null : 'same-site';
}

/** A prefix is a promise the browser enforces whatever its letter case, and a nameless cookie may not imitate one. */
function keepsPrefix(cookie: ParsedCookie, url: URL, script: boolean): boolean {
  const name = (cookie.name === '' ? cookie.value : cookie.name).toLowerCase();
  const prefix = /^__(?:host-http-|host-|secure-|http-)/.exec(name)?.[0];
  if (prefix === undefined) return true;
  if (cookie.name === '' || !cookie.secure) return false;
  if (prefix.endsWith('http-') && (!cookie.httpOnly || script)) return false;
  if (!prefix.startsWith('__host-')) return true;
  const ownAddress = isAddress(url.hostname) && cookie.domain === url.hostname;
  return cookie.path === '/' && (cookie.domain === '' || ownAddress);
}

function isSame(a: Omit<Cookie, 'createdAt'>, b: Omit<Cookie, 'createdAt'>): boolean {
  const home = a.domain === b.domain && a.hostOnly === b.hostOnly && a.path === b.path;
  return home && a.name === b.name && a.partition === b.partition;
}

function isUnder(host: string, domain: string): boolean {
  return host === domain || (!isAddress(host) && host.endsWith(`.${domain}`));
}

function isOnPath(path: string, cookiePath: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] === '/';
}

function defaultPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}
