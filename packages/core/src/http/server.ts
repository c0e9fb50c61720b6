/**
 * The server: facts are made before the framework sees a request, and what has none is answered here.
 * @module
 */
import http, { IncomingMessage } from 'node:http';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { Kernel, RequestFacts } from '../kernel/index.ts';
import { clientErrorDenial } from './client-error.ts';
import { resolveLimits } from './limits.ts';
import type { ServerLimits } from './limits.ts';
import { rawAnswer } from './raw-answer.ts';
import { CLOSING, EXPECTS, FACTS, rawOf } from './raw.ts';
import type { GuardedMessage, GuardedReply } from './raw.ts';
import { contextOf, respond, responseClass } from './response.ts';
import { watch } from './watch.ts';

/** What Node's parser reads beyond the facts' own limits, so that the facts answer, with the option that decided. */
const PARSER_SLACK = 8_192;

/** A request with room for what rides on it, so that all of them have one shape for as long as they live. */
class RoomyMessage extends IncomingMessage {
  [FACTS]: RequestFacts | undefined = undefined;
  [EXPECTS] = false;
}

/** A server whose every answer, even to what is no HTTP, carries the policy's head. */
export function createServer(kernel: Kernel, handler: RequestListener, limits: ServerLimits): Server {
  const { headersTimeout, requestTimeout, keepAliveTimeout, maxRequestsPerSocket } = resolveLimits(limits);
  const options: ServerOptions<typeof IncomingMessage> = {
    IncomingMessage: RoomyMessage,
    // While it closes, no connection is kept: one that goes on asking would hold the process for ever.
    ServerResponse: responseClass(kernel, () => server.listening),
    maxHeaderSize: kernel.maxHead + PARSER_SLACK,
    // Node's own answer to a missing Host has no headers of ours; the facts refuse it instead.
    requireHostHeader: false,
    insecureHTTPParser: false,
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    connectionsCheckingInterval: 1_000,
    // An upgrade that the facts refuse, or that nobody waits for, goes the ordinary way and is answered there.
    shouldUpgradeCallback: (req: GuardedMessage) =>
      (req[FACTS] = kernel.readFacts(rawOf(req, 'upgrade'))).refused === null &&
      req.socket[CLOSING] !== true &&
      server.listenerCount('upgrade') > 0,
  };

  const onRequest = (req: GuardedMessage, res: GuardedReply): void => {
    if (req.socket[CLOSING] === true) return;
    const facts = (req[FACTS] ??= kernel.readFacts(rawOf(req, 'request')));
    const { refused } = facts;
    if (refused === null) return handler(req, res);
    const c = contextOf(kernel, res);
    watch(res);
    respond(res, () => kernel.answer(c, refused));
  };

  const server =
    limits.tls === undefined
      ? http.createServer(options, onRequest)
      : https.createServer({ ...options, ...limits.tls }, onRequest);
  server.maxRequestsPerSocket = maxRequestsPerSocket;
  // More fields than this are dropped by Node without a word; the facts count them and refuse.
  server.maxHeadersCount = 0;

  server.on('checkContinue', (req: GuardedMessage, res: GuardedReply) => {
    req[EXPECTS] = true;
    onRequest(req, res);
  });
  server.on('checkExpectation', onRequest);
  server.on('connect', (req: IncomingMessage, socket: Duplex) => refuseTunnel(kernel, req, socket));
  server.on('clientError', (error: Error & { code?: string }, socket: Duplex) => refuseBytes(kernel, error, socket));
  return server;
}

/** CONNECT asks for a tunnel through us; there is none. */
function refuseTunnel(kernel: Kernel, req: IncomingMessage, socket: Duplex): void {
  // Node took its own listener off: without one, a reset by the client would end the process.
  socket.on('error', () => socket.destroy());
  const facts = kernel.readFacts(rawOf(req, 'connect'));
  const c = kernel.context(facts, kernel.notFound, {});
  const { refused } = facts;
  // Facts refuse every CONNECT; were one to pass, the socket is closed without a word.
  if (refused === null) return void socket.destroy();
  endWith(socket, rawAnswer(kernel.answer(c, refused)));
  kernel.done(c, refused.status, false);
}

interface HttpSocket extends Duplex {
  readonly remoteAddress?: string;
  readonly encrypted?: boolean;
  readonly bytesWritten?: number;
  /** The response Node is writing, if any. */
  readonly _httpMessage?: { readonly headersSent: boolean } | null;
}

function refuseBytes(kernel: Kernel, error: Error & { code?: string }, socket: HttpSocket): void {
  // Bytes after the head of a response would be read as its body.
  if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent === true) {
    socket.destroy();
    return;
  }
  const answer = kernel.refuseUnread(socket.remoteAddress ?? '', socket.encrypted === true, clientErrorDenial(error));
  endWith(socket, rawAnswer(answer));
}

/** Says the last word and hangs up: a client that never does would hold the connection for ever, and no timeout sees it. */
function endWith(socket: Duplex, answer: string): void {
  socket.end(answer, () => socket.destroy());
}
