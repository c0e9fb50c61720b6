/**
 * Sign-in, sign-out, the list of somebody's sessions and their revocation: what handlers do with sessions.
 * @module
 */
import { sha256 } from '../crypto/index.ts';
import { ANONYMOUS, Refused } from '../kernel/index.ts';
import type { Context, Denial, Env, IdentityResolver, Step } from '../kernel/index.ts';
import type { SessionChange, SessionRecord } from '../store/index.ts';
import { SessionCache } from './cache.ts';
import { deviceOf } from './device.ts';
import { answersTo, endOf, identityOf } from './life.ts';
import { limitsOf } from './policy.ts';
import type { SessionsOptions } from './policy.ts';
import { Pruner } from './prune.ts';
import { CURRENT, presentedHash, SessionResolver } from './resolver.ts';
import type { Kept } from './resolver.ts';
import { cacheStep, SIGNED_OUT } from './response.ts';
import { ENDED, standingStep } from './standing.ts';
import type { Sessions, SignIn } from './types.ts';

export type SessionsCode = 'sessions/ended' | 'sessions/account-changed';

/** The account is not any more what was proven: disabled, without a role that is to be given, of another version. */
const CHANGED: Denial = Object.freeze({
  code: 'sessions/account-changed' satisfies SessionsCode,
  status: 401,
  by: 'sessions',
  option: 'sessions',
  headers: Object.freeze(['www-authenticate', 'Session']),
});

export class SessionService implements Sessions {
  readonly resolver: IdentityResolver;
  /** The same for every route. */
  readonly steps: readonly Step[];
  readonly #kept: Kept;
  readonly #most: number;
  readonly #pruner: Pruner;
  #unwatch: (() => void) | undefined;

