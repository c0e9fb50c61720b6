/**
 * What limits cost: the time of one request through a kernel with them, less that of one without, and the memory of as
 * many counters as there may be: `npm run bench -- limits`.
 * @module
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createKernel } from '@dewar/core';
import type { Kernel, Policy, RawRequest } from '@dewar/core';
import { account, limit } from '@dewar/core/limits';

const ROUNDS = 15;
const REQUESTS = 100_000;
const KEYS = 100_000;
const SECRET = 'pXq7vT2mZr9LdK4hWb8NcY6sJf3GaE5u';
const LARGE = 'a measurement must not be refused';

const raw = (peer: string): RawRequest => ({
  method: 'GET',
  target: '/',
  headers: ['Host', 'app.example'],
  httpVersion: '1.1',
  peer,
  encrypted: true,
  kind: 'request',
});
const v4 = Array.from({ length: 1000 }, (_, index) => raw(`10.0.${index >> 8}.${index & 255}`));
const v6 = Array.from({ length: 1000 }, (_, index) => raw(`2001:db8:0:${index.toString(16)}::1`));

const POLICIES: readonly (readonly [
  name: string,
  limits: NonNullable<Policy['limits']>,
  requests: readonly RawRequest[],
])[] = [
  ['address, no fields', { address: '100000000 per minute', headers: false, reason: LARGE }, v4],
  ['address, fields', { address: '100000000 per minute', reason: LARGE }, v4],
  ['address, fields, IPv6', { address: '100000000 per minute', reason: LARGE }, v6],
  ['two parts', { address: '100000000 per minute; 900000000 per hour', reason: LARGE }, v4],
  [
    'address and account',
    { address: '100000000 per minute', rules: [limit('100000000 per minute', { by: account() })], reason: LARGE },
    v4,
  ],
];

function kernelOf(limits: NonNullable<Policy['limits']>, omit: ReadonlySet<string>): Kernel {
  return createKernel(
    { hosts: { allowed: ['app.example'] }, limits },
    { profile: 'test', secret: SECRET, events: [], omit },
  );
}

/** Nanoseconds of one request: checks and head. Facts are read before, since every kernel reads them. */
async function time(kernel: Kernel, requests: readonly RawRequest[]): Promise<() => number> {
  const route = kernel.declare({ method: 'GET', path: '/', access: { kind: 'anyone' } });
  await kernel.start();
  const facts = requests.map((one) => kernel.readFacts(one));
  return () => {
    const started = process.hrtime.bigint();
    for (let i = 0; i < REQUESTS; i++) {
      const c = kernel.context(facts[i % facts.length]!, route, {});
      if (kernel.before(c) !== null) throw new Error('a measurement was refused');
      kernel.head(c, 200, ['content-type', 'application/json']);
    }
    return Number(process.hrtime.bigint() - started) / REQUESTS;
  };
}

// Without a collection first, memory would be mostly what requests left behind.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Megabytes in heap and buffers. */
function memory(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

/** As many clients as there may be counters, each with one request. */
async function fill(): Promise<void> {
  const before = memory();
  const residentBefore = process.memoryUsage.rss();
  const kernel = kernelOf({}, new Set());
  const route = kernel.declare({ method: 'GET', path: '/', access: { kind: 'anyone' } });
  await kernel.start();
  for (let i = 0; i < KEYS; i++) {
    const peer = `${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.7`;
    if (kernel.before(kernel.context(kernel.readFacts(raw(peer)), route, {})) !== null) throw new Error('refused');
  }
  const more = memory() - before;
  const resident = (process.memoryUsage.rss() - residentBefore) / 1e6;
  const { used } = kernel.part('limits')!.report().tables[0]!;
  console.log(
    `${used} counters, and room for as many of sign-ins: ${more.toFixed(1)} MB in heap and buffers, ${resident.toFixed(1)} MB resident`,
  );
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

await fill();
for (const [name, limits, requests] of POLICIES) {
  const off = await time(kernelOf(limits, new Set(['limits'])), requests);
  const on = await time(kernelOf(limits, new Set()), requests);
  const added: number[] = [];
  const bare: number[] = [];
  // In turn, so that a busy machine slows both alike.
  for (let round = 0; round < ROUNDS; round++) {
    const without = off();
    bare.push(without);
    added.push(on() - without);
  }
  const least = Math.min(...added).toFixed(0);
  console.log(
    `${name.padEnd(24)} ${median(added).toFixed(0)} ns more than ${median(bare).toFixed(0)} (least ${least})`,
  );
}
