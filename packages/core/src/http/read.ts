/**
 * Reads a request's body if somebody is to: what its head says is judged before a byte of it comes.
 * @module
 */
import type { BodyReader, BodySource, Context, Denial, MaybePromise, Unpack, WholeReader } from '../kernel/index.ts';
import { encodingDenial, TOO_LARGE } from '../parse/index.ts';
import { defaultReader } from './body.ts';
import { announcedLength } from './collect.ts';

/** What to refuse with, or `null`. `bytes` are what was read, for frameworks that parse them again. */
export type Read = (verdict: MaybePromise<Denial | null>, bytes?: Buffer) => void;

const ENCODED = encodingDenial([]);
const EMPTY = Buffer.alloc(0);

function isPlain(encoding: string | undefined): boolean {
  return encoding === undefined || encoding === 'identity';
}

/** Methods whose bodies mean nothing (RFC 9110, 9.3.1), so that none is read. */
export function isBodiless(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Reads the body; `done` is called once, or not at all when the client went away. */
export function readBody(c: Context, source: BodySource, done: Read): void {
  const { facts } = c;
  const plan = c.route.body;
  if (isBodiless(facts.method)) return done(null);
  const announced = announcedLength(facts);
  const limit = plan === undefined ? source.limit : Math.min(plan.limit, source.limit);
  const type = facts.header('content-type');
  const reader = plan === undefined ? defaultReader(type) : plan.reader(type);
  if (announced === 0) return done(attempt(() => nothing(c, reader)));
  if (reader !== null && 'code' in reader) return done(reader);
  if (reader !== null && announced > limit) return done(TOO_LARGE);
  const encoding = facts.header('content-encoding');
  let unpack: Unpack | null = null;
  if (reader !== null && !isPlain(encoding)) {
    unpack = 'whole' in reader ? (plan?.unpacker?.(encoding!) ?? null) : null;
    if (unpack === null) return done(plan?.packed ?? ENCODED);
  }
  // Only now is the client told to send: a refusal comes before any byte of the body.
  source.proceed();
  if (reader === null) return done(null);
  if ('stream' in reader) return done(attempt(() => reader.stream(source, c)));
  const received = (bytes: Buffer | Denial | null): void => {
    if (bytes === null) return;
    if (!Buffer.isBuffer(bytes)) return done(bytes);
    if (unpack === null)
      return done(
        attempt(() => whole(reader, bytes, c)),
        bytes,
      );
    unpack(bytes, limit).then(
      (plain) =>
        Buffer.isBuffer(plain)
          ? done(
              attempt(() => whole(reader, plain, c)),
              plain,
            )
          : done(plain),
      (error: unknown) => done(Promise.reject(error as Error)),
    );
  };
  source.collect(limit, received, plan?.pace);
}

function attempt(read: () => MaybePromise<Denial | null>): MaybePromise<Denial | null> {
  try {
    return read();
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

/** No bytes are a body too: a form without fields, for example. There is nothing to wait for. */
function nothing(c: Context, reader: BodyReader | Denial | null): Denial | null {
  c.bodyRead = true;
  return reader !== null && 'whole' in reader ? reader.whole(EMPTY, c) : null;
}

function whole(reader: WholeReader, bytes: Buffer, c: Context): Denial | null {
  const denial = reader.whole(bytes, c);
  c.bodyRead = denial === null;
  return denial;
}
