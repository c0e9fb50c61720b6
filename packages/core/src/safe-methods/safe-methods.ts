/**
 * GET, HEAD and OPTIONS change nothing (RFC 9110, 9.2.1): browsers, caches and crawlers send them on anybody's behalf, an
 * `<img src>` of another site among them, and no CSRF protection looks at them.
 * @module
 */
import { protection, Refused } from '../kernel/index.ts';
import type { Context, Denial, Protection, Step } from '../kernel/index.ts';
import { announceWrites, watchWrites } from '../store/index.ts';
import { checkSafeMethods, SAFE_METHODS_DEFAULTS } from './policy.ts';
import type { SafeMethodsOptions } from './policy.ts';

export type SafeMethodsCode = 'safeMethods/write';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What stores of SQL call their owner's own statements. */
const SQL = 'sql';

/** Not 405: the method is not the client's mistake, and no other one is promised. */
const denial = (option: string): Denial =>
  Object.freeze({
    code: 'safeMethods/write' satisfies SafeMethodsCode,
    status: 403,
    by: 'safeMethods',
    option,
    input: 'route',
  });
const WRITE = denial('safeMethods');
const WRITE_SQL = denial('safeMethods.sql');

/** Reports a write, and refuses it by what it throws, until the request is over. */
function judge(c: Context, store: string, operation: string, detectUntil: number): void {
  // What a handler left behind, a timer for example, is nobody's request any more.
  if (c.over) return;
  const { facts, route, kernel } = c;
  const { id: request, method, client } = facts;
  const refused = facts.at >= detectUntil;
  const about = { request, method, route: route.info.path, client: client.ip };
  kernel.emit('store.unsafe_write', { ...about, store, operation, refused });
  const verdict = store === SQL ? WRITE_SQL : WRITE;
  if (refused) throw new Refused(verdict);
  (c.notes ??= []).push(verdict);
  kernel.report.wouldRefuse(c, verdict);
}

function watch(sql: boolean, detectUntil: number): Step {
  return {
    place: 'handler',
    enter(c, run) {
      // A websocket opens with GET; what it is for is to change things.
      if (c.facts.kind !== 'request') return run();
      watchWrites((store, operation) => {
        if (sql || store !== SQL) judge(c, store, operation, detectUntil);
      }, run);
    },
  };
}

/** The protection. A route that must write on GET, a link in a mail for example, is off with its reason. */
export const safeMethods: Protection<SafeMethodsOptions, undefined> = protection<SafeMethodsOptions, undefined>({
  name: 'safeMethods',
  defaults: SAFE_METHODS_DEFAULTS,
  codes: ['safeMethods/write'],
  detectable: true,
  check: checkSafeMethods,
  weaker: ({ sql }) => (sql ? [] : ['sql']),
  setup(_options, env) {
    for (const store of announceWrites(env.stores)) {
      env.emit('policy.warning', {
        option: 'safeMethods',
        wrong: `cannot see what is written to stores.${store}, which is frozen`,
        write: 'hand over a store that can be extended',
      });
    }
    return undefined;
  },
  compile: ({ options, detectUntil, route, state: _made }) =>
    SAFE.has(route.method) ? [watch(options.sql, detectUntil)] : [],
});
