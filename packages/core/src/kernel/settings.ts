/**
 * How an owner sets a protection: options, `off(reason)`, or options with `detect(reason, { until })`.
 * Weakening is loud: neither can be written without saying why.
 * @module
 */
import type { ConfigFault } from './config-error.ts';

const OFF: unique symbol = Symbol('dewar.off');
const DETECT: unique symbol = Symbol('dewar.detect');

/** A protection turned off, with the reason that is listed at start and by the audit. */
export interface Off {
  readonly [OFF]: true;
  readonly reason: string;
}

/** Observe only: what would be refused is reported and let through. */
export interface Detect {
  readonly [DETECT]: true;
  readonly reason: string;
  /** Day, `YYYY-MM-DD` (UTC), after which the protection enforces again: 180 days ahead at most. Required in production. */
  readonly until?: string;
}

export type Mode = 'enforce' | Detect;

/** What stands under a protection's name in the policy or in a route's overrides. */
export type Setting<O extends object> = (Partial<O> & Manner) | Off;

/** How options are meant, beside the options themselves. */
export interface Manner {
  /** @default 'enforce' */
  readonly mode?: Mode;
  /** Why an option stands below its default. Required when one does; listed at start and by the audit. */
  readonly reason?: string;
}

/** Turns a protection off. `csrf: off('bearer-only API, no cookies')`. */
export function off(reason: string): Off {
  return Object.freeze({ [OFF]: true as const, reason });
}

/** Lets a vetoing protection observe without refusing. `csp: { mode: detect('roll-out', { until: '2027-01-31' }) }`. */
export function detect(reason: string, options: { readonly until?: string } = {}): Detect {
  return Object.freeze({ [DETECT]: true as const, reason, ...options });
}

export function isOff(value: unknown): value is Off {
  return typeof value === 'object' && value !== null && OFF in value;
}

export function isDetect(value: unknown): value is Detect {
  return typeof value === 'object' && value !== null && DETECT in value;
}

/** Characters of the shortest reason. */
const LEAST_REASON = 8;
/** Different letters, of any script. */
const LEAST_LETTERS = 3;

/**
 * The fault of a reason that says nothing, or none: at least 8 characters, 3 different letters, and a space or hyphen
 * between words. That stops what is typed to get past the check (`aaaaaaaa`, `temporary`); whether a reason is a good
 * one, only those who read the list at start can judge.
 */
export function reasonFault(reason: unknown, at: string): ConfigFault[] {
  if (typeof reason === 'string' && saysSomething(reason.trim())) return [];
  return [
    {
      option: at,
      wrong: 'the reason says nothing',
      write: `write why, in words and ${LEAST_REASON} characters or more: off('bearer-only API, no cookies')`,
    },
  ];
}

function saysSomething(reason: string): boolean {
  return (
    reason.length >= LEAST_REASON &&
    /[\s\p{Pd}]/u.test(reason) &&
    new Set(reason.toLowerCase().match(/\p{L}/gu)).size >= LEAST_LETTERS
  );
}

/** A roll-out that takes longer than this is no roll-out. */
const MOST_DAYS = 180;
const DAY = 86_400_000;

/** Checks the end date of a detect mode. `today` is milliseconds since 1970. */
export function detectFaults(mode: Detect, at: string, production: boolean, today: number): ConfigFault[] {
  const faults = reasonFault(mode.reason, `${at}.mode`);
  const write = `write detect('why', { until: '${dayAfter(today, 30)}' })`;
  if (mode.until === undefined) {
    if (production)
      faults.push({
        option: `${at}.mode`,
        wrong: 'detect has no end date, and a forgotten one protects nobody',
        write,
      });
    return faults;
  }
  const end = endOfDetect(mode);
  if (Number.isNaN(end)) faults.push({ option: `${at}.mode.until`, wrong: `"${mode.until}" is no date`, write });
  else if (end <= today)
    faults.push({
      option: `${at}.mode.until`,
      wrong: `${mode.until} has passed`,
      write: 'enforce, or set a later date with its reason',
    });
  else if (mode.until > dayAfter(today, MOST_DAYS))
    faults.push({
      option: `${at}.mode.until`,
      wrong: `${mode.until} is more than ${MOST_DAYS} days ahead, and nobody remembers it then`,
      write: `write detect('why', { until: '${dayAfter(today, MOST_DAYS)}' }) or an earlier day, and judge again then`,
    });
  return faults;
}

/** The day that many days later, `YYYY-MM-DD` (UTC). */
function dayAfter(today: number, days: number): string {
  return new Date(today + days * DAY).toISOString().slice(0, 10);
}

/** First millisecond after the last day of a detect mode; NaN for no date, Infinity for an open one. */
export function endOfDetect(mode: Detect): number {
  if (mode.until === undefined) return Infinity;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(mode.until) ? Date.parse(`${mode.until}T00:00:00Z`) : NaN;
  // The parser moves the 30th of February into March; the owner meant some other day.
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(mode.until)) return NaN;
  return day + DAY;
}
