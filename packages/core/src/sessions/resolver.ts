/**
 * Tells by the session cookie who is asking: without waiting while the session is known, and never twice.
 * @module
 */
import { sha256 } from '../crypto/index.ts';
import { isPromise, Slot } from '../kernel/index.ts';
import type { Context, CookiesPart, Env, Identity, IdentityResolver, MaybePromise } from '../kernel/index.ts';
import { unwatched } from '../store/index.ts';
import type { SessionRecord } from '../store/index.ts';
import type { Entry, SessionCache } from './cache.ts';
import { answersTo, endOf, GRACE, identityOf } from './life.ts';
import type { Limits } from './policy.ts';

/** 256 bits as base64url. Anything else is not worth a hash. */
const ID = /^[A-Za-z0-9_-]{43}$/;

/** The session of a request, once somebody asked for it or began it. */
export const CURRENT: Slot<SessionRecord> = new Slot<SessionRecord>();

/** What the resolver works with. */
export interface Kept {
  readonly name: string;
  readonly limits: Limits;
  readonly env: Env;
  readonly cache: SessionCache;
  readonly cookies: CookiesPart | undefined;
}

/** The hash of the id in the request's cookie, or the empty string. */
export function presentedHash(c: Context, name: string): string {
  const id = c.facts.cookies[name];
  return id !== undefined && ID.test(id) ? sha256(id) : '';
}

export class SessionResolver implements IdentityResolver {
  readonly kind = 'session';
  readonly ambient = true;
  readonly #kept: Kept;

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  present: IdentityResolver['present'] = (facts) => facts.cookies[this.#kept.name] !== undefined;

  /** An error of the store passes through: who cannot be told apart is not let in. */
  resolve(c: Context): MaybePromise<Identity | null> {
    c.touchedSession = true;
    const { name, env, cache } = this.#kept;
    const hash = presentedHash(c, name);
    if (hash === '') return null;
    const now = env.clock.now();
    const known = cache.get(hash, now);
    if (known !== undefined) return this.#use(c, known, now);
    return this.#lookUp(c, hash, now);
  }

  #lookUp(c: Context, hash: string, now: number): MaybePromise<Identity | null> {
    const { env, cache } = this.#kept;
    const { epoch } = cache;
    const found = env.stores.sessions.get(hash);
    return isPromise(found)
      ? found.then((record) => this.#found(c, hash, record, now, epoch))
      : this.#found(c, hash, found, now, epoch);
  }

  #found(
    c: Context,
    hash: string,
    record: SessionRecord | null,
    now: number,
    epoch: number,
  ): MaybePromise<Identity | null> {
    const { cache, limits } = this.#kept;
    if (record === null || !answersTo(record, hash, now)) return null;
    const late = record.hash !== hash;
    const until = now + limits.cacheFor;
    const entry: Entry = { record, identity: identityOf(record), seenAt: record.seenAt, until, used: false };
    const end = endOf(record, record.seenAt, now, limits);
    if (end !== null) return this.#end(record, end);
    if (late) return this.#accept(c, entry);
    // Once the head is out the browser cannot be told of a new id: the next request rotates.
    if (record.rotate && !c.headSent && !c.over && this.#kept.cookies !== undefined)
      return this.#rotate(c, record, now);
    // What is still to be rotated, and what changed while it was looked up, is not kept.
    if (!record.rotate && cache.epoch === epoch) cache.put(hash, entry);
    return this.#use(c, entry, now);
  }

  #use(c: Context, entry: Entry, now: number): MaybePromise<Identity | null> {
    const { record } = entry;
    const { env, limits } = this.#kept;
    const end = endOf(record, entry.seenAt, now, limits);
    if (end !== null) return this.#end(record, end);
    if (now - entry.seenAt < limits.touchEvery) return this.#accept(c, entry);
    const touched = env.stores.sessions.touch(record.hash, now);
    entry.seenAt = now;
    return isPromise(touched) ? touched.then(() => this.#accept(c, entry)) : this.#accept(c, entry);
  }

  #accept(c: Context, { record, identity }: Entry): Identity {
    CURRENT.set(c, record);
    c.binding = record.binding;
    return identity;
  }

  #end({ hash, account }: SessionRecord, why: string): MaybePromise<null> {
    const { env, cache } = this.#kept;
    cache.drop(hash);
    const gone = (there: boolean): null => {
      if (there) env.emit('session.ended', { account, session: hash, why });
      return null;
    };
    const removed = unwatched(() => env.stores.sessions.remove(hash));
    return isPromise(removed) ? removed.then(gone) : gone(removed);
  }

  #rotate(c: Context, { hash }: SessionRecord, now: number): MaybePromise<Identity | null> {
    const { env, cache } = this.#kept;
    const id = env.random.token(32);
    const change = { hash: sha256(id), previous: hash, previousUntil: now + GRACE, rotate: false };
    const done = (record: SessionRecord | null): MaybePromise<Identity | null> => {
      cache.drop(hash);
      // Another request of the same page was first, or the session was revoked: the store knows which.
      if (record === null) return this.#once(c, env.stores.sessions.get(hash), hash, now);
      return this.#rotated(c, record, id, now);
    };
    const changed = unwatched(() => env.stores.sessions.change(hash, change));
    return isPromise(changed) ? changed.then(done) : done(changed);
  }

  #rotated(c: Context, record: SessionRecord, id: string, now: number): MaybePromise<Identity | null> {
    const { env, name, cookies } = this.#kept;
    if (c.headSent) {
      // The head went out while the store worked. Nobody was told of the new id, so the old one comes back.
      const undo = { hash: record.previous, previous: '', previousUntil: 0, rotate: true };
      const undone = unwatched(() => env.stores.sessions.change(record.hash, undo));
      return this.#once(c, undone, record.previous, now);
    }
    cookies!.set(c, name, id);
    env.emit('session.rotated', { request: c.facts.id, account: record.account, session: record.hash });
    return this.#once(c, record, record.hash, now);
  }

  /** For this request only: what was just rotated is looked up anew by the next. */
  #once(
    c: Context,
    found: MaybePromise<SessionRecord | null>,
    hash: string,
    now: number,
  ): MaybePromise<Identity | null> {
    const accept = (record: SessionRecord | null): Identity | null => {
      if (record === null || !answersTo(record, hash, now)) return null;
      return this.#accept(c, { record, identity: identityOf(record), seenAt: record.seenAt, until: now, used: false });
    };
    return isPromise(found) ? found.then(accept) : accept(found);
  }
}
