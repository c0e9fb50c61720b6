/**
 * One per request, of fixed shape. Protections exchange through its slots, not through imports.
 * @module
 */
import type { RequestFacts } from './facts-types.ts';
import type { Identity } from './identity.ts';
import type { Kernel } from './kernel.ts';
import type { CompiledRoute } from './route.ts';
import type { Denial } from './verdict.ts';

export type Params = Readonly<Record<string, string>>;

/** Which kinds of credential stand on the request, before any was verified. */
export interface Credentials {
  readonly ambient: boolean;
  readonly explicit: boolean;
}

export class Context {
  readonly kernel: Kernel;
  readonly facts: RequestFacts;
  route: CompiledRoute;
  /** Path parameters, decoded once by the router. */
  params: Params;
  /** `undefined`: nobody asked yet. Read it through `kernel.identify(c)`. */
  identity: Identity | undefined = undefined;
  /** The look-up that is under way, so that two askers share it. */
  identifying: Promise<Denial | null> | undefined = undefined;
  /** `undefined`: not counted yet. */
  credentials: Credentials | undefined = undefined;
  /** What a CSRF token is bound to: the session, or the anonymous binding cookie. Empty: nothing yet. */
  binding = '';
  /** Parsed body; `undefined` until it was read. */
  body: unknown = undefined;
  /** Dewar read the body; false where somebody else is to (multipart). */
  bodyRead = false;
  /** The token check that must still happen once the body is parsed. */
  tokenOwed = false;
  /** What `owner()` and `shared()` loaded, by resource name. */
  objects: Map<string, unknown> | undefined = undefined;
  /** Empty until a page asks for one. */
  nonce = '';
  /** The session was read, written or even looked for: the response is nobody else's. */
  touchedSession = false;
  /** Ready `Set-Cookie` values. */
  setCookies: string[] | undefined = undefined;
  /** What was let through in detect mode. */
  notes: Denial[] | undefined = undefined;
  /** The refusal that ended it. */
  denied: Denial | null = null;

  constructor(kernel: Kernel, facts: RequestFacts, route: CompiledRoute, params: Params) {
    this.kernel = kernel;
    this.facts = facts;
    this.route = route;
    this.params = params;
  }
}
