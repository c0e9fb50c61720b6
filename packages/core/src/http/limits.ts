/**
 * Limits of the server: what a slow or greedy client may take, their defaults and their check.
 * @module
 */
import type { ServerOptions as TlsServerOptions } from 'node:https';
import { ConfigError, unknownKeys } from '../kernel/index.ts';
import type { ConfigFault } from '../kernel/index.ts';

export interface ServerLimits {
  /** Milliseconds for a whole request head. @default 10000, or `requestTimeout` where that is shorter */
  readonly headersTimeout?: number;
  /** Milliseconds for a whole request, body included. @default 30000 */
  readonly requestTimeout?: number;
  /** Milliseconds an idle connection is kept. @default 5000 */
  readonly keepAliveTimeout?: number;
  /** Requests on one connection, then it is closed. @default 1000 */
  readonly maxRequestsPerSocket?: number;
  /** Certificate and key, where this process itself speaks TLS. @default clear text, behind a proxy */
  readonly tls?: TlsServerOptions;
}

type Numbers = Required<Omit<ServerLimits, 'tls'>>;

/** Milliseconds, and a count. */
export const LIMITS_DEFAULTS: Readonly<Numbers> = Object.freeze({
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  maxRequestsPerSocket: 1_000,
});

/** The limits with their defaults. Throws a `ConfigError` with every fault. */
export function resolveLimits(given: ServerLimits): Numbers {
  const limits = { ...LIMITS_DEFAULTS, ...given };
  if (given.headersTimeout === undefined)
    limits.headersTimeout = Math.min(limits.headersTimeout, limits.requestTimeout);
  const names = Object.keys(LIMITS_DEFAULTS) as (keyof Numbers)[];
  const faults: ConfigFault[] = unknownKeys(given, [...names, 'tls'], 'limits');
  for (const name of names) {
    // Zero is no limit to Node: one client could hold a connection for ever.
    if (!Number.isSafeInteger(limits[name]) || limits[name] < 1)
      faults.push({
        option: `limits.${name}`,
        wrong: 'is no whole number of 1 or more',
        write: `write ${LIMITS_DEFAULTS[name]}`,
      });
  }
  if (faults.length === 0 && limits.headersTimeout > limits.requestTimeout)
    faults.push({
      option: 'limits.headersTimeout',
      wrong: 'is longer than the whole request may take',
      write: `write ${limits.requestTimeout} or less`,
    });
  if (faults.length > 0) throw new ConfigError(faults);
  return limits;
}
