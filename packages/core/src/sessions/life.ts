/**
 * How long a session lives, and who it says is asking.
 * @module
 */
import type { AccountIdentity } from '../kernel/index.ts';
import type { SessionRecord } from '../store/index.ts';
import type { Limits } from './policy.ts';

/**
 * How long a rotated id still finds its session: requests that left the browser before the new cookie arrived must not
 * sign it out. It is not seen, extended, rotated or moved by such a request, and is gone as soon as the session ends.
 */
export const GRACE = 10_000;

export type End = 'idle' | 'absolute';

/** Why a session has ended by `now`; `null` while it lives. An absolute time that was shortened counts at once. */
export function endOf(record: SessionRecord, seenAt: number, now: number, limits: Limits): End | null {
  if (now >= record.expiresAt || now >= record.createdAt + limits.absolute) return 'absolute';
  return now >= seenAt + limits.idle ? 'idle' : null;
}

/** True where `hash` is the record's own, or was until a moment ago. */
export function answersTo(record: SessionRecord, hash: string, now: number): boolean {
  return record.hash === hash || (record.previous === hash && now < record.previousUntil);
}

export function identityOf(record: SessionRecord): AccountIdentity {
  return Object.freeze({
    kind: 'account',
    id: record.account,
    roles: record.roles,
    sessionId: record.hash,
    authenticatedAt: record.authenticatedAt,
    methods: record.methods,
    pending: record.pending,
  });
}
