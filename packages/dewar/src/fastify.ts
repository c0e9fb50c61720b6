/**
 * Dewar for Fastify 5: `Fastify(dewar.options)` and `await app.register(dewar)`.
 * @module
 */
export { createDewar, defineDewar, only, serveFiles } from '@dewar/fastify';
export type { DewarTypes, FastifyDewar, FastifyOptions, OnlyOptions, ServeOptions, ServerLimits } from '@dewar/fastify';
