/**
 * Starts other programs and says how they ended.
 * @module
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './tree.ts';

/** How a program ended. `output` is what it wrote to both streams, empty where it wrote to ours. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Options of {@link run}. */
export interface RunOptions {
  /** Working folder. @default the root of the workspace */
  readonly cwd?: string;
  /** Its whole environment. @default ours */
  readonly env?: NodeJS.ProcessEnv;
  /** Show the output as it comes, instead of keeping it. @default false */
  readonly show?: boolean;
  /** Milliseconds after which the program is ended. @default no limit */
  readonly limit?: number;
}

/** Runs a program to its end. A program that cannot be started, or is killed, ends with a code of its own, never 0. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd = root, show = false, limit, env = process.env } = options;
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      ...(limit === undefined ? {} : { timeout: limit, killSignal: 'SIGKILL' as const }),
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code, signal) => resolve({ code: code ?? 128 + constants.signals[signal!], output }));
  });
}

/** Runs the pinned Node on the sources as they are. */
export function runNode(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return run(process.execPath, ['--conditions=@dewar/source', ...args], options);
}
