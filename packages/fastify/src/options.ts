/**
 * What `Fastify(dewar.options)` is given.
 * @module
 */
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { routerTarget } from '@dewar/core';
import type { ConfigFault, Kernel, RequestFacts } from '@dewar/core';
import { contextOf, FACTS, rawOf, respond, UNROUTABLE, watch } from '@dewar/core/http';
import type { GuardedMessage } from '@dewar/core/http';

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
    frameworkErrors(_error, _request, reply) {
      reply.hijack();
      const c = contextOf(kernel, reply.raw);
      watch(reply.raw);
      respond(reply.raw, () => kernel.answer(c, UNROUTABLE));
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

/** Options of `dewar.options` that the owner replaced, where Fastify lets us see them. */
export function replacedOptions(app: FastifyInstance, own: FastifyOptions): ConfigFault[] {
  const symbol = Object.getOwnPropertySymbols(app).find(({ description }) => description === 'fastify.options');
  if (symbol === undefined) return [];
  const used = (app as unknown as Record<symbol, Record<string, unknown>>)[symbol]!;
  return (Object.keys(own) as (keyof FastifyOptions)[])
    .filter((name) => used[name] !== own[name])
    .map((name) => ({
      option: `Fastify({ ${name} })`,
      wrong: 'replaces what dewar.options sets, so requests would pass the guard by',
      write: `write Fastify({ ...yours, ...dewar.options }), without a ${name} of your own`,
    }));
}
