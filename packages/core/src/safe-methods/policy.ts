/**
 * Options of `safeMethods`.
 * @module
 */
import type { CheckEnv, ConfigFault } from '../kernel/index.ts';

export interface SafeMethodsOptions {
  /**
   * Statements that an application runs by itself on the database of `sqliteStores` count as well. Turned off, only the
   * stores of accounts, sessions and tickets are watched.
   * @default true
   */
  readonly sql: boolean;
}

export const SAFE_METHODS_DEFAULTS: Readonly<SafeMethodsOptions> = Object.freeze({ sql: true });

/** Faults of the options, each with what to write instead. */
export function checkSafeMethods({ sql }: SafeMethodsOptions, at: string, _env: CheckEnv): ConfigFault[] {
  if (typeof sql === 'boolean') return [];
  return [{ option: `${at}.sql`, wrong: 'is neither true nor false', write: 'write true, or leave it out' }];
}
