/**
 * The clients and the injected clock and random of `@dewar/testing`, by name.
 * @module
 */
export { browser, type Tab } from './browser-client.ts';
export type {
  BrowserOptions,
  FetchOptions,
  FieldValues,
  NavigateOptions,
  PostBody,
  SubmitOptions,
} from './browser-options.ts';
export type { LegacyOptions, ReferrerPolicy } from './browser-request.ts';
export type { Blocked, BrowserResponse, Redirect, RefusedCookie } from './browser-response.ts';
export { CookieJar } from './cookie-jar.ts';
export type { Cookie, CookieContext, CookieJarOptions, CookieRefusal } from './cookie-jar.ts';
export { FAKE_CLOCK_START, fakeClock, type FakeClock } from './fake-clock.ts';
export { fakeRandom } from './fake-random.ts';
export type { FormEncoding, FormEntry, FormFields, FormFile } from './form-body.ts';
export { readPage, type FormControl, type HtmlForm, type HtmlPage } from './html-forms.ts';
export type { Field, InterimResponse, RawResponse } from './http-message.ts';
export { head, rawRequest } from './raw-client.ts';
export type { RawExchange, RawOptions, RawStep, RawTarget } from './raw-client.ts';
