/**
 * Opens a database file that only its owner can read and write, on a connection that trusts nothing written in it.
 * @module
 */
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '@dewar/core/store';

export interface OpenOptions {
  readonly file: string;
  readonly busyTimeout: number;
  readonly synchronous: 'normal' | 'full';
}

export interface Opened {
  readonly database: DatabaseSync;
  /** Absolute; `:memory:` for none. */
  readonly file: string;
  /** Tells whether the name still leads to the same file. */
  readonly inode: number;
}

const SQLITE_BUSY = 5;

/** Opens, or makes, a database. Throws `store/file`, naming it. */
export function open(options: OpenOptions): Opened {
  if (options.file === ':memory:') return { database: connect(':memory:', options), file: ':memory:', inode: 0 };
  // Absolute: SQLite would read a name that begins with "file:" as a URI with switches in it.
  const file = resolve(options.file);
  try {
    const inode = makePrivate(file);
    return { database: connect(file, options), file, inode };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError('store/file', `"${file}" cannot be opened: ${(error as Error).message}`, { cause: error });
  }
}

/** The file exists with mode 0600 before SQLite opens it; its `-wal` and `-shm` then get the same mode. */
function makePrivate(file: string): number {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  refuseWritable(folder, statSync(folder), 'chmod 700');
  const descriptor = openSync(file, 'a', 0o600);
  try {
    const found = fstatSync(descriptor);
    refuseWritable(file, found, 'chmod 600');
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) narrow(file, found.mode);
    return found.ino;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whoever can write to the folder can put a log beside the database that SQLite plays into it, a sticky bit or not; what
 * somebody could have written to the file before, no narrower mode takes back.
 */
function refuseWritable(path: string, found: Stats, command: string): void {
  // Modes and owners mean nothing on Windows, where the folder inherits its access list.
  if (process.platform === 'win32') return;
  const own = process.getuid?.();
  if (own !== undefined && found.uid !== own && found.uid !== 0) {
    throw new StoreError('store/file', `"${path}" belongs to somebody else; use a folder and a file of your own`);
  }
  if ((found.mode & 0o022) === 0) return;
  const wrong = `"${path}" has mode ${octal(found.mode)}, so others can write to it`;
  throw new StoreError('store/file', `${wrong}; see that its content is yours, and run: ${command} "${path}"`);
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

function narrow(file: string, mode: number): void {
  try {
    for (const name of [file, `${file}-wal`, `${file}-shm`]) chmodIfThere(name);
  } catch (cause) {
    const wrong = `"${file}" has mode ${octal(mode)}, so others can read it`;
    throw new StoreError('store/file', `${wrong}; run: chmod 600 "${file}"`, { cause });
  }
}

function chmodIfThere(name: string): void {
  try {
    chmodSync(name, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function connect(file: string, options: OpenOptions): DatabaseSync {
  const database = new DatabaseSync(file, {
    timeout: options.busyTimeout,
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
    allowExtension: false,
    // Refuses writes to the schema table and to shadow tables, and PRAGMA writable_schema.
    defensive: true,
  });
  try {
    // Functions in a schema somebody else wrote must not run with our rights.
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
    patiently(options.busyTimeout, () => database.exec('PRAGMA journal_mode = WAL'));
    // FAST: overwrites deleted rows where that costs no extra write. MEMORY: no temporary files beside ours.
    database.exec(
      `PRAGMA synchronous = ${options.synchronous === 'full' ? 'FULL' : 'NORMAL'};
       PRAGMA secure_delete = FAST; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;`,
    );
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Switching a new file to WAL does not wait for the lock of another process that does the same. */
function patiently(limit: number, work: () => void): void {
  const until = Date.now() + limit;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY || Date.now() >= until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
