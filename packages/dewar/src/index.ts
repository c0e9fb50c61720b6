/**
 * What an application imports: rules of access, the policy's words, stores, and how to build. The framework's part
 * stands under its name: `dewar/fastify`.
 * @module
 */
export {
  all,
  any,
  anyone,
  build,
  can,
  ConfigError,
  describeRule,
  detect,
  eventLog,
  fresh,
  inspect,
  mfa,
  not,
  off,
  owner,
  resource,
  role,
  shared,
  signedIn,
  todo,
} from '@dewar/core';
export type {
  AccessOptions,
  AccountIdentity,
  ConfigFault,
  Context,
  Detect,
  EventSink,
  Identity,
  IdentityResolver,
  Inspection,
  ListenOptions,
  Off,
  Policy,
  Profile,
  Replacements,
  RequestFacts,
  Resource,
  ResourceOptions,
  RoutePolicy,
  Rule,
  Running,
  SecurityEvent,
  TokenIdentity,
} from '@dewar/core';
export type { BodyOptions } from '@dewar/core/body';
export { clearCookie, getCookie, setCookie } from '@dewar/core/cookies';
export type { CookiesOptions } from '@dewar/core/cookies';
export type { CorsOptions, CorsRule } from '@dewar/core/cors';
export { proposeCsp } from '@dewar/core/csp';
export type { CspOptions, CspProposal } from '@dewar/core/csp';
export { csrfField, csrfMeta, csrfToken } from '@dewar/core/csrf';
export type { CsrfOptions } from '@dewar/core/csrf';
export type { HeadersOptions } from '@dewar/core/headers';
export type { HostsOptions } from '@dewar/core/hosts';
export {
  attr,
  attributes,
  csrfInput,
  html,
  HtmlError,
  isHtml,
  jsonData,
  raw,
  rawUses,
  trustedUrl,
} from '@dewar/core/html';
export type { Attributes, Html, HtmlCode, RawUse, Scalar, TrustedUrl, Value } from '@dewar/core/html';
export type { HttpsOptions } from '@dewar/core/https';
export { inputOf } from '@dewar/core/schema';
export type { SchemaOptions } from '@dewar/core/schema';
export {
  account,
  address,
  countFailure,
  countSuccess,
  each,
  field,
  limit,
  method,
  of,
  route,
  signInLimits,
} from '@dewar/core/limits';
export type { By, LimitOptions, LimitRule, LimitsOptions, SignInLimits } from '@dewar/core/limits';
export { sessionsOf } from '@dewar/core/sessions';
export type { Sessions, SessionsOptions, SignIn } from '@dewar/core/sessions';
export { memoryStores, sqliteStores, StoreError } from '@dewar/stores';
export type { MemoryStoresOptions, Migration, SqliteStores, SqliteStoresOptions, Stores } from '@dewar/stores';
export { devSecret } from './data-folder.ts';
