/**
 * Routes as Fastify reports them, compiled once and found again by a property of the route.
 * @module
 */
import type { FastifyRequest, RouteOptions } from 'fastify';
import { declareRoute } from '@dewar/core';
import type { CompiledRoute, Kernel, Policy, RoutePolicy, Rule } from '@dewar/core';

const COMPILED: unique symbol = Symbol('dewar.route');

/** One compiled route, or one for each method of a route that has several. */
type Compiled = CompiledRoute | ReadonlyMap<string, CompiledRoute>;

interface GuardedConfig {
  [COMPILED]?: Compiled;
}

export type FoundOptions = RouteOptions & { readonly access?: Rule; readonly policy?: RoutePolicy };

/** The hook that compiles each route as it is declared. Fastify reports HEAD twins by themselves. */
export function compileRoutes(kernel: Kernel, policy: Policy): (options: FoundOptions) => void {
  return (options) => {
    const declaredAt = callSite();
    const methods = Array.isArray(options.method) ? options.method : [options.method];
    const compiled = methods.map((method): [string, CompiledRoute] => {
      const { url: path, access, policy: own } = options;
      return [method, kernel.route(declareRoute(policy, { method, path, access, policy: own, declaredAt }))];
    });
    const config: GuardedConfig = { ...options.config };
    config[COMPILED] = compiled.length === 1 ? compiled[0]![1] : new Map(compiled);
    options.config = config as NonNullable<RouteOptions['config']>;
  };
}

/** The compiled route of a request that was routed. */
export function compiledFor(request: FastifyRequest): CompiledRoute {
  const compiled = (request.routeOptions.config as GuardedConfig)[COMPILED];
  const route =
    compiled instanceof Map ? (compiled as ReadonlyMap<string, CompiledRoute>).get(request.method) : compiled;
  // A route that was added behind our back would be an open door: the error ends the request.
  if (route === undefined)
    throw new Error(`the route ${request.method} ${request.routeOptions.url ?? ''} was never compiled`);
  return route as CompiledRoute;
}

const OURS = new URL('..', import.meta.url).pathname;

/** `file:line` of the first frame that is neither ours nor a library's. */
function callSite(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  for (const line of stack.split('\n').slice(1)) {
    const where = /(?:file:\/\/)?(\/[^()\s]+|[A-Z]:[^()\s]+):(\d+):\d+/.exec(line);
    if (where === null || where[1]!.includes('node_modules') || where[1]!.startsWith(OURS)) continue;
    return `${where[1]!.replace(`${process.cwd()}/`, '')}:${where[2]}`;
  }
  return '';
}
