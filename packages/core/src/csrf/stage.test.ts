/**
 * What the tests of csrf stand on: a real kernel with two sessions, one of them expired, a bearer and a page.
 * @module
 */
import { set, stage } from '../kernel/kernel.fixture.ts';
import type { Cast, Stage } from '../kernel/kernel.fixture.ts';
import { isPromise, isReply } from '../kernel/index.ts';
import type { AccountIdentity, Answer, Context, Denial, Identity, IdentityResolver, Setting } from '../kernel/index.ts';
import { csrf } from './csrf.ts';
import type { CsrfOptions } from './policy.ts';

export const TRUSTED = 'https://partner.example';
export const FORM = 'application/x-www-form-urlencoded';

export function account(id: string, sessionId: string): AccountIdentity {
  return { kind: 'account', id, roles: [], sessionId, authenticatedAt: 0, methods: ['password'] };
}

/** `sid=ann` and `sid=bob` are sessions; any other value expired. It sets the binding, as sessions do. */
function sessions(late: boolean, asked: { count: number }): IdentityResolver {
  const find = (c: Context): Identity | null => {
    const id = c.facts.cookies['sid'];
    if (id !== 'ann' && id !== 'bob') return null;
    c.binding = `hash-of-${id}`;
    c.touchedSession = true;
    return account(id, c.binding);
  };
  return {
    kind: 'session',
    ambient: true,
    present: ({ cookies }) => cookies['sid'] !== undefined,
    resolve(c) {
      asked.count++;
      return late ? Promise.resolve().then(() => find(c)) : find(c);
    },
  };
}

const bearer: IdentityResolver = {
  kind: 'bearer',
  ambient: false,
  present: (facts) => facts.header('authorization') !== undefined,
  resolve: ({ facts }) =>
    facts.header('authorization') === 'Bearer good' ? { kind: 'token', id: 'k-1', subject: 'robot', scopes: [] } : null,
};

export interface Setup extends Pick<Cast, 'profile' | 'protections' | 'omit' | 'routes'> {
  readonly setting?: Setting<CsrfOptions>;
  readonly late?: boolean;
  readonly resolvers?: readonly IdentityResolver[];
}

/** What a request ended with. */
export interface Ending {
  readonly c: Context;
  readonly denial: Denial | null;
  readonly answer: Answer;
  readonly cookies: readonly string[];
  field(name: string): string | undefined;
}

export interface CsrfStage extends Stage {
  /** How often the session was looked for. */
  readonly asked: { count: number };
  /** The whole way of a request whose body, if it is read, is `body`; `handler` runs when nothing refused. */
  ask(request: Asked): Promise<Ending>;
  /** A token as a page of this visitor gets it, with the cookies the visitor then has. */
  visit(cookie?: string): Promise<{ readonly token: string; readonly cookie: string }>;
}

export interface Asked {
  readonly method?: string;
  readonly target?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly kind?: 'request' | 'upgrade';
  readonly handler?: (c: Context) => unknown;
}

/** A kernel with csrf, listening to no one. */
export function csrfStage({ setting, late = false, ...cast }: Setup = {}): CsrfStage {
  const asked = { count: 0 };
  const on = stage({
    protections: [set(csrf, setting ?? { trustedOrigins: [TRUSTED] })],
    resolvers: [sessions(late, asked), bearer],
    facts: { websocket: true },
    routes: [
      { method: 'GET', path: '/' },
      { method: 'POST', path: '/' },
    ],
    ...cast,
  });

  async function ask({ method = 'POST', target = '/', fields = {}, body, kind, handler }: Asked): Promise<Ending> {
    await on.ready;
    const headers = ['Host', 'app.example', ...Object.entries(fields).flat()];
    const c = on.context({ method, target, headers, ...(kind === undefined ? {} : { kind }) });
    let verdict = await on.kernel.before(c);
    if (verdict === null) {
      c.body = body;
      verdict = await on.kernel.after(c);
    }
    if (verdict === null) await handler?.(c);
    const html = ['content-type', 'text/html'];
    const answer =
      verdict === null
        ? { status: 200, fields: on.kernel.head(c, 200, html), body: '', close: false }
        : on.kernel.answer(c, verdict);
    on.kernel.done(c, answer.status, false);
    const values = (name: string): string[] =>
      answer.fields.filter((_, index) => index % 2 === 1 && answer.fields[index - 1] === name);
    return {
      c,
      answer,
      denial: verdict === null || isReply(verdict) ? null : verdict,
      cookies: values('set-cookie'),
      field: (name) => values(name).at(-1),
    };
  }

  return Object.assign(on, {
    asked,
    ask,
    async visit(cookie = '') {
      let token = '';
      const { cookies } = await ask({
        method: 'GET',
        fields: cookie === '' ? {} : { Cookie: cookie },
        async handler(c) {
          const made = on.kernel.part('csrf')!.token(c);
          token = isPromise(made) ? await made : made;
        },
      });
      const set = cookies.map((line) => line.slice(0, line.indexOf(';')));
      return { token, cookie: [cookie, ...set].filter((one) => one !== '').join('; ') };
    },
  });
}
