/**
 * One run of wrk against a server. Both share one core, so that every application pays alike for its client: with a core
 * each, a client that is faster than the server sleeps between answers, and waking it (an interrupt to another core,
 * several microseconds on a virtual machine) is billed to the server, but only to the slower ones.
 * @module
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const exec = promisify(execFile);

/** The core of the server, and of the client. */
export const CORE: string = process.env['CORE'] ?? '0';
const CLIENT_CORE = process.env['CLIENT_CORE'] ?? CORE;
const CONNECTIONS = 32;
const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));

/** What a run did. */
export interface Load {
  readonly requests: number;
  /** Answers that were not 2xx, and connections that broke. */
  readonly bad: number;
}

/** What is asked for, over and over. */
export interface Ask {
  readonly url: string;
  readonly fields: readonly string[];
  /** Posted where it is not empty. */
  readonly body: string;
}

/** Loads a server for so many seconds. */
export async function load({ url, fields, body }: Ask, seconds: number): Promise<Load> {
  const headers = fields.flatMap((field) => ['-H', field]);
  const args = ['-c', CLIENT_CORE, 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', SCRIPT, ...headers, url];
  const { stdout } = await exec('taskset', args, { env: { ...process.env, BODY: body } }).catch((error: unknown) => {
    throw new Error('wrk and taskset are needed: apt-get install wrk util-linux', { cause: error });
  });
  const count = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.slice(1) ?? [];
  const bad = broken.reduce((sum, one) => sum + Number(one), count(/Non-2xx or 3xx responses: (\d+)/));
  return { requests: count(/(\d+) requests in/), bad };
}
