/**
 * Several values in one variable, between commas, quoted where one holds a comma itself.
 * @module
 */
import { text } from './casts.ts';
import { field, isFault } from './field.ts';
import type { Cast, CastFault, Field, FieldOptions } from './field.ts';

export interface ListOptions<T> {
  /** Makes the field that casts each element. @default text */
  readonly of?: (name: string) => Field<T>;
  /** One character between elements. @default ',' */
  readonly separator?: string;
  /** Least elements; 0 lets the variable be empty. @default 1 */
  readonly min?: number;
  /** Most elements. @default 1000 */
  readonly max?: number;
}

/** `a, b, "c, d"`: elements are trimmed, quotes are taken off, and none is empty. */
export function list<T = string, D extends readonly T[] | null = never>(
  name: string,
  options: FieldOptions<D> & ListOptions<T> = {},
): Field<readonly NoInfer<T>[] | NoInfer<D>> {
  const { separator = ',', min = 1, max = 1000 } = options;
  if (typeof separator !== 'string' || separator.length !== 1 || /["'\\\w]/.test(separator)) {
    throw new TypeError(`${name}: a separator is one character, no letter, digit, quote or backslash`);
  }
  // Without `of`, T is its default: a text.
  const element = (options.of ?? (text as unknown as (name: string) => Field<T>))(name);
  return field(name, `a list: ${element.kind}, …`, options, (given): Cast<readonly T[]> => {
    const parts = given.trim() === '' ? [] : split(given, separator);
    if (!Array.isArray(parts)) return parts;
    if (parts.length < min || parts.length > max) {
      return {
        wrong: `has ${parts.length} elements`,
        write: `write ${min} to ${max} of them, a "${separator}" between`,
      };
    }
    const values: T[] = [];
    for (const [index, part] of parts.entries()) {
      const cast = element.cast(part);
      if (isFault(cast)) return { ...cast, wrong: `element ${index + 1} ${cast.wrong}` };
      values.push(cast.value);
    }
    return { value: Object.freeze(values) };
  });
}

function split(given: string, separator: string): string[] | CastFault {
  const parts: string[] = [];
  let rest = given;
  for (;;) {
    rest = rest.trimStart();
    const quote = rest[0] === '"' || rest[0] === "'" ? rest[0] : '';
    const end = quote === '' ? rest.indexOf(separator) : closing(rest, quote);
    if (quote !== '' && end === -1)
      return { wrong: 'has a quote that is not closed', write: `write ${quote} behind it` };
    const part = quote === '' ? rest.slice(0, end === -1 ? undefined : end).trimEnd() : unquoted(rest, quote, end);
    if (part === '') return { wrong: `element ${parts.length + 1} is empty`, write: `take the "${separator}" away` };
    if (quote === '' && /["'\\]/.test(part)) {
      const wrong = `element ${parts.length + 1} has a quote or backslash inside`;
      return { wrong, write: `put the whole element in quotes: "it's", 'say "a"'` };
    }
    parts.push(part);
    if (quote === '') {
      if (end === -1) return parts;
      rest = rest.slice(end + 1);
      continue;
    }
    rest = rest.slice(end + 1).trimStart();
    if (rest === '') return parts;
    if (rest[0] !== separator)
      return { wrong: 'has something behind a quote', write: `write "${separator}" between elements` };
    rest = rest.slice(1);
  }
}

/** Where the quote ends that the text begins with; -1 nowhere. A doubled one is a quote inside (RFC 4180, 2.7). */
function closing(rest: string, quote: string): number {
  for (let at = rest.indexOf(quote, 1); at !== -1; at = rest.indexOf(quote, at + 2)) {
    if (rest[at + 1] !== quote) return at;
  }
  return -1;
}

function unquoted(rest: string, quote: string, end: number): string {
  return rest.slice(1, end).replaceAll(quote + quote, quote);
}
