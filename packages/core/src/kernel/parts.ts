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
  readonly limits: LimitsPart;
  readonly csp: CspPart;
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

export interface LimitsPart {
  /** What was seen of every limit since the start. */
  report(): LimitsReport;
  /** Forgets what was counted for the limits of a name, so that nobody waits any longer; answers how many counters. */
  clear(name: string): number;
}

/** Limits as they are used; plain data, for whoever tunes them. */
export interface LimitsReport {
  /** Milliseconds since 1970: since when, and when it was made. */
  readonly since: number;
  readonly at: number;
  /** Requests that wait at this moment. */
  readonly held: number;
  /** Counters of ordinary limits and of those of sign-ins: in use, at most, and how often there was no room. */
  readonly tables: readonly {
    readonly name: string;
    readonly used: number;
    readonly most: number;
    readonly crowded: number;
  }[];
  readonly limits: readonly LimitUse[];
}

/** One limit as it is used. Use is counted by client and window: how often one client asked in one window. */
export interface LimitUse {
  readonly name: string;
  /** `policy`, `shared …` or the route it stands on. */
  readonly where: string;
  readonly amount: number;
  readonly seconds: number;
  readonly allowed: number;
  readonly refused: number;
  readonly held: number;
  /** How many windows of how many clients were seen. */
  readonly windows: number;
  /** Use that so many parts of the windows stayed within; 0 where none was seen. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly most: number;
  /** Uses with how many windows had them, least first: what any other limit would have hit. */
  readonly uses: readonly (readonly [upTo: number, windows: number])[];
  /** Windows that went beyond the limit. */
  readonly beyond: number;
  /** A better amount for the same window; `null`: leave it, or too little was seen. */
  readonly suggested: number | null;
  readonly why: string;
}

/** One thing that pages were kept from doing, as browsers told it, however often. */
export interface CspViolationGroup {
  readonly directive: string;
  /** An origin, `'self'`, a scheme, or a word such as `inline`, `eval`, `trusted-types-sink`. */
  readonly blocked: string;
  /** Path of the page, with a star for what looks like an id. */
  readonly document: string;
  /** `report`: it only would have been blocked. */
  readonly disposition: 'enforce' | 'report';
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
}

/** What browsers reported to this process since it started. */
export interface CspReport {
  readonly since: number;
  readonly groups: readonly CspViolationGroup[];
  /** What was not counted above, by reason. */
  readonly ignored: {
    /** Not readable, or no report of a violation. */
    readonly malformed: number;
    /** About pages of another host. */
    readonly foreign: number;
    /** Caused by a browser's extension. */
    readonly extension: number;
    /** Not read, because there were too many at a time. */
    readonly excess: number;
    /** Groups that made room for newer ones. */
    readonly forgotten: number;
  };
  /** Directives of pages as they are now. */
  readonly page: Readonly<Record<string, readonly string[] | boolean>>;
}

export interface CspPart {
  /** For operators: what was reported so far. */
  report(): CspReport;
}
