/**
 * What a browser ends up with after redirects, as a test wants to look at it.
 * @module
 */
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { pickForm, readPage } from './html-forms.ts';
import type { CookieRefusal } from './cookie-jar.ts';
import type { HtmlForm, HtmlPage } from './html-forms.ts';
import type { Field, RawResponse } from './http-message.ts';

/** Why a page cannot see the answer: the preflight failed, CORS or CORP forbids it, or the mode did before sending. */
export type Blocked = 'preflight' | 'cors' | 'corp' | 'mode';

/** One redirect that was followed. */
export interface Redirect {
  readonly status: number;
  readonly url: string;
  readonly location: string;
  readonly headers: readonly Field[];
}

/** A `Set-Cookie` line the browser did not store. */
export interface RefusedCookie {
  readonly line: string;
  readonly reason: CookieRefusal;
}

/** What the network layer knows when a request is done. */
export interface Outcome {
  readonly url: URL;
  readonly raw: RawResponse | undefined;
  readonly sent: readonly Field[];
  readonly method: string;
  readonly redirects: readonly Redirect[];
  readonly preflight: RawResponse | undefined;
  readonly blocked: Blocked | undefined;
  readonly leftTo: string | undefined;
  readonly opaque: boolean;
  readonly setCookies: readonly string[];
  readonly refusedCookies: readonly RefusedCookie[];
}

/** The end of a request. The tester sees all of it; what the page itself could read, `readable` says. */
export class BrowserResponse {
  readonly #outcome: Outcome;
  #body: Buffer | undefined;
  #page: HtmlPage | undefined;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  /** The status; 0 when nothing was sent, or nothing but a preflight. */
  get status(): number {
    return this.#outcome.raw?.status ?? 0;
  }

  /** The field lines, duplicates kept. */
  get headers(): readonly Field[] {
    return this.#outcome.raw?.fields ?? [];
  }

  /** Where the chain ended. */
  get url(): string {
    return this.#outcome.url.href;
  }

  /** The redirects followed, oldest first. */
  get redirects(): readonly Redirect[] {
    return this.#outcome.redirects;
  }

  /** Where a redirect led that this browser has no server for, such as another host: an open redirect shows here. */
  get leftTo(): string | undefined {
    return this.#outcome.leftTo;
  }

  /** The method of the last request: redirects change it. */
  get method(): string {
    return this.#outcome.method;
  }

  /** The field lines of the last request. */
  get sent(): readonly Field[] {
    return this.#outcome.sent;
  }

  /** Every `Set-Cookie` line on the way, redirects included, stored or not. */
  get setCookies(): readonly string[] {
    return this.#outcome.setCookies;
  }

  /** Those of them the browser refused, with its reason. */
  get refusedCookies(): readonly RefusedCookie[] {
    return this.#outcome.refusedCookies;
  }

  /** The answer to the last preflight, if there was one. */
  get preflight(): RawResponse | undefined {
    return this.#outcome.preflight;
  }

  /** What kept the answer from the page. */
  get blocked(): Blocked | undefined {
    return this.#outcome.blocked;
  }

  /** Whether a script of the page that asked could read the answer. */
  get readable(): boolean {
    return this.#outcome.blocked === undefined && !this.#outcome.opaque && this.#outcome.raw !== undefined;
  }

  /** The body with its content coding removed. */
  get body(): Buffer {
    return (this.#body ??= this.#outcome.raw === undefined ? Buffer.alloc(0) : decode(this.#outcome.raw));
  }

  /** The body as UTF-8. */
  get text(): string {
    return this.body.toString('utf8');
  }

  /** The forms and meta elements of the page. */
  get page(): HtmlPage {
    return (this.#page ??= readPage(this.text));
  }

  /** The response's field, lines joined by `, `; absent is `undefined`. */
  header(name: string): string | undefined {
    return this.#outcome.raw?.header(name);
  }

  /** The body as JSON. */
  json(): unknown {
    return JSON.parse(this.text);
  }

  /** A form of the page, to read hidden fields from. */
  form(which?: number | string): HtmlForm {
    return pickForm(this.page, which);
  }

  /** The content of `<meta name>`. */
  meta(name: string): string | undefined {
    return this.page.meta.get(name.toLowerCase());
  }
}

function decode(raw: RawResponse): Buffer {
  if (raw.body.length === 0) return raw.body;
  switch (raw.header('content-encoding')?.toLowerCase()) {
    case undefined:
    case 'identity':
      return raw.body;
    case 'gzip':
      return gunzipSync(raw.body);
    case 'deflate':
      return inflateSync(raw.body);
    case 'br':
      return brotliDecompressSync(raw.body);
    case 'zstd':
      return zstdDecompressSync(raw.body);
    default:
      throw new Error(`a content coding this browser did not ask for: ${raw.header('content-encoding')}`);
  }
}
