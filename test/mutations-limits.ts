/**
 * Guards of the limits that are no steps: keys, counting, the table, snapshots.
 * @module
 */
import type { Mutation } from './mutations.ts';

const LIMITS = 'packages/core/src/limits';

export const LIMITS_MUTATIONS: readonly Mutation[] = [
  {
    guard: 'limits: a key that is missing would mean one counter for all who leave it out',
    file: `${LIMITS}/keys.ts`,
    from: 'if (isMissing(key)) return `!${c.facts.client.group}`;',
    to: "if (isMissing(key)) return '!';",
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: a client’s text could be the key of somebody without one',
    file: `${LIMITS}/keys.ts`,
    from: 'return key.length > LONGEST ? `#${sha256(key)}` : `=${key}`;',
    to: 'return key;',
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: two lists of parts could make one key',
    file: `${LIMITS}/keys.ts`,
    from: 'return `${key.length}:${key};`;',
    to: 'return `${key};`;',
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: every spelling of a login would have guesses of its own',
    file: `${LIMITS}/keys.ts`,
    from: "return short.normalize('NFKC').trim().toLowerCase().normalize('NFKC');",
    to: 'return short;',
    tests: [`${LIMITS}/limits.test.ts`, `${LIMITS}/sign-in.test.ts`],
  },
  {
    guard: 'limits: HEAD would be a way around the limit of its GET',
    file: `${LIMITS}/service.ts`,
    from: "const method = route.method === 'HEAD' ? 'GET' : route.method;",
    to: 'const { method } = route;',
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: a guess whose client goes away would be free',
    file: `${LIMITS}/amounts.ts`,
    from: ' || outcome.aborted;',
    to: ';',
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: one part that refuses would still be charged for by the others',
    file: `${LIMITS}/service.ts`,
    from: 'if (wait > 0) for (const one of taken ?? []) table.giveBack(one, at);',
    to: 'if (wait > 0) taken?.pop();',
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: what has drained would be given back a second time',
    file: `${LIMITS}/table.ts`,
    from: 'Math.min(Math.round(cost * quota.unit), Math.max(0, fullAt - at))',
    to: 'Math.round(cost * quota.unit)',
    tests: [`${LIMITS}/limits.test.ts`, `${LIMITS}/table.test.ts`],
  },
  {
    guard: 'limits: a request that ends twice would pay for somebody else’s guess',
    file: `${LIMITS}/service.ts`,
    from: 'use.pending = undefined;',
    to: '',
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: a cost below nothing would fill the bucket up again',
    file: `${LIMITS}/table.ts`,
    from: 'if (!(cost >= 0 && cost < Infinity)) throw',
    to: 'if (cost === Infinity) throw',
    tests: [`${LIMITS}/table.test.ts`, `${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: a clock that was set back would shut everybody out',
    file: `${LIMITS}/table.ts`,
    from: 'const fullAt = Math.min(Math.max(this.#fullAt[slot]!, at), at + quota.capacity);\n    const next',
    to: 'const fullAt = Math.max(this.#fullAt[slot]!, at);\n    const next',
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: a flood would push out who is guessing',
    file: `${LIMITS}/table.ts`,
    from: 'if (this.#strict) return NONE;',
    to: '',
    tests: [`${LIMITS}/table.test.ts`],
  },
  {
    guard: 'limits: a flood would push out who owes most',
    file: `${LIMITS}/table.ts`,
    from: 'this.#fullAt[slot]! < this.#fullAt[least]!',
    to: 'this.#fullAt[slot]! > this.#fullAt[least]!',
    tests: [`${LIMITS}/table.test.ts`],
  },
  {
    guard: 'limits: the hash of keys would be none that is known to be good',
    file: `${LIMITS}/sip-hash.ts`,
    from: 'rounds = 4;',
    to: 'rounds = 1;',
    tests: [`${LIMITS}/sip-hash.test.ts`],
  },
  {
    guard: 'limits: anybody could write a snapshot',
    file: `${LIMITS}/snapshot-format.ts`,
    from: '!timingSafeEqual(tagOf(bytes, key), bytes.subarray(-TAG))',
    to: 'bytes.length === 0',
    tests: [`${LIMITS}/snapshot.test.ts`],
  },
  {
    guard: 'limits: a snapshot would be written through a link to elsewhere',
    file: `${LIMITS}/snapshot.ts`,
    from: 'await rm(partial, { force: true });',
    to: "await (await open(partial, 'w')).close(); await rm(partial, { force: true });",
    tests: [`${LIMITS}/snapshot.test.ts`],
  },
  {
    guard: 'limits: held requests would be without number',
    file: `${LIMITS}/hold.ts`,
    from: 'return this.#count < this.#most;',
    to: 'return true;',
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: a request would be held for a client that has gone',
    file: `${LIMITS}/service.ts`,
    from: 'use.release?.();',
    to: '',
    tests: [`${LIMITS}/limits.test.ts`],
  },
  {
    guard: 'limits: the owner of an account could be shut out by failing in their name',
    file: `${LIMITS}/sign-in.ts`,
    from: "slowDown: { after: 10, most: '5 seconds', refuse: false },",
    to: "slowDown: { after: 10, most: '5 seconds' },",
    tests: [`${LIMITS}/sign-in.test.ts`],
  },
];
