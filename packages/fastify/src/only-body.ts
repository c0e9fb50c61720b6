/**
 * Bodies where a protection stands alone: read and judged by its plan, then handed on to the owner's parser as bytes.
 * @module
 */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import { isPromise } from '@dewar/core';
import type { Context, Verdict } from '@dewar/core';
import { NodeBody, readBody } from '@dewar/core/http';
import { refuse } from './only-answer.ts';

type Done = (error: null, payload: RequestPayload) => void;

/** The hook. A stream that another hook has put in place is the other’s to judge. */
export function guardBody(request: FastifyRequest, reply: FastifyReply, payload: RequestPayload, done: Done): void {
  const c: Context | undefined = request.dewar;
  // Without a plan there is nothing to hold the body to.
  if (c?.route.body === undefined || payload !== request.raw) return done(null, payload);
  readBody(c, new NodeBody(request.raw, reply.raw, Infinity, false), (verdict, bytes) => {
    const settle = (late: Verdict): void => {
      if (late !== null) return refuse(reply, c.kernel.answer(c, late));
      done(null, bytes === undefined ? payload : replay(request, bytes));
    };
    if (!isPromise(verdict)) return settle(verdict);
    verdict.then(settle, (error: unknown) => refuse(reply, c.kernel.fail(c, error)));
  });
}

/** The same bytes once more. Fastify compares what a stream says it received with Content-Length. */
function replay({ headers }: FastifyRequest, bytes: Buffer): RequestPayload {
  const receivedEncodedLength = Number(headers['content-length'] ?? bytes.length);
  return Object.assign(Readable.from([bytes]), { receivedEncodedLength });
}
