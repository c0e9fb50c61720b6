/**
 * Looks again, once the body is there: identity and access were judged before it was read, and whoever sends it decides
 * how long that takes. What was taken away meanwhile must not act any more (CWE-613, CWE-367).
 * @module
 */
import { isPromise } from '../kernel/index.ts';
import type { Context, Denial, MaybePromise, Step } from '../kernel/index.ts';
import type { SessionRecord } from '../store/index.ts';
import { answersTo, endOf } from './life.ts';
import { CURRENT } from './resolver.ts';
import type { Kept } from './resolver.ts';

/** Revoked, or ended, while the request was under way. */
export const ENDED: Denial = Object.freeze({
  code: 'sessions/ended',
  status: 401,
  by: 'sessions',
  option: 'sessions',
  input: 'cookie',
  headers: Object.freeze(['www-authenticate', 'Session']),
});

/** The step, the same for every route. */
export function standingStep(kept: Kept): Step {
  return { place: 'access.input', run: (c) => standing(c, kept) };
}

function standing(c: Context, kept: Kept): MaybePromise<Denial | null> {
  const { method } = c.facts;
  if (method === 'GET' || method === 'HEAD') return null;
  const seen = CURRENT.get(c);
  // Nobody asked: whoever does so later hears what is true then.
  if (seen === undefined) return null;
  const { env, cache } = kept;
  const now = env.clock.now();
  // Whatever this process changes, it drops from the cache; the very same record was looked up less than `cacheFor` ago.
  if (cache.get(seen.hash, now)?.record === seen) return null;
  const found = env.stores.sessions.get(seen.hash);
  return isPromise(found) ? found.then((late) => judged(seen, late, now, kept)) : judged(seen, found, now, kept);
}

function judged(seen: SessionRecord, found: SessionRecord | null, now: number, { limits }: Kept): Denial | null {
  if (found === null || !answersTo(found, seen.hash, now)) return ENDED;
  if (endOf(found, found.seenAt, now, limits) !== null) return ENDED;
  return found.pending === seen.pending && isSame(found.roles, seen.roles) ? null : ENDED;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one));
}
