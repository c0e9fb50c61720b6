/**
 * What protections ask of a store. Narrow on purpose: each call is atomic, so that no protection needs a lock,
 * and each may answer now or later. Times are whole milliseconds since 1970, always the caller's: a store has no clock.
 * Text is compared exactly as given. What was handed in is copied: changing it later changes nothing stored.
 * @module
 */
import type { MaybePromise } from '../kernel/verdict.ts';

/** Outcome of taking from a GCRA bucket. Times are whole milliseconds, rounded up: waiting that long is enough. */
export interface Taken {
  readonly allowed: boolean;
  /** Whole requests left before the next is refused. */
  readonly remaining: number;
  /** Wait before the same call would be allowed; 0 when it was, `Infinity` when it costs more than the bucket holds. */
  readonly retryAfter: number;
  /** Until the bucket is full again. */
  readonly resetAfter: number;
}

export interface CounterStore {
  /**
   * Generic cell rate algorithm (ITU-T I.371): one call takes `cost` from the bucket `key`. Refused calls take nothing.
   * Counted in whole microseconds, so that no rounding ever refuses the last of a burst.
   * Throws a `RangeError` where a number makes no sense; callers treat that as a refusal.
   * @param emission milliseconds that one request is worth; above 0, may be a fraction
   * @param burst requests that may come at once; at least 1
   * @param cost 0 looks without taking
   * @param now milliseconds since 1970
   */
  take(key: string, emission: number, burst: number, cost: number, now: number): MaybePromise<Taken>;
  /** Forgets buckets that are full again by `now`, which changes no answer; answers how many. See {@link Stores}. */
  prune(now: number): MaybePromise<number>;
}

/** One signed-in browser. The id itself is never stored, only its SHA-256. */
export interface SessionRecord {
  /** base64url SHA-256 of the id in the cookie. */
  readonly hash: string;
  readonly account: string;
  readonly roles: readonly string[];
  /** All times are milliseconds since 1970. */
  readonly createdAt: number;
  /** When the person last proved who they are; `fresh()` reads it. */
  readonly authenticatedAt: number;
  /** Written at most once a minute. */
  readonly seenAt: number;
  /** Absolute end. */
  readonly expiresAt: number;
  /** How the person proved it: `password`, `totp`, … */
  readonly methods: readonly string[];
  /** A second factor is owed: only routes that everybody may use are open. */
  readonly pending: boolean;
  /** Privileges changed: the next request gets a new id. */
  readonly rotate: boolean;
  /** What CSRF tokens are bound to. New with every proof of who they are, kept while only the id rotates. */
  readonly binding: string;
  /** The hash before the last rotation, or empty: requests that were under way still find the session by it. */
  readonly previous: string;
  /** Until when `previous` counts; 0 where there is none. */
  readonly previousUntil: number;
  /** What the person's list of sessions shows. */
  readonly device: string;
  readonly address: string;
}

/**
 * What can change in a session that stands. Only the fields that are given are written, so that a rotation that is
 * under way never undoes a loss of roles that came between.
 */
export type SessionChange = Partial<
  Pick<
    SessionRecord,
    'hash' | 'roles' | 'authenticatedAt' | 'methods' | 'pending' | 'rotate' | 'binding' | 'previous' | 'previousUntil'
  >
>;

