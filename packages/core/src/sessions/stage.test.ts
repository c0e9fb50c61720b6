/**
 * What the tests of sessions stand on: a real kernel with a store that is counted, and can be late or broken, and
 * browsers that keep their cookie.
 * @module
 */
import { setImmediate as turn } from 'node:timers/promises';
import { cookies } from '../cookies/index.ts';
import { sha256 } from '../crypto/index.ts';
import { isPromise, isReply } from '../kernel/index.ts';
import type { Context, Denial, EventName, Events, Kernel, Rule, SecurityEvent } from '../kernel/index.ts';
import { fieldOf, guard, NOON, rawRequest } from '../kernel/kernel.fixture.ts';
import { assemble } from '../policy/index.ts';
import type { Policy, Replacements } from '../policy/index.ts';
import { memoryStores } from '../store/index.ts';
import type { SessionStore, Stores } from '../store/index.ts';
import { sessions, sessionsOf } from './index.ts';
import type { Sessions, SessionsOptions, SignIn } from './index.ts';

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
const SECRET = 'Zp4XwQ8rVn1KyB6mTgJ3hLc9DsFuE2aO';

export const ann: SignIn = { account: 'ann', roles: ['customer'], methods: ['password'] };

/** How a store behaves; a test changes it while it runs. */
export interface Manners {
  late: boolean;
  broken: boolean;
  /** Runs before each call. */
  before?: (method: string) => void;
  readonly calls: string[];
}

/** Session stores over `stores`, with manners. */
export function mannered(stores: Stores): { readonly stores: Stores; readonly manners: Manners } {
  const manners: Manners = { late: false, broken: false, calls: [] };
  const proxy = new Proxy(stores.sessions, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...input: readonly unknown[]): unknown => {
        manners.calls.push(String(name));
        manners.before?.(String(name));
        const answer = (): unknown => {
          if (manners.broken) throw new Error('the store is down');
          return Reflect.apply(method, target, input);
        };
        if (!manners.late) return answer();
        return turn()
          .then(answer)
          .then((value) => turn(value));
      };
    },
  });
  return { stores: { ...stores, sessions: proxy as SessionStore }, manners };
}

export interface Asked {
  readonly path?: string;
  readonly method?: string;
  /** Runs while the body is on its way. */
  readonly meanwhile?: (c: Context) => unknown;
  readonly handler?: (c: Context) => unknown;
  readonly fields?: readonly string[];
  /** Fields the handler sets. */
  readonly own?: readonly string[];
  readonly status?: number;
}

export interface Ending {
  readonly c: Context;
  readonly status: number;
  readonly denial: Denial | null;
  readonly setCookies: readonly string[];
  field(name: string): string | undefined | readonly string[];
}

/** One visitor: keeps the session cookie and sends it. */
export interface Browser {
  /** The id, or the empty string. */
  id: string;
  readonly hash: string;
  ask(asked?: Asked): Promise<Ending>;
  signIn(who?: SignIn): Promise<Ending>;
  who(): Promise<string>;
}

export interface SessionStage {
  readonly kernel: Kernel;
  readonly sessions: Sessions;
  readonly stores: Stores;
  readonly manners: Manners;
  readonly clock: { at: number; now(): number };
  readonly events: readonly SecurityEvent[];
  said<N extends EventName>(name: N): readonly Events[N][];
  browser(id?: string): Browser;
  context(id?: string, fields?: readonly string[], path?: string, method?: string): Context;
}

const NO: Denial = Object.freeze({ code: 'guard/no', status: 403, by: 'guard', option: 'guard' });

/** A started kernel with cookies and sessions; `/` is anybody's, `/mine` asks who it is, `/no` asks and refuses. */
export async function sessionStage(
  setting: Partial<SessionsOptions> & { readonly reason?: string } = {},
  given: Partial<Replacements> & Partial<Pick<Policy, 'secret' | 'facts'>> = {},
): Promise<SessionStage> {
  const events: SecurityEvent[] = [];
  const clock = { at: NOON, now: (): number => clock.at };
  const { stores, manners } = mannered(given.stores ?? memoryStores());
  // Sessions do not start without csrf; this one stands in for it.
  const csrf = guard({
    name: 'csrf',
    compile: () => [
      {
        place: 'access',
        run(c) {
          if (c.facts.path === '/') return null;
          const who = c.who();
          const verdict = c.facts.path === '/no' ? NO : null;
          return isPromise(who) ? who.then(() => verdict) : verdict;
        },
      },
    ],
  });
  const { secret = SECRET, facts = {}, ...rest } = given;
  const kernel = assemble({ profile: 'production', secret, facts, sessions: setting }, [cookies, sessions, csrf], {
    clock,
    events: [(event) => events.push(event)],
    ...rest,
    stores,
  });
  const anyone: Rule = { kind: 'anyone' };
  const routes = new Map(
    ['GET', 'POST', 'HEAD']
      .flatMap((method) => ['/', '/mine', '/no'].map((path) => ({ method, path, access: anyone })))
      .map((route) => [`${route.method} ${route.path}`, kernel.declare(route)]),
  );
  await kernel.start();

  const context: SessionStage['context'] = (id = '', fields = [], path = '/', method = 'GET') => {
    const cookie = id === '' ? [] : ['Cookie', `__Host-session=${id}`];
    const raw = rawRequest({ method, target: path, headers: ['Host', 'app.example', ...cookie, ...fields] });
    return kernel.context(kernel.readFacts(raw), routes.get(`${method} ${path}`)!, {});
  };

  const browser: SessionStage['browser'] = (first = '') => {
    const self: Browser = {
      id: first,
      get hash() {
        return sha256(self.id);
      },
      async ask({ path, method, meanwhile, handler, fields, own = [], status = 200 } = {}) {
        const c = context(self.id, fields, path, method);
        let verdict = await kernel.before(c);
        if (verdict === null) {
          await meanwhile?.(c);
          verdict = await kernel.after(c);
        }
        if (verdict === null) await handler?.(c);
        const answer = verdict === null ? { status, fields: kernel.head(c, status, own) } : kernel.answer(c, verdict);
        kernel.done(c, answer.status, false);
        const setCookies = answer.fields.filter(
          (_, index) => index % 2 === 1 && answer.fields[index - 1] === 'set-cookie',
        );
        for (const line of setCookies) {
          const [, id] = /^__Host-session=([^;]*)/.exec(line) ?? [];
          if (id !== undefined) self.id = id;
        }
        const denial = verdict === null || isReply(verdict) ? null : verdict;
        return { c, status: answer.status, denial, setCookies, field: (name) => fieldOf(answer.fields, name) };
      },
      signIn: (who = ann) => self.ask({ handler: (c) => sessionsOf(c).signIn(c, who) }),
      async who() {
        const { c } = await self.ask({ handler: (one) => one.who() });
        return c.identity?.kind === 'account' ? c.identity.id : c.identity!.kind;
      },
    };
    return self;
  };

  return {
    kernel,
    sessions: sessionsOf(kernel),
    stores,
    manners,
    clock,
    events,
    said: <N extends EventName>(name: N) =>
      events.filter((event) => event.name === name).map((event) => event.fields as Events[N]),
    browser,
    context,
  };
}
