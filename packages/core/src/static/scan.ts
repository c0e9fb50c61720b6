/**
 * Reads a folder once, at start: which files there are, what they hold, and what must not be among them. A request is
 * only ever looked up in what was found here; no path of a request reaches the file system.
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { join, sep } from 'node:path';
import type { ConfigFault } from '../kernel/index.ts';
import { isLeftOut, isPrivate } from './types.ts';

/** A file as it was when it was read. */
export interface FoundFile {
  /** Path below the folder, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
  /** What tells one state of a file from another. */
  readonly state: string;
  /** SHA-256 of its bytes, base64url. */
  readonly hash: string;
  /** For `integrity`: SHA-384, base64. */
  readonly integrity: string;
  /** The bytes of a small file; larger ones stay on disk. */
  readonly bytes: Buffer | undefined;
}

export interface Scan {
  readonly files: readonly FoundFile[];
  readonly faults: readonly ConfigFault[];
}

/** Files up to this size are kept in memory, as long as all together are no more than that. */
const SMALL = 262_144;
const ALL_SMALL = 33_554_432;
const CHUNK = 1_048_576;
/** Folders inside folders. */
const DEEPEST = 16;

/** Reads the folder. `known`: what was found before, so that what did not change is not read again. */
export function scanFolder(folder: string, maxFiles: number, known: ReadonlyMap<string, FoundFile> = new Map()): Scan {
  const files: FoundFile[] = [];
  const faults: ConfigFault[] = [];
  const fault = (name: string, wrong: string, write: string): void => {
    faults.push({ option: 'files.folder', wrong: `${name} ${wrong}`, write });
  };
  let root: string;
  try {
    root = realpathSync(folder);
    if (!statSync(root).isDirectory()) throw new TypeError('no folder');
  } catch {
    fault(folder, 'is no folder that can be read', 'make it, or write another');
    return { files, faults };
  }
  let kept = 0;
  const walk = (below: string, depth: number): void => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (isPrivate(entry.name)) {
        fault(name, 'is nothing that everybody may have', 'take it out of this folder; serve a folder made for it');
        continue;
      }
      if (isLeftOut(entry.name)) continue;
      const path = join(root, name);
      if (entry.isDirectory()) {
        if (depth < DEEPEST) walk(name, depth + 1);
        else fault(name, `is more than ${DEEPEST} folders deep`, 'serve a flatter folder');
        continue;
      }
      if (entry.isSymbolicLink() && !leadsInside(path, root)) {
        fault(name, 'is a link that leads out of the folder, or to none of its files', 'copy the file into the folder');
        continue;
      }
      if (!entry.isFile() && !entry.isSymbolicLink()) continue;
      if (files.length >= maxFiles) return;
      const found = readFile(name, path, known.get(name), kept < ALL_SMALL);
      kept += found.bytes?.length ?? 0;
      files.push(found);
    }
  };
  walk('', 0);
  if (files.length >= maxFiles)
    fault(folder, `holds ${maxFiles} files or more`, 'serve a smaller folder, or raise maxFiles');
  return { files, faults };
}

/** True for a link to a file of the same folder. A link to a folder could lead round in circles. */
function leadsInside(path: string, root: string): boolean {
  try {
    const target = realpathSync(path);
    return target.startsWith(root + sep) && statSync(target).isFile() && !hidden(target.slice(root.length + 1));
  } catch {
    return false;
  }
}

function hidden(below: string): boolean {
  return below.split(sep).some((name) => isLeftOut(name) || isPrivate(name));
}

/** What changes when a file does. */
export function stateOf({ dev, ino, size, mtimeNs }: Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs'>): string {
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}

function readFile(name: string, path: string, before: FoundFile | undefined, room: boolean): FoundFile {
  // The link was judged above; what it leads to is opened, and nothing in its place.
  const real = realpathSync(path);
  const file = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stats = fstatSync(file, { bigint: true });
    const state = stateOf(stats);
    if (before?.state === state) return before;
    const [short, long] = [createHash('sha256'), createHash('sha384')];
    const size = Number(stats.size);
    // A stream has no part without bytes, so an empty file is never one that stays on disk.
    const whole = (room && size <= SMALL) || size === 0 ? Buffer.alloc(size) : undefined;
    const chunk = whole ?? Buffer.alloc(Math.min(CHUNK, size));
    let read = 0;
    for (let n = 1; read < size && n > 0; read += n) {
      n = readSync(file, chunk, whole === undefined ? 0 : read, Math.min(chunk.length, size - read), read);
      const part = whole === undefined ? chunk.subarray(0, n) : chunk.subarray(read, read + n);
      short.update(part);
      long.update(part);
    }
    if (read !== size) throw new Error(`${name} changed while it was read`);
    return {
      name,
      path: real,
      size,
      state,
      hash: short.digest('base64url'),
      integrity: long.digest('base64'),
      bytes: whole,
    };
  } finally {
    closeSync(file);
  }
}
