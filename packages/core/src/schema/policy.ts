/**
 * Options of `schema`, their defaults and their check.
 * @module
 */
import type { ConfigFault } from '../kernel/index.ts';

export interface SchemaOptions {
  /**
   * `'refuse'`: a field of params, query or body that does not come out of the schema is refused by name, deep inside
   * too. `'schema'`: whatever the schema says, for one that renames fields; the danger is that most libraries drop what
   * they do not know without a word, and that some let it pass.
   * @default 'refuse'
   */
  readonly unknownFields: 'refuse' | 'schema';
  /**
   * `'own'`: clients are told which fields are wrong, in words of ours. `'library'`: in the words of the schema's
   * library. Some of them quote what was sent, so such a message is left out where it holds a value of the input.
   * @default 'own'
   */
  readonly messages: 'own' | 'library';
}

/** Strict, and silent about what was sent. */
export const SCHEMA_DEFAULTS: Readonly<SchemaOptions> = Object.freeze({ unknownFields: 'refuse', messages: 'own' });

const CHOICES: Readonly<Record<keyof SchemaOptions, readonly string[]>> = {
  unknownFields: ['refuse', 'schema'],
  messages: ['own', 'library'],
};
const NAMES = Object.keys(CHOICES) as (keyof SchemaOptions)[];

/** Faults of the options. */
export function checkSchema(options: SchemaOptions, at: string): ConfigFault[] {
  return NAMES.filter((name) => !CHOICES[name].includes(options[name])).map((name) => ({
    option: `${at}.${name}`,
    wrong: `${JSON.stringify(options[name])} is no choice`,
    write: `write one of ${CHOICES[name].map((one) => JSON.stringify(one)).join(', ')}`,
  }));
}

/** Options below their default. */
export function weakerSchema(options: SchemaOptions): string[] {
  return NAMES.filter((name) => options[name] !== SCHEMA_DEFAULTS[name]);
}
