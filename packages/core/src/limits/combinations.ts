/**
 * What shows only when limits of several routes stand side by side.
 * @module
 */
import { nearest } from '../kernel/index.ts';
import type { Combination, ConfigFault } from '../kernel/index.ts';
import { LIMITS_DEFAULTS } from './policy.ts';
import { isLimitRule, nameOf } from './rule.ts';
import type { LimitRule } from './rule.ts';

/** What belongs to the process: a route that set it would be believed to have its own. */
const ONE_FOR_ALL: readonly string[] = ['address', 'meta', 'exempt', 'keys', 'held', 'snapshot'];
const LIMITS = { name: 'limits', defaults: LIMITS_DEFAULTS } as const;

export const forTheWholePolicy: Combination = {
  id: 'limits/route-options',
  check: (_policy, routes) =>
    routes.flatMap(({ method, path, overrides }) =>
      Object.keys(overrides['limits'] ?? {})
        .filter((name) => ONE_FOR_ALL.includes(name))
        .map((name) => ({
          option: `${method} ${path}: limits.${name}`,
          wrong: 'stands on one route, but belongs to all of them',
          write:
            name === 'address'
              ? `write without: ['address'], and rules of its own`
              : `set limits.${name} in the policy`,
        })),
    ),
};

/** A misspelt name would leave a limit in force that somebody believes is gone. */
export const knownNames: Combination = {
  id: 'limits/without',
  check(policy, routes) {
    const own = policy.options(LIMITS);
    if (own === null) return [];
    // What is no list or no limit is a fault of its own.
    const rules: unknown = own.rules;
    const known = ['address', ...(Array.isArray(rules) ? rules : []).filter(isLimitRule).map(nameOf)];
    const look = (without: unknown, at: string): ConfigFault[] =>
      (Array.isArray(without) ? without : []).flatMap((name: unknown, index): ConfigFault[] => {
        if (known.includes(String(name))) return [];
        const write = `write one of ${known.join(', ')}`;
        const fault = { option: `${at}[${index}]`, wrong: `the policy has no limit "${String(name)}"`, write };
        const near = nearest(String(name), known);
        return [near === undefined ? fault : { ...fault, nearest: near }];
      });
    return [
      ...look(own.without, 'limits.without'),
      ...routes.flatMap(({ method, path, overrides }) =>
        look(
          (overrides['limits'] as { readonly without?: unknown } | undefined)?.without,
          `${method} ${path}: limits.without`,
        ),
      ),
    ];
  },
};

/** One name, one meaning: else two routes that seem to count together do not. */
export const oneMeaningEach: Combination = {
  id: 'limits/shared',
  check(policy, routes) {
    const known = new Map<string, string>();
    const faults: ConfigFault[] = [];
    const look = (rules: unknown, at: string): void => {
      if (!Array.isArray(rules)) return;
      for (const [index, rule] of rules.entries()) {
        if (!isLimitRule(rule) || rule.options.shared === undefined) continue;
        const { shared } = rule.options;
        const meaning = meaningOf(rule);
        if ((known.get(shared) ?? meaning) !== meaning) {
          const wrong = `another limit is shared as "${shared}" and says something else`;
          faults.push({
            option: `${at}[${index}].shared`,
            wrong,
            write: 'make one limit, and use it on all its routes',
          });
        }
        known.set(shared, meaning);
      }
    };
    look(policy.options(LIMITS)?.rules, 'limits.rules');
    for (const { method, path, overrides } of routes) {
      look((overrides['limits'] as { readonly rules?: unknown } | undefined)?.rules, `${method} ${path}: limits.rules`);
    }
    return faults;
  },
};

function meaningOf(rule: LimitRule): string {
  const { by, count = 'all', cost = 1, slowDown, strict, quiet } = rule.options;
  const plain = [rule.text, by?.name, typeof count, typeof cost === 'number' ? cost : '', slowDown, strict, quiet];
  return `${nameOf(rule)} ${JSON.stringify(plain)}`;
}
