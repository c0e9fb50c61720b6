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

/** A value as text for operators. What only sounds like a secret is not shown either. */
export function shown(value: unknown, { hidden, name }: Field<unknown>): string {
  if (value === null) return 'nothing';
  if (hidden || value instanceof Secret || isSecretName(name)) return HIDDEN;
  if (typeof value === 'string') return value;
  if (value instanceof URL) return value.href;
  return inspect(value, { depth: 4, breakLength: Infinity, maxArrayLength: 100, maxStringLength: 1000 });
}
