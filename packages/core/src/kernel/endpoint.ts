/**
 * Addresses that a protection answers by itself, such as the receiver of reports: no route of the owner's, and no
 * handler. They are judged like every request, and found before any route is.
 * @module
 */
import type { RequestFacts } from './facts-types.ts';
import type { CompiledRoute, RouteInfo } from './route.ts';
import { off } from './settings.ts';

/** What a protection asks for. */
export interface Endpoint {
  readonly method: string;
  /** Exact path. */
  readonly path: string;
  /** Protections that have no say there, each with the reason. */
  readonly without: Readonly<Record<string, string>>;
}

/** Endpoints by path, compiled. */
export class Endpoints {
  readonly #byPath = new Map<string, CompiledRoute>();

  add(route: CompiledRoute): void {
    this.#byPath.set(route.info.path, route);
  }

  /** The endpoint that a request is for. */
  find({ path, method }: RequestFacts): CompiledRoute | undefined {
    if (this.#byPath.size === 0) return undefined;
    const found = this.#byPath.get(path);
    return found?.info.method === method ? found : undefined;
  }
}

/** An endpoint as the protections see it: a route that anybody may use. `known`: names of those there are. */
export function endpointInfo(
  { method, path, without }: Endpoint,
  noRoute: RouteInfo,
  known: Iterable<string>,
): RouteInfo {
  const names = new Set(known);
  const overrides = Object.entries(without)
    .filter(([name]) => names.has(name))
    .map(([name, reason]) => [name, off(reason)] as const);
  return Object.freeze({
    ...noRoute,
    method,
    path,
    access: { kind: 'anyone' } as const,
    overrides: Object.freeze(Object.fromEntries(overrides)),
    notFound: false,
  });
}
