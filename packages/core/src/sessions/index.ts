/**
 * Sessions: who is signed in, for how long, and how it ends.
 * @module
 */
export { SESSIONS_DEFAULTS } from './policy.ts';
export type { SessionsOptions } from './policy.ts';
export type { SessionService, SessionsCode } from './service.ts';
export { sessions, sessionsOf } from './sessions.ts';
export type { Sessions, SignIn } from './types.ts';
