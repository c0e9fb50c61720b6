/**
 * Lengths of time and sizes with their units, so that nobody counts zeros.
 * @module
 */
import { ConfigError, secondsOf } from '../kernel/index.ts';
import type { Duration } from '../kernel/index.ts';
import { field } from './field.ts';
import type { Cast, Field, FieldOptions } from './field.ts';

/** A length of time, `15 minutes`, in seconds. Whole seconds stand without a unit. */
export function duration<D extends number | null = never>(
  name: string,
  options: FieldOptions<D> & { readonly min?: number; readonly max?: number } = {},
): Field<number | NoInfer<D>> {
  const { min = 1, max = Number.MAX_SAFE_INTEGER } = options;
  const write = `write whole seconds, or a text like '30 seconds', '15 minutes', '1 hour', '7 days'`;
  return field(name, 'a length of time', options, (given): Cast<number> => {
    const seconds = secondsIn(given);
    if (seconds === undefined) return { wrong: 'is no length of time', write };
    if (seconds >= min && seconds <= max) return { value: seconds };
    const least = `${min} seconds or more`;
    return {
      wrong: seconds < min ? 'is too short' : 'is too long',
      write: seconds < min ? `write ${least}` : `write ${max} seconds or less`,
    };
  });
}

function secondsIn(given: string): number | undefined {
  try {
    // `secondsOf` refuses what is no `Duration`, so this only says what it is about to look at.
    return secondsOf(/^[1-9]\d{0,9}$/.test(given) ? Number(given) : (given as Duration), '');
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

const SIZES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
]);
const SIZE = /^(0|[1-9]\d{0,15}) ?([A-Za-z]{1,3})?$/;

/** A size, `10 MiB`, in bytes. `kB` is a thousand, `KiB` is 1024, and spelling them otherwise is refused. */
export function bytes<D extends number | null = never>(
  name: string,
  options: FieldOptions<D> & { readonly min?: number; readonly max?: number } = {},
): Field<number | NoInfer<D>> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  const write = `write a whole number with ${[...SIZES.keys()].join(', ')}: '10 MiB'`;
  return field(name, 'a size', options, (given): Cast<number> => {
    const [, count, unit = 'B'] = SIZE.exec(given) ?? [];
    const size = SIZES.get(unit);
    const value = Number(count) * (size ?? 1);
    if (count === undefined || size === undefined || !Number.isSafeInteger(value))
      return { wrong: 'is no size', write };
    if (value >= min && value <= max) return { value };
    return { wrong: 'is out of range', write: `write ${min} to ${max} bytes` };
  });
}
