/**
 * The files of the workspace, as git sees them.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root folder of the workspace. */
export const root: string = resolve(import.meta.dirname, '..');

/** Every file that is tracked or about to be, relative to the root, with `/` as separator. */
export function sourceFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}
