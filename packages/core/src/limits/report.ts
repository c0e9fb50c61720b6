/**
 * What was seen of every limit, as plain data.
 * @module
 */
import type { LimitsReport, LimitUse } from '../kernel/index.ts';
import { advise, percentile, wouldHit } from './advise.ts';
import type { Histogram } from './histogram.ts';
import type { Limit, Tables } from './limit.ts';
import type { Quota } from './quota.ts';

/** The report of all limits. Windows that still run count as they stand. */
export function reportOf(
  limits: readonly Limit[],
  tables: Tables,
  now: Pick<LimitsReport, 'since' | 'at' | 'held'>,
): LimitsReport {
  const uses = new Map<Quota, Histogram>();
  for (const table of [tables.ordinary, tables.strict]) {
    for (const [quota, used] of table.running()) {
      let histogram = uses.get(quota);
      if (histogram === undefined) uses.set(quota, (histogram = quota.uses.copy()));
      histogram.add(used);
    }
  }
  return {
    ...now,
    tables: Object.entries({ ordinary: tables.ordinary, 'sign-in': tables.strict }).map(([name, table]) => ({
      name,
      used: table.size,
      most: table.most,
      crowded: table.crowded,
    })),
    limits: limits.flatMap((limit) =>
      quotasOf(limit).map((quota) => useOf(limit, quota, uses.get(quota) ?? quota.uses)),
    ),
  };
}

/** Every quota of a limit, of all its choices. */
export function quotasOf({ quotas, choices }: Limit): readonly Quota[] {
  return choices === undefined ? quotas : [...choices.values()].flat();
}

function useOf({ where }: Limit, quota: Quota, histogram: Histogram): LimitUse {
  const { name, amount, seconds, allowed, refused, held } = quota;
  const uses = histogram.rows();
  return {
    name,
    where,
    amount,
    seconds,
    allowed,
    refused,
    held,
    windows: histogram.total,
    p50: percentile(uses, 0.5),
    p90: percentile(uses, 0.9),
    p99: percentile(uses, 0.99),
    p999: percentile(uses, 0.999),
    most: histogram.most,
    uses,
    beyond: wouldHit(uses, amount),
    ...advise(uses, amount),
  };
}
