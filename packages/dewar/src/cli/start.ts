/**
 * `dewar start`: builds, listens, and stops when asked, letting requests that are under way finish.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '@dewar/core';
import type { Running } from '@dewar/core';
import { BrokenError } from './failure.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { CONFIG_OPTION, loadDewar } from './load.ts';
import { UsageError } from './usage.ts';
import type { Command } from './usage.ts';

const DEFAULT_PORT = '3000';
const DEFAULT_HOST = '127.0.0.1';
/** Milliseconds that requests under way have to finish. */
const DEADLINE = 10_000;
/** Milliseconds in which a signal is the first one again: supervisors signal a whole group, and each parent passes it on. */
const ECHO = 1_000;

export const start: Command = {
  name: 'start',
  summary: 'starts the application',
  about: `Builds the application, listens, and says where. Events go to standard output as
the policy says, this command's own words to standard error. SIGINT and SIGTERM
let requests that are under way finish, for ${DEADLINE / 1000} seconds at most; a second
signal ends at once. The profile is production unless the policy or
DEWAR_PROFILE says otherwise; development listens on loopback only.

Ends with 0 when it was asked to stop, 1 when requests had to be cut off, 2 when
the command line is wrong, 3 when the application could not be built or could
not listen.`,
  options: {
    config: CONFIG_OPTION,
    port: {
      type: 'string',
      value: 'NUMBER',
      help: `0 takes a free one [default: PORT, else ${DEFAULT_PORT}]`,
    },
    host: { type: 'string', value: 'ADDRESS', help: `address to listen on [default: ${DEFAULT_HOST}]` },
  },
  async run(values, io) {
    const port = portFrom(values['port'], io.env['PORT']);
    const host = typeof values['host'] === 'string' ? values['host'] : DEFAULT_HOST;
    const running = await build(await loadDewar(values['config'], io));
    // From here on, so that a signal while it starts to listen still closes what is open.
    const asked = stopAsked(io);
    const { url } = await listen(running, port, host);
    io.note(`dewar: serving ${url} in the ${running.kernel.profile} profile\n`);
    await asked;
    return stop(running, io);
  },
};

/** A port as text, from the option, else the environment. */
export function portFrom(option: unknown, variable: string | undefined): number {
  const [name, text] = typeof option === 'string' ? ['--port', option] : ['PORT', variable || DEFAULT_PORT];
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`${name} is "${text}", and a port is a number from 0 to 65535`);
}

async function listen(running: Running, port: number, host: string): Promise<{ readonly url: string }> {
  try {
    return await running.listen({ port, host });
  } catch (error) {
    await running.close().catch(() => undefined);
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new BrokenError(`port ${port} of ${host} is in use; choose another with --port`);
    throw new BrokenError(`cannot listen on port ${port} of ${host}`, { cause: error });
  }
}

/** Resolves with the first signal. A second one, from somebody who does not want to wait, ends the process. */
function stopAsked(io: Io): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: number | undefined;
  io.onStop(() => {
    if (first === undefined) {
      first = performance.now();
      resolve();
    } else if (performance.now() - first > ECHO) process.exit(EXIT.found);
  });
  return promise;
}

/** Closes, and gives requests that are under way until the deadline. */
export async function stop(
  running: Pick<Running, 'close'>,
  io: Pick<Io, 'note'>,
  deadline: number = DEADLINE,
): Promise<number> {
  const late = Symbol('late');
  const closed = running.close().catch((cause: unknown) => {
    throw new BrokenError('the application did not close as it should', { cause });
  });
  if ((await Promise.race([closed, sleep(deadline, late, { ref: false })])) !== late) return EXIT.ok;
  io.note(`dewar: requests were still under way after ${deadline / 1000} seconds and are cut off\n`);
  return EXIT.found;
}
