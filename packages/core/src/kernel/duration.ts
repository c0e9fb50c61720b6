/**
 * Lengths of time as owners write them, `15 minutes`, so that nobody counts zeros or mistakes minutes for seconds.
 * @module
 */
import { ConfigError, nearest } from './config-error.ts';

/** A length of time: whole seconds, or a number with its unit. */
export type Duration =
  | number
  | `${number} second`
  | `${number} seconds`
  | `${number} minute`
  | `${number} minutes`
  | `${number} hour`
  | `${number} hours`
  | `${number} day`
  | `${number} days`;

/** Largest first: printing takes the first that divides. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]);
const WORDS: readonly string[] = [...UNITS.keys()].flatMap((unit) => [unit, `${unit}s`]);
const FORM = /^([1-9]\d{0,9}) ([a-z]+)$/i;
const WRITE = `write whole seconds, or a text like '30 seconds', '15 minutes', '1 hour', '7 days'`;

/** Seconds of a duration. `at` names the option in the `ConfigError` that anything else throws. */
export function secondsOf(duration: Duration, at: string): number {
  if (typeof duration === 'number') {
    if (Number.isSafeInteger(duration) && duration > 0) return duration;
    throw new ConfigError([{ option: at, wrong: `${duration} is no whole number of seconds above 0`, write: WRITE }]);
  }
  const [, count, word = ''] = (typeof duration === 'string' ? FORM.exec(duration) : null) ?? [];
  const seconds = WORDS.includes(word) ? UNITS.get(word.replace(/s$/, '')) : undefined;
  if (count !== undefined && seconds !== undefined) return Number(count) * seconds;
  const fault = { option: at, wrong: `${JSON.stringify(duration) ?? 'nothing'} is no length of time`, write: WRITE };
  const near = word === '' ? undefined : nearest(word, WORDS);
  throw new ConfigError([near === undefined ? fault : { ...fault, nearest: near }]);
}

/** The same length in the largest unit that divides it. */
export function printSeconds(seconds: number): string {
  for (const [unit, size] of UNITS) {
    if (seconds % size === 0) return `${seconds / size} ${unit}${seconds === size ? '' : 's'}`;
  }
  return `${seconds} seconds`;
}
