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
export { memoryStores, sqliteStores, StoreError } from '@dewar/stores';
export type { MemoryStoresOptions, Migration, SqliteStores, SqliteStoresOptions, Stores } from '@dewar/stores';
export { devSecret } from './data-folder.ts';
