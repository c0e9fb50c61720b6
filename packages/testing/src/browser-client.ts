/**
 * A client that acts as a browser does over plain HTTP to loopback, while it believes a public origin: the victim's
 * tab, the attacker's page beside it, and browsers too old for Fetch Metadata.
 * @module
 */
import { DEFAULT_REFERRER_POLICY, isTopLevel, readReferrerPolicy } from './browser-request.ts';
import { send } from './browser-network.ts';
import { CookieJar } from './cookie-jar.ts';
import { allowedFields, isSimpleMethod } from './cors-rules.ts';
import { encodeForm, entriesOf, fillForm } from './form-body.ts';
import { Sites } from './site.ts';
import type { Network, Route } from './browser-network.ts';
import type {
  BrowserOptions,
  FetchOptions,
  FieldValues,
  NavigateOptions,
  PostBody,
  SubmitOptions,
} from './browser-options.ts';
import type { BrowserRequest, LegacyOptions, Page, ReferrerPolicy } from './browser-request.ts';
import type { BrowserResponse } from './browser-response.ts';
import type { Cookie, CookieRefusal } from './cookie-jar.ts';
import type { EncodedBody, FormEncoding, FormEntry } from './form-body.ts';
import type { FormControl, HtmlForm } from './html-forms.ts';
import type { Field } from './http-message.ts';

interface Profile extends Network {
  readonly app: URL;
}

/** Opens a fresh browser profile with one tab: `browser(server.url)` or `browser({ url, origin, forwarded })`. */
export function browser(target: string | BrowserOptions, more: Omit<BrowserOptions, 'url'> = {}): Tab {
  const options: BrowserOptions = typeof target === 'string' ? { url: target, ...more } : target;
  const app = new URL(options.origin ?? options.url);
  const sites = new Sites(options.publicSuffixes);
  const { clock, laxAllowingUnsafe = false, thirdPartyCookies = true } = options;
  const jar = new CookieJar({ sites, laxAllowingUnsafe, thirdPartyCookies, ...(clock === undefined ? {} : { clock }) });
  const servers = new Map<string, string>([[app.origin, options.url]]);
  for (const [origin, url] of Object.entries(options.servers ?? {})) servers.set(new URL(origin).origin, url);
  // A proxy listens on both ports of its host.
  if (options.forwarded === true && app.port === '') {
    for (const scheme of ['http', 'https']) {
      const origin = `${scheme}://${app.host}`;
      if (!servers.has(origin)) servers.set(origin, options.url);
    }
  }
  const locate = (url: URL): Route | undefined => {
    const socket = servers.get(url.origin);
    if (socket === undefined) return undefined;
    const added: Field[] = [];
    if (options.clientAddress !== undefined) added.push(['X-Forwarded-For', options.clientAddress]);
    if (options.forwarded === true) added.push(['X-Forwarded-Proto', url.protocol.slice(0, -1)]);
    return { socket, added };
  };
  const profile = { app, jar, sites, thirdPartyCookies, timeout: options.timeout ?? 10_000, locate };
  return new Tab(profile, { url: new URL('/', app), referrerPolicy: DEFAULT_REFERRER_POLICY }, false, undefined);
}

/** A tab: it shows a page, and what the page does is done in its name. Paths are those of the application. */
export class Tab {
  readonly #profile: Profile;
  readonly #attacker: boolean;
  readonly #legacy: LegacyOptions | undefined;
  #page: Page;

  /** Use `browser()`. */
  constructor(profile: Profile, page: Page, attacker: boolean, legacy: LegacyOptions | undefined) {
    this.#profile = profile;
    this.#page = page;
    this.#attacker = attacker;
    this.#legacy = legacy;
  }

  /** The address of the page shown; `null` where its origin is opaque. */
  get url(): string | null {
    return this.#page.url?.href ?? null;
  }

  /** Types an address. In a tab from `from()`: follows a link on that page, or frames the target. */
  get(path: string, options: NavigateOptions = {}): Promise<BrowserResponse> {
    const framed = options.dest === 'iframe';
    return this.#navigate(path, this.#attacker || framed ? this.#page : null, options, !framed);
  }

