/**
 * The arithmetic of one request: how long it would have to wait, how long it is held, and whether it counted.
 * @module
 */
import type { Context, Outcome } from '../kernel/index.ts';
import type { Limit } from './limit.ts';
import type { Quota } from './quota.ts';
import { markOf } from './use.ts';

/** Microseconds until a request of that cost would pass; for ever where it costs more than the limit ever lets through. */
export function waitOf({ unit, capacity }: Quota, cost: number, debt: number): number {
  const increment = Math.round(cost * unit);
  return increment > capacity ? Infinity : debt + increment - capacity;
}

/** Milliseconds that a request waits: none up to `after`, then ever more, `most` at the limit. */
export function delayOf(
  { slow, table }: Limit,
  quotas: readonly Quota[],
  low: number,
  high: number,
  at: number,
): number {
  const { after, most } = slow!;
  let delay = 0;
  for (const quota of quotas) {
    const used = table.debtOf(low, high, quota, at) / quota.unit;
    delay = Math.max(delay, (most * (used - after)) / (quota.amount - after));
  }
  return Math.min(most, Math.ceil(delay));
}

/** Whether a request used up what it took. What limits refused tried nothing. */
export function counts({ count }: Limit, c: Context, outcome: Outcome): boolean {
  if (c.denied?.by === 'limits') return false;
  if (typeof count === 'function') return count(outcome, c) !== false;
  const mark = markOf(c);
  if (mark !== undefined) return mark === 'failed';
  // 503 asks to come again: nothing was tried. Who goes away before the answer is not let off: the guess was made.
  return (outcome.status >= 400 && outcome.status !== 503) || outcome.aborted;
}
