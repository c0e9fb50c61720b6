/**
 * One variable of the configuration: its name, what it is cast to, and what holds where it is missing. No fault repeats
 * a value: whatever was written into the wrong variable may be a password.
 * @module
 */

/** What is wrong with a text, never the text itself. */
export interface CastFault {
  readonly wrong: string;
  readonly write: string;
  readonly nearest?: string;
}

/** What a text was cast to, or why it was not. */
export type Cast<T> = { readonly value: T } | CastFault;

/** Options of every field. */
export interface FieldOptions<D> {
  /** What holds where the variable is missing; `null` for nothing. Without it the variable is required. */
  readonly default?: D;
  /** What holds in the development profile alone; elsewhere the variable is required. */
  readonly development?: D;
  /** What it is for; shown by `dewar config` and where it is missing. */
  readonly about?: string;
}

/** A variable, as `readConfig` reads it. */
export interface Field<T> {
  /** Name of the environment variable. */
  readonly name: string;
  /** What it holds, in words: `a whole number from 0 to 65535`. */
  readonly kind: string;
  /** Its value is never shown. */
  readonly hidden: boolean;
  readonly about: string;
  /** `undefined`: required. */
  readonly fallback: { readonly value: T } | undefined;
  /** The fallback of the development profile. */
  readonly development: { readonly value: T } | undefined;
  cast(text: string): Cast<T>;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** A field of its parts. What is wrong with its declaration is the programmer's, and thrown at once. */
export function field<T, D>(
  name: string,
  kind: string,
  options: FieldOptions<D>,
  cast: (text: string) => Cast<T>,
  hidden = false,
): Field<T | D> {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new TypeError(`${JSON.stringify(name)} is no name of a variable; write letters, digits and _: 'APP_PORT'`);
  }
  const { default: fallback, development, about = '' } = options;
  if (fallback !== undefined && development !== undefined) {
    throw new TypeError(`${name} has a default for every profile and one for development; write one of them`);
  }
  return Object.freeze({
    name,
    kind,
    hidden,
    about,
    fallback: fallback === undefined ? undefined : { value: fallback },
    development: development === undefined ? undefined : { value: development },
    cast,
  });
}

/** True for what a text could not be cast to. */
export function isFault<T>(cast: Cast<T>): cast is CastFault {
  return 'wrong' in cast;
}
