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
  readonly denial: Denial;
  /** What detect mode let through on the same request. */
  readonly notes: readonly Denial[];
}

export interface Explanations {
  keep(facts: RequestFacts, denial: Denial, c: Context | null): void;
  explain(id: string): Explanation | undefined;
  /** Newest last. */
  recent(): readonly Explanation[];
}

/** Keeps the last `most` refusals. */
export function explanations(most: number): Explanations {
  const kept = new Map<string, Explanation>();
  return {
    keep(facts, denial, c) {
      if (kept.size >= most) kept.delete(kept.keys().next().value!);
      kept.set(facts.id, {
        request: facts.id,
        at: facts.at,
        method: facts.method,
        path: facts.path,
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
