/**
 * What was read, from where, and what it hides: for `dewar config`. Secrets are not in it, not even by their length.
 * @module
 */
import { inspect } from 'node:util';
import { isSecretName } from '../kernel/index.ts';
import type { ConfigFault } from '../kernel/index.ts';
import type { Field } from './field.ts';
import { HIDDEN, Secret } from './secret.ts';
import type { Named, ReadFile } from './sources.ts';

/** One field as it was read. */
export interface ConfigEntry {
  /** Property of the configuration. */
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  readonly about: string;
  readonly hidden: boolean;
  /** `environment`, a file with its line, `default`, `development`; `null`: nowhere. */
  readonly origin: string | null;
  /** As text; `[secret]` for one; `null` where there is none. */
  readonly value: string | null;
  /** Where it stands as well, to no effect. */
  readonly shadowed: readonly string[];
}

export interface ConfigReport {
  readonly entries: readonly ConfigEntry[];
  readonly files: readonly ReadFile[];
  /** Names in files that nothing reads. */
  readonly unused: readonly Named[];
  readonly faults: readonly ConfigFault[];
  readonly warnings: readonly ConfigFault[];
}

const reports = new WeakMap<object, ConfigReport>();

/** Keeps a report beside what it is about, out of the object itself. */
export function keepReport<T extends object>(about: T, report: ConfigReport): T {
  reports.set(about, report);
  return about;
}

/** The report of a configuration, or of the error that reading one threw. */
export function configReport(about: unknown): ConfigReport | undefined {
  return typeof about === 'object' && about !== null ? reports.get(about) : undefined;
}

/** A value as text for operators. What only sounds like a secret is not shown either, however deep it stands. */
export function shown(value: unknown, { hidden, name }: Field<unknown>): string {
  if (value === null) return 'nothing';
  const told = hidden ? HIDDEN : bare(value, name);
  if (typeof told === 'string') return told;
  return inspect(told, { depth: DEEPEST, breakLength: Infinity, maxArrayLength: 100, maxStringLength: 1000 });
}

const DEEPEST = 4;
/** Names that a log may tell and variables have for secrets. */
const SECRET_END = /(?:keys?|pwd|passwd|dsn|salt|pepper|seed)$/i;
/** Users and passwords of addresses: whatever stands between the slashes and the last `@`. */
const USER = /(?<=:\/\/)\S*@/g;
/** Pairs of queries and connection strings. */
const PAIR = /([\w.-]+)=[^\s&;]+/g;

function isSecret(name: string): boolean {
  return isSecretName(name) || SECRET_END.test(name);
}

/** The value without secrets in it. */
function bare(value: unknown, name: string, depth = 0): unknown {
  if (value instanceof Secret || isSecret(name)) return HIDDEN;
  if (typeof value === 'string') return bareText(value);
  if (value instanceof URL) return bareText(value.href);
  // What is deeper is not shown.
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => bare(one, '', depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, bare(one, key, depth + 1)]));
}

function bareText(text: string): string {
  return text
    .replaceAll(USER, `${HIDDEN}@`)
    .replaceAll(PAIR, (pair, name: string) => (isSecret(name) ? `${name}=${HIDDEN}` : pair));
}
