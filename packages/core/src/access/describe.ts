/**
 * Rules as text, as an owner wrote them: for the inventory, the log and `explain`.
 * @module
 */
import type { Rule } from '../kernel/index.ts';
import { printSeconds } from '../kernel/index.ts';

/** `any(role(agent, admin), owner(ticket))`. */
export function describeRule(rule: Rule): string {
  switch (rule.kind) {
    case 'anyone':
    case 'signedIn':
      return rule.kind;
    case 'role':
      return `role(${rule.anyOf.join(', ')})`;
    case 'can':
      return `can(${rule.permission})`;
    case 'owner':
      return `owner(${rule.resource.name})`;
    case 'shared':
    case 'todo':
      return `${rule.kind}(${JSON.stringify(rule.reason)})`;
    case 'fresh':
      return `fresh(${printSeconds(rule.seconds)})`;
    case 'mfa':
      return rule.methods.length === 0 ? 'mfa' : `mfa(${rule.methods.join(', ')})`;
    case 'all':
    case 'any':
      return `${rule.kind}(${rule.rules.map(describeRule).join(', ')})`;
    case 'not':
      return `not(${describeRule(rule.rule)})`;
  }
}
