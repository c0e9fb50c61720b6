/**
 * The owner's file: found, imported, and held to be what `defineDewar` returns.
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyDewar } from '@dewar/core';
import { BrokenError } from './failure.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage.ts';
import type { CommandOption } from './usage.ts';

/** Names that are looked for, in this order. */
const CONFIG_NAMES: readonly string[] = ['ts', 'mts', 'js', 'mjs'].map((end) => `dewar.config.${end}`);

/** The option of every command that needs the application. */
export const CONFIG_OPTION: CommandOption = {
  type: 'string',
  value: 'FILE',
  help: `what defineDewar describes [default: ${CONFIG_NAMES[0]}]`,
};

/** Imports the definition. Nothing is built, opened or listened to by that. */
export async function loadDewar(given: unknown, { cwd }: Pick<Io, 'cwd'>): Promise<AnyDewar> {
  const file = typeof given === 'string' ? resolve(cwd, given) : findConfig(cwd);
  if (!existsSync(file) || !statSync(file).isFile()) throw new UsageError(`there is no file ${file}`);
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = (await import(pathToFileURL(file).href)) as typeof loaded;
  } catch (cause) {
    throw new BrokenError(`${basename(file)} could not be loaded`, { cause });
  }
  const dewar = loaded['default'];
  if (isDewar(dewar)) return dewar;
  const wrong = dewar === undefined ? 'has no default export' : 'has a default export that defineDewar did not make';
  throw new BrokenError(`${basename(file)} ${wrong}; write: export default defineDewar({ policy, app })`);
}

function findConfig(cwd: string): string {
  const found = CONFIG_NAMES.map((name) => join(cwd, name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new UsageError(`there is no ${CONFIG_NAMES[0]} in ${cwd}; name yours with --config FILE`);
}

const ADAPTER_PARTS = ['create', 'ready', 'listen', 'close'];

function isDewar(value: unknown): value is AnyDewar {
  const { adapter, app, policy } = fieldsOf(value);
  const parts = fieldsOf(adapter);
  return (
    ADAPTER_PARTS.every((part) => typeof parts[part] === 'function') &&
    typeof app === 'function' &&
    typeof policy === 'object' &&
    policy !== null
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
