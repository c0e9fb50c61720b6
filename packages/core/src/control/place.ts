/**
 * Puts a socket into the file system so that nobody but its owner ever could have connected: it is made in a folder of
 * its own with mode 0700, narrowed, and then moved to its name, in place of what a process before left there.
 * @module
 */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../kernel/index.ts';

/** Bytes of a path that every system takes (`sun_path` of macOS has 104). */
const LONGEST = 103;
const OTHERS_WRITE = 0o022;

/** Where the socket is bound, and how it gets to its name and goes away again. */
export interface Place {
  readonly path: string;
  /** To be bound to; then `settle()`. */
  readonly draft: string;
  settle(): void;
  /** Takes the socket away, unless another process has put its own there. */
  remove(): void;
}

/** A place for a socket. Throws a `ConfigError` where it would not be for its owner alone. */
export function placeFor(given: string): Place {
  if (process.platform === 'win32') throw refusal('is set, and Windows has no such sockets', 'leave it out');
  if (typeof given !== 'string' || given === '') throw refusal('is no path', `write control: '.data/control'`);
  const path = resolve(given);
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  guardFolder(folder);
  guardName(path);
  const room = mkdtempSync(join(folder, '.c-'));
  const draft = join(room, 's');
  if (Math.max(Buffer.byteLength(path), Buffer.byteLength(draft)) > LONGEST) {
    rmSync(room, { recursive: true });
    throw refusal(`is longer than a socket's path may be: "${path}"`, 'choose a shorter one');
  }
  let inode = -1;
  return {
    path,
    draft,
    settle() {
      chmodSync(draft, 0o600);
      inode = lstatSync(draft).ino;
      renameSync(draft, path);
      rmSync(room, { recursive: true });
    },
    remove() {
      rmSync(room, { recursive: true, force: true });
      if (inode !== -1 && lstatSync(path, { throwIfNoEntry: false })?.ino === inode) rmSync(path, { force: true });
    },
  };
}

/** Whoever can write to the folder could put a socket of theirs under the name, and answer operators. */
function guardFolder(folder: string): void {
  const { uid, mode } = statSync(folder);
  const own = process.getuid?.();
  if (own !== undefined && uid !== own && uid !== 0) {
    throw refusal(`is in "${folder}", which belongs to somebody else`, 'use a folder of your own');
  }
  if ((mode & OTHERS_WRITE) !== 0) {
    throw refusal(`is in "${folder}", to which others can write`, `run: chmod 700 "${folder}"`);
  }
}

function guardName(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isSocket()) return;
  throw refusal(`"${path}" exists and is no socket`, 'choose a name that is free');
}

function refusal(wrong: string, write: string): ConfigError {
  return new ConfigError([{ option: 'control', wrong, write }]);
}
