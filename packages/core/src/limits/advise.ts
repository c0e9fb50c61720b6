/**
 * What a limit should be, by how it was used: percentiles, what another amount would have hit, and a value with the
 * reason for it. Pure: the same rows give the same advice.
 * @module
 */

/** Uses with how many windows had them, least first. */
export type Uses = readonly (readonly [upTo: number, windows: number])[];

export interface Advice {
  readonly suggested: number | null;
  readonly why: string;
}

/** Fewer windows say nothing about the next. */
const LEAST_WINDOWS = 200;
/** Of a thousand windows, the busiest that is still taken for ordinary; a handful is never taken for it. */
const ORDINARY = 0.999;
const HANDFUL = 5;
/** Room above what ordinary clients used: a day twice as busy refuses nobody. */
const ROOM = 2;
/** A limit so many times larger than needed lets an attacker do as much more. */
const TOO_WIDE = 4;
/** More windows beyond the limit than this share are people, not a few attackers. */
const PEOPLE = 0.005;
const LEAST_PEOPLE = 5;

/** All windows. */
export function windowsOf(uses: Uses): number {
  return uses.reduce((sum, [, windows]) => sum + windows, 0);
}

/** The use that a share of all windows stayed within; 0 where none was seen. */
export function percentile(uses: Uses, share: number): number {
  const wanted = Math.ceil(windowsOf(uses) * share);
  let seen = 0;
  for (const [upTo, windows] of uses) {
    seen += windows;
    if (seen >= wanted) return upTo;
  }
  return 0;
}

/** How many windows a limit of that amount would have hit. */
export function wouldHit(uses: Uses, amount: number): number {
  return uses.reduce((sum, [upTo, windows]) => (upTo > amount ? sum + windows : sum), 0);
}

/** The advice for a limit of that amount. */
export function advise(uses: Uses, amount: number): Advice {
  const windows = windowsOf(uses);
  if (windows < LEAST_WINDOWS) {
    return { suggested: null, why: `${windows} windows were seen, and ${LEAST_WINDOWS} are the least to judge by` };
  }
  const ordinary = percentile(uses, Math.min(ORDINARY, 1 - HANDFUL / windows));
  const beyond = wouldHit(uses, amount);
  const fits = roundUp(ordinary * ROOM);
  const stays = `${windows - wouldHit(uses, ordinary)} of ${windows} windows stayed within ${ordinary}`;
  if (beyond >= LEAST_PEOPLE && beyond / windows > PEOPLE) {
    return {
      suggested: fits,
      why: `${beyond} of ${windows} windows went beyond ${amount}, too many to be attackers: look who they are, then raise it`,
    };
  }
  if (ordinary > amount / ROOM) {
    const suggested = Math.max(fits, amount);
    if (suggested > amount) return { suggested, why: `${stays}: little room is left for a busier day` };
  }
  if (amount > fits * TOO_WIDE)
    return {
      suggested: fits,
      why: `${stays}: twice that is enough for them, and ${amount} lets an attacker do far more`,
    };
  if (beyond > 0)
    return {
      suggested: null,
      why: `${stays}; only ${beyond} went beyond ${amount}: it stops few, and those it should`,
    };
  return { suggested: null, why: `${stays}: it fits` };
}

/** The next number that people would choose: 1, 2, 5, 10, 15, 20, 30, 50, 75, 100, … */
function roundUp(value: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const step = [1, 1.5, 2, 3, 5, 7.5, 10].find((one) => one * size >= value && Number.isInteger(one * size)) ?? 10;
  return step * size;
}
