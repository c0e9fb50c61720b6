/**
 * The policy: what the owner wants, as plain typed data, functions only at leaves.
 * @module
 */
import type { AccessOptions } from '../access/index.ts';
import type { BodyOptions } from '../body/index.ts';
import type { Secret } from '../config/index.ts';
import type { CookiesOptions } from '../cookies/index.ts';
import type { CorsOptions } from '../cors/index.ts';
import type { CsrfOptions } from '../csrf/index.ts';
import type { CspOptions } from '../csp/index.ts';
import type { HeadersOptions } from '../headers/index.ts';
import type { HostsOptions } from '../hosts/index.ts';
import type { HttpsOptions } from '../https/index.ts';
import type {
  Configured,
  EventSink,
  FactsOptions,
  IdentityResolver,
  InputName,
  Profile,
  Rule,
  Setting,
  StandardSchema,
} from '../kernel/index.ts';
import type { SchemaOptions } from '../schema/index.ts';
import type { LimitsOptions } from '../limits/index.ts';
import type { SafeMethodsOptions } from '../safe-methods/index.ts';
import type { SessionsOptions } from '../sessions/index.ts';

/** Options of one protection by the protection's name. Later packages add theirs by declaration merging. */
export interface ProtectionOptions {
  readonly hosts: HostsOptions;
  readonly https: HttpsOptions;
  readonly cookies: CookiesOptions;
  readonly sessions: SessionsOptions;
  readonly cors: CorsOptions;
  readonly csrf: CsrfOptions;
  readonly csp: CspOptions;
  readonly headers: HeadersOptions;
  readonly body: BodyOptions;
  readonly schema: SchemaOptions;
  readonly limits: LimitsOptions;
  readonly safeMethods: SafeMethodsOptions;
  readonly access: AccessOptions;
}

/** What may be set for every protection, on the policy and on a route alike. */
export type ProtectionSettings = { readonly [N in keyof ProtectionOptions]?: Setting<ProtectionOptions[N]> };

/** Protections that a route cannot set; under `access` stands its rule. */
type PolicyWide = 'access' | 'cookies' | 'cors' | 'sessions';

/** Per-route settings. A route's own narrow the policy's; weakening needs its reason here too. */
export interface RoutePolicy extends Omit<ProtectionSettings, PolicyWide> {
  /** Why `%2F` and `%5C` may stand in this path; parameters then arrive with them undecoded. */
  readonly encodedSeparators?: string;
  /** Which kind of credential counts where a request carries two. */
  readonly credential?: string;
  /** Answers requests without Host, which only HTTP/1.0 health probes send. @default false */
  readonly withoutHost?: boolean;
  /** A parameter is a secret: the pattern is logged in place of the path. @default by its name: holds token, secret or password, or ends in code or key */
  readonly secretPath?: boolean;
}

/** A rule and settings for routes that cannot declare their own: those of third-party plugins. */
export interface DeclaredRoute extends RoutePolicy {
  readonly access: Rule;
  /** Schemas of what comes in, in place of those that stand on the route. @default those of the route */
  readonly input?: { readonly [N in InputName]?: StandardSchema };
}

export interface Policy extends ProtectionSettings {
  /** @default `DEWAR_PROFILE`, else 'production' */
  readonly profile?: Profile;
  /**
   * At least 32 random bytes; a list rotates them, newest first. All keys are derived from it.
   * @default `DEWAR_SECRET`; development makes one
   */
  readonly secret?: string | Secret | readonly (string | Secret)[];
  /** How a request is read. */
  readonly facts?: Partial<FactsOptions>;
  /** Rules of third-party routes: `'GET /assets/*': { access: anyone() }`. */
  readonly routes?: Readonly<Record<string, DeclaredRoute>>;
  /** Further ways to tell who asks: another sign-in library, for example. */
  readonly identity?: readonly IdentityResolver[];
  /** Protections of other packages, as `limits({ … })` returns them. */
  readonly protections?: readonly Configured[];
  /** Where events go. @default JSON lines on standard output */
  readonly events?: readonly EventSink[];
}
