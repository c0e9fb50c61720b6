/**
 * Options of `limits`, their defaults and their check.
 * @module
 */
import { parseCidr } from '../kernel/index.ts';
import type { CheckEnv, ConfigFault, Duration } from '../kernel/index.ts';
import { checkRules, durationFaults } from './check-rule.ts';
import { parseLimit } from './grammar.ts';
import type { LimitRule, LimitText } from './rule.ts';

/** Blocks a client that was refused too often. */
export interface MetaLimit {
  /** How often a client may be refused before. */
  readonly refusals: LimitText;
  /** How long it is then refused everything. */
  readonly block: Duration;
}

export interface LimitsOptions {
  /**
   * How many requests each client network may send, to all routes together. Generous, since an office, a school or a
   * mobile network is one address; the limits of single routes are what stops guessing.
   * @default '1000 per minute'
   */
  readonly address: LimitText | false;
  /** Further limits. Those of a route are added to the policy's; each counts that route alone unless it is `shared`. @default [] */
  readonly rules: readonly LimitRule[];
  /** Names of the policy's limits that do not apply here; `address` is the first. @default [] */
  readonly without: readonly string[];
  /** Who is refused too often is refused everything for a while: also those behind the same address. @default false */
  readonly meta: MetaLimit | false;
  /** Networks that no limit counts, such as monitoring of your own: `['10.1.2.0/24']`. @default [] */
  readonly exempt: readonly string[];
  /** Tells clients what is left (`RateLimit`, `RateLimit-Policy`). `Retry-After` is sent in any case. @default true */
  readonly headers: boolean;
  /** Clients that are counted at once, for each of the two tables: ordinary limits, and those of sign-ins. @default 100000 */
  readonly keys: number;
  /** Requests that may be held back at once. @default 500 */
  readonly held: number;
  /** File in which counters outlive a restart; its folder must exist. @default false */
  readonly snapshot: string | false;
}

/** A limit by address that ordinary sites never notice. */
export const LIMITS_DEFAULTS: Readonly<LimitsOptions> = Object.freeze({
  address: '1000 per minute',
  rules: Object.freeze([]),
  without: Object.freeze([]),
  meta: false,
  exempt: Object.freeze([]),
  headers: true,
  keys: 100_000,
  held: 500,
  snapshot: false,
});

const LEAST_KEYS = 1_000;
const MOST_KEYS = 4_000_000;

/** Faults of the options, each with what to write instead. */
export function checkLimits(options: LimitsOptions, at: string, _env: CheckEnv): ConfigFault[] {
  const { address, meta, exempt, headers, keys, held, snapshot, without } = options;
  const faults: ConfigFault[] = [];
  const fault = (name: string, wrong: string, write: string): void =>
    void faults.push({ option: `${at}.${name}`, wrong, write });
  if (address !== false) faults.push(...parseLimit(address, `${at}.address`).faults);
  faults.push(...checkRules(options.rules, `${at}.rules`, address !== false));
  if (!isTexts(without)) fault('without', 'is no list of names', `write ['address']`);
  if (meta !== false) faults.push(...metaFaults(meta, `${at}.meta`));
  if (!isTexts(exempt)) fault('exempt', 'is no list of networks', `write ['10.1.2.0/24']`);
  else {
    exempt.forEach((network, index) => {
      if (parseCidr(network) === null) fault(`exempt[${index}]`, `"${network}" is no network`, 'write "10.1.2.0/24"');
    });
  }
  if (typeof headers !== 'boolean') fault('headers', 'is neither true nor false', 'write true or false');
  if (!Number.isInteger(keys) || keys < LEAST_KEYS || keys > MOST_KEYS) {
    fault('keys', `is no whole number from ${LEAST_KEYS} to ${MOST_KEYS}`, 'write 100_000');
  }
  if (!Number.isInteger(held) || held < 1 || held > 100_000) fault('held', 'is no whole number from 1', 'write 500');
  if (snapshot !== false && (typeof snapshot !== 'string' || snapshot === '')) {
    fault('snapshot', 'is no path', `write '/var/lib/app/limits.bin', or false`);
  }
  return faults;
}

function metaFaults(meta: unknown, at: string): readonly ConfigFault[] {
  const { refusals, block } = (typeof meta === 'object' && meta !== null ? meta : {}) as Partial<MetaLimit>;
  const { amounts, faults } = parseLimit(refusals, `${at}.refusals`);
  const several = { option: `${at}.refusals`, wrong: 'holds several limits', write: `write '20 per minute'` };
  return [...faults, ...(amounts.length > 1 ? [several] : []), ...durationFaults(block, `${at}.block`)];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** What lets through more than the default, or leaves somebody out. */
export function weakerLimits({ address, exempt, without }: LimitsOptions): string[] {
  const weaker: string[] = [];
  if (address === false || isLarger(address, String(LIMITS_DEFAULTS.address))) weaker.push('address');
  if (exempt.length > 0) weaker.push('exempt');
  if (without.length > 0) weaker.push('without');
  return weaker;
}

/** True where no part of `text` is as tight as `than`, in the burst or in the long run. */
function isLarger(text: string, than: string): boolean {
  const [bound] = parseLimit(than, '').amounts;
  const { amounts } = parseLimit(text, '');
  const burst = Math.min(...amounts.map(({ amount }) => amount));
  const rate = Math.min(...amounts.map(({ amount, seconds }) => amount / seconds));
  return burst > bound!.amount || rate > bound!.amount / bound!.seconds;
}
