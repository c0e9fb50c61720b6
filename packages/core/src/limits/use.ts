/**
 * What limits know of one request: made once, when the first of them looks at it.
 * @module
 */
import { Slot } from '../kernel/index.ts';
import type { Context } from '../kernel/index.ts';
import type { Limit } from './limit.ts';
import type { Quota } from './quota.ts';
import type { Taken } from './table.ts';

/** What was taken and is counted only once it is known what came of the request. */
export interface Pending {
  readonly limit: Limit;
  readonly taken: readonly Taken[];
}

export class Use {
  /** The client's network as the table knows it. */
  low = 0;
  high = 0;
  exempt = false;
  /** The limit that is nearest to its end, of those that clients may know. */
  tight: Quota | undefined = undefined;
  /** Microseconds that its bucket is ahead. */
  debt = 0;
  /** Further limits for `RateLimit-Policy`: those that were chosen for this request. */
  chosen: readonly Quota[] | undefined = undefined;
  pending: Pending[] | undefined = undefined;
  /** Ends the hold that it is in. */
  release: (() => void) | undefined = undefined;
}

export const USE: Slot<Use> = new Slot<Use>();

/** What the handler said came of the request. */
const MARK = new Slot<'failed' | 'succeeded'>();

/** Says that what was tried failed, whatever the status: a sign-in page that is shown again, for example. */
export function countFailure(c: Context): void {
  MARK.set(c, 'failed');
}

/** Says that what was tried succeeded, whatever the status. */
export function countSuccess(c: Context): void {
  MARK.set(c, 'succeeded');
}

export function markOf(c: Context): 'failed' | 'succeeded' | undefined {
  return MARK.get(c);
}
