/**
 * Fastify as the kernel's definitions see it.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import type { Adapter, Definition, Dewar } from '@dewar/core';
import type { ServerLimits } from '@dewar/core/http';
import { forKernel } from './dewar.ts';
import type { FastifyDewar } from './dewar.ts';

export const fastify: Adapter<FastifyDewar, FastifyInstance> = {
  name: 'fastify',
  create: (kernel) => forKernel(kernel),
  async ready(app) {
    await app.ready();
  },
  async listen(app, { port, host = '127.0.0.1' }) {
    return { url: await app.listen({ port, host }) };
  },
  async close(app) {
    await app.close();
  },
};

/** A definition, with what its server allows. */
export interface FastifyDefinition extends Definition<FastifyDewar, FastifyInstance> {
  /** Times and counts of the server, and TLS where this process speaks it. @default see `ServerLimits` */
  readonly limits?: ServerLimits;
}

/** Describes a Fastify application: `export default defineDewar({ policy, app: (dewar) => … })`. */
export function defineDewar({ limits = {}, ...definition }: FastifyDefinition): Dewar<FastifyDewar, FastifyInstance> {
  return { ...definition, adapter: { ...fastify, create: (kernel) => forKernel(kernel, limits) } };
}
