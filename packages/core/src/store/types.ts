/**
 * What protections ask of a store. Narrow on purpose: each call is atomic, so that no protection needs a lock,
 * and each may answer now or later.
 * @module
 */
import type { MaybePromise } from '../kernel/verdict.ts';

/** Outcome of taking from a GCRA bucket. Times are in milliseconds. */
export interface Taken {
  readonly allowed: boolean;
  /** Whole requests left before the next is refused. */
  readonly remaining: number;
  /** Wait before the same call would be allowed; 0 when it was. */
  readonly retryAfter: number;
  /** Until the bucket is full again. */
  readonly resetAfter: number;
}

export interface CounterStore {
  /**
   * Generic cell rate algorithm (ITU-T I.371): one call takes `cost` from the bucket `key`.
   * @param emission milliseconds that one request is worth
   * @param burst requests that may come at once
   * @param now milliseconds since 1970
   */
  take(key: string, emission: number, burst: number, cost: number, now: number): MaybePromise<Taken>;
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
  /** Privileges changed: the next request gets a new id. */
  readonly rotate: boolean;
  /** What the person's list of sessions shows. */
  readonly device: string;
  readonly address: string;
}

export interface SessionStore {
  get(hash: string): MaybePromise<SessionRecord | null>;
  put(record: SessionRecord): MaybePromise<void>;
  /** Puts `record` in place of `hash`; false, and nothing changed, when `hash` is gone (somebody revoked or rotated it). */
  replace(hash: string, record: SessionRecord): MaybePromise<boolean>;
  touch(hash: string, seenAt: number): MaybePromise<void>;
  /** True when there was one. */
  remove(hash: string): MaybePromise<boolean>;
  /** All of an account, newest first. */
  list(account: string): MaybePromise<readonly SessionRecord[]>;
  /** Removes all of an account but one; answers how many. */
  removeAll(account: string, but?: string): MaybePromise<number>;
  /** Removes what ended before `now`, or was last seen before `idleBefore`; answers how many. */
  prune(now: number, idleBefore: number): MaybePromise<number>;
  /** Tells of changes made by other processes; answers how to stop. A store that cannot leaves it out. */
  watch?(changed: (hash: string) => void): () => void;
}

/** Single-use values: links, codes, states. */
export interface TicketStore {
  put(key: string, value: string, until: number): MaybePromise<void>;
  /** The value, once: of any number of callers at the same time exactly one gets it. `null` when gone or expired. */
  takeOnce(key: string, now: number): MaybePromise<string | null>;
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
  /** Grows by one with every change; `update` compares it. */
  readonly version: number;
}

export type AccountChange = Partial<Pick<AccountRecord, 'login' | 'name' | 'passwordHash' | 'roles' | 'disabled'>>;

export interface AccountStore {
  byId(id: string): MaybePromise<AccountRecord | null>;
  byLogin(login: string): MaybePromise<AccountRecord | null>;
  /** `taken` when the login exists; nothing is changed then. */
  create(account: Omit<AccountRecord, 'version'>): MaybePromise<'made' | 'taken'>;
  /** False, and nothing changed, when `version` is not the stored one or the new login is taken. */
  update(id: string, version: number, change: AccountChange): MaybePromise<boolean>;
  /** In order of login; for administration, in pages. */
  list(options: { readonly after?: string; readonly limit: number }): MaybePromise<readonly AccountRecord[]>;
}

export interface Health {
  readonly ok: boolean;
  /** For operators: what is wrong. Never sent to a client. */
  readonly detail: string;
}

export interface Stores {
  readonly counters: CounterStore;
  readonly sessions: SessionStore;
  readonly tickets: TicketStore;
  readonly accounts: AccountStore;
  /** All of it or nothing. The callback may wait; others' writes wait for it. Nested calls join the outer one. */
  transaction<T>(work: () => MaybePromise<T>): Promise<T>;
  health(): MaybePromise<Health>;
  close(): MaybePromise<void>;
}
