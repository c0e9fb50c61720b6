/**
 * Asks a running process by its socket.
 * @module
 */
import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import type { ControlAnswer, ControlRequest } from './answers.ts';

const PATIENCE = 10_000;
const MOST = 17 * 1024 * 1024;

/** There is nobody to ask, or nobody to be believed. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** One question; rejects with a `ControlError` where no process of ours answers. */
export async function askControl(path: string, request: ControlRequest): Promise<ControlAnswer> {
  const socketPath = resolve(path);
  expectOurs(socketPath);
  const line = await exchange(socketPath, `${JSON.stringify(request)}\n`);
  try {
    return JSON.parse(line) as ControlAnswer;
  } catch (cause) {
    throw new ControlError(`"${socketPath}" did not answer in JSON`, { cause });
  }
}

/** A socket that somebody else put there would tell operators what they like. */
function expectOurs(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new ControlError(`no process runs with the socket "${path}"`);
  if (!found.isSocket()) throw new ControlError(`"${path}" is no socket`);
  const own = process.getuid?.();
  if (own !== undefined && own !== 0 && found.uid !== own) {
    throw new ControlError(`"${path}" belongs to another account; ask as the one that runs the application`);
  }
}

function exchange(path: string, question: string): Promise<string> {
  const { promise, resolve: done, reject } = Promise.withResolvers<string>();
  const socket = connect({ path });
  let told = '';
  const fail = (why: string, cause?: unknown): void => {
    socket.destroy();
    reject(new ControlError(why, { cause }));
  };
  socket.setEncoding('utf8');
  socket.setTimeout(PATIENCE, () => fail(`"${path}" did not answer in ${PATIENCE / 1000} seconds`));
  socket.on('connect', () => socket.write(question));
  socket.on('data', (part: string) => {
    told += part;
    if (told.length > MOST) fail(`"${path}" answered too much`);
  });
  socket.on('end', () => done(told));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const gone = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
    fail(gone ? `the process of "${path}" does not run any more` : `"${path}" cannot be asked: ${error.code}`, error);
  });
  return promise;
}
