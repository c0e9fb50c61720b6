/**
 * Dewar for Fastify: `const dewar = createDewar(policy)`, `Fastify(dewar.options)`, `await app.register(dewar)`.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { ConfigError, createKernel } from '@dewar/core';
import type { Kernel, Policy } from '@dewar/core';
import { createServer } from '@dewar/core/http';
import type { ServerLimits } from '@dewar/core/http';
import { expectInstance, isInstalled } from './install.ts';
import { fastifyOptions } from './options.ts';
import type { FastifyOptions } from './options.ts';

/** The plugin to register, with the options to create Fastify with. */
export interface FastifyDewar {
  (app: FastifyInstance): Promise<void>;
  readonly options: FastifyOptions;
  readonly kernel: Kernel;
}

/** Protects a Fastify application with a policy. Faults are thrown, all together, when the application gets ready. */
export function createDewar(policy: Policy, limits: ServerLimits = {}): FastifyDewar {
  return forKernel(createKernel(policy), limits);
}

/** The same over a kernel that exists. */
export function forKernel(kernel: Kernel, limits: ServerLimits = {}): FastifyDewar {
  const options = fastifyOptions(kernel, (handler) => {
    const server = createServer(kernel, handler, limits);
    expectInstance(server, { kernel, options });
    return server;
  });
  const plugin = async (app: FastifyInstance): Promise<void> => {
    if (isInstalled(app, kernel)) return;
    throw new ConfigError([
      {
        option: 'Fastify(options)',
        wrong: 'was not given dewar.options, so nothing is guarded',
        write: 'write Fastify(dewar.options)',
      },
    ]);
  };
  // Registered on the instance itself, not on a child of it (what fastify-plugin sets).
  return Object.assign(plugin, {
    options,
    kernel,
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'dewar',
  });
}
