/**
 * What handlers do with sessions.
 * @module
 */
import type { Context } from '../kernel/index.ts';
import type { SessionRecord } from '../store/index.ts';

/** Somebody who proved who they are. */
export interface SignIn {
  readonly account: string;
  readonly roles: readonly string[];
  /** How they proved it: `password`, `passkey`, `totp`. */
  readonly methods: readonly string[];
  /** A second factor is owed; only routes for everybody are open until it is given. @default false */
  readonly pending?: boolean;
  /**
   * Version of the account's record when the proof was checked. The sign-in is refused where the record has another
   * by now: its password was changed, for example. @default any
   */
  readonly version?: number;
}

export interface Sessions {
  /**
   * Begins a session under a new id. One that this browser had ends: an id that somebody planted never becomes
   * theirs. A second factor is completed by signing in again, with both methods and without `pending`.
   * Throws `Refused` where the store's record of the account is disabled, lacks one of the roles, or has another
   * version than was given.
   */
  signIn(c: Context, who: SignIn): Promise<void>;
  /** Ends the session of this browser, whether or not there is one. */
  signOut(c: Context): Promise<void>;
  /**
   * Notes a new proof of who they are, under a new id; the old one ends at once. Adds to the methods. What is owed
   * stays owed. Throws `Refused` where nobody is signed in (any more).
   */
  reauthenticate(c: Context, methods: readonly string[]): Promise<void>;
  /** The sessions of an account that have not ended, newest first. */
  list(account: string): Promise<readonly SessionRecord[]>;
  /** Ends one of an account's own sessions, also by the hash before its last rotation; false where there is none. */
  revoke(account: string, hash: string): Promise<boolean>;
  /** Ends all sessions of this account but the one that asks; answers how many. */
  revokeOthers(c: Context): Promise<number>;
  /** Ends all sessions of an account; answers how many. `why` is for the trail: `password-reset`. */
  revokeAll(account: string, why: string): Promise<number>;
  /** Gives all sessions of an account its new roles, from now on, and each a new id with its next request. */
  privilegesChanged(account: string, roles: readonly string[]): Promise<void>;
}
