/**
 * The `[settings]` section of an ini file, as python-decouple reads it, without interpolation.
 * @module
 */
import { linesOf, repeated, trimmed, unseenFault } from './env-file.ts';
import type { Assignment, LineFault, ParsedFile } from './env-file.ts';

const SECTION = 'settings';
const HEAD = /^\[([^\]]+)\]$/;
const PAIR = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*[=:][ \t]*(.*)$/s;

/** Reads a whole file. Names are upper case, whatever they are in the file; other sections are others'. */
export function parseIniFile(content: string): ParsedFile {
  const assignments: Assignment[] = [];
  const faults: LineFault[] = [];
  const sections = new Set<string>();
  let section = '';
  for (const [index, raw] of linesOf(content).entries()) {
    const line = index + 1;
    const text = trimmed(raw);
    if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
    const head = HEAD.exec(text)?.[1];
    if (head !== undefined) {
      if (sections.has(head)) faults.push({ line, wrong: `begins [${head}] again`, write: 'keep one' });
      if (head === 'DEFAULT') {
        faults.push({ line, wrong: '[DEFAULT] would reach into every section', write: `write [${SECTION}]` });
      }
      sections.add(head);
      section = head;
    } else if (section === '')
      faults.push({ line, wrong: 'stands before a section', write: `write [${SECTION}] above it` });
    else if (section === SECTION) read(raw, line, assignments, faults);
  }
  return { assignments, faults: [...faults, ...repeated(assignments)] };
}

function read(raw: string, line: number, assignments: Assignment[], faults: LineFault[]): void {
  if (/^\s/.test(raw)) {
    faults.push({ line, wrong: 'is indented, and would go on with the line above', write: 'begin it at the margin' });
    return;
  }
  const [, name, rest] = PAIR.exec(trimmed(raw)) ?? [];
  if (name === undefined || rest === undefined) {
    faults.push({ line, wrong: 'is no assignment', write: 'write NAME = value, or # before a comment' });
    return;
  }
  const unseen = unseenFault(rest);
  if (unseen !== undefined) faults.push({ line, ...unseen });
  else if (/%(?!%)/.test(rest.replaceAll('%%', ''))) {
    faults.push({
      line,
      wrong: 'has a single %, which others take for a reference',
      write: 'write %% for a percent sign',
    });
  } else assignments.push({ name: name.toUpperCase(), value: rest.replaceAll('%%', '%'), line });
}
