/**
 * What browsers reported, and what to make of it, as text that fits the terminal.
 * @module
 */
import type { CspReport, CspViolationGroup } from '@dewar/core';
import { proposeCsp } from '@dewar/core/csp';
import type { CspProposal } from '@dewar/core/csp';
import type { Io } from './io.ts';
import { count } from './table.ts';
import { wrap } from './layout.ts';

/** Narrower than this no column holds a word. */
const LEAST_WIDTH = 40;
const INDENT = 4;
/** Pages named for one thing; there may be hundreds. */
const MOST_DOCUMENTS = 5;

/** The report, the directives to add, and what to change in pages. */
export function cspReport(report: CspReport, { width, paint }: Pick<Io, 'width' | 'paint'>): string {
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(width, LEAST_WIDTH);
  const lines = [
    ...seen(report.groups, room, paint),
    ...proposed(proposeCsp(report), room, paint),
    ...summary(report, room, paint),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function seen(groups: readonly CspViolationGroup[], room: number, paint: Io['paint']): readonly string[] {
  return groups.flatMap(({ directive, blocked, document, disposition, count: times, last }) => {
    const what = disposition === 'enforce' ? 'blocked' : 'would block';
    const when = new Date(last).toISOString().replace('T', ' ').slice(0, 16);
    return [
      ...wrap(`${times} × ${directive} ${what} ${blocked} on ${document}`, room).map((line) => paint('strong', line)),
      ...indented(`last ${when} UTC`, room).map((line) => paint('quiet', line)),
    ];
  });
}

function proposed({ directives, sources, notes }: CspProposal, room: number, paint: Io['paint']): readonly string[] {
  const lines: string[] = [];
  if (sources.length > 0) {
    lines.push('', ...wrap('Only if each of these is yours, write under csp.directives:', room));
    for (const [name, list] of Object.entries(directives)) {
      lines.push(...indented(`'${name}': ${JSON.stringify(list)},`, room).map((line) => paint('good', line)));
    }
    for (const { directive, source, count: times, documents } of sources) {
      const text = `${directive} ${source}: ${count(times, 'report')}, on ${some(documents)}`;
      lines.push(...indented(text, room).map((line) => paint('quiet', line)));
    }
  }
  if (notes.length === 0) return lines;
  lines.push('', ...wrap('To change in pages:', room));
  for (const { directive, blocked, documents, write } of notes) {
    lines.push(
      ...indented(`${directive} ${blocked} on ${some(documents)}: ${write}`, room).map((line) => paint('loud', line)),
    );
  }
  return lines;
}

function some(documents: readonly string[]): string {
  const named = documents.slice(0, MOST_DOCUMENTS).join(', ');
  const more = documents.length - MOST_DOCUMENTS;
  return more > 0 ? `${named} and ${more} more` : named;
}

function summary({ groups, ignored, since }: CspReport, room: number, paint: Io['paint']): readonly string[] {
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  const left = Object.entries(ignored).filter(([, number]) => number > 0);
  const rest = left.length === 0 ? '' : `; not counted: ${left.map(([why, number]) => `${number} ${why}`).join(', ')}`;
  const from = new Date(since).toISOString().replace('T', ' ').slice(0, 16);
  const text = `${count(total, 'report')} in ${count(groups.length, 'group')} since ${from} UTC${rest}`;
  return [...(groups.length === 0 ? [] : ['']), ...wrap(text, room).map((line) => paint('strong', line))];
}

function indented(text: string, room: number): readonly string[] {
  return wrap(text, room - INDENT).map((line) => `${' '.repeat(INDENT)}${line}`);
}
