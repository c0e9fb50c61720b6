/**
 * Which tickets a list shows, as one condition of SQL. Every value is a parameter. What people type is never a piece of
 * the statement, nor a pattern: LIKE would give a meaning to "%" and "_", and end at a NUL.
 * @module
 */
import type { Status } from './tickets.ts';

/** Which tickets somebody sees in a list. */
export interface Selection {
  /** Only those of this account; `null` shows everybody's. */
  readonly owner: string | null;
  /** Whether the text is looked for in internal notes as well: else a customer could guess at their words. */
  readonly internal: boolean;
  readonly status?: Status | null;
  /** Only those of this member of the desk; `'nobody'` those that nobody has taken. */
  readonly assignee?: { readonly id: string } | 'nobody' | null;
  /** What somebody looks for: words of subject, messages, the customer's name; or the number of a ticket. */
  readonly text?: string;
}

/** Most characters that are looked for; what stands behind them is left out. */
export const SEARCH_MOST = 100;

/** The condition; `t` is the table of tickets. */
export const SELECTED = `(:owner IS NULL OR t.owner = :owner)
  AND (:status IS NULL OR t.status = :status)
  AND (:assignee IS NULL OR t.assignee = :assignee)
  AND (:unassigned = 0 OR t.assignee IS NULL)
  AND (:sought IS NULL OR t.id = :number OR instr(t.folded, :sought) > 0
    OR EXISTS (SELECT 1 FROM desk_messages m
      WHERE m.ticket = t.id AND (m.internal = 0 OR :internal = 1) AND instr(m.folded, :sought) > 0))`;

/** The parameters of that condition. */
export function parametersOf(selection: Selection): Record<string, string | number | null> {
  const { owner, internal, status = null, assignee = null, text = '' } = selection;
  const sought = fold(text).trim();
  return {
    owner,
    status,
    assignee: assignee === null || assignee === 'nobody' ? null : assignee.id,
    unassigned: assignee === 'nobody' ? 1 : 0,
    internal: internal ? 1 : 0,
    sought: sought === '' ? null : sought,
    number: numberOf(sought),
  };
}

/** One form for what is searched and what is looked for: compatible characters and cases are the same. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** `#12` and `12` are the number of a ticket. */
function numberOf(text: string): number | null {
  const [, digits] = /^#?([1-9]\d{0,14})$/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits);
}
