/**
 * Options of the facts: who may tell us about the client, and how large a request head may be.
 * @module
 */
import { cidrText, isNetworkAddress, parseAddress, parseCidr } from './address.ts';
import { unknownKeys } from './config-error.ts';
import type { ConfigFault } from './config-error.ts';
import { QUERY_LIMITS } from './query.ts';

export interface FactsOptions {
  /**
   * Networks (`10.0.0.0/8`, `2001:db8::/32`, or one address) whose forwarding fields are believed. A network that
   * holds a client lets that client choose its own address. Empty trusts nobody.
   * @default []
   */
  readonly trustedProxies: readonly string[];
  /**
   * The one kind of forwarding field that trusted proxies write: `X-Forwarded-For`, `-Proto` and `-Host`, or
   * `Forwarded` (RFC 7239). Never both: a proxy replaces the kind it knows and passes the other on as the client
   * sent it.
   * @default 'x-forwarded'
   */
  readonly forwardedHeader: 'x-forwarded' | 'forwarded';
  /**
   * Bits of an IPv6 address that counters are kept by, 32 to 128. A subscriber owns at least a /64; counting single
   * addresses counts nothing.
   * @default 64
   */
  readonly ipv6Prefix: number;
  /**
   * Characters of the request target.
   * @default 8192
   */
  readonly maxTarget: number;
  /**
   * Field lines of a request.
   * @default 100
   */
  readonly maxHeaders: number;
  /**
   * Bytes of all field lines together.
   * @default 16384
   */
  readonly maxHeaderBytes: number;
  /**
   * Bytes of one field's value, the Cookie field included.
   * @default 8192
   */
  readonly maxHeaderValue: number;
  /**
   * Cookies of a request.
   * @default 50
   */
  readonly maxCookies: number;
  /**
   * Parameters of a query.
   * @default 100
   */
  readonly maxParameters: number;
  /**
   * Characters of a query parameter's name, decoded.
   * @default 256
   */
  readonly maxParameterName: number;
  /**
   * Characters of a query parameter's value, decoded.
   * @default 4096
   */
  readonly maxParameterValue: number;
  /**
   * Lets a GET upgrade to `websocket`. Any other upgrade is refused always.
   * @default false
   */
  readonly websocket: boolean;
}

/** What holds where nothing is set. */
export const FACTS_DEFAULTS: FactsOptions = Object.freeze({
  trustedProxies: Object.freeze([]),
  forwardedHeader: 'x-forwarded',
  ipv6Prefix: 64,
  maxTarget: 8192,
  maxHeaders: 100,
  maxHeaderBytes: 16_384,
  maxHeaderValue: 8192,
  maxCookies: 50,
  ...QUERY_LIMITS,
  websocket: false,
});

const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  ipv6Prefix: [32, 128],
  maxTarget: [256, 65_536],
  maxHeaders: [16, 1000],
  maxHeaderBytes: [1024, 262_144],
  maxHeaderValue: [256, 131_072],
  maxCookies: [1, 500],
  maxParameters: [1, 10_000],
  maxParameterName: [16, 8192],
  maxParameterValue: [16, 65_536],
};

/** Every fault of the merged options. `at` is the path they are written under; the empty string for the top. */
export function checkFacts(options: FactsOptions, at = ''): readonly ConfigFault[] {
  const path = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const faults = unknownKeys(options, Object.keys(FACTS_DEFAULTS), at);
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = options[name as keyof FactsOptions];
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
      faults.push({
        option: path(name),
        wrong: `${String(value)} is no whole number from ${least} to ${most}`,
        write: `write one, for example ${String(FACTS_DEFAULTS[name as keyof FactsOptions])}`,
      });
  }
  if (options.forwardedHeader !== 'x-forwarded' && options.forwardedHeader !== 'forwarded')
    faults.push({
      option: path('forwardedHeader'),
      wrong: `"${String(options.forwardedHeader)}" is no kind of forwarding field`,
      write: `write 'x-forwarded' or 'forwarded', whichever your proxy sets`,
    });
  if (typeof options.websocket !== 'boolean')
    faults.push({ option: path('websocket'), wrong: 'neither true nor false', write: 'write true or false' });
  if (!Array.isArray(options.trustedProxies))
    faults.push({ option: path('trustedProxies'), wrong: 'no list', write: `write ['10.0.0.0/8'], or [] for nobody` });
  else
    for (const [index, entry] of (options.trustedProxies as readonly unknown[]).entries())
      faults.push(...proxyFaults(entry, path(`trustedProxies[${index}]`)));
  return faults;
}

function proxyFaults(entry: unknown, option: string): ConfigFault[] {
  const cidr = typeof entry === 'string' ? parseCidr(entry) : null;
  if (cidr === null) {
    const plain = typeof entry === 'string' ? parseAddress(entry.split('/', 1)[0]!) : null;
    const write =
      plain === null
        ? `write a network by its address, such as '10.0.0.0/8'`
        : `write '${plain.text}/…' with its prefix`;
    return [{ option, wrong: `"${String(entry)}" is no IP network (names and keywords are not resolved)`, write }];
  }
  if (!isNetworkAddress(entry as string, cidr))
    return [
      {
        option,
        wrong: `"${String(entry)}" has bits set beyond its prefix, so it says two things`,
        write: `write '${cidrText(cidr)}', or the single address without a prefix`,
      },
    ];
  return [];
}
