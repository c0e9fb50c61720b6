/**
 * Dewar for Fastify 5.
 * @module
 */
import './types.ts';

export { defineDewar, fastify } from './adapter.ts';
export type { FastifyDefinition } from './adapter.ts';
export { createDewar, forKernel } from './dewar.ts';
export type { FastifyDewar } from './dewar.ts';
export { serveFiles } from './files.ts';
export type { ServeOptions } from './files.ts';
export { only } from './only.ts';
export type { OnlyOptions } from './only.ts';
export type { FastifyOptions } from './options.ts';
export type { DewarTypes } from './types.ts';
export type { ServerLimits } from '@dewar/core/http';
