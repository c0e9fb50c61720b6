/**
 * Nanoseconds that each protection adds in this process, without network or framework: `npm run bench -- steps`.
 * The pipeline is compiled with the first protection, the first two, and so on; what a request takes longer each time is
 * that protection's, in the order in which they are set up (a rule on identity costs nothing before sessions are there).
 * @module
 */
import { Bench } from 'tinybench';
import { anyone, createKernel, PROTECTIONS, signedIn } from '@dewar/core';
import type { BodySource, CompiledRoute, Kernel, RawRequest } from '@dewar/core';
import { csrfToken } from '@dewar/core/csrf';
import { judge } from '@dewar/core/http';
import { sessionsOf } from '@dewar/core/sessions';
import { HOST, SECRET, SITE, SPA } from './apps/common.ts';

const MS = Number(process.env['MS'] ?? 150);
const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const HEAD = ['Host', HOST, 'X-Forwarded-Proto', 'https', 'User-Agent', 'Mozilla/5.0', 'Accept', '*/*'];

interface Case {
  readonly name: string;
  readonly route: CompiledRoute;
  readonly raw: RawRequest;
  readonly source: BodySource;
  readonly type: string;
}

const sourceOf = (bytes: Buffer): BodySource => ({
  limit: 1_048_576,
  proceed: () => undefined,
  collect: (_limit, done) => done(bytes),
  stream: () => {
    throw new Error('nothing here is streamed');
  },
});

/** A kernel with the first `count` protections. */
function kernelOf(count: number): Kernel {
  const omit = new Set(PROTECTIONS.slice(count).map(({ name }) => name));
  const policy = { hosts: { allowed: [HOST] }, facts: { trustedProxies: ['127.0.0.1/32'] }, events: [] };
  return createKernel(policy, { profile: 'test', secret: SECRET, omit });
}

function rawOf(method: string, target: string, more: readonly string[]): RawRequest {
  const headers = [...HEAD, ...more];
  return { method, target, headers, httpVersion: '1.1', peer: '127.0.0.1', encrypted: false, kind: 'request' };
}

/** Signs somebody in where there are sessions; answers cookies and token. */
async function enter(kernel: Kernel, on: boolean): Promise<{ readonly cookie: string; readonly token: string }> {
  if (!on) return { cookie: 's=1', token: '' };
  const route = kernel.declare({ method: 'GET', path: '/enter', access: anyone() });
  const c = kernel.context(kernel.readFacts(rawOf('GET', '/enter', [])), route, {});
  await sessionsOf(c).signIn(c, { account: 'u-1', roles: ['user'], methods: ['password'] });
  const token = kernel.part('csrf') === undefined ? '' : await csrfToken(c);
  return { cookie: [...c.cookies].map((line) => line.split(';')[0]).join('; '), token };
}

async function casesOf(kernel: Kernel, count: number): Promise<Case[]> {
  const names = PROTECTIONS.slice(0, count).map(({ name }) => name);
  const { cookie, token } = await enter(kernel, names.includes('sessions'));
  const access = names.includes('sessions') ? signedIn() : anyone();
  const form = Buffer.from(
    new URLSearchParams({ _csrf: token, email: 'ada@example.org', name: 'Ada', age: '36' }).toString(),
  );
  const posted = ['Content-Type', 'application/x-www-form-urlencoded', 'Content-Length', String(form.length)];
  const route = (method: string, path: string, rule: unknown): CompiledRoute =>
    kernel.declare({ method, path, access: rule });
  const none = sourceOf(Buffer.alloc(0));
  const signed = ['Cookie', cookie, 'Sec-Fetch-Site', 'same-origin', 'Origin', SITE];
  return [
    {
      name: 'json',
      route: route('GET', '/json', anyone()),
      raw: rawOf('GET', '/json', ['Origin', SPA, 'Sec-Fetch-Site', 'cross-site']),
      source: none,
      type: 'application/json; charset=utf-8',
    },
    {
      name: 'page',
      route: route('GET', '/page', access),
      raw: rawOf('GET', '/page', signed),
      source: none,
      type: 'text/html; charset=utf-8',
    },
    {
      name: 'form',
      route: route('POST', '/form', access),
      raw: rawOf('POST', '/form', [...signed, ...posted]),
      source: sourceOf(form),
      type: 'application/json; charset=utf-8',
    },
  ];
}

/** One request from its raw head to its end. Everything here answers at once, or the figure would be of something else. */
function run(kernel: Kernel, { route, raw, source, type }: Case): void {
  const c = kernel.context(kernel.readFacts(raw), route, {});
  let judged = false;
  judge(c, source, (answer) => {
    if (answer !== null) throw new Error(`${raw.target} was refused: ${String(c.denied?.code)}`);
    judged = true;
  });
  if (!judged) throw new Error(`${raw.target} had to wait`);
  if (raw.target === '/page') c.nonce();
  kernel.parts(c, 200, ['content-type', type, 'content-length', '41']);
  kernel.done(c, 200, false);
}

const bench = new Bench({ time: MS, warmupTime: MS });
const least = new Map<string, number>();
for (let count = 0; count <= PROTECTIONS.length; count++) {
  const kernel = kernelOf(count);
  const cases = await casesOf(kernel, count);
  await kernel.start();
  for (const one of cases) bench.add(`${count} ${one.name}`, () => run(kernel, one));
}
for (let round = 1; round <= ROUNDS; round++) {
  process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  await bench.run();
  for (const { name, result } of bench.tasks) {
    if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`);
    least.set(name, Math.min(least.get(name) ?? Infinity, result.latency.p50 * 1e6));
  }
}

const of = (count: number, name: string): number => least.get(`${count} ${name}`)!;
const NAMES = ['json', 'page', 'form'];
console.log(`\n| protection | ${NAMES.join(' | ')} |\n|---|${NAMES.map(() => '--:|').join('')}`);
console.log(`| facts, pipeline, event | ${NAMES.map((name) => of(0, name).toFixed(0)).join(' | ')} |`);
PROTECTIONS.forEach(({ name }, index) => {
  console.log(`| ${name} | ${NAMES.map((one) => (of(index + 1, one) - of(index, one)).toFixed(0)).join(' | ')} |`);
});
console.log(`| together | ${NAMES.map((name) => of(PROTECTIONS.length, name).toFixed(0)).join(' | ')} |`);
console.log(`\nNanoseconds a request: the least median of ${ROUNDS} rounds of ${MS} ms.`);
