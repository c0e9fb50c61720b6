/**
 * Where values come from, in order: the process environment, a file that `NAME_FILE` names, a mounted secret, then
 * files as listed. The first that has a name wins; the others are told as shadowed.
 * @module
 */
import { basename, join, resolve } from 'node:path';
import type { ConfigFault } from '../kernel/index.ts';
import { parseEnvFile } from './env-file.ts';
import type { CastFault } from './field.ts';
import { readGuarded } from './guarded-file.ts';
import type { Guard } from './guarded-file.ts';
import { parseIniFile } from './ini-file.ts';

/** A value with where it stands. */
export interface Found {
  /** A fault where the place is known and cannot be read. */
  readonly value: string | CastFault;
  /** `environment`, `.env:3`, `/run/secrets/DEWAR_SECRET`. */
  readonly origin: string;
}

export interface SourceOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: readonly string[];
  readonly secretsFolder: string | false;
  readonly cwd: string;
  readonly production: boolean;
}

/** A name that stands in a file. */
export interface Named {
  readonly name: string;
  readonly origin: string;
}

export interface ReadFile {
  readonly file: string;
  readonly state: 'read' | 'absent' | 'refused';
}

export interface Sources {
  /** Every place that has the name, first the one that counts. */
  find(name: string): readonly Found[];
  readonly files: readonly ReadFile[];
  /** Everything that stands in files. */
  readonly named: readonly Named[];
  readonly faults: readonly ConfigFault[];
  /** Grows while secrets are read. */
  readonly warnings: readonly ConfigFault[];
}

/** Reads the files; the rest is looked up when it is asked for. */
export function openSources(options: SourceOptions): Sources {
  const { env, secretsFolder, cwd, production } = options;
  const files: ReadFile[] = [];
  const faults: ConfigFault[] = [];
  const warnings: ConfigFault[] = [];
  const tables: ReadonlyMap<string, Found>[] = [];
  const named: Named[] = [];

  for (const file of options.files) {
    const opened = readGuarded(resolve(cwd, file), { open: production ? 'refuse' : 'warn', links: false });
    if (opened === null || 'wrong' in opened) {
      files.push({ file, state: opened === null ? 'absent' : 'refused' });
      if (opened !== null) faults.push({ option: file, ...opened });
      continue;
    }
    files.push({ file, state: 'read' });
    if (opened.warning !== undefined) warnings.push({ option: file, ...opened.warning });
    const parsed = basename(file).endsWith('.ini') ? parseIniFile(opened.content) : parseEnvFile(opened.content);
    faults.push(...parsed.faults.map(({ line, ...fault }) => ({ option: `${file}:${line}`, ...fault })));
    const table = new Map<string, Found>();
    for (const { name, value, line } of parsed.assignments) {
      const origin = `${file}:${line}`;
      named.push({ name, origin });
      if (!table.has(name)) table.set(name, { value, origin });
    }
    tables.push(table);
  }

  function secretIn(file: string, guard: Guard): Found | null {
    const opened = readGuarded(file, guard);
    if (opened === null) return null;
    if ('wrong' in opened) return { value: opened, origin: file };
    if (production && opened.warning !== undefined) warnings.push({ option: file, ...opened.warning });
    // The one line break that editors and `echo` put at the end of a file.
    return { value: opened.content.replace(/\r?\n$/, ''), origin: file };
  }

  const guard: Guard = { open: 'warn', links: true };

  function find(name: string): readonly Found[] {
    const found: Found[] = [];
    const given = own(env, name);
    if (given !== undefined) found.push({ value: given, origin: 'environment' });
    const elsewhere = own(env, `${name}_FILE`);
    if (elsewhere !== undefined) found.push(namedFile(name, elsewhere));
    if (secretsFolder !== false) {
      const spellings = [...new Set([name, name.toLowerCase()])];
      for (const spelling of spellings) {
        const mounted = secretIn(join(resolve(cwd, secretsFolder), spelling), guard);
        if (mounted !== null) found.push(mounted);
      }
    }
    return [...found, ...tables.flatMap((table) => table.get(name) ?? [])];
  }

  function namedFile(name: string, path: string): Found {
    const origin = `${name}_FILE`;
    if (path === '') return { value: { wrong: 'is empty', write: 'write the path of a file' }, origin };
    const found = secretIn(resolve(cwd, path), guard);
    return found ?? { value: { wrong: 'names a file that is not there', write: 'mount it, or mend the path' }, origin };
  }

  return { find, files, named, faults, warnings };
}

function own(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}
