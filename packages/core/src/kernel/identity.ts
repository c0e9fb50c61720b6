/**
 * Who is asking, and how that is found out: lazily, at most once, by exactly one credential.
 * @module
 */
import type { Context } from './context.ts';
import type { RequestFacts } from './facts-types.ts';
import type { Denial, MaybePromise } from './verdict.ts';

export type Identity = AnonymousIdentity | AccountIdentity | TokenIdentity;

export interface AnonymousIdentity {
  readonly kind: 'anonymous';
}

export interface AccountIdentity {
  readonly kind: 'account';
  readonly id: string;
  readonly roles: readonly string[];
  /** Hash of the session id, never the id. */
  readonly sessionId: string;
  /** Milliseconds since 1970 of the last real proof. */
  readonly authenticatedAt: number;
  readonly methods: readonly string[];
  /** A second factor is owed: only the routes that collect it are open. */
  readonly pending?: boolean;
  readonly tenant?: string;
}

export interface TokenIdentity {
  readonly kind: 'token';
  readonly id: string;
  readonly subject: string;
  readonly scopes: readonly string[];
}

export const ANONYMOUS: AnonymousIdentity = Object.freeze({ kind: 'anonymous' });

export type CredentialKind = 'session' | 'bearer' | 'key' | 'basic' | 'certificate' | (string & {});

export interface IdentityResolver {
  readonly kind: CredentialKind;
  /** Attached by browsers on their own (cookies, Basic, client certificates), so it needs a guard against CSRF. */
  readonly ambient: boolean;
  /** What a 401 offers for it (`Bearer`, `Basic realm="…"`), RFC 9110 11.6.1. */
  readonly challenge?: string;
  /** The credential stands on the request. Says nothing about whether it is good. */
  present(facts: RequestFacts): boolean;
  /** `null`: nobody (expired, unknown). A denial: the credential itself must be refused. */
  resolve(c: Context): MaybePromise<Identity | Denial | null>;
}
