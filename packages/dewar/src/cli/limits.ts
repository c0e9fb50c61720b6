/**
 * Limits as they are used, as text that fits the terminal: what `dewar limits` shows of a running application.
 * @module
 */
import type { LimitsReport, LimitUse } from '@dewar/core';
import { printAmount } from '@dewar/core/limits';
import type { Io, Tone } from './io.ts';
import { wrap } from './layout.ts';

const INDENT = 4;
const LEAST_WIDTH = 40;

/** Every limit with its use, what is advised, and how full the tables are. */
export function limitsTable(report: LimitsReport, { width, paint }: Pick<Io, 'width' | 'paint'>): string {
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(width, LEAST_WIDTH);
  const lines = report.limits.flatMap((use) => linesOf(use, room, paint));
  const total = wrap(summary(report), room).map((line) => paint('strong', line));
  return [...lines, ...(lines.length === 0 ? [] : ['']), ...total].map((line) => `${line}\n`).join('');
}

function linesOf(use: LimitUse, room: number, paint: Io['paint']): readonly string[] {
  const { name, where, suggested, seconds, windows, beyond } = use;
  const indented = (tone: Tone | undefined, text: string): readonly string[] =>
    wrap(text, room - INDENT).map((line) => `${' '.repeat(INDENT)}${tone === undefined ? line : paint(tone, line)}`);
  return [
    ...wrap(`${name}: ${printAmount(use)}, ${where}`, room).map((line) => paint('strong', line)),
    ...indented(undefined, outcome(use)),
    ...(windows === 0 ? [] : indented(undefined, spread(use))),
    ...(beyond === 0 ? [] : indented(undefined, `${beyond} of ${windows} windows went beyond the limit`)),
    ...(suggested === null
      ? indented('quiet', use.why)
      : indented('loud', `better: ${printAmount({ amount: suggested, seconds })}, for ${use.why}`)),
  ];
}

function outcome({ allowed, refused, held }: LimitUse): string {
  return `${allowed} allowed, ${refused} refused, ${held} held back`;
}

/** How often one client asks in one window. */
function spread({ p50, p90, p99, p999, most }: LimitUse): string {
  return `one client in one window: half ${p50}, 90 % ${p90}, 99 % ${p99}, 99.9 % ${p999} or fewer, at most ${most}`;
}

function summary({ since, at, tables, held, limits }: LimitsReport): string {
  const parts = tables.map(({ name, used, most, crowded }) => {
    const full = crowded === 0 ? '' : `, full ${crowded} times`;
    return `${name} ${used} of ${most} counters${full}`;
  });
  const count = `${limits.length} limit${limits.length === 1 ? '' : 's'}`;
  return `${count} since ${new Date(since).toISOString()}, ${lasting(at - since)}; ${parts.join('; ')}; ${held} wait now`;
}

/** A length of time in its largest unit, rounded down. */
function lasting(milliseconds: number): string {
  const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]] as const; // prettier-ignore
  const [unit, size] = units.find(([, one]) => milliseconds >= one) ?? units[3];
  const count = Math.floor(milliseconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
