/**
 * Reports each request once it is over, however it ended.
 * @module
 */
import { CONTEXT } from './raw.ts';
import type { GuardedReply } from './raw.ts';

/** What logs say of a client that left before there was a status (nginx's 499). */
const GONE = 499;

/** Adds the one listener. It is shared: a closure per request would be garbage per request. */
export function watch(res: GuardedReply): void {
  res.on('close', onClose);
}

function onClose(this: GuardedReply): void {
  const c = this[CONTEXT];
  if (c !== undefined && !c.over) c.kernel.done(c, this.headersSent ? this.statusCode : GONE, !this.writableFinished);
}
