/**
 * Who may use a route, as plain data with functions at its leaves.
 * @module
 */
import type { Context, Params } from './context.ts';
import type { MaybePromise } from './verdict.ts';

/** A kind of object that routes name by a parameter, and how to tell whose it is. */
export interface Resource<T = unknown> {
  readonly name: string;
  readonly load: (params: Params, c: Context) => MaybePromise<T | null | undefined>;
  /** Account ids that own the object. */
  readonly of: (object: T) => string | readonly string[];
  /** Answer 404 rather than 403 to those who may not see it: existence is a secret. */
  readonly hidden: boolean;
}

export type Rule =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'signedIn' }
  | { readonly kind: 'role'; readonly anyOf: readonly string[] }
  | { readonly kind: 'can'; readonly permission: string }
  // A resource of any type: the rule only hands it back to its own functions.
  | { readonly kind: 'owner'; readonly resource: Resource<never> }
  | { readonly kind: 'shared'; readonly reason: string }
  | { readonly kind: 'fresh'; readonly seconds: number }
  | { readonly kind: 'mfa'; readonly methods: readonly string[] }
  | { readonly kind: 'todo'; readonly reason: string }
  | { readonly kind: 'all'; readonly rules: readonly Rule[] }
  | { readonly kind: 'any'; readonly rules: readonly Rule[] }
  | { readonly kind: 'not'; readonly rule: Rule };
