/**
 * IP addresses as numbers and as one canonical text each (RFC 5952), and lists of networks to match them against.
 * An IPv4-mapped IPv6 address is the IPv4 address, or a dual-stack listener gives every client two names
 * (and IPv6 grouping puts all of IPv4 into one bucket, CVE-2026-30827).
 * @module
 */

/** A parsed address: four 32-bit words, of which IPv4 uses the first. */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly words: readonly [number, number, number, number];
  /** Dotted IPv4, or lower-case compressed IPv6. */
  readonly text: string;
}

/** A network that was compiled from `address/prefix`. */
export interface Cidr {
  readonly version: 4 | 6;
  readonly words: readonly [number, number, number, number];
  readonly masks: readonly [number, number, number, number];
  readonly prefix: number;
}

type Words = [number, number, number, number];

const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const HEXTET = /^[0-9a-fA-F]{1,4}$/;
/** The longest text an address can have (mixed notation). */
const LONGEST = 45;

/** The address a text stands for, or null. No zones, no octal, no short forms: those mean other things to others. */
export function parseAddress(text: string): IpAddress | null {
  if (text.length > LONGEST) return null;
  if (!text.includes(':')) {
    const word = ipv4Word(text);
    return word === null ? null : ipv4(word);
  }
  const words = ipv6Words(text);
  if (words === null) return null;
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) return ipv4(words[3]);
  return { version: 6, words, text: ipv6Text(words) };
}

/** The network counters are kept by: an IPv4 address itself, or the IPv6 network of `prefix` bits. */
export function groupOf(address: IpAddress, prefix: number): string {
  if (address.version === 4) return address.text;
  return `${ipv6Text(masked(address.words, masksOf(6, prefix)))}/${prefix}`;
}

/** Compiles `10.0.0.0/8`, `2001:db8::/32` or a single address; null for anything else. */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const most = address.version === 4 ? 32 : 128;
  const digits = slash < 0 ? String(most) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(digits) || Number(digits) > most) return null;
  // A mapped address with an IPv6 prefix length would be read as an IPv4 one: ask for the plain form.
  if (slash >= 0 && address.version === 4 && text.includes(':')) return null;
  return network(address, Number(digits));
}

/** The canonical text of a network: its first address and its prefix. */
export function cidrText(cidr: Cidr): string {
  return `${cidr.version === 4 ? ipv4Text(cidr.words[0]) : ipv6Text(cidr.words)}/${cidr.prefix}`;
}

/** True when the network's address has no bit set beyond the prefix. */
export function isNetworkAddress(text: string, cidr: Cidr): boolean {
  const address = parseAddress(text.split('/', 1)[0]!);
  return address !== null && address.words.every((word, index) => word === cidr.words[index]);
}

/** True when one of the networks holds the address. Allocates nothing. */
export function inAny(cidrs: readonly Cidr[], address: IpAddress): boolean {
  for (let i = 0; i < cidrs.length; i++) if (contains(cidrs[i]!, address)) return true;
  return false;
}

function contains(cidr: Cidr, address: IpAddress): boolean {
  const { words, masks } = cidr;
  const its = address.words;
  return (
    cidr.version === address.version &&
    (its[0] & masks[0]) >>> 0 === words[0] &&
    (its[1] & masks[1]) >>> 0 === words[1] &&
    (its[2] & masks[2]) >>> 0 === words[2] &&
    (its[3] & masks[3]) >>> 0 === words[3]
  );
}

function network(address: IpAddress, prefix: number): Cidr {
  const masks = masksOf(address.version, prefix);
  return { version: address.version, words: masked(address.words, masks), masks, prefix };
}

function masksOf(version: 4 | 6, prefix: number): Words {
  const mask = (word: number): number => {
    const bits = Math.max(0, Math.min(32, prefix - 32 * word));
    return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  };
  return version === 4 ? [mask(0), 0, 0, 0] : [mask(0), mask(1), mask(2), mask(3)];
}

function masked(words: readonly number[], masks: readonly number[]): Words {
  return words.map((word, index) => (word & masks[index]!) >>> 0) as Words;
}

function ipv4(word: number): IpAddress {
  return { version: 4, words: [word, 0, 0, 0], text: ipv4Text(word) };
}

function ipv4Text(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

function ipv4Word(text: string): number | null {
  const match = IPV4.exec(text);
  if (match === null) return null;
  let word = 0;
  for (let i = 1; i <= 4; i++) {
    const octet = Number(match[i]);
    if (octet > 255) return null;
    word = word * 256 + octet;
  }
  return word;
}

function ipv6Words(text: string): Words | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = hextets(halves[0]!, halves.length === 1);
  const tail = halves.length === 1 ? [] : hextets(halves[1]!, true);
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...Array.from<number>({ length: missing }).fill(0), ...tail];
  return [0, 2, 4, 6].map((index) => all[index]! * 65536 + all[index + 1]!) as Words;
}

/** The 16-bit groups of one half; an IPv4 address may end the last. */
function hextets(text: string, last: boolean): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const word = ipv4Word(part);
      if (word === null) return null;
      groups.push(word >>> 16, word & 0xffff);
    } else if (HEXTET.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

/** RFC 5952, 4: lower case, no leading zeros, the first longest run of two or more zero groups compressed. */
function ipv6Text(words: readonly number[]): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  let start = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > longest) [start, longest] = [i, end - i];
    i = Math.max(i, end);
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + longest).join(':')}`;
}
