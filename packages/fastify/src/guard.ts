/**
 * The first hook of every request: runs the pipeline, reads the body between its two halves, answers denials.
 * @module
 */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { EMPTY_QUERY, isPromise } from '@dewar/core';
import type { Context, Denial, Kernel, MaybePromise } from '@dewar/core';
import { announcedLength, bodyKind, parseBody, readBody } from '@dewar/core/http';
import { wrapInjected } from './injected.ts';
import { CONTEXT, EXPECTS, FACTS } from './raw.ts';
import type { GuardedMessage, GuardedReply } from './raw.ts';
import { sendAnswer } from './response.ts';
import { compiledFor } from './routes.ts';
import { watch } from './watch.ts';

export type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/** The hook. A denial answers and never calls `done`, so that no code of the owner's runs. */
export function guard(kernel: Kernel): OnRequest {
  return (request, reply, done) => {
    const req: GuardedMessage = request.raw;
    const res: GuardedReply = reply.raw;
    const facts = req[FACTS];
    if (facts === undefined) throw new Error('no facts on the request: rewriteUrl of dewar.options was replaced');
    const route = request.is404 ? kernel.notFound : compiledFor(request);
    const c = kernel.context(facts, route, request.params as Record<string, string>);
    request.dewar = c;
    // Handlers see what the protections saw. The shared empty query stays ours: validators write defaults into theirs.
    if (facts.query !== EMPTY_QUERY) request.query = facts.query;
    res[CONTEXT] = c;
    wrapInjected(kernel, res);
    watch(res);
    const read = (): void => readThen(c, req, reply, request.routeOptions.bodyLimit ?? DEFAULT_LIMIT, done);
    settle(c, reply, run(kernel.before.bind(kernel), c), read);
  };
}

/** Bytes of a body, where neither route nor instance says. */
const DEFAULT_LIMIT = 1_048_576;

/** A step that throws is a denial nobody foresaw: the request fails closed. */
function run(half: (c: Context) => MaybePromise<Denial | null>, c: Context): MaybePromise<Denial | null | Error> {
  try {
    const result = half(c);
    return isPromise(result) ? result.catch(asError) : result;
  } catch (error) {
    return asError(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function settle(c: Context, reply: FastifyReply, result: MaybePromise<Denial | null | Error>, next: () => void): void {
  if (result === null) return next();
  if (isPromise(result)) return void result.then((late) => settle(c, reply, late, next));
  const { kernel } = c;
  reply.hijack();
  const answer = result instanceof Error ? kernel.fail(c, result) : kernel.refuse(c, result);
  sendAnswer(reply.raw, answer);
}

/** Reads and parses the body if it is of a kind we read, then runs the second half. */
function readThen(
  c: Context,
  req: GuardedMessage,
  reply: FastifyReply,
  limit: number,
  done: HookHandlerDoneFunction,
): void {
  const { facts, kernel } = c;
  const finish = (): void => settle(c, reply, run(kernel.after.bind(kernel), c), () => done());
  const length = facts.method === 'GET' || facts.method === 'HEAD' ? 0 : announcedLength(facts);
  if (length === 0) return finish();
  const kind = bodyKind(facts.header('content-type'));
  if (typeof kind === 'object' && kind !== null) return settle(c, reply, kind, finish);
  // Only now is the client told to send: a refusal comes before any byte of the body.
  if (req[EXPECTS] === true) reply.raw.writeContinue();
  // What others parse (multipart, for example) they read themselves; Fastify's own limit holds there.
  if (kind === null) return finish();
  readBody(req, length, limit, (result) => {
    // The client went away: there is nobody to answer.
    if (result === null) return void reply.hijack();
    if (!Buffer.isBuffer(result)) return settle(c, reply, result, finish);
    const parsed = parseBody(kind, result);
    if (!parsed.ok) return settle(c, reply, parsed.denial, finish);
    c.body = parsed.value;
    c.bodyRead = true;
    finish();
  });
}
