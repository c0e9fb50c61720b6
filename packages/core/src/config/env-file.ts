/**
 * The grammar of `.env` files: one assignment a line. What shells, dotenv and python-decouple read differently is
 * refused, so that one file means one thing to all of them.
 * @module
 */
import type { CastFault } from './field.ts';

/** One assignment of a file. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** A line that is none. */
export interface LineFault extends CastFault {
  readonly line: number;
}

export interface ParsedFile {
  readonly assignments: readonly Assignment[];
  readonly faults: readonly LineFault[];
}

const ASSIGNMENT = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/s;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
  ['$', '$'],
]);

/** Reads a whole file. Every faulty line is told. */
export function parseEnvFile(content: string): ParsedFile {
  const assignments: Assignment[] = [];
  const faults: LineFault[] = [];
  for (const [index, raw] of linesOf(content).entries()) {
    const line = index + 1;
    const text = trimmed(raw);
    if (text === '' || text.startsWith('#')) continue;
    const [, name, rest] = ASSIGNMENT.exec(text) ?? [];
    if (name === undefined || rest === undefined) {
      faults.push({ line, wrong: 'is no assignment', write: 'write NAME=value, or # before a comment' });
      continue;
    }
    const value = valueOf(rest);
    if (typeof value === 'string') assignments.push({ name, value, line });
    else faults.push({ line, ...value });
  }
  return { assignments, faults: [...faults, ...repeated(assignments)] };
}

/** Lines as every reader splits them; a lone CR is no line's end, and is refused with the value it stands in. */
export function linesOf(content: string): readonly string[] {
  return content.split(/\r?\n/);
}

/** Without the spaces and tabs around it. Readers do not agree on which other characters are spaces. */
export function trimmed(line: string): string {
  return line.replaceAll(/^[ \t]+|[ \t]+$/g, '');
}

/** Controls, and spaces that are no space: whether they are part of the value depends on who reads. */
export function unseenFault(value: string): CastFault | undefined {
  if (!/[^\S \t]|(?!\t)\p{Cc}/u.test(value)) return undefined;
  return { wrong: 'holds a character that nobody sees', write: 'take it away' };
}

/** The second of two: readers differ in which one they take. */
export function repeated(assignments: readonly Assignment[]): readonly LineFault[] {
  const seen = new Map<string, number>();
  return assignments.flatMap(({ name, line }) => {
    const first = seen.get(name);
    if (first !== undefined) return [{ line, wrong: `sets ${name} again, after line ${first}`, write: 'keep one' }];
    seen.set(name, line);
    return [];
  });
}

function valueOf(rest: string): string | CastFault {
  const quote = rest[0];
  if (quote === "'" || quote === '"') return quote === '"' ? doubleQuoted(rest) : singleQuoted(rest);
  const unseen = unseenFault(rest);
  if (unseen !== undefined) return unseen;
  if (/(?:^|\s)#/.test(rest)) {
    return { wrong: 'has a # that some readers take for a comment', write: 'quote the value, or move the comment' };
  }
  return rest;
}

function singleQuoted(rest: string): string | CastFault {
  const end = rest.indexOf("'", 1);
  if (end === -1) return unclosed("'");
  return behind(rest.slice(end + 1)) ?? rest.slice(1, end);
}

function doubleQuoted(rest: string): string | CastFault {
  let value = '';
  for (let at = 1; at < rest.length; at++) {
    const character = rest[at]!;
    if (character === '"') return behind(rest.slice(at + 1)) ?? value;
    if (character !== '\\') {
      value += character;
      continue;
    }
    const escaped = ESCAPES.get(rest[++at] ?? '');
    if (escaped === undefined) {
      return {
        wrong: 'has a backslash that means nothing',
        write: String.raw`write \\ for a backslash, or single quotes`,
      };
    }
    value += escaped;
  }
  return unclosed('"');
}

function unclosed(quote: string): CastFault {
  return { wrong: 'has a quote that is not closed on its line', write: `write ${quote} at the end` };
}

/** Behind a closing quote stands nothing but a comment. */
function behind(rest: string): CastFault | undefined {
  if (/^\s*$/.test(rest) || /^\s+#/.test(rest)) return undefined;
  return { wrong: 'has something behind its closing quote', write: 'put the whole value into one pair of quotes' };
}
