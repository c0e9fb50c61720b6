/**
 * How a route's body is read: how much of it, how fast, and by whom.
 * @module
 */
import type { Context } from './context.ts';
import type { Denial, MaybePromise } from './verdict.ts';

export interface BodyPlan {
  /** Bytes, as they come and once they are unpacked. Where the framework allows fewer, the fewer hold. */
  readonly limit: number;
  /** How long it may take; without it, as long as the server lets a request take. */
  readonly pace?: BodyPace;
  /** Unpacks a coded body; without it, or where it answers `null`, the coding is not taken. */
  unpacker?(encoding: string): Unpack | null;
  /** The denial of a coding that is not taken. */
  readonly packed?: Denial;
  /** Chooses by content type. `null`: the handler reads it itself. A denial: nobody does. */
  reader(contentType: string | undefined): BodyReader | Denial | null;
}

/** Unpacks a whole body, and never to more than `limit` bytes. */
export type Unpack = (bytes: Buffer, limit: number) => Promise<Buffer | Denial>;

/** How slowly a client may send, before it is one that only holds the connection. */
export interface BodyPace {
  /** Milliseconds for the whole body. */
  readonly timeout: number;
  /** Milliseconds before the rate counts. */
  readonly grace: number;
  /** Bytes per second, from the beginning on. */
  readonly minRate: number;
  /** What a slower one is refused with. */
  readonly denial: Denial;
}

export type BodyReader = WholeReader | StreamReader;

/** Reads a body that is there as a whole; sets `c.body`. */
export interface WholeReader {
  whole(bytes: Buffer, c: Context): Denial | null;
}

/** Reads a body as it comes, and may leave the rest to the handler (multipart stops behind the first part). */
export interface StreamReader {
  stream(source: BodySource, c: Context): MaybePromise<Denial | null>;
}

/** A request body that nobody has read yet, as an adapter hands it over. */
export interface BodySource {
  /** Bytes that the framework allows on this route; `Infinity` where nobody said. */
  readonly limit: number;
  /** Tells a client that waits for `100 Continue` to send. */
  proceed(): void;
  /** Collects all of it. `done` is called once: with bytes, a denial, or `null` when the client went away. */
  collect(limit: number, done: (result: Buffer | Denial | null) => void, pace?: BodyPace): void;
  /** The bytes as they come. */
  stream(): AsyncIterable<Uint8Array>;
}
