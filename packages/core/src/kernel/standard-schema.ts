/**
 * Standard Schema v1, the interface that validation libraries share (zod, valibot, ArkType and others), as far as it
 * is used here: https://standardschema.dev. Any of them fits; none is needed.
 * @module
 */
import type { MaybePromise } from './verdict.ts';

export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => MaybePromise<Validated<Output>>;
    /** Only types: there is nothing here when it runs. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a schema made of a value, or what is wrong with it. */
export type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The type a schema's output has. */
export type InferOutput<S> = S extends StandardSchema<infer _Input, infer Output> ? Output : never;

/** What can have a schema, in the order in which it is judged. */
export const INPUTS = ['params', 'query', 'headers', 'body'] as const;

export type InputName = (typeof INPUTS)[number];

/** Schemas of one route. Typed loosely: what an untyped owner wrote there is checked when the application starts. */
export type RouteSchemas = { readonly [N in InputName]?: unknown };

/** True for what keeps to the interface. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard = (value as { readonly '~standard'?: Partial<StandardSchema['~standard']> })['~standard'];
  return typeof standard === 'object' && standard?.version === 1 && typeof standard.validate === 'function';
}
