/**
 * Options of `sessions`, their defaults and their check.
 * @module
 */
import { ConfigError, secondsOf } from '../kernel/index.ts';
import type { CheckEnv, ConfigFault, Duration } from '../kernel/index.ts';

/** Options of `sessions`, for the whole policy: a route has none of its own. */
export interface SessionsOptions {
  /**
   * Name of the cookie; it begins with `__Host-`, or with `__Secure-` where subdomains share it.
   * @default '__Host-session'
   */
  readonly name: string;
  /**
   * A session that is not used for this long ends.
   * @default '1 hour'
   */
  readonly idle: Duration;
  /**
   * A session ends this long after sign-in, however much it is used.
   * @default '12 hours'
   */
  readonly absolute: Duration;
  /**
   * How often at most the last use is written. Idle time is counted from what was written: a session may end this
   * much early, never late.
   * @default '1 minute'
   */
  readonly touchEvery: Duration;
  /**
   * Sessions kept in this process's memory.
   * @default 10_000
   */
  readonly cache: number;
  /**
   * How long a session is believed without asking the store. In the process that revokes it ends at once; in others
   * after this time at the latest.
   * @default '5 seconds'
   */
  readonly cacheFor: Duration;
  /**
   * Sessions that one account may have at a time; one more ends the oldest.
   * @default 20
   */
  readonly maxPerAccount: number;
  /**
   * Asks the browser to forget cached pages and stored data of this origin when somebody signs out.
   * @default true
   */
  readonly clearSiteData: boolean;
}

export const SESSIONS_DEFAULTS: Readonly<SessionsOptions> = Object.freeze({
  name: '__Host-session',
  idle: '1 hour',
  absolute: '12 hours',
  touchEvery: '1 minute',
  cache: 10_000,
  cacheFor: '5 seconds',
  maxPerAccount: 20,
  clearSiteData: true,
});

/** Options in the units that a request counts in. */
export interface Limits {
  /** Milliseconds, each. */
  readonly idle: number;
  readonly absolute: number;
  readonly touchEvery: number;
  readonly cacheFor: number;
}

const DURATIONS = ['idle', 'absolute', 'touchEvery', 'cacheFor'] as const;
const NAME = /^__(?:Host|Secure)-[A-Za-z0-9_.-]{1,64}$/;

/** Durations in milliseconds. */
export function limitsOf(options: SessionsOptions, at = 'sessions'): Limits {
  const [idle, absolute, touchEvery, cacheFor] = DURATIONS.map(
    (name) => secondsOf(options[name], `${at}.${name}`) * 1000,
  );
  return { idle: idle!, absolute: absolute!, touchEvery: touchEvery!, cacheFor: cacheFor! };
}

/** Faults of the options. */
export function checkSessions(options: SessionsOptions, at: string, env: CheckEnv): readonly ConfigFault[] {
  if (env.route) {
    const wrong = 'a route has no sessions of its own: the cookie is sent to all of them';
    return [{ option: at, wrong, write: 'set it in the policy; access: fresh() asks for a recent sign-in' }];
  }
  const faults = DURATIONS.flatMap((name) => durationFault(options[name], `${at}.${name}`));
  if (typeof options.name !== 'string' || !NAME.test(options.name)) {
    const wrong = `${JSON.stringify(options.name)} is no name that browsers guard`;
    faults.push({ option: `${at}.name`, wrong, write: `write '__Host-session'` });
  }
  for (const name of ['cache', 'maxPerAccount'] as const) {
    if (Number.isSafeInteger(options[name]) && options[name] >= 1 && options[name] <= 1_000_000) continue;
    const wrong = `${String(options[name])} is no whole number from 1 to 1 000 000`;
    faults.push({ option: `${at}.${name}`, wrong, write: `write ${SESSIONS_DEFAULTS[name]}` });
  }
  if (typeof options.clearSiteData !== 'boolean') {
    faults.push({ option: `${at}.clearSiteData`, wrong: 'is neither true nor false', write: 'write true' });
  }
  return faults.length > 0 ? faults : relations(limitsOf(options, at), at);
}

function durationFault(given: Duration, at: string): ConfigFault[] {
  try {
    secondsOf(given, at);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [...error.faults];
    throw error;
  }
}

function relations({ idle, absolute, touchEvery, cacheFor }: Limits, at: string): ConfigFault[] {
  const faults: ConfigFault[] = [];
  if (idle > absolute) {
    const write = 'write an idle time that is no longer';
    faults.push({ option: `${at}.idle`, wrong: 'is longer than the absolute time, so it ends nothing', write });
  }
  // A session in use must never look idle to a process that has not seen the last touch.
  if (idle < 2 * touchEvery + cacheFor) {
    const wrong = 'is too short: a session in use is seen only every touchEvery, and believed for cacheFor';
    faults.push({ option: `${at}.idle`, wrong, write: `write ${(2 * touchEvery + cacheFor) / 1000} seconds or more` });
  }
  return faults;
}

/** Names of options that let a session live longer, or be planted by more hosts, than the defaults do. */
export function weakerSessions(options: SessionsOptions): readonly string[] {
  const [own, defaults] = [limitsOf(options), limitsOf(SESSIONS_DEFAULTS)];
  return [
    ...(options.name.startsWith('__Host-') ? [] : ['name']),
    ...(['idle', 'absolute', 'cacheFor'] as const).filter((name) => own[name] > defaults[name]),
    ...(options.clearSiteData ? [] : ['clearSiteData']),
  ];
}
