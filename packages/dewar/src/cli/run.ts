/**
 * One run of the command line: picks the command, and turns whatever happens into text and an exit code.
 * @module
 */
import { readFileSync } from 'node:fs';
import { nearest } from '@dewar/core';
import { config } from './config.ts';
import { explain } from './explain.ts';
import { describeFailure } from './failure.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { policy } from './policy.ts';
import { reportCommand } from './reports.ts';
import { routes } from './routes.ts';
import { start } from './start.ts';
import { columns, commandHelp, parseOptions, UsageError } from './usage.ts';
import type { Command } from './usage.ts';

const limits = reportCommand('limits', 'shows what the limits count', 'Shows what each limit has counted and refused.');
const csp = reportCommand(
  'csp',
  'shows reported violations of the CSP',
  'Shows what browsers reported, and how often.',
);

const COMMANDS: readonly Command[] = [routes, start, policy, config, explain, limits, csp];
const OWN_OPTIONS = ['--help', '--version'];

/** Runs `dewar` with these arguments; answers the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined) throw new UsageError('name a command');
    if (name === '--help' || name === '-h' || name === 'help') io.out(overview());
    else if (name === '--version') io.out(`${version()}\n`);
    else return await runCommand(commandOf(name), rest, io);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof UsageError)) {
      io.note(describeFailure(error));
      return EXIT.broken;
    }
    const command = COMMANDS.find((one) => one.name === name);
    const help = command === undefined ? 'dewar --help' : `dewar ${command.name} --help`;
    io.note(`dewar: ${error.message}\n${help} tells more\n`);
    return EXIT.usage;
  }
}

async function runCommand(command: Command, args: readonly string[], io: Io): Promise<number> {
  const values = parseOptions(command, args);
  if (values['help'] !== true) return command.run(values, io);
  io.out(commandHelp(command));
  return EXIT.ok;
}

function commandOf(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name);
  if (command !== undefined) return command;
  const what = name.startsWith('-') ? 'option' : 'command';
  const near = nearest(name, what === 'option' ? OWN_OPTIONS : COMMANDS.map((one) => one.name));
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new UsageError(`no such ${what} ${JSON.stringify(name)}${hint}`);
}

function overview(): string {
  const commands = COMMANDS.map(({ name, summary }) => [name, summary] as const);
  return `Usage: dewar COMMAND [options]

One security policy for a web application, from one file, dewar.config.ts.

Commands:
${columns(commands)}
Options:
${columns([
  ['--help', 'shows this; after a command, its own options and exit codes'],
  ['--version', 'shows the version'],
])}`;
}

/** The manifest stands in the same place above sources and above what is published. */
function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(manifest) as { readonly version: unknown }).version);
}
