/**
 * Why a request was refused, for whoever runs the application: kept by request id, bounded, never shown to clients.
 * @module
 */
import type { Context } from './context.ts';
import type { RequestFacts } from './facts-types.ts';
import type { Denial } from './verdict.ts';

/** One refusal as `explain(id)` answers it. Holds no value the client sent but its path. */
export interface Explanation {
  readonly request: string;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly declaredAt: string;
  readonly client: string;
  readonly account: string | undefined;
  /** Without its response fields, which may hold what the client sent. */
  readonly denial: Denial;
  /** What detect mode let through on the same request. */
  readonly notes: readonly Denial[];
}

export interface Explanations {
  keep(facts: RequestFacts, refusal: Denial, c: Context | null): void;
  explain(id: string): Explanation | undefined;
  /** Newest last. */
  recent(): readonly Explanation[];
}

/** Keeps the last `most` refusals. */
export function explanations(most: number): Explanations {
  const kept = new Map<string, Explanation>();
  // A ring of ids: taking a map's oldest key walks over the holes of all that were taken before.
  const ring: string[] = [];
  let at = 0;
  return {
    keep(facts, refusal, c) {
      const { headers: _headers, ...denial } = refusal;
      if (!kept.has(facts.id)) {
        const oldest = ring[at];
        if (oldest !== undefined) kept.delete(oldest);
        ring[at] = facts.id;
        at = (at + 1) % most;
      }
      kept.set(facts.id, {
        request: facts.id,
        at: facts.at,
        method: facts.method,
        path: c?.route.info.secretPath === true ? c.route.info.path : facts.path,
        route: c?.route.info.path ?? '',
        declaredAt: c?.route.info.declaredAt ?? '',
        client: facts.client.ip,
        account: c?.identity?.kind === 'account' ? c.identity.id : undefined,
        denial,
        notes: c?.notes ?? [],
      });
    },
    explain: (id) => kept.get(id),
    recent: () => [...kept.values()],
  };
}
