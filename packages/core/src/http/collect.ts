/**
 * Collects a request body: once, whole, never more of it than allowed, and not for ever.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { BodyPace, BodySource, Denial, RequestFacts } from '../kernel/index.ts';
import { TOO_LARGE } from '../parse/index.ts';

/** Length the head announces; -1 for a chunked body, 0 for none. The facts have refused everything ambiguous. */
export function announcedLength(facts: Pick<RequestFacts, 'header'>): number {
  if (facts.header('transfer-encoding') !== undefined) return -1;
  return Number(facts.header('content-length') ?? 0);
}

/** Pieces that are joined before more come: an object for each byte of a body would take a hundred times its size. */
const JOINED = 512;
/** Milliseconds between two looks at a body that is on its way. */
const EVERY = 1_000;

/** Pieces of a body, joined at the end. */
class Pieces {
  size = 0;
  #recent: Buffer[] = [];
  readonly #joined: Buffer[] = [];

  add(piece: Buffer): void {
    this.size += piece.length;
    this.#recent.push(piece);
    if (this.#recent.length < JOINED) return;
    this.#joined.push(Buffer.concat(this.#recent));
    this.#recent = [];
  }

  whole(): Buffer {
    if (this.#joined.length === 0 && this.#recent.length === 1) return this.#recent[0]!;
    return Buffer.concat([...this.#joined, ...this.#recent], this.size);
  }
}

/** Calls `slow` once the time is over or too little has come; the result stops it. */
function watchPace({ timeout, grace, minRate }: BodyPace, pieces: Pieces, slow: () => void): () => void {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = (): void => {
    const elapsed = performance.now() - started;
    if (elapsed >= timeout || pieces.size * 1000 < minRate * elapsed) return slow();
    timer = setTimeout(look, Math.max(1, Math.min(EVERY, timeout - elapsed)));
  };
  onNextTurn(() => {
    if (!stopped) timer = setTimeout(look, Math.min(grace, timeout));
  });
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

let waiting: (() => void)[] = [];

/** Runs on the loop's next turn: by then a body that came with its head is there, and needs no timer of its own. */
function onNextTurn(run: () => void): void {
  waiting.push(run);
  if (waiting.length > 1) return;
  setImmediate(() => {
    const now = waiting;
    waiting = [];
    for (const one of now) one();
  });
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

  collect(limit: number, done: (result: Buffer | Denial | null) => void, pace?: BodyPace): void {
    const req = this.#req;
    const pieces = new Pieces();
    const settle = (result: Buffer | Denial | null): void => {
      stop?.();
      req.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      done(result);
    };
    const refuse = (denial: Denial): void => {
      req.pause();
      settle(denial);
    };
    const onData = (chunk: Buffer): void => {
      pieces.add(chunk);
      if (pieces.size > limit) refuse(TOO_LARGE);
    };
    const onEnd = (): void => settle(pieces.whole());
    const onGone = (): void => settle(null);
    const stop = pace === undefined ? undefined : watchPace(pace, pieces, () => refuse(pace.denial));
    req.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  }
}

const EMPTY = Buffer.alloc(0);

/** The body of a request whose method has none: nobody asks for it, and it is the same for all. */
export const NO_BODY: BodySource = Object.freeze({
  limit: 0,
  proceed: () => undefined,
  collect: (_limit: number, done: (result: Buffer) => void) => done(EMPTY),
  stream: () => Readable.from([]),
});
