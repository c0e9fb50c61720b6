/**
 * What `Fastify(dewar.options)` is given.
 * @module
 */
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { routerTarget } from '@dewar/core';
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

/** What the router is to match. An encoded separator is escaped once more, so that it leaves the router as it came in. */
function routerUrl(facts: RequestFacts): string {
  const target = routerTarget(facts);
  if (!facts.encodedSeparators) return target;
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  return path.replace(/%(2F|5C)/gi, '%25$1') + target.slice(path.length);
}
