/**
 * Puts the guard into a Fastify instance the moment it exists: before any hook, route or plugin of the owner's,
 * whatever the order of registration. Fastify announces each instance on a diagnostics channel, synchronously.
 * @module
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ConfigError } from '@dewar/core';
import type { Kernel, Policy } from '@dewar/core';
import { guard } from './guard.ts';
import type { FastifyOptions } from './options.ts';
import { sendAnswer } from './response.ts';
import { compileRoutes } from './routes.ts';

interface Pending {
  readonly kernel: Kernel;
  readonly policy: Policy;
  readonly options: FastifyOptions;
}

const pending = new WeakMap<object, Pending>();
const installed = new WeakMap<object, Kernel>();
let listening = false;

/** Waits for the instance that will own `server`. */
export function expectInstance(server: Server, own: Pending): void {
  pending.set(server, own);
  if (listening) return;
  listening = true;
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    const found = pending.get(fastify.server);
    if (found === undefined) return;
    pending.delete(fastify.server);
    install(fastify, found);
  });
}

/** True when this instance carries this kernel's guard. */
export function isInstalled(instance: FastifyInstance, kernel: Kernel): boolean {
  return installed.get(instance.server) === kernel;
}

function install(app: FastifyInstance, { kernel, policy, options }: Pending): void {
  installed.set(app.server, kernel);
  assertOwnOptions(app, options);
  decorate(app);
  app.addHook('onRequest', guard(kernel));
  app.addHook('onRoute', compileRoutes(kernel, policy));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.dewar.bodyRead) return done(null, request.dewar.body);
    done(Object.assign(new Error('no parser for this content type'), { statusCode: 415 }));
  });
  refuseOwnParsers(app);
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(kernel, error, request, reply));
  app.addHook('onReady', async () => kernel.start());
}

/** `ip`, `host`, `protocol` answer the facts; what derives from them (hostname, port) then agrees. */
function decorate(app: FastifyInstance): void {
  app.decorateRequest('dewar');
  const facts: Record<string, (request: FastifyRequest) => unknown> = {
    ip: ({ dewar }) => dewar.facts.client.ip,
    ips: ({ dewar }) => [dewar.facts.peer, dewar.facts.client.ip],
    host: ({ dewar }) => dewar.facts.host,
    protocol: ({ dewar }) => dewar.facts.scheme,
  };
  for (const [name, read] of Object.entries(facts)) {
    app.decorateRequest(name, {
      getter(this: FastifyRequest) {
        return read(this);
      },
    });
  }
}

const READ_BY_US = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', '*'];

/** A second parser for a body that was already read would wait for it for ever. */
function refuseOwnParsers(app: FastifyInstance): void {
  const add = app.addContentTypeParser.bind(app) as (...args: unknown[]) => unknown;
  app.addContentTypeParser = function addContentTypeParser(this: FastifyInstance, type: unknown, ...rest: unknown[]) {
    const taken = (Array.isArray(type) ? type : [type]).filter((one) => READ_BY_US.includes(String(one)));
    if (taken.length > 0) {
      throw new ConfigError([
        {
          option: `addContentTypeParser(${JSON.stringify(taken[0])})`,
          wrong: 'Dewar reads this content type itself, once',
          write: 'remove this parser (and @fastify/formbody); request.body holds the parsed body',
        },
      ]);
    }
    return add.call(this, type, ...rest);
  } as typeof app.addContentTypeParser;
}

/** Errors of handlers and of Fastify: the status, never the message. */
function answerError(kernel: Kernel, error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const given = error.statusCode ?? reply.statusCode;
  const status = given >= 400 && given < 600 ? given : 500;
  reply.hijack();
  sendAnswer(reply.raw, kernel.fail(request.dewar, error, status));
}

/** Names the option of `dewar.options` that was replaced, if Fastify lets us see it. */
function assertOwnOptions(app: FastifyInstance, own: FastifyOptions): void {
  const symbol = Object.getOwnPropertySymbols(app).find(({ description }) => description === 'fastify.options');
  const used = symbol === undefined ? undefined : (app as unknown as Record<symbol, Record<string, unknown>>)[symbol];
  const replaced = Object.keys(own).filter(
    (name) => used !== undefined && used[name] !== own[name as keyof FastifyOptions],
  );
  if (replaced.length === 0) return;
  throw new ConfigError(
    replaced.map((name) => ({
      option: `Fastify({ ${name} })`,
      wrong: 'replaces what dewar.options sets, so that requests would pass the guard by',
      write: `write Fastify({ ...yours, ...dewar.options }), without ${name} of your own`,
    })),
  );
}
