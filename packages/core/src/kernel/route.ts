/**
 * What the kernel knows about a route before the first request, and what it compiles it to.
 * @module
 */
import type { BodyPlan } from './body-plan.ts';
import type { ConstantFields } from './constant-fields.ts';
import type { CheckStep, EndStep, FinishStep, ScopeStep } from './steps.ts';
import type { Manner, Off } from './settings.ts';
import type { Rule } from './rule.ts';
import type { RouteSchemas } from './standard-schema.ts';

/** Per-route settings by protection name. Typed by `RoutePolicy` where owners write them. */
export type Overrides = Readonly<Record<string, Manner | Off>>;

export interface RouteInfo {
  readonly method: string;
  /** Pattern as the framework was given it: `/tickets/:id`. */
  readonly path: string;
  /** Names of path parameters, wildcards as `*`. */
  readonly params: readonly string[];
  /** `undefined`: not declared, so refused. */
  readonly access: Rule | undefined;
  /** `file:line` of the declaration, for the inventory and for faults; empty when not known. */
  readonly declaredAt: string;
  readonly overrides: Overrides;
  /** Why `%2F` and `%5C` may stand in this path; parameters then arrive with them undecoded. */
  readonly encodedSeparators: string | undefined;
  /** Which kind of credential counts where a request carries two; without it such a request is refused. */
  readonly credential: string | undefined;
  /** Requests without Host (HTTP/1.0 health probes) may use it. */
  readonly withoutHost: boolean;
  /** A parameter is a secret (a reset link's token): the pattern is logged in place of the path. */
  readonly secretPath: boolean;
  /** Schemas of what comes in, as the owner wrote them; `start` refuses what is none. */
  readonly schema: RouteSchemas;
  /** The route answers what no other route matched. */
  readonly notFound: boolean;
}

export interface CompiledRoute {
  readonly info: RouteInfo;
  readonly before: readonly CheckStep[];
  /** How the body is read; `undefined`: as the adapter's defaults say. */
  readonly body: BodyPlan | undefined;
  readonly after: readonly CheckStep[];
  /** Outermost first. */
  readonly scopes: readonly ScopeStep[];
  readonly finish: readonly FinishStep[];
  readonly end: readonly EndStep[];
  /** Constant fields by variant; see `variantIndex`. */
  readonly heads: readonly ConstantFields[];
  /** Lower-case names of fields that the handler may not set. */
  readonly owned: ReadonlySet<string>;
}

/** Names of the parameters in a `:name` / `*` pattern. */
export function paramsOf(path: string): string[] {
  return [...path.matchAll(/:(\w+)|\*/g)].map((match) => match[1] ?? '*');
}
