/**
 * Start-up audit of the kernel's own options: what makes every protection above it worthless.
 * @module
 */
import { cidrText, parseCidr } from './address.ts';
import type { Cidr } from './address.ts';
import type { ConfigFault } from './config-error.ts';
import type { Combination } from './protection.ts';

/** Trust of every proxy, debug, weak secrets. */
export const kernelCombinations: readonly Combination[] = [
  {
    id: 'kernel/trusts-every-proxy',
    check: ({ kernel }) => trustFaults(kernel.trustedProxies),
  },
  {
    id: 'kernel/debug',
    check: ({ kernel }) =>
      kernel.debug
        ? [
            {
              option: '--inspect',
              wrong: 'lets whoever reaches its port run code in this process',
              write: 'start without it, or in the development profile',
            },
          ]
        : [],
  },
  { id: 'kernel/weak-secret', check: ({ kernel }) => kernel.secretFaults },
];

/** No proxy needs a network this wide: shorter than an IPv4 /8 or an IPv6 /16. */
const SHORTEST = { 4: 8, 6: 16 } as const;

/** Beginnings of IPv6 that stand for IPv4 addresses, and the prefix that is as wide as an IPv4 /8 there. */
const TRANSLATED: readonly { readonly word: number; readonly mask: number; readonly shortest: number }[] = [
  // NAT64 (RFC 6052, RFC 8215): the IPv4 address is the last 32 bits.
  { word: 0x0064ff9b, mask: 0xffffffff, shortest: 104 },
  // 6to4 (RFC 3056): the IPv4 address follows the first 16 bits.
  { word: 0x20020000, mask: 0xffff0000, shortest: 24 },
];

/** Networks that no client on the internet has an address of: as many of them as there are may be trusted. */
const PRIVATE: readonly Cidr[] = ['10.0.0.0/8', '127.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'].map(
  (text) => parseCidr(text)!,
);

function trustFaults(networks: readonly string[]): readonly ConfigFault[] {
  const write = 'name the addresses of your own proxies: ["10.0.0.5/32"]';
  const option = 'facts.trustedProxies';
  const wrong = 'holds clients as well, and each of them can claim any address';
  // What is no network was refused by the facts' own check.
  const parsed = networks.map(parseCidr).filter((one) => one !== null);
  const wide = parsed.filter(isAlmostEverybody);
  if (wide.length > 0) return wide.map((one) => ({ option, wrong: `${cidrText(one)} ${wrong}`, write }));
  // Halves, or 256 times a /8, are everybody as well.
  return ([4, 6] as const)
    .filter((version) => share(parsed, version) > 1)
    .map((version) => ({
      option,
      wrong: `all its IPv${version} networks together are wider than a /${SHORTEST[version]}, which ${wrong}`,
      write,
    }));
}

function isAlmostEverybody({ version, prefix, words, masks }: Cidr): boolean {
  if (prefix < SHORTEST[version]) return true;
  if (version === 4) return false;
  return TRANSLATED.some(
    ({ word, mask, shortest }) => prefix < shortest && ((words[0] ^ word) & mask & masks[0]) === 0,
  );
}

/** How often the widest sound network fits into these together. */
function share(networks: readonly Cidr[], version: 4 | 6): number {
  return networks
    .filter((one) => one.version === version && !PRIVATE.some((outer) => holds(outer, one)))
    .reduce((sum, { prefix }) => sum + 2 ** (SHORTEST[version] - prefix), 0);
}

function holds(outer: Cidr, inner: Cidr): boolean {
  return (
    outer.version === inner.version &&
    outer.prefix <= inner.prefix &&
    (inner.words[0] & outer.masks[0]) >>> 0 === outer.words[0]
  );
}
