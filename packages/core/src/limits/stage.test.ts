/**
 * What the tests of limits stand on: a real kernel, accounts by a cookie, bodies, a timer that the test holds.
 * @module
 */
import { set, stage } from '../kernel/kernel.fixture.ts';
import type { Cast, Stage } from '../kernel/kernel.fixture.ts';
import { isReply } from '../kernel/index.ts';
import type { Context, Denial, IdentityResolver, RouteInfo, Setting } from '../kernel/index.ts';
import { limits } from './limits.ts';
import type { LimitsOptions } from './policy.ts';

/** `sid=ann` is ann; another value expired. */
const SESSIONS: IdentityResolver = {
  kind: 'session',
  ambient: true,
  present: ({ cookies }) => cookies['sid'] !== undefined,
  resolve({ facts }) {
    const id = facts.cookies['sid']!;
    if (id === 'expired') return null;
    return { kind: 'account', id, roles: [], sessionId: id, authenticatedAt: 0, methods: ['password'] };
  },
};

export interface Asked {
  readonly method?: string;
  readonly target?: string;
  readonly peer?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What the handler answers. @default 200 */
  readonly status?: number;
  readonly handler?: (c: Context) => void;
  readonly aborted?: boolean;
}

export interface Ending {
  readonly c: Context;
  readonly denial: Denial | null;
  readonly status: number;
  field(name: string): string | undefined;
}

export interface LimitsStage extends Stage {
  ask(request?: Asked): Promise<Ending>;
  /** The first half only: the request is under way until `end` is called. */
  begin(request?: Asked): Promise<{ readonly c: Context; readonly denial: Denial | null; end(status: number): void }>;
  /** The statuses of so many equal requests, one after the other. */
  statuses(count: number, request?: Asked): Promise<number[]>;
  /** Moves time, and runs the timers that are due. */
  advance(milliseconds: number): void;
  /** Timers that still wait. */
  readonly timers: Set<{ readonly at: number; readonly run: () => void }>;
}

export interface Setup extends Pick<Cast, 'profile' | 'facts' | 'omit' | 'start'> {
  readonly routes?: readonly (Partial<RouteInfo> & { readonly limits?: Setting<LimitsOptions> })[];
}

/** A kernel with limits, listening to no one. Without routes: `GET /` and `POST /`. */
export function limitsStage(setting?: Setting<LimitsOptions>, { routes, ...cast }: Setup = {}): LimitsStage {
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const on = stage({
    protections: [set(limits, setting)],
    resolvers: [SESSIONS],
    routes: (routes ?? [{ method: 'GET' }, { method: 'POST' }]).map(({ limits: own, ...route }) =>
      own === undefined ? route : { ...route, overrides: { limits: own } },
    ),
    ...cast,
  });
  Object.assign(on.clock, {
    after(milliseconds: number, run: () => void) {
      const timer = { at: on.clock.at + milliseconds, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });

  async function begin({ method = 'GET', target = '/', peer = '192.0.2.1', fields = {}, body }: Asked = {}) {
    await on.ready;
    const c = on.context({ method, target, peer, headers: ['Host', 'app.example', ...Object.entries(fields).flat()] });
    let verdict = await on.kernel.before(c);
    if (verdict === null) {
      c.body = body;
      verdict = await on.kernel.after(c);
    }
    const denial = verdict === null || isReply(verdict) ? null : verdict;
    if (denial !== null) c.denied = denial;
    return { c, denial, end: (status: number, aborted = false) => on.kernel.done(c, status, aborted) };
  }

  async function ask(request: Asked = {}): Promise<Ending> {
    const { c, denial, end } = await begin(request);
    if (denial === null) request.handler?.(c);
    const status = denial?.status ?? request.status ?? 200;
    const fields =
      denial === null ? on.kernel.head(c, status, ['content-type', 'text/html']) : on.kernel.answer(c, denial).fields;
    end(status, request.aborted ?? false);
    const field = (name: string): string | undefined =>
      fields.findLast((_, index) => index % 2 === 1 && fields[index - 1] === name);
    return { c, denial, status, field };
  }

  return Object.assign(on, {
    timers,
    begin,
    ask,
    async statuses(count: number, request?: Asked) {
      const all: number[] = [];
      for (let i = 0; i < count; i++) all.push((await ask(request)).status);
      return all;
    },
    advance(milliseconds: number) {
      on.clock.at += milliseconds;
      for (const timer of timers) {
        if (timer.at > on.clock.at) continue;
        timers.delete(timer);
        timer.run();
      }
    },
  });
}

/** So many 200, then so many 429. */
export function passThenRefuse(pass: number, refuse: number): number[] {
  return [...Array.from({ length: pass }, () => 200), ...Array.from({ length: refuse }, () => 429)];
}
