/**
 * What a protection compiles to: small steps at named places, each of one kind.
 * @module
 */
import type { BodyPlan } from './body-plan.ts';
import type { Context } from './context.ts';
import type { Place } from './order.ts';
import type { MaybePromise, Verdict } from './verdict.ts';

/** Refuses, answers, or lets pass. Stays synchronous until something really has to wait. */
export interface CheckStep {
  readonly place: Place;
  run(c: Context): MaybePromise<Verdict>;
}

/** How the body is read. One per route; a route's own wins. */
export interface BodyStep {
  readonly place: 'body';
  readonly plan: BodyPlan;
}

/** Runs around the handler, once everything is decided: what it opens covers all that the handler does, waited for or not. */
export interface ScopeStep {
  readonly place: 'handler';
  /** Calls `run` once, now. */
  enter(c: Context, run: () => void): void;
}

/** Fields that are the same for every response of a kind; joined once, at start. */
export interface HeadStep {
  readonly place: Place;
  head(variant: HeadVariant): FieldList;
}

/** Adds to the response head. Synchronous: the head cannot wait. */
export interface FinishStep {
  readonly place: Place;
  /** Lower-case names that a handler may not set, beside those of head steps. */
  readonly owns?: readonly string[];
  finish(c: Context, head: ResponseHead): void;
}

/** Runs once the response is over, however it ended. */
export interface EndStep {
  readonly place: Place;
  end(c: Context, outcome: Outcome): MaybePromise<void>;
}

export type Step = CheckStep | BodyStep | ScopeStep | HeadStep | FinishStep | EndStep;

/** Response fields as a flat list: name, value, name, value. Names are lower-case. */
export type FieldList = readonly string[];

/**
 * What a response is to a browser: an HTML page, which gets the page policy; data, which gets the tight one; or
 * `unchanged` (304), whose fields browsers merge into the page they have, so nothing that belongs to a body is sent.
 */
export type ResponseKind = 'page' | 'data' | 'unchanged';

/** What constant fields may depend on. */
export interface HeadVariant {
  /** The request came over https. */
  readonly secure: boolean;
  readonly kind: ResponseKind;
}

/** The head of one response while it is made. */
export interface ResponseHead extends HeadVariant {
  readonly status: number;
  /** Fields so far, to be added to: the handler's, then those of steps; the constant ones stand apart. Names are lower-case. */
  readonly fields: string[];
  /** How many entries of `fields` the handler set; they stand first. */
  readonly handlers: number;
  /** Names to be added to `Vary`. */
  readonly vary: string[];
  /** `Set-Cookie` values of the handler; the cookies step replaces those that are weaker than the policy. */
  readonly cookies: string[];
  /** Sets a field in place of every earlier one of that (lower-case) name. */
  set(name: string, value: string): void;
}

/** How a request ended. */
export interface Outcome {
  readonly status: number;
  /** The client went away before the response was out. */
  readonly aborted: boolean;
  /** Milliseconds since the facts were made. */
  readonly ms: number;
}
