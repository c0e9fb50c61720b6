/**
 * Faults of the options of `cors`, each with what to write instead.
 * @module
 */
import { unknownKeys } from '../kernel/index.ts';
import type { CheckEnv, ConfigFault, Profile } from '../kernel/index.ts';
import { originFault } from './origins.ts';
import type { Fault } from './origins.ts';
import { compilePath, pathFault } from './paths.ts';
import { complete, RULE_DEFAULTS } from './policy.ts';
import type { CorsOptions, CorsRule } from './policy.ts';
import { methodsOf } from './resources.ts';

const KEYS = ['path', 'origins', ...Object.keys(RULE_DEFAULTS)];
/** Browsers keep it shorter (Chromium two hours, Firefox a day). */
const LONGEST_AGE = 86_400;
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** A page never sends these itself, so leave for them would be leave for nothing (Fetch, 2.2.2). */
const NOT_SENT =
  /^(?:proxy-.*|sec-.*|access-control-request-.*|cookie2?|host|origin|referer|content-length|connection)$/i;
/** A page never reads these, whatever is exposed (Fetch, 2.2.6). */
const NOT_READ = /^set-cookie2?$/i;

/** Faults of the options. */
export function checkCors({ rules }: CorsOptions, at: string, env: CheckEnv): readonly ConfigFault[] {
  if (env.route) {
    const wrong = 'a route has none of its own: a preflight reaches no route, it only names a path';
    return [{ option: at, wrong, write: `write cors: { rules: [{ path: '/api/orders', … }] } in the policy` }];
  }
  if (!Array.isArray(rules)) {
    const write = `write [{ path: '/api/*', origins: ['https://shop.example'] }]`;
    return [{ option: `${at}.rules`, wrong: 'is no list', write }];
  }
  const faults = rules.flatMap((rule: unknown, index) => ruleFaults(rule, `${at}.rules[${index}]`, env.profile));
  return faults.length > 0 ? faults : doubles(rules, at);
}

function ruleFaults(rule: unknown, at: string, profile: Profile): ConfigFault[] {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    return [{ option: at, wrong: 'is no rule', write: `write { path: '/api/*', origins: ['https://shop.example'] }` }];
  }
  // What an untyped owner wrote is checked as everything else is.
  const whole = complete(rule as CorsRule);
  const faults: ConfigFault[] = unknownKeys(rule, KEYS, at);
  const add = (name: string, fault: Fault | undefined): void => {
    if (fault !== undefined) faults.push({ option: `${at}.${name}`, ...fault });
  };
  add('path', pathFault(whole.path));
  faults.push(...originsFaults(whole.origins, `${at}.origins`, profile));
  faults.push(...listFaults(whole.methods, `${at}.methods`, methodFault, true));
  faults.push(...listFaults(whole.headers, `${at}.headers`, headerFault, false));
  faults.push(...listFaults(whole.expose, `${at}.expose`, exposeFault, false));
  for (const name of ['credentials', 'privateNetwork'] as const) {
    if (typeof whole[name] !== 'boolean')
      add(name, { wrong: 'is neither true nor false', write: 'write true or false' });
  }
  const { maxAge } = whole;
  if (!Number.isInteger(maxAge) || maxAge < 0 || maxAge > LONGEST_AGE) {
    add('maxAge', { wrong: 'is no number of seconds up to a day', write: `write ${RULE_DEFAULTS.maxAge}` });
  }
  return faults.length > 0 ? faults : together(whole, at);
}

function originsFaults(origins: unknown, at: string, profile: Profile): ConfigFault[] {
  if (!Array.isArray(origins) || origins.length === 0) {
    return [{ option: at, wrong: 'is no list of origins', write: `write ['https://shop.example']` }];
  }
  if (origins.length === 1 && origins[0] === '*') return [];
  return origins.flatMap((origin: unknown, index) => {
    const fault = originFault(origin, profile);
    return fault === undefined ? [] : [{ option: `${at}[${index}]`, ...fault }];
  });
}

function listFaults(
  list: unknown,
  at: string,
  judge: (value: string) => Fault | undefined,
  filled: boolean,
): ConfigFault[] {
  if (!Array.isArray(list) || (filled && list.length === 0)) {
    return [{ option: at, wrong: 'is no list', write: filled ? `write ['GET']` : 'write []' }];
  }
  return list.flatMap((value: unknown, index) => {
    const named = typeof value === 'string' && TOKEN.test(value);
    const fault = named ? judge(value) : { wrong: `${JSON.stringify(value)} is no name`, write: 'write one name' };
    return fault === undefined ? [] : [{ option: `${at}[${index}]`, ...fault }];
  });
}

function methodFault(method: string): Fault | undefined {
  if (method === '*') return { wrong: '"*" is every method there will ever be', write: `name each: ['GET', 'POST']` };
  const upper = method.toUpperCase();
  if (/^(?:CONNECT|TRACE|TRACK)$/.test(upper)) {
    return { wrong: `${method} is sent by no page`, write: 'leave it out' };
  }
  if (upper === 'OPTIONS')
    return { wrong: 'OPTIONS is how a browser asks, and is answered here', write: 'leave it out' };
  return method === upper ? undefined : { wrong: `"${method}" is another method`, write: `write '${upper}'` };
}

function headerFault(name: string): Fault | undefined {
  if (name === '*') return { wrong: '"*" is every request field', write: `name each: ['content-type']` };
  return NOT_SENT.test(name) ? { wrong: `${name} is set by browsers alone`, write: 'leave it out' } : undefined;
}

function exposeFault(name: string): Fault | undefined {
  if (name === '*') return { wrong: '"*" is every response field', write: `name each: ['x-total-count']` };
  return NOT_READ.test(name) ? { wrong: `${name} is never shown to a page`, write: 'leave it out' } : undefined;
}

/** What is dangerous together, whatever reason is given. */
function together({ origins, credentials, privateNetwork }: Required<CorsRule>, at: string): ConfigFault[] {
  const faults: ConfigFault[] = [];
  if (credentials) {
    origins.forEach((origin, index) => {
      if (typeof origin === 'string' && !origin.includes('*')) return;
      const who = origin === '*' ? 'everybody' : `whoever ${String(origin)} fits`;
      const wrong = `lets ${who} read what signed-in visitors read`;
      faults.push({ option: `${at}.origins[${index}]`, wrong, write: 'name each origin, or take credentials out' });
    });
  }
  if (privateNetwork && origins.includes('*')) {
    const wrong = 'lets every page of the internet reach into your network';
    faults.push({ option: `${at}.privateNetwork`, wrong, write: 'name the origins that may' });
  }
  return faults;
}

/** Two rules for the same path and method: only one of them could count. */
function doubles(rules: readonly CorsRule[], at: string): ConfigFault[] {
  const seen = new Map<string, number>();
  return rules.flatMap((rule, index) => {
    const { shape } = compilePath(rule.path);
    const taken = methodsOf(complete(rule)).flatMap((method) => {
      const key = `${method} ${shape}`;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, index);
      return first === undefined || first === index ? [] : [{ method, first }];
    });
    if (taken.length === 0) return [];
    const [{ method, first }] = taken as [{ method: string; first: number }];
    const wrong = `speaks of ${method} ${rule.path}, as ${at}.rules[${first}] does`;
    return [{ option: `${at}.rules[${index}]`, wrong, write: 'join the two, or give them different methods' }];
  });
}
