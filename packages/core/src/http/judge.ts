/**
 * One request through the whole pipeline: what is decided on the head, the body, what is decided on the body.
 * Adapters call this one function, so none can leave a half out; only `only()`, which has to wait for parsers of the
 * owner's between the halves, runs them by itself.
 * @module
 */
import { enterHandler, isPromise } from '../kernel/index.ts';
import type { Answer, BodySource, Context, MaybePromise, Verdict } from '../kernel/index.ts';
import { isBodiless, readBody } from './read.ts';

/** `null`: the handler may run. Not called at all when the client went away. */
export type Judged = (answer: Answer | null) => void;

/** Judges a request; `done` is called once. What a step throws fails closed. */
export function judge(c: Context, source: BodySource, done: Judged): void {
  const verdict = attempt(c, before);
  // The common way, without a closure for what is still to come: nothing had to wait, and there is no body.
  if (verdict === null && isBodiless(c.facts.method)) return second(c, done);
  proceed(c, verdict, done, () => body(c, source, done));
}

const before = (c: Context): MaybePromise<Verdict> => c.kernel.before(c);
const after = (c: Context): MaybePromise<Verdict> => c.kernel.after(c);

function attempt(c: Context, half: (c: Context) => MaybePromise<Verdict>): MaybePromise<Verdict | Failure> {
  try {
    return settled(half(c));
  } catch (error) {
    return new Failure(error);
  }
}

function settled(verdict: MaybePromise<Verdict>): MaybePromise<Verdict | Failure> {
  return isPromise(verdict) ? verdict.catch((error: unknown) => new Failure(error)) : verdict;
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

/** Reads the body, then runs the second half. */
function body(c: Context, source: BodySource, done: Judged): void {
  readBody(c, source, (verdict) => proceed(c, settled(verdict), done, () => second(c, done)));
}

function second(c: Context, done: Judged): void {
  const verdict = attempt(c, after);
  // The common way again: nothing had to wait.
  if (verdict === null && !c.over) return handle(c, done);
  proceed(c, verdict, done, () => handle(c, done));
}

function handle(c: Context, done: Judged): void {
  enterHandler(c, () => done(null));
}
