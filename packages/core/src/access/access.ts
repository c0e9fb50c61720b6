/**
 * Access: every route says who may use it, and one that does not is refused before any of the owner's code runs.
 * @module
 */
import { protection } from '../kernel/index.ts';
import type { Protection, Step } from '../kernel/index.ts';
import { accessCombinations, unusable } from './combinations.ts';
import { accessCodes, denial } from './denials.ts';
import { compileEvaluation } from './evaluate.ts';
import { accessDefaults, checkAccess } from './policy.ts';
import type { AccessOptions } from './policy.ts';
import { roleTable } from './roles.ts';
import type { RoleTable } from './roles.ts';

const UNDECLARED = denial('access/undeclared');
const NO_ROUTE = denial('access/no-route');
const REFUSE_UNDECLARED: readonly Step[] = [{ place: 'access', run: () => UNDECLARED }];
const REFUSE_NO_ROUTE: readonly Step[] = [{ place: 'access', run: () => NO_ROUTE }];

/** The protection. It cannot only observe: what handlers do relies on who was let in and on what was loaded. */
export const access: Protection<AccessOptions, RoleTable> = protection<AccessOptions, RoleTable>({
  name: 'access',
  defaults: accessDefaults,
  codes: accessCodes,
  detectable: false,
  check: checkAccess,
  weaker: ({ secondFactors }) =>
    secondFactors.every((method) => accessDefaults.secondFactors.includes(method)) ? [] : ['secondFactors'],
  setup: roleTable,
  compile({ options, route, env, state: roles }): readonly Step[] {
    if (route.notFound) return REFUSE_NO_ROUTE;
    const rule = route.access;
    if (rule === undefined || unusable(rule) !== undefined) return REFUSE_UNDECLARED;
    const { challenge, secondFactors } = options;
    const run = compileEvaluation(rule, { roles, secondFactors, challenge, emit: env.emit });
    return run === null ? [] : [{ place: 'access', run }];
  },
  combinations: accessCombinations,
});
