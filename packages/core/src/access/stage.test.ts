/**
 * What the tests of access stand on: a real kernel with one route, an identity of choice and counted look-ups.
 * @module
 */
import { createKeyRing, systemRandom } from '../crypto/index.ts';
import { Kernel, paramsOf } from '../kernel/index.ts';
import type { Denial, Identity, MaybePromise, Params, Profile, RequestFacts, RouteInfo } from '../kernel/index.ts';
import type { AccountIdentity, Context, Rule, SecurityEvent, Setting } from '../kernel/index.ts';
import { memoryStores } from '../store/index.ts';
import { access } from './access.ts';
import { resource } from './resource.ts';
import type { Resource } from './resource.ts';

export const NOW: number = Date.UTC(2030, 0, 1);
const MINUTE = 60_000;

export const anonymous: Identity = { kind: 'anonymous' };

/** An account that signed in a minute ago by password, with what a test wants changed. */
export function account(id: string, change: Partial<AccountIdentity> = {}): AccountIdentity {
  const base = { kind: 'account', id, roles: [], sessionId: `hash-of-${id}`, authenticatedAt: NOW - MINUTE } as const;
  return { ...base, methods: ['password'], ...change };
}

export function token(subject: string, ...scopes: string[]): Identity {
  return { kind: 'token', id: `key-of-${subject}`, subject, scopes };
}

export interface Ticket {
  readonly id: string;
  readonly owner: string | readonly string[];
}

/** A resource of tickets, and the ids it was asked for, in order. */
export function tickets(
  rows: readonly Ticket[],
  options: { readonly name?: string; readonly hidden?: boolean; readonly late?: boolean; readonly param?: string } = {},
): { readonly ticket: Resource<Ticket>; readonly loads: string[] } {
  const { name = 'ticket', hidden = true, late = false, param = 'id' } = options;
  const loads: string[] = [];
  const ticket = resource<Ticket>(name, {
    hidden,
    load(params: Params) {
      loads.push(params[param]!);
      const found = rows.find(({ id }) => id === params[param]);
      return late ? Promise.resolve(found) : found;
    },
    of: ({ owner }) => owner,
  });
  return { ticket, loads };
}

/** How the one credential of the test resolves. Without one, nothing stands on the request. */
export type Credential = () => MaybePromise<Identity | Denial | null>;

export interface StageOptions {
  readonly method?: string;
  readonly path?: string;
  readonly profile?: Profile;
  /** Options of access, sound or not. */
  readonly setting?: object;
  readonly credential?: Credential;
  readonly overrides?: RouteInfo['overrides'];
}

export interface Stage {
  readonly kernel: Kernel;
  readonly events: SecurityEvent[];
  /** How often the credential was resolved. */
  readonly asked: () => number;
  readonly context: (params?: Params) => Context;
  /** What the real pipeline decides before a body is read. */
  readonly decide: (params?: Params) => MaybePromise<Denial | null>;
}

export function routeInfo(access: Rule | undefined, options: StageOptions = {}): RouteInfo {
  const { method = 'GET', path = '/x', overrides = {} } = options;
  return {
    method,
    path,
    params: paramsOf(path),
    access,
    declaredAt: 'app.ts:7',
    overrides,
    encodedSeparators: undefined,
    credential: undefined,
    withoutHost: false,
    secretPath: false,
    schema: {},
    notFound: false,
  };
}

/** A kernel with `access` and one route of that rule. */
export function stage(rule: Rule | undefined, options: StageOptions = {}): Stage {
  const { profile = 'test', setting, credential } = options;
  const events: SecurityEvent[] = [];
  let asked = 0;
  const kernel = new Kernel({
    profile,
    clock: { now: () => NOW },
    random: systemRandom(),
    keys: createKeyRing(['0123456789abcdefghijklmnopqrstuvwxyz']),
    stores: memoryStores(),
    sinks: [(event) => events.push(event)],
    readFacts: () => facts('GET'),
    newId: () => 'request-1',
    protections: [{ protection: access, setting: setting as Setting<object> | undefined }],
    view: {
      trustedProxies: [],
      debug: false,
      maxHead: 24_576,
      secretFaults: [],
      resolvers: [
        {
          kind: 'session',
          ambient: true,
          present: () => credential !== undefined,
          resolve() {
            asked++;
            return credential!();
          },
        },
      ],
    },
    // A stage is given routes as the kernel keeps them.
    declare: (found) => found as RouteInfo,
    expected: [],
    faults: [],
  });
  const route = kernel.declare(routeInfo(rule, options));
  const context = (params: Params = {}): Context => kernel.context(facts(options.method ?? 'GET'), route, params);
  return {
    kernel,
    events,
    asked: () => asked,
    context,
    decide: (params) => kernel.before(context(params)) as MaybePromise<Denial | null>,
  };
}

/** What an identity is answered with: a code, or `null` where it may pass. Works for late answers too. */
export async function answer(
  rule: Rule,
  who: Identity,
  params?: Params,
  options?: StageOptions,
): Promise<string | null> {
  const denial = await stage(rule, { ...options, credential: () => who }).decide(params);
  return denial?.code ?? null;
}

function facts(method: string): RequestFacts {
  return {
    id: 'request-1',
    at: NOW,
    method,
    rawTarget: '/x',
    path: '/x',
    query: {},
    encodedSeparators: false,
    hostMissing: false,
    httpVersion: '1.1',
    scheme: 'https',
    secure: true,
    host: 'app.example',
    hostname: 'app.example',
    origin: 'https://app.example',
    client: { ip: '192.0.2.1', group: '192.0.2.1', viaTrusted: false },
    peer: '192.0.2.1',
    kind: 'request',
    cookies: {},
    header: () => undefined,
    headerNames: [],
    refused: null,
  };
}
