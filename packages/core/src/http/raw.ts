/**
 * What rides on node's request and response objects, and how a request head is handed to the kernel.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Context, RawRequest, RequestFacts, RequestKind } from '../kernel/index.ts';

export const FACTS: unique symbol = Symbol('dewar.facts');
export const CONTEXT: unique symbol = Symbol('dewar.context');
/** Set while the head that is being written is complete: it came from the kernel. */
export const COMPLETE: unique symbol = Symbol('dewar.complete');
/** Set on a request that waits for `100 Continue`. */
export const EXPECTS: unique symbol = Symbol('dewar.expects');
/** Set on a connection once an answer said that it closes: nothing that still comes in on it is a request (RFC 9112, 9.6). */
export const CLOSING: unique symbol = Symbol('dewar.closing');

interface GuardedSocket extends Socket {
  [CLOSING]?: boolean;
}

export interface GuardedMessage extends IncomingMessage {
  socket: GuardedSocket;
  [FACTS]?: RequestFacts | undefined;
  [EXPECTS]?: boolean;
}

export interface GuardedReply extends ServerResponse {
  [CONTEXT]?: Context | undefined;
  [COMPLETE]?: boolean;
}

/** The request head as bytes came in. */
export function rawOf(req: IncomingMessage, kind: RequestKind): RawRequest {
  const { socket } = req;
  return {
    method: req.method ?? '',
    target: req.url ?? '',
    headers: req.rawHeaders,
    httpVersion: req.httpVersion,
    peer: socket?.remoteAddress ?? '',
    encrypted: (socket as { readonly encrypted?: boolean } | null)?.encrypted === true,
    kind,
  };
}