export interface SessionStore {
  /**
   * The record of that hash, else the one whose `previous` it is. Ended or not: what is too old, `previous` included,
   * is the caller's policy.
   */
  get(hash: string): MaybePromise<SessionRecord | null>;
  /** Adds it, or overwrites the one of the same hash. */
  put(record: SessionRecord): MaybePromise<void>;
  /**
   * Changes the session of this (current) hash and answers what it is now; `null`, and nothing changed, when the hash
   * is gone: somebody revoked or rotated it. A `hash` among the changes moves the session to that one.
   */
  change(hash: string, change: SessionChange): MaybePromise<SessionRecord | null>;
  /** Changes every session of an account at once; answers how many. */
  changeAll(account: string, change: Pick<SessionChange, 'roles' | 'rotate'>): MaybePromise<number>;
  /** Moves `seenAt` forward, never back. A session that is gone stays gone. */
  touch(hash: string, seenAt: number): MaybePromise<void>;
  /** True when there was one. */
  remove(hash: string): MaybePromise<boolean>;
  /** All of an account, newest (by `createdAt`) first. */
  list(account: string): MaybePromise<readonly SessionRecord[]>;
  /** Removes all of an account, except the one whose hash is `but`; answers how many. */
  removeAll(account: string, but?: string): MaybePromise<number>;
  /** Removes what has ended by `now` (`expiresAt <= now`), or was last seen before `idleBefore`; answers how many. */
  prune(now: number, idleBefore: number): MaybePromise<number>;
  /** Tells of changes made by other processes; answers how to stop. A store that cannot leaves it out. */
  watch?(changed: (hash: string) => void): () => void;
}

/** Single-use values: links, codes, states. */
export interface TicketStore {
  /** Keeps `value` until that time, in place of what was there. */
  put(key: string, value: string, until: number): MaybePromise<void>;
  /**
   * The value, once: of any number of callers at the same time exactly one gets it.
   * `null` when gone or expired (`until <= now`).
   */
  takeOnce(key: string, now: number): MaybePromise<string | null>;
  /** Removes what has expired by `now`; answers how many. */
  prune(now: number): MaybePromise<number>;
}

export interface AccountRecord {
  readonly id: string;
  /** Normalised login name (an e-mail address or a username). Unique. */
  readonly login: string;
  readonly name: string;
  /** PHC string; empty for an account without a password, which no password matches. */
  readonly passwordHash: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: number;
  /** 1 when made; grows by one with every change; `update` compares it. */
  readonly version: number;
}

export type AccountChange = Partial<Pick<AccountRecord, 'login' | 'name' | 'passwordHash' | 'roles' | 'disabled'>>;

/** Which accounts a page of them shows. */
export interface AccountSelection {
  /** Only those behind this login. */
  readonly after?: string;
  /** From 1 to 1000. */
  readonly limit: number;
  /** Only those whose login or name holds this text; the case of A to Z does not count. */
  readonly containing?: string;
  /** Only those with this role. */
  readonly role?: string;
}

export interface AccountStore {
  byId(id: string): MaybePromise<AccountRecord | null>;
  byLogin(login: string): MaybePromise<AccountRecord | null>;
  /**
   * `taken` when the login or the id exists; nothing is changed then.
   * Throws a `TypeError` for a login or id that is not well-formed Unicode: databases would keep another text.
   */
  create(account: Omit<AccountRecord, 'version'>): MaybePromise<'made' | 'taken'>;
  /** False, and nothing changed, when `version` is not the stored one or the new login is taken. */
  update(id: string, version: number, change: AccountChange): MaybePromise<boolean>;
  /** In order of login, by code point; for administration. */
  list(selection: AccountSelection): MaybePromise<readonly AccountRecord[]>;
}

export interface Health {
  readonly ok: boolean;
  /** For operators: what is wrong. Never sent to a client. */
  readonly detail: string;
}

/**
 * Where state lives. Every `prune` may work in batches: an answer above 0 means that there can be more.
 * A store that cannot answer throws or rejects; no method swallows an error, and callers take one as a refusal.
 */
export interface Stores {
  readonly counters: CounterStore;
  readonly sessions: SessionStore;
  readonly tickets: TicketStore;
  readonly accounts: AccountStore;
  /**
   * All of it or nothing. The callback may wait; others' calls wait for it, so that nobody reads what may be undone.
   * Nested calls join the outer one: when a nested one fails, so does the outer, even if it caught the error.
   * Await every call inside; calls that come after a rollback are refused. Ends by itself, undone, after a time limit.
   * Keep passwords' hashing and the network out of it: everybody waits.
   * Counters need not take part. Take from them before: a rollback may give back what was counted.
   */
  transaction<T>(work: () => MaybePromise<T>): Promise<T>;
  health(): MaybePromise<Health>;
  /** Waits for an open transaction, then lets go of everything. Closing twice is nothing. */
  close(): MaybePromise<void>;
}
