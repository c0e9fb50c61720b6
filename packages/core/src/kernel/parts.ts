/**
 * What protections offer each other, so that none imports its neighbour.
 * @module
 */
import type { Context } from './context.ts';
import type { RequestFacts } from './facts-types.ts';
import type { MaybePromise } from './verdict.ts';

/** State by protection name. Other packages add theirs: `declare module '@dewar/core' { interface Parts { … } }`. */
export interface Parts {
  readonly hosts: HostsPart;
  readonly csrf: CsrfPart;
  readonly cookies: CookiesPart;
}

/** A known part's type, or `unknown`. */
export type PartOf<N extends string> = N extends keyof Parts ? Parts[N] : unknown;

export interface HostsPart {
  /** The host of links and redirects; empty where only patterns are allowed. */
  readonly canonical: string;
  allows(facts: Pick<RequestFacts, 'host' | 'hostname'>): boolean;
}

export interface CsrfPart {
  /** A token for the page that is being rendered. */
  token(c: Context): MaybePromise<string>;
  /** Name of the form field that carries it. */
  readonly field: string;
}

/** What one cookie may differ in from the policy's attributes. */
export interface CookieChoices {
  /** Seconds; left out, the cookie ends with the browser. */
  readonly maxAge?: number;
  readonly sameSite?: 'Strict' | 'Lax' | 'None';
  /** Readable by scripts; the reason stands in the policy. */
  readonly readable?: boolean;
  readonly path?: string;
}

export interface CookiesPart {
  /** Sets a cookie with the policy's attributes. */
  set(c: Context, name: string, value: string, choices?: CookieChoices): void;
  /** Takes a cookie back. */
  clear(c: Context, name: string, choices?: CookieChoices): void;
}
