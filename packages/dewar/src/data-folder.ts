/**
 * The folder where development keeps what it makes by itself: a secret, so that sessions outlive a restart.
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, SECRET_BYTES } from '@dewar/core';

/** Others may write: whoever can replace the file chooses our keys. */
const WRITABLE = 0o022;
/** Others may do anything at all. */
const OPEN = 0o077;

/**
 * For `policy.secret`: `DEWAR_SECRET` where it is set, else, in development, 32 random bytes that are made once and kept
 * in `folder/secret`. In every other profile empty, which is no secret, so that production refuses to start.
 */
export function devSecret(folder: string, profile: string | undefined = process.env['DEWAR_PROFILE']): string {
  const given = process.env['DEWAR_SECRET'];
  if (given !== undefined && given !== '') return given;
  return profile === 'development' ? keptSecret(resolve(folder)) : '';
}

function keptSecret(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  refuseOpen(folder, statSync(folder), WRITABLE, 'write to it', 'chmod 700');
  const file = join(folder, 'secret');
  return read(file) ?? make(file);
}

function read(file: string): string | undefined {
  const descriptor = openIfThere(file);
  if (descriptor === undefined) return undefined;
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw refusal(file, 'is no file', 'remove it; a new secret is made');
    refuseOpen(file, found, OPEN, 'read it', 'chmod 600');
    const secret = readFileSync(descriptor, 'utf8').trim();
    if (Buffer.byteLength(secret) >= SECRET_BYTES) return secret;
    throw refusal(file, `holds fewer than ${SECRET_BYTES} bytes`, 'remove it; a new secret is made');
  } finally {
    closeSync(descriptor);
  }
}

/** A link is not followed: it could lead to a file whose content somebody else knows. */
function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw refusal(file, 'is a link', 'remove it; a new secret is made');
    throw error;
  }
}

/** Written whole under another name, then linked: of two processes that start together, both get the first one's. */
function make(file: string): string {
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    writeFileSync(draft, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = read(file);
  if (secret === undefined) throw refusal(file, 'vanished while it was made', 'start again');
  return secret;
}

function refuseOpen(path: string, found: Stats, bits: number, deed: string, command: string): void {
  // Modes and owners mean nothing on Windows, where the folder inherits its access list.
  if (process.platform === 'win32') return;
  const own = process.getuid?.();
  if (own !== undefined && found.uid !== own && found.uid !== 0) {
    throw refusal(path, 'belongs to somebody else', 'use a folder of your own');
  }
  if ((found.mode & bits) === 0) return;
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
  throw refusal(path, `has mode ${mode}, so others can ${deed}`, `run: ${command} "${path}"`);
}

function refusal(path: string, wrong: string, write: string): ConfigError {
  return new ConfigError([{ option: 'secret', wrong: `"${path}" ${wrong}`, write }]);
}