  /** Follows a link on the page this tab shows. */
  click(path: string, options: NavigateOptions = {}): Promise<BrowserResponse> {
    return this.#navigate(path, this.#page, options, true);
  }

  /** Posts from the page shown: a form as a navigation, JSON or text by `fetch` with cookies. */
  post(path: string, body: PostBody, options: NavigateOptions = {}): Promise<BrowserResponse> {
    if ('form' in body) {
      const encoded = encodeForm(entriesOf(body.form), body.enctype ?? 'application/x-www-form-urlencoded');
      return this.#navigate(path, this.#page, options, !this.#attacker, encoded);
    }
    const [text, type] = 'json' in body ? [JSON.stringify(body.json), 'application/json'] : [body.text, body.type];
    const headers = type === undefined ? {} : { 'content-type': type };
    return this.fetch(path, { method: 'POST', body: text, headers, credentials: 'include' });
  }

  /** Fills in and submits a form of a page this browser got, hidden fields (the CSRF token) included. */
  submit(response: BrowserResponse, values: FieldValues = {}, options: SubmitOptions = {}): Promise<BrowserResponse> {
    const form = response.form(options.form);
    const button = submitterOf(form, options.button);
    const entries = fillForm(form, values, button);
    const attribute = (name: 'action' | 'method' | 'enctype'): string =>
      button?.attributes.get(`form${name}`) ?? form[name];
    const document = new URL(response.url);
    document.hash = '';
    const action = attribute('action');
    const target = action === '' ? document : new URL(action, new URL(response.page.base ?? '', document));
    const page = pageOf(response);
    if (attribute('method').toLowerCase() === 'post') {
      const body = encodeForm(entries, encodingOf(attribute('enctype').toLowerCase()));
      return this.#navigate(target.href, page, options, true, body);
    }
    target.search = new URLSearchParams(entries.map(plain)).toString();
    return this.#navigate(target.href, page, options, true);
  }

