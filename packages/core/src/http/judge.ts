/**
 * One request through the whole pipeline: what is decided on the head, the body, what is decided on the body.
 * Adapters call this one function, so none can leave a half out; only `only()`, which has to wait for parsers of the
 * owner's between the halves, runs them by itself.
 * @module
 */
import { isPromise } from '../kernel/index.ts';
import type { Answer, BodyReader, BodySource, Context, Denial, MaybePromise, Verdict } from '../kernel/index.ts';
import { defaultReader } from './body.ts';
import { announcedLength, TOO_LARGE } from './collect.ts';

/** `null`: the handler may run. Not called at all when the client went away. */
export type Judged = (answer: Answer | null) => void;

/** Judges a request; `done` is called once. What a step throws fails closed. */
export function judge(c: Context, source: BodySource, done: Judged): void {
  const verdict = attempt(c, before);
  // The common way, without a closure for what is still to come: nothing had to wait, and there is no body.
  if (verdict === null && isBodiless(c.facts.method)) return second(c, done);
  proceed(c, verdict, done, () => body(c, source, done));
}

/** Methods whose bodies mean nothing (RFC 9110, 9.3.1), so that none is read. */
function isBodiless(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

const before = (c: Context): MaybePromise<Verdict> => c.kernel.before(c);
const after = (c: Context): MaybePromise<Verdict> => c.kernel.after(c);

function attempt(c: Context, half: (c: Context) => MaybePromise<Verdict>): MaybePromise<Verdict | Failure> {
  try {
    const verdict = half(c);
    return isPromise(verdict) ? verdict.catch((error: unknown) => new Failure(error)) : verdict;
  } catch (error) {
    return new Failure(error);
  }
}

/** What a step threw, told apart from what steps answer. */
class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

function proceed(c: Context, verdict: MaybePromise<Verdict | Failure>, done: Judged, next: () => void): void {
  if (isPromise(verdict)) return void verdict.then((late) => proceed(c, late, done, next));
  // The client went away while a step waited: there is nobody to run a handler for.
  if (c.over) return;
  if (verdict === null) return next();
  // A step that answers nothing at all has decided nothing.
  if (typeof verdict !== 'object')
    return done(c.kernel.fail(c, new TypeError('a step answered neither null nor a denial')));
  done(verdict instanceof Failure ? c.kernel.fail(c, verdict.error) : c.kernel.answer(c, verdict));
}

const ENCODED: Denial = Object.freeze({
  code: 'body/encoding',
  status: 415,
  by: 'body',
  option: 'content-encoding',
  input: 'body',
});

function isPlain(encoding: string | undefined): boolean {
  return encoding === undefined || encoding === 'identity';
}

/** Reads the body if somebody is to, then runs the second half. */
function body(c: Context, source: BodySource, done: Judged): void {
  const { facts, route } = c;
  if (isBodiless(facts.method)) return second(c, done);
  const announced = announcedLength(facts);
  const plan = route.body;
  const limit = plan?.limit ?? source.limit;
  const type = facts.header('content-type');
  const reader = plan === undefined ? defaultReader(type) : plan.reader(type);
  if (announced === 0) return nothing(c, reader, done);
  if (reader !== null && 'code' in reader) return proceed(c, reader, done, () => undefined);
  if (reader !== null && announced > limit) return proceed(c, TOO_LARGE, done, () => undefined);
  if (reader !== null && !isPlain(facts.header('content-encoding'))) return proceed(c, ENCODED, done, () => undefined);
  // Only now is the client told to send: a refusal comes before any byte of the body.
  source.proceed();
  if (reader === null) return second(c, done);
  if ('stream' in reader) {
    return proceed(
      c,
      attempt(c, () => reader.stream(source, c)),
      done,
      () => second(c, done),
    );
  }
  source.collect(limit, (bytes) => {
    if (bytes === null) return;
    const verdict = Buffer.isBuffer(bytes) ? attempt(c, () => whole(reader.whole(bytes, c), c)) : bytes;
    proceed(c, verdict, done, () => second(c, done));
  });
}

const EMPTY = Buffer.alloc(0);

/** No bytes are a body too: a form without fields, for example. There is nothing to wait for. */
function nothing(c: Context, reader: BodyReader | Denial | null, done: Judged): void {
  c.bodyRead = true;
  const denial = reader !== null && 'whole' in reader ? reader.whole(EMPTY, c) : null;
  proceed(c, denial, done, () => second(c, done));
}

function whole(denial: Denial | null, c: Context): Denial | null {
  c.bodyRead = denial === null;
  return denial;
}

function second(c: Context, done: Judged): void {
  const verdict = attempt(c, after);
  if (verdict === null && !c.over) return done(null);
  proceed(c, verdict, done, () => done(null));
}
