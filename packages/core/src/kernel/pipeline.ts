/**
 * Walks the steps of a route. Synchronous until a step really has to wait; then the rest goes on behind its promise.
 * @module
 */
import type { Context } from './context.ts';
import type { CheckStep } from './steps.ts';
import { isPromise } from './verdict.ts';
import type { MaybePromise, Verdict } from './verdict.ts';

/** Runs checks from `start` until one refuses or answers. A client that went away while one waited gets nothing more. */
export function runChecks(steps: readonly CheckStep[], c: Context, start = 0): MaybePromise<Verdict> {
  for (let i = start; i < steps.length; i++) {
    const result = steps[i]!.run(c);
    if (result === null) continue;
    if (!isPromise(result)) return result;
    return result.then((verdict) => (verdict !== null || c.over ? verdict : runChecks(steps, c, i + 1)));
  }
  return null;
}

/** Runs the handler inside every scope of its route. Most routes have one or none, and need no closure for more. */
export function enterHandler(c: Context, run: () => void): void {
  const { scopes } = c.route;
  if (scopes.length === 0) return run();
  if (scopes.length === 1) return scopes[0]!.enter(c, run);
  let next = run;
  for (let i = scopes.length - 1; i >= 0; i--) {
    const inner = next;
    const scope = scopes[i]!;
    next = () => scope.enter(c, inner);
  }
  next();
}
