/**
 * Collects a request body: once, whole, and never more of it than allowed.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodySource, Denial, RequestFacts } from '../kernel/index.ts';

/** More than the route takes. */
export const TOO_LARGE: Denial = Object.freeze({
  code: 'body/too-large',
  status: 413,
  by: 'body',
  option: 'bodyLimit',
  input: 'body',
  // What is still to come would be read as the next request.
  close: true,
});

/** Length the head announces; -1 for a chunked body, 0 for none. The facts have refused everything ambiguous. */
export function announcedLength(facts: Pick<RequestFacts, 'header'>): number {
  if (facts.header('transfer-encoding') !== undefined) return -1;
  return Number(facts.header('content-length') ?? 0);
}

/** The body of a node:http request, as `judge` asks for it. */
export class NodeBody implements BodySource {
  readonly limit: number;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #waits: boolean;

  constructor(req: IncomingMessage, res: ServerResponse, limit: number, waits: boolean) {
    this.#req = req;
    this.#res = res;
    this.limit = limit;
    this.#waits = waits;
  }

  proceed(): void {
    if (this.#waits) this.#res.writeContinue();
  }

  stream(): AsyncIterable<Uint8Array> {
    return this.#req;
  }

  collect(limit: number, done: (result: Buffer | Denial | null) => void): void {
    const req = this.#req;
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (result: Buffer | Denial | null): void => {
      req.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      done(result);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) {
        req.pause();
        return settle(TOO_LARGE);
      }
      chunks.push(chunk);
    };
    const onEnd = (): void => settle(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    const onGone = (): void => settle(null);
    req.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  }
}
