/**
 * Fastify applications that listen, for the server tests: everything goes over a real loopback socket.
 * @module
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { off } from '@dewar/core';
import type { EventName, Events, IdentityResolver, Policy, SecurityEvent } from '@dewar/core';
import { HEADERS_DEFAULTS, headerFields } from '@dewar/core/headers';
import { head, rawRequest, TEST_SECRET } from '@dewar/testing';
import type { Field, RawExchange, RawOptions, RawResponse, RawStep } from '@dewar/testing';
import { createDewar } from './dewar.ts';
import type { FastifyDewar } from './dewar.ts';
import type { ServerLimits } from './index.ts';

/** The host of every stage. */
export const HOST = 'app.example';
/** What a trusted proxy that speaks TLS to the browser sends along. */
export const SECURE: readonly Field[] = [
  ['Host', HOST],
  ['X-Forwarded-Proto', 'https'],
];
/** What handlers, errors and guarded routes say and nobody may hear. */
export const HUSH = 'hush-4711';

/** Where requests are sent, and what came of them. */
export interface Stage {
  readonly app: FastifyInstance;
  readonly dewar: FastifyDewar;
  readonly url: string;
  readonly events: readonly SecurityEvent[];
  said<N extends EventName>(name: N): readonly Events[N][];
  /** One request with the fields of a trusted proxy, then those given. */
  send(method: string, target: string, fields?: readonly Field[], body?: string | Buffer): Promise<RawResponse>;
  /** Exactly these bytes. */
  raw(bytes: string | Buffer | readonly RawStep[], options?: RawOptions): Promise<RawExchange>;
}

/** What a stage is made of beside its routes. */
export interface Setting {
  readonly policy?: Partial<Policy>;
  readonly limits?: ServerLimits;
  readonly options?: FastifyServerOptions;
}

/** The policy of a stage: production but for the secret, the proxy on loopback and what is given. */
export function policyOf(given: Partial<Policy> = {}): Policy {
  return {
    profile: 'test',
    secret: TEST_SECRET,
    hosts: { allowed: [HOST] },
    facts: { trustedProxies: ['127.0.0.1/32'] },
    events: [],
    // Refuses forms without a token before an adapter's own part shows; its attacks stand with it.
    csrf: off('the tests of an adapter send forms'),
    sessions: off('the tests of an adapter use bearers'),
    ...given,
  };
}

/** Builds an application, listens, and closes with the test. */
export async function stage(
  t: Pick<TestContext, 'after'>,
  routes: (app: FastifyInstance, dewar: FastifyDewar) => unknown,
  { policy, limits, options }: Setting = {},
): Promise<Stage> {
  const events: SecurityEvent[] = [];
  const dewar = createDewar(policyOf({ events: [(event) => void events.push(event)], ...policy }), limits);
  const app = Fastify({ ...options, ...dewar.options });
  t.after(() => app.close());
  await app.register(dewar);
  await routes(app, dewar);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const raw: Stage['raw'] = (bytes, more) => rawRequest(url, bytes, more);
  return {
    app,
    dewar,
    url,
    events,
    said: <N extends EventName>(name: N) =>
      events.filter((event) => event.name === name).map((event) => event.fields as Events[N]),
    raw,
    async send(method, target, fields = [], body = '') {
      const length: readonly Field[] =
        body.length === 0 || fields.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
          ? []
          : [['Content-Length', String(Buffer.byteLength(body))]];
      const { response } = await raw(head(method, target, [...SECURE, ...length, ...fields], body));
      return response;
    },
  };
}

/** Anybody who sends `Authorization: Bearer <account>`. */
export const bearer: IdentityResolver = {
  kind: 'bearer',
  ambient: false,
  present: (facts) => facts.header('authorization')?.startsWith('Bearer ') === true,
  resolve: ({ facts }) => ({
    kind: 'account',
    id: facts.header('authorization')!.slice(7),
    roles: [],
    sessionId: 'none',
    authenticatedAt: facts.at,
    methods: [],
  }),
};

/** The fields of the policy on every response. */
const POLICY_HEAD: readonly Field[] = pairs(headerFields(HEADERS_DEFAULTS));
const HSTS: Field = ['strict-transport-security', 'max-age=31536000; includeSubDomains'];
const NAMES_THE_SERVER = ['server', 'x-powered-by', 'via', 'x-runtime', 'x-aspnet-version'];

/** Asserts that a response has the whole head of the policy, each field once, and nothing that names the server. */
export function assertHead(response: RawResponse, { secure = true }: { readonly secure?: boolean } = {}): void {
  const expected = secure ? [HSTS, ...POLICY_HEAD] : POLICY_HEAD;
  const found = expected.map(([name]): Field => [name, response.headers(name).join(' and ')]);
  assert.deepEqual(found, expected);
  if (!secure) assert.deepEqual(response.headers('strict-transport-security'), []);
  const names = response.fields.map(([name]) => name.toLowerCase()).filter((name) => name !== 'set-cookie');
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
    'fields that stand twice',
  );
  assert.deepEqual(
    names.filter((name) => NAMES_THE_SERVER.includes(name)),
    [],
  );
  assert.doesNotMatch(response.body.toString('latin1'), /fastify|node\.?js|dewar/i);
}

/** Asserts that a response is our refusal: the status, the problem, the head, nothing else. */
export function assertProblem(response: RawResponse, status: number, expected?: { readonly secure?: boolean }): void {
  assert.equal(response.status, status);
  assertHead(response, expected);
  assert.equal(response.header('content-type'), 'application/problem+json');
  assert.equal(response.header('cache-control'), 'no-store');
  assert.doesNotMatch(response.body.toString(), new RegExp(HUSH));
  const problem = JSON.parse(response.body.toString()) as Record<string, unknown>;
  assert.deepEqual(Object.keys(problem).toSorted(), ['request', 'status', 'title', 'type']);
  assert.equal(problem['status'], status);
  assert.equal(problem['type'], 'about:blank');
}

/** The request id that a problem names. */
export function requestOf(response: RawResponse): string {
  return (JSON.parse(response.body.toString()) as { request: string }).request;
}

function pairs(list: readonly string[]): Field[] {
  const fields: Field[] = [];
  for (let i = 0; i < list.length; i += 2) fields.push([list[i]!, list[i + 1]!]);
  return fields;
}

/** Waits until `seen` holds; fails after a second. */
export async function eventually(seen: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (seen()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail(`never happened: ${what}`);
}
