/**
 * Every refusal of `limits`. When to come back differs each time, so these are made as they are needed.
 * @module
 */
import type { Denial, InputClass } from '../kernel/index.ts';
import type { KeyPlace } from './keys.ts';

export type LimitsCode = 'limits/exceeded' | 'limits/blocked' | 'limits/crowded';

/** The codes as a list. */
export const LIMITS_CODES: readonly LimitsCode[] = ['limits/exceeded', 'limits/blocked', 'limits/crowded'];

const INPUT: Readonly<Record<KeyPlace, InputClass>> = {
  address: 'connection',
  identity: 'credential',
  body: 'body',
};

/** More requests than the limit `rule` lets through. A wait that never ends is told nobody. */
export function exceeded(rule: string, option: string, place: KeyPlace, microseconds: number): Denial {
  return denial('limits/exceeded', rule, option, place, microseconds);
}

/** Refused so often before that everything is refused for a while. */
export function blocked(microseconds: number): Denial {
  return denial('limits/blocked', 'meta', 'limits.meta', 'address', microseconds);
}

/** No room to hold one more request back. */
export function crowded(rule: string, option: string, place: KeyPlace): Denial {
  return denial('limits/crowded', rule, option, place, 1_000_000);
}

function denial(code: LimitsCode, rule: string, option: string, place: KeyPlace, microseconds: number): Denial {
  const seconds = Math.max(1, Math.ceil(microseconds / 1_000_000));
  const headers = seconds < Infinity ? ['retry-after', String(seconds)] : [];
  return { code, status: 429, by: 'limits', rule, option, input: INPUT[place], headers };
}
