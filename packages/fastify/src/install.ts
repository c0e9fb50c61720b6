/**
 * Puts the guard into a Fastify instance the moment it exists: before any hook, route or plugin of the owner's,
 * whatever the order of registration. Fastify announces each instance on a diagnostics channel, synchronously.
 * @module
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ConfigFault, Kernel } from '@dewar/core';
import { contextOf, respond } from '@dewar/core/http';
import { guard } from './guard.ts';
import { replacedOptions } from './options.ts';
import type { FastifyOptions } from './options.ts';
import { sendMarkup } from './pages.ts';
import { guardParsers } from './parsers.ts';
import { compileRoutes } from './routes.ts';

interface Pending {
  readonly kernel: Kernel;
  readonly options: FastifyOptions;
}

const pending = new WeakMap<object, Pending>();
const installed = new WeakMap<object, Kernel>();
let subscribed = false;

/** Waits for the instance that will own `server`. */
export function expectInstance(server: Server, own: Pending): void {
  pending.set(server, own);
  if (subscribed) return;
  subscribed = true;
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    const found = pending.get(fastify.server);
    if (found !== undefined) install(fastify, found);
  });
}

/** True when this instance carries this kernel's guard. */
export function isInstalled(instance: FastifyInstance, kernel: Kernel): boolean {
  return installed.get(instance.server) === kernel;
}

/** What a subscriber throws is lost, so faults are kept until the application gets ready, and nothing answers before. */
function install(app: FastifyInstance, { kernel, options }: Pending): void {
  const faults: ConfigFault[] = replacedOptions(app, options);
  app.addHook('onRequest', guard(kernel));
  app.addHook('onRoute', compileRoutes(kernel));
  app.addHook('preSerialization', sendMarkup);
  // A replaced `trustProxy` leaves an `ip` on the request that cannot be decorated.
  if (faults.length === 0) decorate(app);
  guardParsers(app, faults);
  guardNotFound(app, kernel, faults);
  app.setErrorHandler((error, _request, reply) => answerError(kernel, error, reply));
  app.addHook('onReady', () => kernel.start(faults));
  app.addHook('onClose', () => kernel.close());
  pending.delete(app.server);
  installed.set(app.server, kernel);
}

/** `ip`, `host`, `protocol` answer the facts; what derives from them (hostname, port) then agrees. */
function decorate(app: FastifyInstance): void {
  app.decorateRequest('dewar');
  app.decorateRequest('ip', {
    getter() {
      return this.dewar.facts.client.ip;
    },
  });
  app.decorateRequest('host', {
    getter() {
      return this.dewar.facts.host;
    },
  });
  app.decorateRequest('protocol', {
    getter() {
      return this.dewar.facts.scheme;
    },
  });
}

/** Unmatched paths never reach a not-found handler; a handler that calls `callNotFound()` gets our answer too. */
function guardNotFound(app: FastifyInstance, kernel: Kernel, faults: ConfigFault[]): void {
  app.setNotFoundHandler((_request, reply) => {
    reply.hijack();
    respond(reply.raw, () => kernel.fail(contextOf(kernel, reply.raw), undefined, 404));
  });
  app.setNotFoundHandler = function setNotFoundHandler(this: FastifyInstance) {
    faults.push({
      option: 'setNotFoundHandler',
      wrong: 'would never run: a path without a route is refused before any handler',
      write: `declare a route for it: app.get('/*', { access: all(anyone(), shared('why')) }, …)`,
    });
    return this;
  } as FastifyInstance['setNotFoundHandler'];
}

/** Errors of handlers and of Fastify: the status, never the message. */
function answerError(kernel: Kernel, error: unknown, reply: FastifyReply): void {
  const given = (error as { readonly statusCode?: unknown } | undefined)?.statusCode ?? reply.statusCode;
  const status = typeof given === 'number' && given >= 400 && given < 600 ? given : 500;
  reply.hijack();
  respond(reply.raw, () => kernel.fail(contextOf(kernel, reply.raw), error, status));
}
