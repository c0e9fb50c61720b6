/**
 * The check of limits as owners wrote them: every fault at start, with what to write.
 * @module
 */
import { METHODS } from 'node:http';
import { ConfigError, nearest, secondsOf, unknownKeys } from '../kernel/index.ts';
import type { ConfigFault, Duration } from '../kernel/index.ts';
import { parseLimit } from './grammar.ts';
import { isLimitRule, nameOf } from './rule.ts';
import type { LimitOptions, LimitRule } from './rule.ts';

const NAME = /^[a-z][a-z0-9+-]{0,63}$/i;
const OPTIONS: readonly (keyof LimitOptions)[] = [
  'name',
  'by',
  'methods',
  'shared',
  'when',
  'cost',
  'count',
  'slowDown',
  'quiet',
  'strict',
  'choose',
];
/** A client that is held longer has given up, and its connection is held for nothing. */
const MOST_HELD_SECONDS = 60;

/** Faults of a list of limits. `address`: the name of the policy's own is taken. */
export function checkRules(rules: unknown, at: string, address: boolean): ConfigFault[] {
  if (!Array.isArray(rules)) return [{ option: at, wrong: 'is no list', write: `write [limit('5 per minute')]` }];
  const names = new Set<string>(address ? ['address'] : []);
  return rules.flatMap((rule: unknown, index): ConfigFault[] => {
    const here = `${at}[${index}]`;
    if (!isLimitRule(rule)) {
      return [{ option: here, wrong: 'is no limit', write: `write limit('5 per minute', { by: account() })` }];
    }
    const name = nameOf(rule);
    const faults = ruleFaults(rule, here);
    if (names.has(name)) {
      const wrong = `another limit is called "${name}" as well`;
      faults.push({ option: `${here}.name`, wrong, write: `give it a name of its own: { name: '…' }` });
    }
    names.add(name);
    return faults;
  });
}

function ruleFaults(rule: LimitRule, at: string): ConfigFault[] {
  const { text, options } = rule;
  const { by, methods, shared, when, cost, count, slowDown, choose } = options;
  const faults: ConfigFault[] = unknownKeys(options, OPTIONS, at);
  const fault = (name: string, wrong: string, write: string): void =>
    void faults.push({ option: `${at}.${name}`, wrong, write });
  faults.push(...textFaults(rule, at));
  if (!NAME.test(nameOf(rule)))
    fault('name', `"${nameOf(rule)}" is no name`, `write letters, digits and hyphens: 'api'`);
  if (by !== undefined && (typeof by !== 'object' || by === null || typeof by.key !== 'function')) {
    fault('by', 'is no key', `write address(), account(), field('email'), route(), of('name', (c) => …) or each(…)`);
  }
  if (shared !== undefined && !NAME.test(shared))
    fault('shared', 'is no name', `write letters, digits and hyphens: 'api'`);
  if (methods !== undefined) faults.push(...methodFaults(methods, `${at}.methods`));
  if (when !== undefined && typeof when !== 'function') fault('when', 'is no function', 'write (c) => true or false');
  if (typeof text === 'string' ? choose !== undefined : typeof choose !== 'function') {
    fault(
      'choose',
      'goes with several limits by name',
      `write limit({ free: '…', paid: '…' }, { choose: (c) => 'free' })`,
    );
  }
  if (cost !== undefined && typeof cost !== 'function' && !(typeof cost === 'number' && cost > 0 && cost < Infinity)) {
    fault('cost', 'is no number above 0, and no function', 'write 1, or (c) => the number');
  }
  if (count !== undefined && typeof count !== 'function' && count !== 'all' && count !== 'failures') {
    fault('count', 'is nothing to count by', `write 'all', 'failures' or (outcome, c) => true or false`);
  }
  if (slowDown !== undefined) faults.push(...slowFaults(rule, `${at}.slowDown`));
  return faults;
}

function textFaults({ text }: LimitRule, at: string): readonly ConfigFault[] {
  if (typeof text === 'string') return parseLimit(text, at).faults;
  if (typeof text !== 'object' || text === null || Object.keys(text).length === 0)
    return parseLimit(undefined, at).faults;
  return Object.entries(text).flatMap(([name, one]) => parseLimit(one, `${at}.${name}`).faults);
}

function methodFaults(methods: unknown, at: string): ConfigFault[] {
  if (!Array.isArray(methods) || methods.length === 0)
    return [{ option: at, wrong: 'is no list of methods', write: `write ['POST']` }];
  return methods
    .filter((method) => !METHODS.includes(method as string))
    .map((method: unknown) => {
      const fault = { option: at, wrong: `"${String(method)}" is no method`, write: `write it as requests do: 'POST'` };
      const near = nearest(String(method), METHODS);
      return near === undefined ? fault : { ...fault, nearest: near };
    });
}

function slowFaults({ text, options: { slowDown } }: LimitRule, at: string): ConfigFault[] {
  const { after, most, refuse } = slowDown!;
  const faults = durationFaults(most, `${at}.most`, MOST_HELD_SECONDS);
  const texts = typeof text === 'string' ? [text] : Object.values(text);
  const least = Math.min(...texts.flatMap((one) => parseLimit(one, at).amounts.map(({ amount }) => amount)));
  if (!Number.isInteger(after) || after < 0 || after >= least) {
    const wrong = `is no whole number below the limit, which is ${least}`;
    faults.push({ option: `${at}.after`, wrong, write: `write ${Math.floor(least / 2)}` });
  }
  if (refuse !== undefined && typeof refuse !== 'boolean') {
    faults.push({ option: `${at}.refuse`, wrong: 'is neither true nor false', write: 'write false, or leave it out' });
  }
  return faults;
}

/** Faults of a length of time. */
export function durationFaults(given: unknown, at: string, most = 31_104_000): ConfigFault[] {
  try {
    // What is no duration is what `secondsOf` says.
    if (secondsOf(given as Duration, at) <= most) return [];
    return [{ option: at, wrong: 'is too long', write: `write ${most} seconds or less` }];
  } catch (error) {
    if (error instanceof ConfigError) return [...error.faults];
    throw error;
  }
}
