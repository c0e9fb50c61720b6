/**
 * Refuses, or first holds back, what comes too often: guessing, flooding, scraping.
 * @module
 */
import { isPromise, protection } from '../kernel/index.ts';
import type { Context, Denial, MaybePromise, Place, Protection, Site, Step } from '../kernel/index.ts';
import { forTheWholePolicy, knownNames, oneMeaningEach } from './combinations.ts';
import { LIMITS_CODES } from './denials.ts';
import type { KeyPlace } from './keys.ts';
import { policyField } from './limit.ts';
import type { Limit } from './limit.ts';
import { checkLimits, LIMITS_DEFAULTS, weakerLimits } from './policy.ts';
import type { LimitsOptions } from './policy.ts';
import { Limits } from './service.ts';
import { USE } from './use.ts';

const PLACES: readonly (readonly [KeyPlace, Place])[] = [
  ['address', 'limits.address'],
  ['identity', 'limits.identity'],
  ['body', 'limits.body'],
];

/** Asks one limit after the other; the first that refuses decides. */
function applyAll(
  all: Limits,
  limits: readonly Limit[],
  c: Context,
  until: number,
  from = 0,
): MaybePromise<Denial | null> {
  for (let i = from; i < limits.length; i++) {
    const result = all.apply(limits[i]!, c, c.facts.at < until);
    if (result === null) continue;
    if (!isPromise(result)) return result;
    return result.then((denial) => denial ?? (c.over ? null : applyAll(all, limits, c, until, i + 1)));
  }
  return null;
}

function checkAt(place: Place, all: Limits, limits: readonly Limit[], until: number): Step {
  if (place !== 'limits.identity') return { place, run: (c) => applyAll(all, limits, c, until) };
  return {
    place,
    run(c) {
      const denial = c.kernel.identify(c);
      if (isPromise(denial)) return denial.then((late) => late ?? applyAll(all, limits, c, until));
      return denial ?? applyAll(all, limits, c, until);
    },
  };
}

/** What is left, of the limit that is nearest to its end. */
function fieldsFor(constant: string): Step {
  return {
    place: 'limits.headers',
    owns: ['ratelimit', 'ratelimit-policy'],
    finish(c, head) {
      const use = USE.get(c);
      const quota = use?.tight;
      if (use === undefined || quota === undefined) return;
      const more = use.chosen === undefined ? '' : policyField(use.chosen);
      const comma = more === '' || constant === '' ? '' : ', ';
      const { unit, capacity, name } = quota;
      const left = Math.max(0, Math.floor((capacity - use.debt) / unit));
      // Until it is as if nothing had been used; where nothing is left, until the next request.
      const time = left > 0 ? use.debt : use.debt + unit - capacity;
      head.fields.push('ratelimit-policy', `${constant}${comma}${more}`);
      head.fields.push('ratelimit', `"${name}";r=${left};t=${Math.ceil(time / 1_000_000)}`);
    },
  };
}

function compile({ options, route, state, detectUntil }: Site<LimitsOptions, Limits>): Step[] {
  const limits = state.of(route, options);
  const { meta } = state;
  const steps: Step[] = [];
  if (meta !== undefined) steps.push({ place: 'limits.address', run: (c) => state.block(c, meta) });
  for (const [key, place] of PLACES) {
    const here = limits.filter((one) => one.by.place === key);
    if (here.length > 0) steps.push(checkAt(place, state, here, detectUntil));
  }
  const told = limits.filter(({ quiet }) => !quiet);
  const constant = policyField(told.filter(({ choose }) => choose === undefined).flatMap(({ quotas }) => quotas));
  if (options.headers && told.length > 0) steps.push(fieldsFor(constant));
  const settles = limits.some(({ count, slow }) => count !== 'all' || slow !== undefined);
  if (settles) steps.push({ place: 'limits.settle', end: (c, outcome) => state.settle(c, outcome) });
  return steps;
}

/** The protection. */
export const limits: Protection<LimitsOptions, Limits> = protection<LimitsOptions, Limits>({
  name: 'limits',
  defaults: LIMITS_DEFAULTS,
  codes: LIMITS_CODES,
  detectable: true,
  check: checkLimits,
  weaker: weakerLimits,
  setup: (options, env) => new Limits(options, env),
  start: (state) => state.start(),
  stop: (state) => state.stop(),
  compile,
  combinations: [forTheWholePolicy, knownNames, oneMeaningEach],
});
