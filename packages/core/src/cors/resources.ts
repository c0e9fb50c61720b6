/**
 * Rules compiled to what a request looks up: per path, per method, per origin, with every answer joined at start.
 * @module
 */
import type { FieldList, Reply, Verdict } from '../kernel/index.ts';
import { refusals } from './denials.ts';
import type { Decision, Refusals } from './denials.ts';
import { compileOrigins } from './origins.ts';
import { bySpecificity, compilePath } from './paths.ts';
import type { PathPattern } from './paths.ts';
import { complete } from './policy.ts';
import type { CorsRule } from './policy.ts';

/** The answers to one origin that a rule lets in. */
interface Grant {
  readonly actual: Decision;
  readonly preflight: Decision;
  /** To a preflight that asks for a private network; `undefined` where the rule does not let it. */
  readonly privateNetwork: Decision | undefined;
}

/** A rule, ready to be asked. */
interface CompiledRule {
  readonly any: boolean;
  readonly methods: ReadonlySet<string>;
  readonly headers: ReadonlySet<string>;
  grant(origin: string): Grant | undefined;
}

/** All rules of one path. */
export interface Resource {
  readonly path: PathPattern;
  /** By method; HEAD stands beside GET. */
  readonly rules: ReadonlyMap<string, CompiledRule>;
  /** Answers differ by `Origin`, so caches must be told, on every answer. */
  readonly varies: boolean;
  readonly refusals: Refusals;
}

/** 204: a preflight has no body. The fields are those of the decision. */
const GRANTED: Reply = Object.freeze({ reply: 204, headers: Object.freeze([]) });

/** Compiles rules that have no fault; the most specific path first. */
export function compileRules(rules: readonly CorsRule[]): readonly Resource[] {
  const byShape = new Map<string, { path: PathPattern; rules: Map<string, CompiledRule> }>();
  for (const rule of rules) {
    const path = compilePath(rule.path);
    const compiled = compileRule(rule);
    const entry = byShape.get(path.shape) ?? { path, rules: new Map<string, CompiledRule>() };
    for (const method of compiled.methods) entry.rules.set(method, compiled);
    byShape.set(path.shape, entry);
  }
  return [...byShape.values()]
    .map(({ path, rules: own }) => ({
      path,
      rules: own,
      varies: [...own.values()].some(({ any }) => !any),
      refusals: refusals(path.text),
    }))
    .sort((a, b) => bySpecificity(a.path, b.path));
}

/** The methods of a rule, with the HEAD that GET includes. */
export function methodsOf({ methods }: Pick<Required<CorsRule>, 'methods'>): readonly string[] {
  return methods.includes('GET') && !methods.includes('HEAD') ? [...methods, 'HEAD'] : methods;
}

function compileRule(given: CorsRule): CompiledRule {
  const rule = complete(given);
  const { any, exact, ...patterns } = compileOrigins(rule.origins);
  const everybody = any ? grantTo('*', rule) : undefined;
  const known = new Map(exact.map((origin) => [origin, grantTo(origin, rule)]));
  return {
    any,
    methods: new Set(methodsOf(rule)),
    headers: new Set(rule.headers.map((name) => name.toLowerCase())),
    grant: (origin) => everybody ?? known.get(origin) ?? (patterns.fits(origin) ? grantTo(origin, rule) : undefined),
  };
}

function grantTo(origin: string, rule: Required<CorsRule>): Grant {
  const both = ['access-control-allow-origin', origin];
  if (rule.credentials) both.push('access-control-allow-credentials', 'true');
  const exposed = rule.expose.length === 0 ? [] : ['access-control-expose-headers', rule.expose.join(', ')];
  const preflight = [...both, 'access-control-allow-methods', methodsOf(rule).join(', ')];
  if (rule.headers.length > 0) preflight.push('access-control-allow-headers', rule.headers.join(', '));
  preflight.push('access-control-max-age', String(rule.maxAge));
  const decision = (verdict: Verdict, fields: FieldList): Decision => ({ verdict, fields });
  return {
    actual: decision(null, [...both, ...exposed]),
    preflight: decision(GRANTED, preflight),
    privateNetwork: rule.privateNetwork
      ? decision(GRANTED, [...preflight, 'access-control-allow-private-network', 'true'])
      : undefined,
  };
}

/** The most specific resource that a path belongs to. */
export function resourceOf(resources: readonly Resource[], path: string): Resource | undefined {
  for (const resource of resources) if (resource.path.fits(path)) return resource;
  return undefined;
}
