/**
 * Tells by its words whether SQL can change something. What is not plainly a query counts as a change.
 * @module
 */

const COMMENT = /--[^\n]*|\/\*[^]*?(?:\*\/|$)/g;
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/g;
/** A statement that reads, or that steers a transaction, which changes nothing by itself. */
const READS = /^(?:select|values|explain|with|pragma\s+\w+\s*$|begin|commit|end|rollback|savepoint|release)\b/i;
/** What a query cannot hold: a common table expression can stand before any of them (SQLite, lang_with). */
const CHANGES = /\b(?:insert|update|delete|replace)\b(?!\s*\()/i;

/** True for SQL of which every statement only reads. */
export function onlyReads(sql: string): boolean {
  // Quoted text first: a comment may stand in it, and quotes may stand in a comment.
  const bare = String(sql).replaceAll(new RegExp(`${QUOTED.source}|${COMMENT.source}`, 'g'), (part) =>
    part.startsWith('--') || part.startsWith('/*') ? ' ' : 'q',
  );
  return bare
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .every((statement) => READS.test(statement) && !CHANGES.test(statement));
}
