/**
 * Casts to one value each. Strict on purpose: a text that two readers could understand differently is refused.
 * @module
 */
import { nearest } from '../kernel/index.ts';
import { field } from './field.ts';
import type { Cast, Field, FieldOptions } from './field.ts';

export interface TextOptions {
  /** Least characters. @default 1 */
  readonly min?: number;
  /** Most characters. @default 4096 */
  readonly max?: number;
  /** What the whole text must look like. */
  readonly pattern?: RegExp;
}

export interface RangeOptions {
  readonly min?: number;
  readonly max?: number;
}

export interface UrlOptions {
  /** Schemes that are allowed, without the colon. @default ['https'] */
  readonly schemes?: readonly string[];
}

/** A text as it stands. */
export function text<D extends string | null = never>(
  name: string,
  options: FieldOptions<D> & TextOptions = {},
): Field<string | NoInfer<D>> {
  const { min = 1, max = 4096, pattern } = options;
  return field(name, 'a text', options, (given): Cast<string> => {
    if (given.length < min || given.length > max) {
      return { wrong: `is ${given.length} characters long`, write: `write ${min} to ${max} characters` };
    }
    if (pattern !== undefined && whole(pattern).exec(given) === null) {
      return { wrong: 'does not look as it must', write: `write what fits ${String(pattern)}` };
    }
    return { value: given };
  });
}

/** The pattern over the whole text, without the flags that remember where the last search ended. */
function whole({ source, flags }: RegExp): RegExp {
  return new RegExp(`^(?:${source})$`, flags.replaceAll(/[gym]/g, ''));
}

const INTEGER = /^(?:0|-?[1-9]\d{0,15})$/;
const DECIMAL = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;

/** A whole number in decimal digits: no sign of plus, no leading zeros, no `1e3`, `0x10` or `1_000`. */
export function integer<D extends number | null = never>(
  name: string,
  options: FieldOptions<D> & RangeOptions = {},
): Field<number | NoInfer<D>> {
  const within = range(options);
  const kind = `a whole number${within}`;
  return field(name, kind, options, (given) =>
    INTEGER.test(given) && Number.isSafeInteger(Number(given))
      ? bounded(Number(given), options, kind)
      : { wrong: 'is no whole number in plain digits', write: `write ${kind}` },
  );
}

/** A decimal number, `.` before its fraction. */
export function number<D extends number | null = never>(
  name: string,
  options: FieldOptions<D> & RangeOptions = {},
): Field<number | NoInfer<D>> {
  const kind = `a number${range(options)}`;
  return field(name, kind, options, (given) =>
    DECIMAL.test(given)
      ? bounded(Number(given), options, kind)
      : { wrong: 'is no number in plain digits', write: `write ${kind}` },
  );
}

function bounded(value: number, { min = -Infinity, max = Infinity }: RangeOptions, kind: string): Cast<number> {
  return value >= min && value <= max ? { value } : { wrong: 'is out of range', write: `write ${kind}` };
}

function range({ min, max }: RangeOptions): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, ${min} or more`;
  return max === undefined ? '' : `, ${max} or less`;
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
]);

/** `true`, `yes`, `on`, `1` or `false`, `no`, `off`, `0`, in any case, and nothing else. */
export function boolean<D extends boolean | null = never>(
  name: string,
  options: FieldOptions<D> = {},
): Field<boolean | NoInfer<D>> {
  return field(name, 'true or false', options, (given): Cast<boolean> => {
    const value = WORDS.get(given.toLowerCase());
    if (value !== undefined) return { value };
    return { wrong: 'is neither true nor false', write: `write one of ${[...WORDS.keys()].join(', ')}` };
  });
}

/** One of these words, exactly. */
export function oneOf<const T extends string, D extends T | null = never>(
  name: string,
  words: readonly T[],
  options: FieldOptions<D> = {},
): Field<NoInfer<T> | NoInfer<D>> {
  return field(name, `one of ${words.join(', ')}`, options, (given): Cast<T> => {
    const value = words.find((word) => word === given);
    if (value !== undefined) return { value };
    const fault = { wrong: 'is none of the words it can be', write: `write one of ${words.join(', ')}` };
    const near = nearest(given, words);
    return near === undefined ? fault : { ...fault, nearest: near };
  });
}

/** An absolute URL of an allowed scheme, without a password in it. */
export function url<D extends string | null = never>(
  name: string,
  options: FieldOptions<D> & UrlOptions = {},
): Field<URL | NoInfer<D>> {
  const { schemes = ['https'] } = options;
  const write = `write a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return field(name, `a URL (${schemes.join(', ')})`, options, (given): Cast<URL> => {
    // The parser drops controls and surrounding spaces; another reader of the same variable may not.
    const parsed = /[\s\p{Cc}\\]/u.test(given) ? null : URL.parse(given);
    if (parsed === null) return { wrong: 'is no URL', write };
    if (!schemes.includes(parsed.protocol.slice(0, -1))) return { wrong: 'has a scheme that is not allowed', write };
    if (parsed.hostname === '' && parsed.protocol !== 'file:') return { wrong: 'names no host', write };
    if (parsed.username !== '' || parsed.password !== '') {
      return { wrong: 'holds a user or password', write: `declare it as secret('${name}', { foreign: true })` };
    }
    return { value: parsed };
  });
}
