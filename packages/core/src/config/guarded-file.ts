/**
 * Opens a file that keys come from: bounded, regular, ours, and not for everybody. Whoever can write it chooses our
 * keys, whoever can read it has them (CWE-732); a link or a device in its place leads somewhere else (CWE-59).
 * @module
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { CastFault } from './field.ts';

/** Most bytes of a file. */
const MOST = 65_536;
const OTHERS_READ = 0o004;
const OTHERS_WRITE = 0o022;

export interface Opened {
  readonly content: string;
  /** What is to be mended, but no reason to stop. */
  readonly warning: CastFault | undefined;
}

export interface Guard {
  /** `refuse` files that everybody can read, or `warn` of them: some platforms mount secrets so. */
  readonly open: 'refuse' | 'warn';
  /** Links inside the file's own folder are followed, as Kubernetes mounts secrets; else none are. */
  readonly links: boolean;
}

/** The content of a file; `null` where there is none. */
export function readGuarded(file: string, guard: Guard): Opened | CastFault | null {
  let descriptor: number | undefined;
  try {
    const path = guard.links ? insideItsFolder(file) : file;
    if (typeof path !== 'string') return path;
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0));
    return judged(descriptor, fstatSync(descriptor), file, guard);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'ELOOP') return { wrong: 'is a link', write: 'name the file it leads to' };
    return { wrong: `cannot be read (${code})`, write: 'let the account that runs this read it' };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function insideItsFolder(file: string): string | CastFault {
  const folder = realpathSync(dirname(file));
  const path = realpathSync(file);
  if (path.startsWith(folder + sep)) return path;
  return { wrong: 'is a link that leads out of its folder', write: 'name the file it leads to' };
}

function judged(descriptor: number, found: Stats, file: string, guard: Guard): Opened | CastFault {
  if (!found.isFile()) return { wrong: 'is no regular file', write: 'name a file' };
  const open = openness(found, file);
  if (open !== undefined && (open.severe || guard.open === 'refuse')) return open.fault;
  const bytes = contentOf(descriptor);
  if (bytes === undefined) return { wrong: `is larger than ${MOST} bytes`, write: 'keep configuration alone in it' };
  const content = textOf(bytes);
  if (content === undefined) return { wrong: 'is no text in UTF-8', write: 'save it as UTF-8 without NUL bytes' };
  return { content, warning: open?.fault };
}

function openness(
  { mode, uid }: Stats,
  file: string,
): { readonly severe: boolean; readonly fault: CastFault } | undefined {
  // Modes and owners mean nothing on Windows.
  if (process.platform === 'win32') return undefined;
  const own = process.getuid?.();
  const write = `run: chmod 600 "${file}"`;
  if (own !== undefined && uid !== own && uid !== 0) {
    return { severe: true, fault: { wrong: 'belongs to somebody else', write: 'use a file of your own, or of root' } };
  }
  if ((mode & OTHERS_WRITE) !== 0) return { severe: true, fault: { wrong: 'can be written to by others', write } };
  if ((mode & OTHERS_READ) === 0) return undefined;
  return { severe: false, fault: { wrong: 'can be read by everybody on this machine', write } };
}

/** Read by itself, not by its size: a file can grow, and those of /proc have none. */
function contentOf(descriptor: number): Buffer | undefined {
  const buffer = Buffer.alloc(MOST + 1);
  let size = 0;
  for (;;) {
    const got = readSync(descriptor, buffer, size, buffer.length - size, null);
    if (got === 0) return buffer.subarray(0, size);
    size += got;
    if (size > MOST) return undefined;
  }
}

function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    // A byte order mark is taken off: it would become part of the first name.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
