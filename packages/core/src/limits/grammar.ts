/**
 * Limits as people write them: `5 per minute; 100 per hour`, `10/second`, `1 per 15 minutes`. Read once, at start; what
 * cannot be read in one way only is a fault that says what to write.
 * @module
 */
import { nearest } from '../kernel/index.ts';
import type { ConfigFault } from '../kernel/index.ts';

/** So many requests in so much time. */
export interface Amount {
  readonly amount: number;
  readonly seconds: number;
}

/** Seconds of each unit. A month is 30 days and a year 360, as in Flask-Limiter. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['second', 1],
  ['minute', 60],
  ['hour', 3_600],
  ['day', 86_400],
  ['month', 2_592_000],
  ['year', 31_104_000],
]);
const WORDS: readonly string[] = [...UNITS.keys()].flatMap((unit) => [unit, `${unit}s`]);
const SEPARATOR = /[,;|]/;
const ONE = /^\s*(\d+)\s*(?:\/|\s*per\s*)\s*(\d*)\s*([a-z]*)\s*$/i;

/** The largest numbers that counting in microseconds bears. */
const MOST_AMOUNT = 1_000_000_000;
const MOST_SECONDS = 10 * 31_104_000;
/** More limits in one text are a mistake. */
const MOST_PARTS = 8;

const WRITE = `write '5 per minute', '10/second', '1 per 15 minutes', or several: '5 per minute; 100 per hour'`;

/** Reads a text; faults name `at`. Without faults there is at least one amount. */
export function parseLimit(
  text: unknown,
  at: string,
): { readonly amounts: readonly Amount[]; readonly faults: readonly ConfigFault[] } {
  const fault = (wrong: string, near?: string): ConfigFault =>
    near === undefined ? { option: at, wrong, write: WRITE } : { option: at, wrong, write: WRITE, nearest: near };
  if (typeof text !== 'string') return { amounts: [], faults: [fault('is no text')] };
  const parts = text.split(SEPARATOR);
  if (parts.length > MOST_PARTS) return { amounts: [], faults: [fault(`holds more than ${MOST_PARTS} limits`)] };
  const amounts: Amount[] = [];
  for (const part of parts) {
    const read = readOne(part);
    if (typeof read === 'string') return { amounts: [], faults: [fault(read)] };
    if ('near' in read) return { amounts: [], faults: [fault(read.wrong, read.near)] };
    if (amounts.some(({ seconds }) => seconds === read.seconds)) {
      return { amounts: [], faults: [fault(`says twice how many per ${printWindow(read.seconds)}`)] };
    }
    amounts.push(read);
  }
  return { amounts, faults: [] };
}

type Misspelt = { readonly wrong: string; readonly near: string };

function readOne(part: string): Amount | Misspelt | string {
  const [, digits = '', multiple = '', word = ''] = ONE.exec(part) ?? [];
  const shown = JSON.stringify(part.trim());
  if (digits === '') return `${shown} is no limit`;
  const unit = word.toLowerCase();
  const seconds = WORDS.includes(unit) ? UNITS.get(unit.replace(/s$/, '')) : undefined;
  if (seconds === undefined) {
    const near = unit === '' ? undefined : nearest(unit, WORDS);
    const wrong = unit === '' ? `${shown} has no unit of time` : `"${word}" is no unit of time`;
    return near === undefined ? wrong : { wrong, near };
  }
  const amount = Number(digits);
  const times = multiple === '' ? 1 : Number(multiple);
  if (amount === 0) return `${shown} lets nobody in`;
  if (times === 0) return `${shown} is no length of time`;
  if (amount > MOST_AMOUNT || times * seconds > MOST_SECONDS) return `${shown} is more than can be counted`;
  return { amount, seconds: times * seconds };
}

/** `minute`, `15 minutes`: a window in the largest unit that divides it. */
export function printWindow(seconds: number): string {
  for (const [unit, size] of [...UNITS].reverse()) {
    if (seconds % size === 0) return seconds === size ? unit : `${seconds / size} ${unit}s`;
  }
  return `${seconds} seconds`;
}

/** `5 per minute`. */
export function printAmount({ amount, seconds }: Amount): string {
  return `${amount} per ${printWindow(seconds)}`;
}
