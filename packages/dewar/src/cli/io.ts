/**
 * What a command may touch of its process, as a value: tests give another, and `NO_COLOR` is read in one place.
 * @module
 */
import { styleText } from 'node:util';

/** How a piece of text is meant; colour follows from it. */
export type Tone = 'bad' | 'loud' | 'good' | 'quiet' | 'strong';

export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Columns of the terminal that shows the result; `undefined` where none does, so that nothing is wrapped for a pipe. */
  readonly width: number | undefined;
  /** Writes a part of the result to standard output. */
  out(text: string): void;
  /** Writes what is not the result to standard error. */
  note(text: string): void;
  /** Colours a part of the result, where a terminal shows it. */
  paint(tone: Tone, text: string): string;
  /** Calls back whenever somebody asks the process to stop. */
  onStop(listener: () => void): void;
}

/** Exit codes of every command. */
export const EXIT: Readonly<{ ok: 0; found: 1; usage: 2; broken: 3 }> = Object.freeze({
  /** All is well. */
  ok: 0,
  /** The command ran and found something to mend. */
  found: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The application could not be built or could not listen. */
  broken: 3,
});

const STYLES = { bad: ['red', 'bold'], loud: ['yellow'], good: ['green'], quiet: ['dim'], strong: ['bold'] } as const;

/** This process. */
export function processIo(): Io {
  const { stdout, env } = process;
  const coloured = colours(stdout.isTTY, env);
  return {
    cwd: process.cwd(),
    env,
    width: stdout.isTTY ? stdout.columns : undefined,
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    paint: (tone, text) => (coloured ? painted(tone, text) : text),
    onStop(listener) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
    },
  };
}

/** Colours only where somebody looks at a terminal and did not decline them: https://no-color.org. */
export function colours(isTerminal: boolean | undefined, env: Io['env']): boolean {
  return isTerminal === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

/** Text in the colour of its tone. */
export function painted(tone: Tone, text: string): string {
  return styleText([...STYLES[tone]], text, { validateStream: false });
}
