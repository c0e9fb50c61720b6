/**
 * What a step decides, as values: a denial, a complete reply, or nothing. One place turns them into a response,
 * an event and a record for `explain(id)`.
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
  /** Members of the problem that are safe to show, such as the names of refused fields. */
  readonly problem?: Readonly<Record<string, unknown>>;
  /** Close the connection after the answer, because what follows on it cannot be trusted. */
  readonly close?: boolean;
}

/** A complete answer that refuses nothing: a CORS preflight, a received report. */
export interface Reply {
  /** HTTP status; 204 carries no body. */
  readonly reply: number;
  /** Flat list: name, value, name, value. */
  readonly headers: readonly string[];
  readonly body?: string;
}

export type Verdict = Denial | Reply | null;

/** True for an answer that is no refusal. */
export function isReply(verdict: Denial | Reply): verdict is Reply {
  return 'reply' in verdict;
}

/** A denial thrown by what runs inside a handler (sign-in, uploads, stores), where no step can return one. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly denial: Denial;
  /** Where a framework answers errors by itself (`only()`), it reads the status here. */
  readonly statusCode: number;

  constructor(denial: Denial) {
    super(denial.code);
    this.denial = denial;
    this.statusCode = denial.status;
  }
}

/** True for a value that has to be waited for. Cheaper than `instanceof`, and right for foreign promises. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
