/**
 * Fastify as the kernel's definitions see it.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import type { Adapter, Definition, Dewar } from '@dewar/core';
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

/** Describes a Fastify application: `export default defineDewar({ policy, app: (dewar) => … })`. */
export function defineDewar(
  definition: Definition<FastifyDewar, FastifyInstance>,
): Dewar<FastifyDewar, FastifyInstance> {
  return { ...definition, adapter: fastify };
}