  /** `fetch()` of a script on the page shown. Where a browser rejects, `blocked` says why. */
  async fetch(path: string, options: FetchOptions = {}): Promise<BrowserResponse> {
    const method = normalMethod(options.method ?? 'GET');
    const mode = options.mode ?? 'cors';
    if (/^(?:CONNECT|TRACE|TRACK)$/i.test(method)) throw new TypeError(`a page cannot send ${method}`);
    if (mode === 'no-cors' && !isSimpleMethod(method)) throw new TypeError(`a page cannot send ${method} with no-cors`);
    if (options.body !== undefined && /^(?:GET|HEAD)$/.test(method)) throw new TypeError(`${method} has no body`);
    const given = options.headers ?? {};
    const list = Array.isArray(given) ? (given as readonly Field[]) : Object.entries(given as Record<string, string>);
    const chain = [new URL(path, this.#profile.app)] as const;
    const request: BrowserRequest = {
      ...this.#common(this.#page),
      method,
      chain,
      mode,
      destination: options.dest ?? 'empty',
      credentials: options.credentials ?? 'same-origin',
      body: scriptBody(options.body),
      fields: allowedFields(list, mode),
      user: false,
      posted: false,
      tainted: this.#page.url?.origin !== chain[0].origin,
    };
    return send(this.#profile, request, options.redirect === 'manual');
  }

  /** A page elsewhere in the same browser, sharing its cookies: an attacker's, a sibling's, or `'null'` (sandboxed). */
  from(origin: string, options: { readonly referrerPolicy?: ReferrerPolicy } = {}): Tab {
    const url = origin === 'null' ? null : new URL(origin);
    const page = { url, referrerPolicy: options.referrerPolicy ?? DEFAULT_REFERRER_POLICY };
    return new Tab(this.#profile, page, true, this.#legacy);
  }

  /** The same tab in an old browser: no `Sec-Fetch-*`, no default for `SameSite`, and perhaps no `Origin`. */
  legacy(options: LegacyOptions = {}): Tab {
    return new Tab(this.#profile, this.#page, this.#attacker, options);
  }

  /** Every cookie in the jar, of every host: the tester's view. */
  cookies(): readonly Cookie[] {
    return this.#profile.jar.all();
  }

  /** The cookie of this name; several of one name (cookie tossing) show in `cookies()`. */
  cookie(name: string): Cookie | undefined {
    return this.cookies().find((one) => one.name === name);
  }

  /** `document.cookie` of the page shown. */
  documentCookie(): string {
    const { url } = this.#page;
    if (url === null) return '';
    return this.#profile.jar.header(url, { ...this.#ownContext(url), script: true }) ?? '';
  }

  /** Sets a cookie as a response of `from` would, or with `script` as its `document.cookie`; returns why not, or `null`. */
  setCookie(line: string, from?: string, options: { readonly script?: boolean } = {}): CookieRefusal | null {
    const url = from === undefined ? this.#page.url : new URL(from);
    if (url === null) throw new Error('an opaque origin has no cookies');
    return this.#profile.jar.set(line, url, { ...this.#ownContext(url), script: options.script ?? false });
  }

  /** Forgets all cookies, as a new private window. */
  clearCookies(): void {
    this.#profile.jar.clear();
  }

  async #navigate(
    path: string,
    initiator: Page | null,
    options: NavigateOptions,
    user: boolean,
    body?: EncodedBody,
  ): Promise<BrowserResponse> {
    const request: BrowserRequest = {
      ...this.#common(initiator),
      method: body === undefined ? 'GET' : 'POST',
      chain: [new URL(path, this.#profile.app)],
      mode: 'navigate',
      destination: options.dest ?? 'document',
      credentials: 'include',
      body,
      fields: [],
      user: options.user ?? (options.dest === 'iframe' ? false : user),
      posted: body !== undefined,
      tainted: false,
    };
    const response = await send(this.#profile, request);
    const replaced = isTopLevel(request) && response.leftTo === undefined && ![0, 204, 205].includes(response.status);
    // An attack is repeated from the attacker's page, not from where the last one ended.
    if (replaced && !this.#attacker) this.#page = pageOf(response);
    return response;
  }

  #common(
    initiator: Page | null,
  ): Pick<BrowserRequest, 'initiator' | 'referrer' | 'referrerPolicy' | 'originLost' | 'legacy'> {
    const referrerPolicy = initiator?.referrerPolicy ?? DEFAULT_REFERRER_POLICY;
    return { initiator, referrer: initiator?.url ?? null, referrerPolicy, originLost: false, legacy: this.#legacy };
  }

  #ownContext(url: URL): { site: 'strict'; topSite: string; sameSite: 'modern' | 'explicit' | 'ignored' } {
    const sameSite = this.#legacy === undefined ? 'modern' : (this.#legacy.sameSite ?? 'explicit');
    return { site: 'strict', topSite: this.#profile.sites.of(url), sameSite };
  }
}

function pageOf(response: BrowserResponse): Page {
  const html = response.header('content-type')?.startsWith('text/html') ?? false;
  const policy =
    (html ? readReferrerPolicy(response.meta('referrer')) : undefined) ??
    readReferrerPolicy(response.header('referrer-policy')) ??
    DEFAULT_REFERRER_POLICY;
  return { url: new URL(response.url), referrerPolicy: policy };
}

function submitterOf(form: HtmlForm, wanted: string | null | undefined): FormControl | undefined {
  if (wanted === null) return undefined;
  const buttons = form.controls.filter(({ type, disabled }) => !disabled && (type === 'submit' || type === 'image'));
  if (wanted === undefined) return buttons[0];
  const found = buttons.find(({ name, value }) => name === wanted || value === wanted);
  if (found === undefined) throw new Error(`the form has no button "${wanted}"`);
  return found;
}

function encodingOf(enctype: string): FormEncoding {
  return enctype === 'multipart/form-data' || enctype === 'text/plain' ? enctype : 'application/x-www-form-urlencoded';
}

function plain([name, value]: FormEntry): [string, string] {
  return [name, typeof value === 'string' ? value.replace(/\r\n|\r|\n/g, '\r\n') : value.filename];
}

function scriptBody(body: FetchOptions['body']): EncodedBody | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return { type: 'text/plain;charset=UTF-8', bytes: Buffer.from(body) };
  if (Buffer.isBuffer(body)) return { type: '', bytes: body };
  return { type: 'application/x-www-form-urlencoded;charset=UTF-8', bytes: Buffer.from(body.toString()) };
}

function normalMethod(method: string): string {
  return /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;
}
