/**
 * Reads the whole configuration at once: a typed object, or every fault together before anything starts.
 * @module
 */
import { ConfigError } from '../kernel/index.ts';
import type { ConfigFault, Profile } from '../kernel/index.ts';
import { isFault } from './field.ts';
import type { Field } from './field.ts';
import { keepReport, shown } from './report.ts';
import type { ConfigEntry } from './report.ts';
import { openSources } from './sources.ts';
import type { Found, Sources } from './sources.ts';
import { strayNames } from './stray.ts';

/** What is to be read: a field by the property it becomes. */
export type Shape = Readonly<Record<string, Field<unknown>>>;

/** The object that a shape becomes. */
export type Config<S extends Shape> = { readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never };

export interface ReadOptions {
  /** `.env` or `.ini` files, relative to the working folder; the first that has a name wins. @default none */
  readonly files?: readonly string[];
  /** Folder of mounted secrets, a file each, named as the variable or in lower case; `false` looks at none. @default '/run/secrets' */
  readonly secretsFolder?: string | false;
  /** What the names of this application begin with: `DESK_`. A variable of that beginning that nobody reads is told. @default none */
  readonly prefix?: string;
  /** @default `DEWAR_PROFILE`, else 'production' */
  readonly profile?: Profile;
  /** @default `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where relative paths begin. @default the working folder */
  readonly cwd?: string;
}

/** Reads every field. Throws one `ConfigError` with all faults, none of which repeats a value. */
export function readConfig<S extends Shape>(shape: S, options: ReadOptions = {}): Config<S> {
  const { env = process.env, cwd = process.cwd(), files = [], secretsFolder = '/run/secrets', prefix = '' } = options;
  // What is no profile is refused by the policy; here it is production, as everywhere.
  const profile = options.profile ?? env['DEWAR_PROFILE'];
  const development = profile === 'development';
  const sources = openSources({ env, files, secretsFolder, cwd, production: !development && profile !== 'test' });
  const names = Object.values(shape).map(({ name }) => name);
  const faults: ConfigFault[] = [...sources.faults, ...declarationFaults(names)];
  const entries: ConfigEntry[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(shape)) {
    const { entry, value, fault } = readField(key, field, sources, development);
    entries.push(entry);
    if (fault !== undefined) faults.push(fault);
    // Not assigned: a key named __proto__ would become the prototype.
    else Object.defineProperty(values, key, { value, enumerable: true });
  }
  const missing = entries.filter(({ origin }) => origin === null || UNGIVEN.has(origin)).map(({ name }) => name);
  const stray = strayNames(names, missing, sources, env, prefix);
  faults.push(...stray.faults);
  const report = Object.freeze({
    entries,
    files: sources.files,
    unused: stray.unused,
    faults,
    warnings: [...sources.warnings, ...stray.warnings],
  });
  if (faults.length > 0) throw keepReport(new ConfigError(faults), report);
  // Every property was cast by the field it is named for.
  return keepReport(Object.freeze(values) as Config<S>, report);
}

/** Origins of what stands nowhere. */
const UNGIVEN: ReadonlySet<string> = new Set(['default', 'development']);

interface Reading {
  readonly entry: ConfigEntry;
  readonly value?: unknown;
  readonly fault?: ConfigFault;
}

function readField(key: string, field: Field<unknown>, sources: Sources, development: boolean): Reading {
  const { name, kind, hidden, about } = field;
  const [first, ...others] = sources.find(name);
  const shadowed = others.map(({ origin }) => origin);
  const base = { key, name, kind, about, hidden, shadowed };
  if (first === undefined) return fallen(base, field, development);
  const cast = typeof first.value === 'string' ? castOf(field, first.value) : first.value;
  const { origin } = first;
  if (isFault(cast)) return { entry: { ...base, origin, value: null }, fault: { option: named(name, first), ...cast } };
  return { entry: { ...base, origin, value: shown(cast.value, field) }, value: cast.value };
}

/** Nothing is no value: what would be read from it differs from reader to reader, and a default was not asked for. */
function castOf(field: Field<unknown>, text: string): ReturnType<Field<unknown>['cast']> {
  const cast = field.cast(text);
  if (text !== '' || !isFault(cast)) return cast;
  return { wrong: 'is empty', write: `write ${field.kind}, or take the variable away` };
}

function fallen(base: Omit<ConfigEntry, 'origin' | 'value'>, field: Field<unknown>, development: boolean): Reading {
  const fallback = (development ? field.development : undefined) ?? field.fallback;
  if (fallback === undefined) {
    const why = field.about === '' ? '' : `: ${field.about}`;
    const fault = { option: field.name, wrong: `is missing${why}`, write: `set it to ${field.kind}` };
    return { entry: { ...base, origin: null, value: null }, fault };
  }
  const origin = field.fallback === undefined ? 'development' : 'default';
  return { entry: { ...base, origin, value: shown(fallback.value, field) }, value: fallback.value };
}

function named(name: string, { origin }: Found): string {
  return origin === 'environment' ? name : `${name} (${origin})`;
}

/** One variable read in two ways would be two truths. */
function declarationFaults(names: readonly string[]): ConfigFault[] {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const files = names.filter((name) => names.includes(`${name}_FILE`));
  return [
    ...twice.map((name) => ({ option: name, wrong: 'is read by two fields', write: 'declare it once' })),
    ...files.map((name) => ({
      option: `${name}_FILE`,
      wrong: `would also name the file that ${name} is read from`,
      write: 'give one of them another name',
    })),
  ];
}
