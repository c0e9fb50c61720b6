/**
 * What this package tells the outside. What was typed stands in no event: people type passwords into the login field.
 * @module
 */

/** The request an event belongs to. */
interface Asked {
  readonly request: string;
  readonly client: string;
}

declare module '@dewar/core' {
  interface Events {
    'account.registered': Asked & { readonly account: string };
    /** `account` is absent where there is none of that login. */
    'account.sign_in_failed': Asked & { readonly account?: string };
    'account.roles_changed': Asked & { readonly account: string; readonly roles: readonly string[] };
    'account.disabled': Asked & { readonly account: string };
    'account.enabled': Asked & { readonly account: string };
  }
}

export {};
