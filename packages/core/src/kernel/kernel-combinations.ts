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
      kernel.trustedProxies
        .filter((cidr) => /\/0+$/.test(cidr))
        .map((cidr) => ({
          option: 'facts.trustedProxies',
          wrong: `${cidr} is everybody, so any client can claim any address`,
          write: 'name the addresses of your own proxies: ["10.0.0.5/32"]',
        })),
  },
  {
    id: 'kernel/debug',
    check: ({ kernel }) =>
      kernel.debug
        ? [
            {
              option: 'debug',
              wrong: 'shows internals to clients',
              write: 'leave it out, or run the development profile',
            },
          ]
        : [],
  },
  { id: 'kernel/weak-secret', check: ({ kernel }) => kernel.secretFaults },
];
