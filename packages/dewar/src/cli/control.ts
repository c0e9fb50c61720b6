/**
 * How commands reach the process that runs: by a socket's path, given, in the environment, or in the definition.
 * @module
 */
import { resolve } from 'node:path';
import { askControl, ControlError } from '@dewar/core/control';
import type { ControlRequest } from '@dewar/core/control';
import { BrokenError } from './failure.ts';
import type { Io } from './io.ts';
import { loadDewar } from './load.ts';
import type { CommandOption, Values } from './usage.ts';

/** The option of every command that asks a running process. */
export const CONTROL_OPTION: CommandOption = {
  type: 'string',
  value: 'PATH',
  help: "its socket [default: DEWAR_CONTROL, else the definition's]",
};

/** The socket's path; `undefined` where nobody names one. */
export async function controlPath(values: Values, io: Pick<Io, 'cwd' | 'env'>): Promise<string | undefined> {
  const { control } = values;
  if (typeof control === 'string') return control;
  const named = io.env['DEWAR_CONTROL'] ?? '';
  if (named !== '') return named;
  return (await loadDewar(values['config'], io)).control;
}

/** The process answers, and has nothing of the kind. */
export class RefusedError extends BrokenError {}

/** Asks the running process. Throws a `BrokenError` where there is none, a `RefusedError` where it has no answer. */
export async function askRunning(
  request: ControlRequest,
  values: Values,
  io: Pick<Io, 'cwd' | 'env'>,
): Promise<unknown> {
  const path = await controlPath(values, io);
  if (path === undefined) {
    throw new BrokenError(`no running process can be asked: write defineDewar({ control: '.data/control', … })`);
  }
  return ask(path, request, io);
}

/** Asks by this socket. */
export async function ask(path: string, request: ControlRequest, { cwd }: Pick<Io, 'cwd'>): Promise<unknown> {
  let answer;
  try {
    answer = await askControl(resolve(cwd, path), request);
  } catch (error) {
    throw error instanceof ControlError ? new BrokenError(error.message) : error;
  }
  if (!answer.ok) throw new RefusedError(answer.error);
  return answer.result;
}
