/**
 * NEVER USE THIS. Sessions with every mistake at once: ids that are counted, that the client may choose, that never end,
 * in a cookie that goes along with requests from everywhere.
 * @module
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface LeakySessions {
  accountOf(request: FastifyRequest): string | undefined;
  signIn(request: FastifyRequest, reply: FastifyReply, account: string): void;
  signOut(reply: FastifyReply): void;
}

/** Sessions in a map that only grows. */
export function leakySessions(): LeakySessions {
  const accounts = new Map<string, string>();
  let last = 1000;
  const idOf = (request: FastifyRequest): string | undefined =>
    /(?:^|;\s*)sid=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
  return {
    accountOf: (request) => accounts.get(idOf(request) ?? ''),
    signIn(request, reply, account) {
      // Fixation: an id that the browser brings along stays. Guessable: else it is the next number.
      const id = idOf(request) ?? String(++last);
      accounts.set(id, account);
      reply.header('set-cookie', `sid=${id}; Path=/; Secure; SameSite=None`);
    },
    // The browser forgets it; whoever copied it does not.
    signOut: (reply) => void reply.header('set-cookie', 'sid=; Path=/; Max-Age=0; Secure; SameSite=None'),
  };
}
