/**
 * What `Fastify(dewar.options)` is given.
 * @module
 */
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Kernel, RequestFacts } from '@dewar/core';
import { FACTS, rawOf } from './raw.ts';
import type { GuardedMessage } from './raw.ts';
import { contextOf, sendAnswer } from './response.ts';

/** The options of Fastify that belong to Dewar. Spread them last. */
export interface FastifyOptions {
  readonly serverFactory: (handler: RequestListener) => Server;
  readonly rewriteUrl: (req: IncomingMessage) => string;
  readonly genReqId: (req: IncomingMessage) => string;
  readonly frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void;
  readonly clientErrorHandler: (error: Error) => void;
  readonly trustProxy: false;
  readonly requestIdHeader: false;
  readonly return503OnClosing: false;
}

/** The options over one kernel. */
export function fastifyOptions(kernel: Kernel, serverFactory: FastifyOptions['serverFactory']): FastifyOptions {
  return {
    serverFactory,
    rewriteUrl: (req: GuardedMessage) => routerUrl((req[FACTS] ??= kernel.readFacts(rawOf(req, 'request')))),
    genReqId: (req: GuardedMessage) => req[FACTS]?.id ?? '',
    frameworkErrors(error, _request, reply) {
      const status = error.statusCode ?? 400;
      reply.hijack();
      const denial = { code: 'facts/unroutable', status, by: 'facts', option: 'the router', input: 'target' } as const;
      sendAnswer(reply.raw, kernel.refuse(contextOf(kernel, reply.raw), denial));
    },
    // The server's own listener has answered already.
    clientErrorHandler: () => undefined,
    trustProxy: false,
    requestIdHeader: false,
    return503OnClosing: false,
  };
}

/** What the router is to match: the facts' path and nothing else. */
function routerUrl(facts: RequestFacts): string {
  // The guard refuses it; until then it must only reach some route or none.
  if (facts.refused !== null) return '/';
  const { rawTarget, path } = facts;
  const question = rawTarget.indexOf('?');
  const query = question < 0 ? '' : rawTarget.slice(question);
  if (!facts.encodedSeparators) return rawTarget.startsWith('/') ? rawTarget : path + query;
  // Escaped once more, an encoded separator comes out of the router's decoding as it came in.
  return path.replace(/%(2f|5c)/gi, '%25$1') + query;
}
