/**
 * One run of wrk against a server: a client so cheap that it always waits, so that every application pays alike for
 * waking it. Client and server have a core each.
 * @module
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** Cores of the server and of the client. */
export const SERVER_CORE = '0';
const CLIENT_CORE = '1';
const CONNECTIONS = 32;

/** What a run did. */
export interface Load {
  readonly requests: number;
  /** Answers that were not 2xx, and connections that broke. */
  readonly bad: number;
}

/** Loads `url` for so many seconds with these fields. */
export async function load(url: string, fields: readonly string[], seconds: number): Promise<Load> {
  const headers = fields.flatMap((field) => ['-H', field]);
  const args = ['-c', CLIENT_CORE, 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, ...headers, url];
  const { stdout } = await exec('taskset', args).catch((error: unknown) => {
    throw new Error('wrk and taskset are needed: apt-get install wrk util-linux', { cause: error });
  });
  const count = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.slice(1) ?? [];
  const bad = broken.reduce((sum, one) => sum + Number(one), count(/Non-2xx or 3xx responses: (\d+)/));
  return { requests: count(/(\d+) requests in/), bad };
}
