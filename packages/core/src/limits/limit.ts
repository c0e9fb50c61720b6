/**
 * A limit as requests meet it: everything precomputed from what the owner wrote.
 * @module
 */
import { secondsOf } from '../kernel/index.ts';
import type { Context, RouteInfo } from '../kernel/index.ts';
import { sha256 } from '../crypto/index.ts';
import { parseLimit } from './grammar.ts';
import { ADDRESS } from './keys.ts';
import type { By } from './keys.ts';
import { Quota } from './quota.ts';
import { limit, nameOf } from './rule.ts';
import type { Count, LimitRule, LimitText } from './rule.ts';
import type { Table } from './table.ts';

/** How requests are held back, in numbers. */
interface Slow {
  readonly after: number;
  /** Milliseconds. */
  readonly most: number;
  readonly refuse: boolean;
}

export interface Limit {
  readonly name: string;
  /** Where it stands: `policy`, `shared`, or the route. */
  readonly where: string;
  /** The option that decided, for `explain`. */
  readonly option: string;
  readonly by: By;
  readonly table: Table;
  /** What applies where `choose` picks nothing. */
  readonly quotas: readonly Quota[];
  readonly choices: ReadonlyMap<string, readonly Quota[]> | undefined;
  readonly choose: ((c: Context) => string) | undefined;
  readonly when: ((c: Context) => boolean) | undefined;
  readonly cost: number | ((c: Context) => number);
  readonly count: Count;
  readonly slow: Slow | undefined;
  readonly quiet: boolean;
}

/** The two tables: ordinary limits, and those that guard sign-ins and tokens. */
export interface Tables {
  readonly ordinary: Table;
  readonly strict: Table;
}

/** Where a limit stands, and so what counts together. */
export interface Stand {
  readonly where: string;
  readonly option: string;
}

/** The limit by address that the policy always has. */
export function addressRule(text: LimitText): LimitRule {
  return limit(text, { name: 'address', by: ADDRESS });
}

/** Compiles a limit and makes its quotas known to their table. */
export function compileLimit(rule: LimitRule, { where, option }: Stand, tables: Tables): Limit {
  const { by = ADDRESS, shared, when, cost = 1, count = 'all', slowDown, choose } = rule.options;
  const { quiet = count !== 'all', strict = count !== 'all' } = rule.options;
  const name = nameOf(rule);
  const table = strict ? tables.strict : tables.ordinary;
  const stand = shared === undefined ? `${where} ${name}` : `shared ${shared}`;
  const compile = (text: LimitText, choice: string): readonly Quota[] => {
    const { amounts } = parseLimit(text, option);
    const called = choice === '' ? name : `${name}-${choice}`;
    return amounts.map(({ amount, seconds }) => {
      const id = `${stand} ${by.name} ${choice} ${amount}/${seconds}`;
      const own = amounts.length === 1 ? called : `${called}-${seconds}s`;
      const quota = new Quota({ name: own, id, salt: saltOf(id), amount, seconds });
      table.add(quota);
      return quota;
    });
  };
  const choices =
    typeof rule.text === 'string'
      ? undefined
      : new Map(Object.entries(rule.text).map(([choice, text]) => [choice, compile(text, choice)]));
  return {
    name,
    where: shared === undefined ? where : `shared ${shared}`,
    option,
    by,
    table,
    quotas: choices === undefined ? compile(rule.text as LimitText, '') : [...choices.values()][0]!,
    choices,
    choose,
    when,
    cost,
    count,
    slow:
      slowDown === undefined
        ? undefined
        : {
            after: slowDown.after,
            most: secondsOf(slowDown.most, `${option}.slowDown.most`) * 1000,
            refuse: slowDown.refuse ?? true,
          },
    quiet,
  };
}

/** Two words that are the same after every restart, so that a snapshot finds its buckets again. */
export function saltOf(id: string): readonly [number, number] {
  const bytes = Buffer.from(sha256(id), 'base64url');
  return [bytes.readInt32LE(0), bytes.readInt32LE(4)];
}

/** Whether a limit says anything about a route: by its methods, and by whether there is a body to look into. */
export function appliesTo({ options: { methods, by } }: LimitRule, { method }: RouteInfo): boolean {
  const own = method === 'HEAD' ? 'GET' : method;
  if (by?.place === 'body' && own === 'GET') return false;
  return methods === undefined || methods.includes(own) || (own !== method && methods.includes(method));
}

/** What a client may know: every limit that is not quiet, as `RateLimit-Policy` lists them. */
export function policyField(quotas: readonly Quota[]): string {
  return quotas.map(({ name, amount, seconds }) => `"${name}";q=${amount};w=${seconds}`).join(', ');
}
