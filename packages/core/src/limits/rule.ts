/**
 * A limit as owners write it: `limit('5 per minute', { by: account() })`. Plain data, functions only at leaves; read
 * and checked when the application starts.
 * @module
 */
import type { Context, Duration, Outcome } from '../kernel/index.ts';
import type { By } from './keys.ts';

/** `5 per minute`, or several: `5 per minute; 100 per hour`. */
export type LimitText = string;

/** Which requests use up a limit: all, those that fail, or what a function says once the response is over. */
export type Count = 'all' | 'failures' | ((outcome: Outcome, c: Context) => boolean);

/** How requests are held back before the limit is reached. */
export interface SlowDown {
  /** Requests that pass at once; those after it wait, each longer than the one before. */
  readonly after: number;
  /** The longest wait, reached with the limit. */
  readonly most: Duration;
  /** Beyond the limit requests wait `most` each and pass. For what an attacker could else shut for others. @default true */
  readonly refuse?: boolean;
}

export interface LimitOptions {
  /**
   * What it is told by: in `RateLimit` fields, events, `explain` and the report. Letters, digits and hyphens.
   * @default from `by`
   */
  readonly name?: string;
  /** Whom it counts. @default address() */
  readonly by?: By;
  /** Methods it applies to; GET covers HEAD. @default all */
  readonly methods?: readonly string[];
  /** Routes with a limit of this name count together. @default each route counts by itself, the policy's count together */
  readonly shared?: string;
  /** Applies only where this answers true. Whom it lets off is not counted at all. */
  readonly when?: (c: Context) => boolean;
  /** How much a request uses. @default 1 */
  readonly cost?: number | ((c: Context) => number);
  /** What uses it up. All is taken when the request comes, so that many at once gain nothing, and given back at its end. @default 'all' */
  readonly count?: Count;
  /** Holds requests back before it refuses. */
  readonly slowDown?: SlowDown;
  /** Says nothing in `RateLimit` fields: what guards a sign-in need not tell how much is left. @default true where not all is counted */
  readonly quiet?: boolean;
  /** Guards sign-ins or tokens: where the table is full, newcomers share one bucket. @default true where not all is counted */
  readonly strict?: boolean;
  /** Which of several texts applies, by its name; another name is the first. For limits by plan. */
  readonly choose?: (c: Context) => string;
}

const RULE: unique symbol = Symbol('dewar.limit');

/** Made by `limit()`. */
export interface LimitRule {
  readonly [RULE]: true;
  /** One text, or several by name, of which `choose` picks one. */
  readonly text: LimitText | Readonly<Record<string, LimitText>>;
  readonly options: LimitOptions;
}

/** A limit: `limit('10 per minute')`, `limit({ free: '10 per minute', paid: '100 per minute' }, { choose })`. */
export function limit(text: LimitText | Readonly<Record<string, LimitText>>, options: LimitOptions = {}): LimitRule {
  return Object.freeze({ [RULE]: true as const, text, options: Object.freeze({ ...options }) });
}

export function isLimitRule(value: unknown): value is LimitRule {
  return typeof value === 'object' && value !== null && RULE in value;
}

/** The name a limit is told by. */
export function nameOf({ options }: LimitRule): string {
  return options.name ?? options.by?.name ?? 'address';
}