  constructor(options: SessionsOptions, env: Env) {
    const limits = limitsOf(options);
    const cache = new SessionCache(options.cache);
    this.#kept = { name: options.name, limits, env, cache, cookies: env.part('cookies') };
    this.#most = options.maxPerAccount;
    this.#pruner = new Pruner(env.stores, env.clock, limits.idle);
    this.resolver = new SessionResolver(this.#kept);
    this.steps = Object.freeze([standingStep(this.#kept), cacheStep(options.name, options.clearSiteData)]);
  }

  start(): void {
    const { env, cache } = this.#kept;
    this.#unwatch = env.stores.sessions.watch?.((hash) => cache.drop(hash));
    this.#pruner.start();
  }

  async stop(): Promise<void> {
    this.#unwatch?.();
    await this.#pruner.stop();
  }

  /** What the timer does. */
  prune(): Promise<void> {
    return this.#pruner.prune();
  }

  async signIn(c: Context, who: SignIn): Promise<void> {
    const { account, roles, methods, pending = false } = who;
    await this.#open(c);
    const { env, limits } = this.#kept;
    const before = await this.#present(c);
    const id = env.random.token(32);
    const now = env.clock.now();
    const record: SessionRecord = {
      hash: sha256(id),
      account,
      roles: Object.freeze([...roles]),
      createdAt: now,
      authenticatedAt: now,
      seenAt: now,
      expiresAt: now + limits.absolute,
      methods: Object.freeze([...methods]),
      pending,
      rotate: false,
      binding: env.random.token(16),
      previous: '',
      previousUntil: 0,
      device: deviceOf(c.facts.header('user-agent')),
      address: c.facts.client.ip,
    };
    // Outside the transaction, so that one of the caller's is not undone by the refusal.
    if (!(await this.#put(record, who))) throw new Refused(CHANGED);
    if (before !== null) await this.#remove(before, 'replaced');
    await this.#hand(c, record, id);
    env.emit('session.created', {
      request: c.facts.id,
      account,
      session: record.hash,
      client: c.facts.client.ip,
    });
    const others = (await this.list(account)).filter(({ hash }) => hash !== record.hash);
    for (const oldest of others.slice(this.#most - 1)) await this.#remove(oldest, 'limit');
  }

  async signOut(c: Context): Promise<void> {
    await this.#open(c);
    const { cookies, name } = this.#kept;
    const record = await this.#present(c);
    if (record !== null) await this.#remove(record, 'signed-out');
    cookies?.clear(c, name);
    SIGNED_OUT.set(c, true);
    c.identity = ANONYMOUS;
    c.binding = '';
  }

  async reauthenticate(c: Context, methods: readonly string[]): Promise<void> {
    await this.#open(c);
    const { env, cache } = this.#kept;
    const current = await this.#mine(c);
    const id = env.random.token(32);
    const change: SessionChange = {
      hash: sha256(id),
      authenticatedAt: env.clock.now(),
      methods: [...new Set([...current.methods, ...methods])],
      rotate: false,
      binding: env.random.token(16),
      // No grace: whoever knew the old id must not share in the new proof.
      previous: '',
      previousUntil: 0,
    };
    const record = await env.stores.sessions.change(current.hash, change);
    cache.drop(current.hash);
    if (record === null) throw new Refused(ENDED);
    await this.#hand(c, record, id);
    env.emit('session.rotated', { request: c.facts.id, account: record.account, session: record.hash });
  }

  async list(account: string): Promise<readonly SessionRecord[]> {
    const { env, limits } = this.#kept;
    const now = env.clock.now();
    const all = await env.stores.sessions.list(account);
    return all.filter((record) => endOf(record, record.seenAt, now, limits) === null);
  }

  async revoke(account: string, hash: string): Promise<boolean> {
    const { env, cache } = this.#kept;
    const gone = await env.stores.transaction(async () => {
      const record = await env.stores.sessions.get(hash);
      if (record?.account !== account) return false;
      // Found by the hash it had when it was listed, it may have another by now.
      const there = await env.stores.sessions.remove(record.hash);
      cache.drop(record.hash);
      return there;
    });
    if (gone) env.emit('session.revoked', { account, count: 1, why: 'revoked' });
    return gone;
  }

  async revokeOthers(c: Context): Promise<number> {
    const { env } = this.#kept;
    c.touchedSession = true;
    const { account, hash } = await this.#mine(c);
    // An id from before a rotation is somebody else's as well.
    if ((await env.stores.sessions.change(hash, { previous: '', previousUntil: 0 })) === null) throw new Refused(ENDED);
    return this.#removeAll(account, 'others', hash);
  }

  async revokeAll(account: string, why: string): Promise<number> {
    return this.#removeAll(account, why);
  }

  async privilegesChanged(account: string, roles: readonly string[]): Promise<void> {
    await this.#kept.env.stores.sessions.changeAll(account, { roles, rotate: true });
    this.#kept.cache.dropAccount(account);
  }

  /**
   * Keeps a session unless the account changed since it was proven: hashing a password takes a while. One transaction,
   * so that a change comes before, and is seen here, or after, and reaches the session. Accounts kept elsewhere are
   * not known here.
   */
  #put(record: SessionRecord, { account, roles, version }: SignIn): Promise<boolean> {
    const { stores } = this.#kept.env;
    return stores.transaction(async () => {
      const now = await stores.accounts.byId(account);
      if (version !== undefined && now?.version !== version) return false;
      if (now !== null && (now.disabled || !roles.every((role) => now.roles.includes(role)))) return false;
      await stores.sessions.put(record);
      return true;
    });
  }

  /** Gives a request the session that was just made for it, or takes it back where nobody can be told any more. */
  async #hand(c: Context, record: SessionRecord, id: string): Promise<void> {
    const { cookies, name, env } = this.#kept;
    try {
      cookies!.set(c, name, id);
    } catch (error) {
      await env.stores.sessions.remove(record.hash);
      throw error;
    }
    CURRENT.set(c, record);
    SIGNED_OUT.set(c, false);
    c.identity = identityOf(record);
    c.binding = record.binding;
  }

  /** The session of this request as the store has it now; by its cookie where nobody asked for it before. */
  async #present(c: Context): Promise<SessionRecord | null> {
    const { env, name } = this.#kept;
    const hash = CURRENT.get(c)?.hash ?? presentedHash(c, name);
    if (hash === '') return null;
    const record = await env.stores.sessions.get(hash);
    return record !== null && answersTo(record, hash, env.clock.now()) ? record : null;
  }

  /** The session of this request, which lives; anything else ends the request. */
  async #mine(c: Context): Promise<SessionRecord> {
    const record = await this.#present(c);
    const { env, limits } = this.#kept;
    if (record === null || endOf(record, record.seenAt, env.clock.now(), limits) !== null) throw new Refused(ENDED);
    return record;
  }

  async #remove({ hash, account }: SessionRecord, why: string): Promise<void> {
    const { env, cache } = this.#kept;
    const gone = await env.stores.sessions.remove(hash);
    cache.drop(hash);
    if (gone) env.emit('session.ended', { account, session: hash, why });
  }

  async #removeAll(account: string, why: string, but?: string): Promise<number> {
    const { env, cache } = this.#kept;
    const count = await env.stores.sessions.removeAll(account, but);
    cache.dropAccount(account, but);
    if (count > 0) env.emit('session.revoked', { account, count, why });
    return count;
  }

  /** Sessions begin and end by a cookie: not once the head is out, and not without the part that guards it. */
  async #open(c: Context): Promise<void> {
    if (c.headSent) throw new Error('sessions: it is too late to change who is signed in: the response head is out');
    if (this.#kept.cookies === undefined) throw new Error('sessions: cookies are off, and a session needs one');
    c.touchedSession = true;
    // A look-up that somebody began and did not wait for would put the old identity back.
    await c.identifying?.catch(() => undefined);
  }
}
