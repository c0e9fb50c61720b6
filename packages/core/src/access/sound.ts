/**
 * Whether a rule is whole. Rules are plain data and can be written without the constructors, so what is compiled is
 * checked again: an `all` of nothing would let everybody in.
 * @module
 */
import type { Rule } from '../kernel/index.ts';

/** Resources that one rule can name: their outcomes are kept in one number. */
const MOST_RESOURCES = 30;

/** What is wrong with a rule, or nothing. */
export function unsound(rule: unknown): string | undefined {
  if (typeof rule === 'function') return `is a function: write ${rule.name || 'rule'}(), with its parentheses`;
  if (typeof rule !== 'object' || rule === null) return 'is no rule';
  // Every field is checked before anything relies on its type.
  const wrong = unsoundKind(rule as Rule);
  return wrong ?? namesTwice(rule as Rule);
}

function unsoundKind(rule: Rule): string | undefined {
  switch (rule.kind) {
    case 'anyone':
    case 'signedIn':
      return undefined;
    case 'role':
      return names(rule.anyOf) ? undefined : 'role() needs at least one name: role("agent", "admin")';
    case 'can':
      return word(rule.permission) ? undefined : 'can() needs a permission without spaces: can("tickets:close")';
    case 'owner':
      return unsoundResource(rule.resource);
    case 'shared':
    case 'todo':
      return text(rule.reason) ? undefined : `${rule.kind}() needs a reason that says why`;
    case 'fresh':
      return Number.isSafeInteger(rule.seconds) && rule.seconds > 0 ? undefined : 'fresh() needs a time above 0';
    case 'mfa':
      return names(rule.methods, 0) ? undefined : 'mfa() takes names of methods: mfa("passkey")';
    case 'all':
    case 'any':
      if (!Array.isArray(rule.rules) || rule.rules.length === 0) return `${rule.kind}() needs at least one rule`;
      return first(rule.rules, (part) => prefixed(`in ${rule.kind}(), one`, unsound(part)));
    case 'not':
      return prefixed('in not(), what it denies', unsound(rule.rule));
    default:
      return 'is of no kind that there is';
  }
}

/** Every resource a rule names, each once, in order. */
export function resourcesOf(rule: Rule): (Rule & { readonly kind: 'owner' })['resource'][] {
  if (rule.kind === 'owner') return [rule.resource];
  if (rule.kind === 'not') return resourcesOf(rule.rule);
  return rule.kind === 'all' || rule.kind === 'any' ? [...new Set(rule.rules.flatMap(resourcesOf))] : [];
}

function namesTwice(rule: Rule): string | undefined {
  const resources = resourcesOf(rule);
  if (resources.length > MOST_RESOURCES) return `names more than ${MOST_RESOURCES} resources`;
  const twice = resources.find(({ name }, index) => resources.findIndex((other) => other.name === name) !== index);
  return twice === undefined
    ? undefined
    : `names two resources "${twice.name}", and handlers could not tell them apart`;
}

function unsoundResource(resource: unknown): string | undefined {
  const { name, load, of, hidden } = (resource ?? {}) as Record<string, unknown>;
  const whole = text(name) && typeof load === 'function' && typeof of === 'function' && typeof hidden === 'boolean';
  return whole ? undefined : 'owner() needs what resource() made';
}

function first<T>(list: readonly T[], find: (one: T) => string | undefined): string | undefined {
  for (const one of list) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

function prefixed(where: string, wrong: string | undefined): string | undefined {
  return wrong === undefined ? undefined : `${where} ${wrong}`;
}

function names(list: unknown, least = 1): boolean {
  return Array.isArray(list) && list.length >= least && list.every(text);
}

function text(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

/** A scope token of OAuth has no spaces (RFC 6749, 3.3), and roles and tokens share one set of permissions. */
function word(value: unknown): boolean {
  return typeof value === 'string' && /^[!-~]+$/.test(value);
}
