/**
 * Start-up audit of the kernel's own options: what makes every protection above it worthless.
 * @module
 */
import type { Combination } from './protection.ts';

/** Trust of every proxy, debug, weak secrets. */
export const kernelCombinations: readonly Combination[] = [
  {
    id: 'kernel/trusts-every-proxy',
    check: ({ kernel }) =>
      kernel.trustedProxies.filter(isAlmostEverybody).map((cidr) => ({
        option: 'facts.trustedProxies',
        wrong: `${cidr} holds clients as well, and each of them can claim any address`,
        write: 'name the addresses of your own proxies: ["10.0.0.5/32"]',
      })),
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
function isAlmostEverybody(cidr: string): boolean {
  const [address = '', bits] = cidr.split('/');
  return bits !== undefined && Number(bits) < (address.includes(':') ? 16 : 8);
}
