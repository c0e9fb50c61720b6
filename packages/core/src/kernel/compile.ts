/**
 * Policy and route become flat arrays of steps, at start, so that a request only walks them.
 * @module
 */
import type { Context } from './context.ts';
import { ORDER, phaseOf, placeIndex } from './order.ts';
import type { CheckStep, FieldList, FinishStep, HeadStep, HeadVariant, Step } from './protection.ts';
import type { CompiledRoute, RouteInfo } from './route.ts';
import { endOfDetect } from './settings.ts';
import type { Detect } from './settings.ts';
import { isPromise } from './verdict.ts';
import type { Denial } from './verdict.ts';

/** Variants of constant head fields, in the order of their index. */
const VARIANTS: readonly HeadVariant[] = [
  { secure: false, page: false },
  { secure: false, page: true },
  { secure: true, page: false },
  { secure: true, page: true },
];

/** Index of a variant in `CompiledRoute.heads`. */
export function variantIndex(secure: boolean, page: boolean): number {
  return (secure ? 2 : 0) + (page ? 1 : 0);
}

/** Sorts steps into phases by the one order and joins the constant fields of the head. */
export function compileRoute(info: RouteInfo, steps: readonly Step[]): CompiledRoute {
  const sorted = [...steps].sort((a, b) => placeIndex(a.place) - placeIndex(b.place));
  const checks = sorted.filter((step): step is CheckStep => 'run' in step);
  for (const step of sorted) {
    if ('run' in step === (phaseOf(step.place) === 'finish')) {
      throw new TypeError(
        `a step at "${step.place}" must ${'run' in step ? 'finish' : 'run'}: see the phases in kernel/order.ts`,
      );
    }
  }
  return Object.freeze({
    info,
    before: checks.filter((step) => phaseOf(step.place) === 'before'),
    after: checks.filter((step) => phaseOf(step.place) === 'after'),
    finish: sorted.filter((step): step is FinishStep => 'finish' in step),
    heads: VARIANTS.map((variant) => joinHeads(sorted, variant)),
  });
}

/** One list; a later place replaces what an earlier one set under the same name. */
function joinHeads(steps: readonly Step[], variant: HeadVariant): FieldList {
  const fields = new Map<string, string>();
  for (const step of steps) {
    if (!('head' in step)) continue;
    const list = (step as HeadStep).head(variant);
    for (let i = 0; i < list.length; i += 2) fields.set(list[i]!.toLowerCase(), list[i + 1]!);
  }
  return Object.freeze([...fields].flat());
}

/** Wraps a check so that it reports what it would refuse, and lets it pass, until the end date. */
export function observing(step: CheckStep, mode: Detect): CheckStep {
  const end = endOfDetect(mode);
  const note = (c: Context, denial: Denial | null): Denial | null => {
    if (denial === null || c.facts.at >= end) return denial;
    (c.notes ??= []).push(denial);
    c.kernel.wouldRefuse(c, denial);
    return null;
  };
  return {
    place: step.place,
    run(c) {
      const result = step.run(c);
      return isPromise(result) ? result.then((denial) => note(c, denial)) : note(c, result);
    },
  };
}

/** The order as a table, for documents and `dewar routes`. */
export const PLACES: readonly string[] = ORDER.map((row) => row.place);
