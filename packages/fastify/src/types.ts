/**
 * What Dewar adds to Fastify's types.
 * @module
 */
import type { FastifyTypeProvider } from 'fastify';
import type { Context, InferOutput, RoutePolicy, Rule, StandardSchema } from '@dewar/core';

/**
 * Gives handlers the types of their schemas: `app.withTypeProvider<DewarTypes>()`. It is about types alone; what runs is
 * the same without it.
 */
export interface DewarTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends StandardSchema<infer _Input, infer _Output>
    ? InferOutput<this['schema']>
    : unknown;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The request as Dewar knows it: facts, identity, CSP nonce, CSRF token. */
    dewar: Context;
  }
  interface RouteShorthandOptions {
    /** Who may use the route. A route without a rule is refused. */
    access?: Rule;
    /** Settings of protections for this route alone. */
    policy?: RoutePolicy;
  }
}
