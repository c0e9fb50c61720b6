/**
 * Sessions on the server: a random id in a guarded cookie, its hash in the store, and nothing for who never signed in.
 * @module
 */
import { protection } from '../kernel/index.ts';
import type { Context, Kernel, Protection } from '../kernel/index.ts';
import { sessionCombinations } from './combinations.ts';
import { checkSessions, SESSIONS_DEFAULTS, weakerSessions } from './policy.ts';
import type { SessionsOptions } from './policy.ts';
import { SessionService } from './service.ts';
import type { Sessions } from './types.ts';

/** The protection. Others rely on whom it finds, so it cannot only observe. */
export const sessions: Protection<SessionsOptions, SessionService> = protection<SessionsOptions, SessionService>({
  name: 'sessions',
  defaults: SESSIONS_DEFAULTS,
  codes: ['sessions/ended', 'sessions/account-changed'],
  detectable: false,
  check: checkSessions,
  weaker: weakerSessions,
  setup: (options, env) => new SessionService(options, env),
  start: (service) => service.start(),
  stop: (service) => service.stop(),
  compile: ({ state }) => state.steps,
  resolver: (service) => service.resolver,
  combinations: sessionCombinations,
});

/** The sessions of a request's kernel, or of a kernel. */
export function sessionsOf(of: Context | Kernel): Sessions {
  const kernel = 'kernel' in of ? of.kernel : of;
  const service = kernel.part('sessions');
  if (service === undefined) throw new Error('sessions are off in this policy, or not part of this kernel');
  // What stands under this protection's name is made by its `setup`.
  return service as SessionService;
}
