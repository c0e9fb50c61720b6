/**
 * The first hook of every request: judges it, and answers in place of the owner's code where that must not run.
 * @module
 */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { EMPTY_QUERY } from '@dewar/core';
import type { CompiledRoute, Kernel } from '@dewar/core';
import {
  CONTEXT,
  EXPECTS,
  FACTS,
  isBodiless,
  judge,
  NO_BODY,
  NodeBody,
  respond,
  watch,
  wrapInjected,
} from '@dewar/core/http';
import type { GuardedMessage, GuardedReply } from '@dewar/core/http';
import { compiledFor } from './routes.ts';

export type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/** Fastify's own limit where nobody says one: with a limit of ours on the route it is nobody's wish, and does not count. */
const DEFAULT_LIMIT = 1_048_576;

function limitOf(bodyLimit: number | undefined, { body }: CompiledRoute): number {
  if (bodyLimit !== undefined && bodyLimit !== DEFAULT_LIMIT) return bodyLimit;
  return body === undefined ? DEFAULT_LIMIT : Infinity;
}

/** The hook. A denial answers and never calls `done`, so that no code of the owner's runs. */
export function guard(kernel: Kernel): OnRequest {
  return (request, reply, done) => {
    const req: GuardedMessage = request.raw;
    const res: GuardedReply = reply.raw;
    const facts = req[FACTS];
    if (facts === undefined) throw new Error('no facts on the request: rewriteUrl of dewar.options was replaced');
    // A getter of Fastify's that makes an object: read once.
    const { routeOptions } = request;
    const route = request.is404 ? kernel.notFound : compiledFor(routeOptions, request.method);
    const c = kernel.context(facts, route, request.params as Record<string, string>);
    request.dewar = c;
    res[CONTEXT] = c;
    wrapInjected(kernel, res);
    watch(res);
    const body = isBodiless(facts.method)
      ? NO_BODY
      : new NodeBody(req, res, limitOf(routeOptions.bodyLimit, route), req[EXPECTS] === true);
    judge(c, body, (answer) => {
      // Fastify's own handler time-out may have answered while a step waited.
      if (reply.sent || res.headersSent) return;
      if (answer !== null) {
        reply.hijack();
        return respond(res, () => answer);
      }
      // Handlers see what the protections saw. The shared empty query stays ours: validators write defaults into theirs.
      if (c.input.query !== EMPTY_QUERY) request.query = c.input.query;
      request.params = c.input.params;
      if (c.input.headers !== undefined) request.headers = c.input.headers as FastifyRequest['headers'];
      // Fastify asks no parser about a request without a body, which a schema may still have made something of.
      if (c.bodyRead) request.body = c.body;
      done();
    });
  };
}
