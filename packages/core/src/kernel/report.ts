/**
 * What the kernel tells about requests. One place knows which fields an event has and which may be logged.
 * @module
 */
import type { Context } from './context.ts';
import type { Emit, Events, RequestFields } from './events.ts';
import type { Outcome } from './steps.ts';
import type { Denial } from './verdict.ts';

export interface Report {
  /** A request that is over: one event each. `now` is in milliseconds since 1970. */
  done(c: Context, outcome: Outcome, now: number): void;
  /** What detect mode lets through. */
  wouldRefuse(c: Context, denial: Denial): void;
  /** A field the handler set although the policy owns it. */
  conflict(c: Context, field: string): void;
  /** A credential that was presented and did not hold. */
  identityFailed(c: Context, kind: string, reason: string): void;
  /** An error of the application. */
  failed(c: Context, error: unknown): void;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A report over the kernel's `emit`. */
export function reporter(emit: Emit): Report {
  return {
    // Once a request: one object each, and nothing spread.
    done(c, { status, aborted, ms }, now) {
      const { denied, facts, route, identity } = c;
      const { id: request, method, client } = facts;
      const about = { request, method, route: route.info.path, client: client.ip, path: loggedPath(c), ms, status };
      const event: Writable<Events['request.completed']> = about;
      if (identity?.kind === 'account') event.account = identity.id;
      if (aborted) event.aborted = true;
      if (denied === null) emit('request.completed', event, now);
      else emit('request.refused', { ...event, ...explained(denied) }, now);
    },
    wouldRefuse: (c, denial) => emit('request.would_refuse', { ...fieldsOf(c), ...explained(denial) }),
    conflict: (c, field) => emit('response.conflict', { ...fieldsOf(c), field }),
    identityFailed: (c, kind, reason) => emit('identity.failed', { ...fieldsOf(c), kind, reason }),
    failed(c, error) {
      emit('request.failed', { ...fieldsOf(c), ...described(error) });
    },
  };
}

/** Anything can be thrown, also what cannot be read. */
function described(error: unknown): { error: string; message: string } {
  try {
    if (error instanceof Error) return { error: String(error.name), message: String(error.message) };
    return { error: typeof error, message: String(error) };
  } catch {
    return { error: typeof error, message: 'cannot be read' };
  }
}

function fieldsOf(c: Context): RequestFields {
  const { facts, route } = c;
  return { request: facts.id, method: facts.method, route: route.info.path, client: facts.client.ip };
}

/** A path whose parameters may be secrets (reset links) is logged as its pattern. */
function loggedPath(c: Context): string {
  return c.route.info.secretPath ? c.route.info.path : c.facts.path;
}

interface Explained {
  code: string;
  status: number;
  by: string;
  option: string;
}

function explained({ code, status, by, option, rule, input }: Denial): Explained {
  const more = { ...(rule === undefined ? undefined : { rule }), ...(input === undefined ? undefined : { input }) };
  return { code, status, by, option, ...more };
}
