/**
 * What a test can say to a browser.
 * @module
 */
import type { Clock } from '@dewar/core';
import type { FormEncoding, FormFields, FormFile } from './form-body.ts';
import type { Field } from './http-message.ts';

/** Which server this browser talks to, and as which origin it knows it. */
export interface BrowserOptions {
  /** Where the server listens: an `http:` URL on loopback. */
  readonly url: string;
  /** The public origin the browser believes, such as `https://desk.example`. @default the origin of `url` */
  readonly origin?: string;
  /** Whether a trusted proxy stands in front and adds `X-Forwarded-Proto`. @default false */
  readonly forwarded?: boolean;
  /** The client's address, which that proxy adds as `X-Forwarded-For`. */
  readonly clientAddress?: string;
  /** Servers of further origins, origin to loopback URL: a redirect to an origin without one ends in `leftTo`. */
  readonly servers?: Readonly<Record<string, string>>;
  /** What cookies age by. @default the system's clock */
  readonly clock?: Clock;
  /** Milliseconds one exchange may take. @default 10000 */
  readonly timeout?: number;
  /** Chromium's exception for cookies without `SameSite` younger than two minutes. @default false */
  readonly laxAllowingUnsafe?: boolean;
  /** Whether cross-site frames and subresources carry cookies. @default true */
  readonly thirdPartyCookies?: boolean;
  /** Public suffixes beside the usual ones, such as `hosting.example`. */
  readonly publicSuffixes?: readonly string[];
}

/** How a navigation starts. */
export interface NavigateOptions {
  /** A frame is no top-level navigation: cross-site it carries `SameSite=None` cookies only. @default 'document' */
  readonly dest?: 'document' | 'iframe';
  /** Whether the user clicked. @default true, but false for a post of an attacker's page, which submits itself */
  readonly user?: boolean;
}

/** What a post carries: a form is a navigation, the others are sent by a script with cookies. */
export type PostBody =
  | { readonly form: FormFields; readonly enctype?: FormEncoding }
  | { readonly json: unknown }
  | { readonly text: string; readonly type?: string };

/** The options of `fetch()` a page can give. */
export interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | readonly Field[];
  readonly body?: string | Buffer | URLSearchParams;
  /** @default 'cors' */
  readonly mode?: 'cors' | 'no-cors' | 'same-origin';
  /** @default 'same-origin' */
  readonly credentials?: 'omit' | 'same-origin' | 'include';
  /** What the answer is for; `image` or `script` with `no-cors` and `include` is what those elements send. @default 'empty' */
  readonly dest?: string;
  /** @default 'follow' */
  readonly redirect?: 'follow' | 'manual';
}

/** How a form is submitted. */
export interface SubmitOptions extends NavigateOptions {
  /** Which form, by index or `action`. @default the only one */
  readonly form?: number | string;
  /** The button to press, by name or value; `null` is `form.submit()`. @default the first */
  readonly button?: string | null;
}

/** What to fill in; `null` leaves a control out or unticked. */
export type FieldValues = Readonly<Record<string, string | FormFile | readonly string[] | null>>;
