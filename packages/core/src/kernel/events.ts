/**
 * Typed security facts: the only way protections tell the outside. The vocabulary is documented in docs/events.md.
 * @module
 */
import type { InputClass } from './verdict.ts';

/** What every event about a request says. */
export interface RequestFields {
  readonly request: string;
  readonly method: string;
  /** Route pattern, or the empty string where none matched. */
  readonly route: string;
  readonly client: string;
}

interface DenialFields extends RequestFields {
  readonly code: string;
  readonly status: number;
  readonly by: string;
  readonly option: string;
  readonly rule?: string;
  readonly input?: InputClass;
}

/**
 * Names and their fields. Other packages add theirs by declaration merging:
 * `declare module '@dewar/core' { interface Events { 'mail.sent': { … } } }`.
 */
export interface Events {
  'kernel.started': { readonly profile: string; readonly routes: number; readonly protections: readonly string[] };
  'kernel.stopped': { readonly profile: string };
  'policy.weakened': {
    readonly option: string;
    readonly how: 'off' | 'detect' | 'option';
    readonly reason: string;
    readonly until?: string;
  };
  'policy.warning': { readonly option: string; readonly wrong: string; readonly write: string };
  'control.opened': { readonly path: string };
  'control.asked': { readonly ask: string; readonly answered: boolean };
  'request.completed': RequestFields & {
    readonly path: string;
    readonly status: number;
    readonly ms: number;
    readonly account?: string;
    readonly aborted?: boolean;
  };
  'request.refused': DenialFields & { readonly path: string; readonly ms: number; readonly account?: string };
  'request.would_refuse': DenialFields;
  'request.failed': RequestFields & { readonly error: string; readonly message: string };
  'connection.refused': {
    readonly request: string;
    readonly client: string;
    readonly code: string;
    readonly status: number;
  };
  'response.conflict': RequestFields & { readonly field: string };
  'identity.failed': RequestFields & { readonly kind: string; readonly reason: string };
  'store.unsafe_write': RequestFields & {
    readonly store: string;
    readonly operation: string;
    readonly refused: boolean;
  };
  'session.created': {
    readonly request: string;
    readonly account: string;
    readonly session: string;
    readonly client: string;
  };
  'session.rotated': { readonly request: string; readonly account: string; readonly session: string };
  'session.ended': { readonly account: string; readonly session: string; readonly why: string };
  'session.revoked': { readonly account: string; readonly count: number; readonly why: string };
  'access.denied_object': RequestFields & { readonly account: string; readonly resource: string };
  'limits.exceeded': RequestFields & { readonly limit: string; readonly amount: number; readonly seconds: number };
  'limits.blocked': RequestFields & { readonly seconds: number };
  'limits.crowded': { readonly keys: number };
  'limits.snapshot_failed': { readonly file: string; readonly what: 'read' | 'write'; readonly reason: string };
  'csp.violation': {
    readonly request: string;
    readonly directive: string;
    readonly blocked: string;
    readonly document: string;
    readonly disposition: 'enforce' | 'report';
  };
  'log.dropped': { readonly lines: number };
}

export type EventName = keyof Events;
export type Level = 'info' | 'notice' | 'warning' | 'error';

/** One event as sinks receive it. */
export interface SecurityEvent<N extends EventName = EventName> {
  readonly name: N;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly fields: Events[N];
}

/** Tells all sinks. `at`, in milliseconds since 1970, is for callers that know the time already. @default now */
export type Emit = <N extends EventName>(name: N, fields: Events[N], at?: number) => void;

/** Takes events; must not wait. What it throws is dropped, so that watching cannot stop what is watched. */
export interface EventSink {
  (event: SecurityEvent): void;
  /** Writes out what it holds and lets go; called when the application stops. */
  close?(): void;
}

/** How loud an event is. What is not listed is `info`. */
export function levelOf(name: EventName): Level {
  return LEVELS.get(name) ?? 'info';
}

const LEVELS: ReadonlyMap<string, Level> = new Map<string, Level>([
  ['policy.weakened', 'warning'],
  ['policy.warning', 'warning'],
  ['control.asked', 'notice'],
  ['request.refused', 'notice'],
  ['request.would_refuse', 'notice'],
  ['request.failed', 'error'],
  ['connection.refused', 'notice'],
  ['response.conflict', 'warning'],
  ['identity.failed', 'notice'],
  ['store.unsafe_write', 'warning'],
  ['session.revoked', 'notice'],
  ['access.denied_object', 'warning'],
  ['limits.exceeded', 'notice'],
  ['limits.blocked', 'warning'],
  ['limits.crowded', 'warning'],
  ['limits.snapshot_failed', 'warning'],
  ['csp.violation', 'notice'],
  ['log.dropped', 'error'],
  // Of other packages: how loud an event is belongs to the one vocabulary.
  ['account.sign_in_failed', 'notice'],
]);
