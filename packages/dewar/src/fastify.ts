/**
 * Dewar for Fastify 5: `Fastify(dewar.options)` and `await app.register(dewar)`.
 * @module
 */
export { createDewar, defineDewar } from '@dewar/fastify';
export type { FastifyDewar, FastifyOptions, ServerLimits } from '@dewar/fastify';
