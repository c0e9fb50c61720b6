/**
 * A denial is a value, never an exception: what a protection decided, in words an operator can follow.
 * One place turns it into a response, an event and a record for `explain(id)`.
 * @module
 */

export type MaybePromise<T> = T | Promise<T>;

/** Where the input that decided came from. Never the input itself: a denial must be safe to log. */
export type InputClass =
  | 'target'
  | 'query'
  | 'host'
  | 'header'
  | 'cookie'
  | 'body'
  | 'credential'
  | 'connection'
  | 'route';

/** A protection's refusal. Denials without variable parts are made once, at start, and shared by all requests. */
export interface Denial {
  /** `protection/reason`. A code and its meaning never change once published. */
  readonly code: `${string}/${string}`;
  /** HTTP status, RFC 9110. The redirect to https is a denial with 308. */
  readonly status: number;
  /** The protection that refused, by its option name. */
  readonly by: string;
  /** Which of the owner's rules decided, for example `owner(ticket)`. */
  readonly rule?: string;
  /** The option that decided, for example `csrf.trustedOrigins`. */
  readonly option: string;
  readonly input?: InputClass;
  /** Extra response fields as a flat list: name, value, name, value. */
  readonly headers?: readonly string[];
  /** Close the connection after the answer, because what follows on it cannot be trusted. */
  readonly close?: boolean;
}

/** True for a value that has to be waited for. Cheaper than `instanceof`, and right for foreign promises. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
