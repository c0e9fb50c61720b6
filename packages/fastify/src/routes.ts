/**
 * Routes as Fastify reports them, compiled once and found again by a property of the route.
 * @module
 */
import type { FastifyRequest, RouteOptions } from 'fastify';
import type { CompiledRoute, Kernel } from '@dewar/core';
import { callSite } from '@dewar/core/http';
import { takeSchemas } from './schemas.ts';

const COMPILED: unique symbol = Symbol('dewar.route');

/** One compiled route, or one for each method of a route that has several. */
type Compiled = CompiledRoute | ReadonlyMap<string, CompiledRoute>;

interface GuardedConfig {
  [COMPILED]?: Compiled;
}

/** The hook that compiles each route as it is declared. Fastify reports HEAD twins by themselves. */
export function compileRoutes(kernel: Kernel): (options: RouteOptions) => void {
  return (options) => {
    const { url: path, access, policy } = options;
    const declaredAt = callSite();
    const schema = takeSchemas(kernel, options);
    const methods = Array.isArray(options.method) ? options.method : [options.method];
    const compiled = new Map(
      methods.map((method) => [method, kernel.declare({ method, path, access, policy, declaredAt, schema })]),
    );
    // Others' plugins add fields to Fastify's type; ours stands beside them.
    const config = { ...options.config } as GuardedConfig;
    config[COMPILED] = methods.length === 1 ? compiled.get(methods[0]!)! : compiled;
    options.config = config as NonNullable<RouteOptions['config']>;
  };
}

/** The compiled route of a request that was routed. */
export function compiledFor({ config, url = '' }: FastifyRequest['routeOptions'], method: string): CompiledRoute {
  const compiled = (config as GuardedConfig)[COMPILED];
  const route = compiled instanceof Map ? (compiled as ReadonlyMap<string, CompiledRoute>).get(method) : compiled;
  // A route that was added behind our back would be an open door: the error ends the request.
  if (route === undefined) throw new Error(`the route ${method} ${url} was never compiled`);
  return route as CompiledRoute;
}
