/**
 * Schemas of input as they stand on a route: those that Dewar runs are taken from Fastify, which would not know them.
 * What is about responses stays where it is.
 * @module
 */
import type { FastifySchema, RouteOptions } from 'fastify';
import { isOff, isStandardSchema } from '@dewar/core';
import type { InputName, Kernel, RouteSchemas } from '@dewar/core';

/** Where Fastify has each; the first two are one. */
const POSITIONS: readonly (readonly [position: string, name: InputName])[] = [
  ['querystring', 'query'],
  ['query', 'query'],
  ['params', 'params'],
  ['headers', 'headers'],
  ['body', 'body'],
];

/** Answers the schemas of a route. Where `schema` is no part of the kernel, or off, all of it is Fastify's. */
export function takeSchemas(kernel: Kernel, options: RouteOptions): RouteSchemas {
  const given = options.schema as (FastifySchema & Readonly<Record<string, unknown>>) | undefined;
  const own = (options.policy as Readonly<Record<string, unknown>> | undefined)?.['schema'];
  if (given === undefined || given === null || !kernel.on('schema') || isOff(own)) return {};
  const found: { -readonly [N in InputName]?: unknown } = {};
  const rest: Record<string, unknown> = { ...given };
  for (const [position, name] of POSITIONS) {
    const schema = given[position];
    if (schema === undefined) continue;
    // Two schemas for one thing are no schema for it: the start says so.
    found[name] = name in found ? [found[name], schema] : schema;
    if (isStandardSchema(schema)) delete rest[position];
  }
  options.schema = rest;
  return found;
}
