/**
 * One per request, of fixed shape. Protections exchange through its slots, not through imports.
 * @module
 */
import type { RequestFacts } from './facts-types.ts';
import type { Identity } from './identity.ts';
import type { Kernel } from './kernel.ts';
import type { CompiledRoute } from './route.ts';
import { isPromise, Refused } from './verdict.ts';
import type { Denial, MaybePromise } from './verdict.ts';

export type Params = Readonly<Record<string, string>>;

/** Which kinds of credential stand on the request, before any was verified. */
export interface Credentials {
  readonly ambient: boolean;
  readonly explicit: boolean;
}

export class Context {
  readonly kernel: Kernel;
  readonly facts: RequestFacts;
  readonly route: CompiledRoute;
  /** Path parameters, decoded once by the router; rules load objects by these. */
  readonly params: Params;
  /** What schemas made of params, query and headers for the handler; as received until one did. Headers: nothing until then. */
  input: { params: unknown; query: unknown; headers: unknown };
  /** `undefined`: nobody asked yet. Ask with `who()`. */
  identity: Identity | undefined = undefined;
  /** The look-up that is under way, so that two askers share it. */
  identifying: Promise<Denial | null> | undefined = undefined;
  /** `undefined`: not counted yet. */
  credentials: Credentials | undefined = undefined;
  /** The value in the session's record that CSRF tokens are bound to; empty without a session. */
  binding = '';
  /** Parsed body; `undefined` until it was read. */
  body: unknown = undefined;
  /** Dewar read the body; false where somebody else is to (multipart). */
  bodyRead = false;
  /** A CSRF token must still be found in the body. True to the end, it refuses. */
  tokenOwed = false;
  /** What `owner()` loaded, by resource name. */
  objects: Map<string, unknown> | undefined = undefined;
  /** The session was read, written or even looked for: the response is nobody else's. */
  touchedSession = false;
  /** What was let through in detect mode. */
  notes: Denial[] | undefined = undefined;
  /** The refusal that ended it. */
  denied: Denial | null = null;
  /** The response head is out: nothing can be added to it. */
  headSent = false;
  /** The response is over, or the client is gone: nothing more is worth doing. */
  over = false;
  /** Values of protections; see `Slot`. */
  readonly slots: unknown[] = [];
  #nonce = '';
  #cookies: Map<string, string> | undefined;

  constructor(kernel: Kernel, facts: RequestFacts, route: CompiledRoute, params: Params) {
    this.kernel = kernel;
    this.facts = facts;
    this.route = route;
    this.params = params;
    this.input = { params, query: facts.query, headers: undefined };
  }

  /** Who is asking. Touches the session only now. Throws `Refused` for a credential that must be refused. */
  who(): MaybePromise<Identity> {
    if (this.identity !== undefined) return this.identity;
    const denial = this.kernel.identify(this);
    return isPromise(denial) ? denial.then((late) => this.#identified(late)) : this.#identified(denial);
  }

  #identified(denial: Denial | null): Identity {
    if (denial !== null) throw new Refused(denial);
    return this.identity!;
  }

  /** The nonce of this response's inline scripts and styles (CSP, 8.2). Made when it is first asked for. */
  nonce(): string {
    if (this.#nonce === '') {
      this.#assertOpen('a nonce');
      this.#nonce = this.kernel.random.token(16);
    }
    return this.#nonce;
  }

  /** The nonce if a page asked for one, else the empty string. */
  get usedNonce(): string {
    return this.#nonce;
  }

  /** Adds a ready `Set-Cookie` value; a later one of the same name replaces it. */
  setCookie(name: string, line: string): void {
    this.#assertOpen(`the cookie ${name}`);
    (this.#cookies ??= new Map()).set(name, line);
  }

  /** True where one is to be set. */
  get setsCookies(): boolean {
    return this.#cookies !== undefined;
  }

  /** Ready `Set-Cookie` values. */
  get cookies(): Iterable<string> {
    return this.#cookies?.values() ?? NONE;
  }

  #assertOpen(what: string): void {
    if (this.headSent) throw new Error(`${what} comes too late: the response head is out`);
  }
}

const NONE: readonly string[] = [];
