/**
 * Policy and route become flat arrays of steps, at start, so that a request only walks them.
 * @module
 */
import { constantFields } from './constant-fields.ts';
import type { ConstantFields } from './constant-fields.ts';
import type { Context } from './context.ts';
import { phaseOf, placeIndex } from './order.ts';
import type { Phase } from './order.ts';
import type { CompiledRoute, RouteInfo } from './route.ts';
import type {
  BodyStep,
  CheckStep,
  EndStep,
  FinishStep,
  HeadStep,
  HeadVariant,
  ResponseKind,
  ScopeStep,
  Step,
} from './steps.ts';
import { isPromise, isReply } from './verdict.ts';
import type { Verdict } from './verdict.ts';

const KINDS: readonly ResponseKind[] = ['page', 'data', 'unchanged'];

/** Index of a variant in `CompiledRoute.heads`. */
export function variantIndex(secure: boolean, kind: ResponseKind): number {
  return (secure ? 3 : 0) + (kind === 'page' ? 0 : kind === 'data' ? 1 : 2);
}

/** Sorts steps into phases by the one order and joins the constant fields of the head. */
export function compileRoute(info: RouteInfo, steps: readonly Step[]): CompiledRoute {
  const sorted = [...steps].sort((a, b) => placeIndex(a.place) - placeIndex(b.place));
  for (const step of sorted) assertPhase(step);
  const checks = sorted.filter((step): step is CheckStep => 'run' in step);
  const finish = sorted.filter((step): step is FinishStep => 'finish' in step);
  const heads = [false, true].flatMap((secure) => KINDS.map((kind) => joinHeads(sorted, { secure, kind })));
  const names = heads.flatMap((fields) => [...fields.names]);
  return Object.freeze({
    info,
    before: checks.filter((step) => phaseOf(step.place) === 'before'),
    body: sorted.findLast((step): step is BodyStep => 'plan' in step)?.plan,
    after: checks.filter((step) => phaseOf(step.place) === 'after'),
    scopes: sorted.filter((step): step is ScopeStep => 'enter' in step),
    finish,
    end: sorted.filter((step): step is EndStep => 'end' in step),
    heads,
    owned: new Set([...names, ...finish.flatMap((step) => step.owns ?? [])]),
  });
}

/** Where each kind of step can stand, by the method it has. */
const PHASES: readonly (readonly [kind: string, phases: readonly Phase[]])[] = [
  ['run', ['before', 'after']],
  ['plan', ['body']],
  ['enter', ['handler']],
  ['end', ['end']],
];

/** A check cannot stand where the head is made, nor the other way round. */
function assertPhase(step: Step): void {
  const phase = phaseOf(step.place);
  const fits: readonly Phase[] = PHASES.find(([kind]) => kind in step)?.[1] ?? ['finish'];
  if (!fits.includes(phase)) {
    throw new TypeError(`this kind of step cannot stand at "${step.place}": see the phases in kernel/order.ts`);
  }
}

/** One list; a later place replaces what an earlier one set under the same name. */
function joinHeads(steps: readonly Step[], variant: HeadVariant): ConstantFields {
  const fields = new Map<string, string>();
  for (const step of steps) {
    if (!('head' in step)) continue;
    const list = (step as HeadStep).head(variant);
    for (let i = 0; i < list.length; i += 2) fields.set(list[i]!.toLowerCase(), list[i + 1]!);
  }
  return constantFields([...fields].flat());
}

/** Wraps a check so that it reports what it would refuse, and lets it pass, until `end` (milliseconds since 1970). */
export function observing(step: CheckStep, end: number): CheckStep {
  const note = (c: Context, verdict: Verdict): Verdict => {
    if (verdict === null || isReply(verdict) || c.facts.at >= end) return verdict;
    (c.notes ??= []).push(verdict);
    c.kernel.report.wouldRefuse(c, verdict);
    return null;
  };
  return {
    place: step.place,
    run(c) {
      const result = step.run(c);
      return isPromise(result) ? result.then((verdict) => note(c, verdict)) : note(c, result);
    },
  };
}
