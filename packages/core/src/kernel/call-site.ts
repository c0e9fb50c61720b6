/**
 * Where a route was declared, for the inventory and for faults.
 * @module
 */
import { fileURLToPath } from 'node:url';

/** Packages of the project stand side by side, in a workspace and in node_modules alike. */
const OURS = fileURLToPath(new URL('../../..', import.meta.url));
const FRAMES = 30;

/** `file:line` of the first frame that is neither ours nor a library's; empty where there is none. */
export function callSite(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error('where');
  Error.stackTraceLimit = stackTraceLimit;
  for (const line of stack.split('\n').slice(1)) {
    const [, file, row] = /(?:file:\/\/)?(\/[^()\s]+|[A-Z]:[^()\s]+):(\d+):\d+/.exec(line) ?? [];
    if (
      file === undefined ||
      line.includes('node:') ||
      file.includes('node_modules') ||
      (file.startsWith(OURS) && !file.includes('.test.'))
    )
      continue;
    return `${file.replace(`${process.cwd()}/`, '')}:${row}`;
  }
  return '';
}
