/**
 * What adapters share: judging a request, and everything about node:http.
 * @module
 */
export { defaultReader, READ_BY_DEWAR } from './body.ts';
export { clientErrorDenial } from './client-error.ts';
export { announcedLength, NO_BODY, NodeBody } from './collect.ts';
export { grouped, wrapInjected } from './injected.ts';
export { judge } from './judge.ts';
export type { Judged } from './judge.ts';
export { isBodiless, readBody } from './read.ts';
export type { Read } from './read.ts';
export { rawAnswer } from './raw-answer.ts';
export { CONTEXT, EXPECTS, FACTS, rawOf } from './raw.ts';
export type { GuardedMessage, GuardedReply } from './raw.ts';
export { contextOf, ownFields, respond, responseClass } from './response.ts';
export { createServer } from './server.ts';
export { LIMITS_DEFAULTS } from './limits.ts';
export type { ServerLimits } from './limits.ts';
export { watch } from './watch.ts';
export { callSite } from '../kernel/index.ts';
export { UNROUTABLE } from './unroutable.ts';
