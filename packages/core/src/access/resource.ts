/**
 * An object that a route names by a parameter: how it is loaded, whose it is, and how a handler gets it, typed.
 * @module
 */
import { ConfigError } from '../kernel/index.ts';
import type { Context, MaybePromise, Params, Resource as ResourceData } from '../kernel/index.ts';

/** What `resource()` needs to know about a kind of object. */
export interface ResourceOptions<T> {
  /** Finds the object by the route's decoded parameters; `null` or `undefined` where there is none. */
  readonly load: (params: Params, c: Context) => MaybePromise<T | null | undefined>;
  /** Ids of the accounts that own it. An empty list is nobody's. */
  readonly of: (object: T) => string | readonly string[];
  /**
   * Those who may not see an object get the very answer of one that does not exist. With `false` they get 403,
   * which tells everybody who is signed in which ids are in use.
   * @default true
   */
  readonly hidden?: boolean;
}

/** A resource with the way to what was loaded. */
export interface Resource<T> extends ResourceData<T> {
  /** The object that this request's rule loaded. Throws where the route's rule does not name this resource. */
  readonly from: (c: Context | { readonly dewar: Context }) => T;
}

/** Declares a kind of object: `const ticket = resource('ticket', { load: ({ id }) => tickets.byId(id), of: (t) => t.owner })`. */
export function resource<T>(name: string, options: ResourceOptions<T>): Resource<T> {
  const write = `write resource('ticket', { load: ({ id }) => tickets.byId(id), of: (ticket) => ticket.owner })`;
  const wrong = wrongWith(name, options);
  if (wrong !== undefined) throw new ConfigError([{ option: 'resource', wrong, write }]);
  const { load, of, hidden = true } = options;
  return Object.freeze({
    name,
    load,
    of,
    hidden,
    from(c: Context | { readonly dewar: Context }): T {
      const { objects, route } = 'dewar' in c ? c.dewar : c;
      // Put there under this name by this resource's own `load`; one name for two resources is refused at start.
      if (objects !== undefined && objects.has(name)) return objects.get(name) as T;
      const { method, path } = route.info;
      throw new Error(`${method} ${path} did not load "${name}": its access rule must name owner(${name})`);
    },
  });
}

function wrongWith(name: unknown, options: unknown): string | undefined {
  if (typeof name !== 'string' || name.trim() === '') return 'has no name';
  const { load, of, hidden } = (options ?? {}) as Record<string, unknown>;
  if (typeof load !== 'function') return `${name}: load is no function`;
  if (typeof of !== 'function') return `${name}: of is no function, so nobody could own one`;
  return hidden === undefined || typeof hidden === 'boolean' ? undefined : `${name}: hidden is neither true nor false`;
}
