/**
 * What Dewar adds to Fastify's types.
 * @module
 */
import type { Context, RoutePolicy, Rule } from '@dewar/core';

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
