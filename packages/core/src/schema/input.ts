/**
 * Where the parts of a request's input stand, before and after their schemas; and how handlers get at them, typed.
 * @module
 */
import { INPUTS } from '../kernel/index.ts';
import type { Context, InferOutput, InputName, StandardSchema } from '../kernel/index.ts';
import { mediaType } from '../parse/index.ts';

/** What a schema is to judge. `token` is the form field that carries a CSRF token: it is ours, not the owner's. */
export function readInput(c: Context, where: InputName, token: string | undefined): unknown {
  if (where === 'params') return c.params;
  if (where === 'query') return c.facts.query;
  return where === 'headers' ? headersOf(c) : withoutToken(c, token);
}

/** Hands on what a schema made of it. */
export function writeInput(c: Context, where: InputName, value: unknown): void {
  if (where === 'body') c.body = value;
  else c.input[where] = value;
}

function headersOf({ facts }: Context): Readonly<Record<string, string>> {
  const headers = Object.create(null) as Record<string, string>;
  for (const name of facts.headerNames) headers[name] ??= facts.header(name)!;
  return headers;
}

function withoutToken({ body, facts }: Context, token: string | undefined): unknown {
  if (token === undefined || typeof body !== 'object' || body === null || !Object.hasOwn(body, token)) return body;
  if (mediaType(facts.header('content-type')) !== 'application/x-www-form-urlencoded') return body;
  const rest = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(body)) if (name !== token) rest[name] = (body as Record<string, unknown>)[name];
  return rest;
}

/** A request as frameworks hand it to handlers, or its context. */
type Asked = Context | { readonly dewar: Context };

/**
 * The input that this very schema let through on this request, with the schema's type. Throws where the route does not
 * declare it: a type that nothing holds is worse than none.
 */
export function inputOf<S extends StandardSchema>(asked: Asked, own: S): InferOutput<S> {
  const c = 'dewar' in asked ? asked.dewar : asked;
  const where = INPUTS.find((name) => c.route.info.schema[name] === own);
  if (where === undefined) throw new TypeError(`${c.route.info.path} has no such schema: declare it on the route`);
  // The schema made the value, so it has the type of the schema's output.
  return (where === 'body' ? c.body : c.input[where]) as InferOutput<S>;
}
