/**
 * Reads each body once, and only as much, as fast, as deep and of such a kind as the route takes.
 * @module
 */
import { protection, Slot } from '../kernel/index.ts';
import type { Context, Denial, Protection, Step } from '../kernel/index.ts';
import { BODY_CODES } from '../parse/index.ts';
import { createPlan } from './plan.ts';
import { BODY_DEFAULTS, checkBody, weakerBody } from './policy.ts';
import type { BodyOptions } from './policy.ts';

/** Which limit of structure a body that was read passes. */
const PASSED = new Slot<Denial>();

const keepFault = (c: Context, denial: Denial): null => {
  PASSED.set(c, denial);
  return null;
};

/** A check, so that detect mode can observe it; the plan, which sizes and times are held by, has no such mode. */
const STRUCTURE: Step = { place: 'body.structure', run: (c) => PASSED.get(c) ?? null };

/** The protection. GET and HEAD have no body that anybody reads. */
export const body: Protection<BodyOptions, undefined> = protection({
  name: 'body',
  defaults: BODY_DEFAULTS,
  codes: BODY_CODES,
  detectable: true,
  check: checkBody,
  weaker: weakerBody,
  compile({ options, detectUntil, route }) {
    if (route.method === 'GET' || route.method === 'HEAD') return [];
    return [{ place: 'body', plan: createPlan(options, keepFault, detectUntil > 0) }, STRUCTURE];
  },
});
