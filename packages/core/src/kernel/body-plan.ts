/**
 * How a route's body is read: how much of it, and by whom.
 * @module
 */
import type { Context } from './context.ts';
import type { Denial, MaybePromise } from './verdict.ts';

export interface BodyPlan {
  /** Bytes, before any decompression. */
  readonly limit: number;
  /** Chooses by content type. `null`: the handler reads it itself. A denial: nobody does. */
  reader(contentType: string | undefined): BodyReader | Denial | null;
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
  /** Bytes that the framework allows on this route, where no plan says. */
  readonly limit: number;
  /** Tells a client that waits for `100 Continue` to send. */
  proceed(): void;
  /** Collects all of it. `done` is called once: with bytes, a denial, or `null` when the client went away. */
  collect(limit: number, done: (result: Buffer | Denial | null) => void): void;
  /** The bytes as they come. */
  stream(): AsyncIterable<Uint8Array>;
}
