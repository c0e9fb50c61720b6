/**
 * The command line: what a command takes, its help, and faults that name the nearest thing that exists.
 * @module
 */
import { parseArgs } from 'node:util';
import { nearest } from '@dewar/core';
import type { Io } from './io.ts';

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string;
  readonly help: string;
}

export type Values = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does and how it ends, for its own help. */
  readonly about: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** The one thing it takes that is no option, which it then needs; `values.argument` has it. */
  readonly argument?: { readonly value: string; readonly help: string };
  /** Answers the exit code. */
  run(values: Values, io: Io): Promise<number>;
}

/** The command line is wrong; the message says what to write. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const HELP: CommandOption = { type: 'boolean', help: 'shows this' };

/** Options as given. Throws `UsageError` for everything a command does not take. */
export function parseOptions(command: Command, args: readonly string[]): Values {
  const options = { ...command.options, help: HELP };
  const config = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
  const short = { help: { type: 'boolean', short: 'h' } } as const;
  const given = { args: [...args], options: { ...config, ...short }, allowPositionals: true } as const;
  let left = command.argument === undefined ? 0 : 1;
  for (const token of parseArgs({ ...given, strict: false, tokens: true }).tokens) {
    if (token.kind === 'positional' && left-- <= 0) {
      throw new UsageError(`dewar ${command.name} takes no "${token.value}"${didYouMean(token.value, options)}`);
    }
    if (token.kind === 'option' && !Object.hasOwn(options, token.name)) {
      const { argument } = command;
      const behind = argument === undefined ? '' : `; an ${argument.value} that begins with - stands behind --`;
      throw new UsageError(`no such option ${token.rawName}${didYouMean(token.name, options)}${behind}`);
    }
  }
  try {
    const { values, positionals } = parseArgs(given);
    const [argument] = positionals;
    if (command.argument !== undefined && argument === undefined && values['help'] !== true) {
      throw new UsageError(`dewar ${command.name} needs ${command.argument.value}`);
    }
    return argument === undefined ? values : { ...values, argument };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // What is left is an option without its value, or a switch with one; Node's first sentence says which.
    throw new UsageError((error as Error).message.split('. ')[0]!.split('\n')[0]);
  }
}

function didYouMean(name: string, options: object): string {
  const near = nearest(name.replace(/^-+/, ''), Object.keys(options));
  return near === undefined ? '' : `; did you mean --${near}?`;
}

/** A command's own help. */
export function commandHelp({ name, about, options, argument }: Command): string {
  const named = argument === undefined ? [] : [[argument.value, argument.help] as const];
  const rows = Object.entries({ ...options, help: HELP }).map(
    ([option, { value, help }]) => [`--${option}${value === undefined ? '' : ` ${value}`}`, help] as const,
  );
  const usage = argument === undefined ? name : `${name} ${argument.value}`;
  return `Usage: dewar ${usage} [options]\n\n${about}\n\nOptions:\n${columns([...named, ...rows])}`;
}

/** Two columns, indented. */
export function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}
