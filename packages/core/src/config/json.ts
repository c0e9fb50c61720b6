/**
 * Structured configuration: JSON in one variable, judged by the owner's schema.
 * @module
 */
import { isPromise } from '../kernel/index.ts';
import { field } from './field.ts';
import type { Cast, Field, FieldOptions } from './field.ts';

/** What zod, valibot and others offer (standardschema.dev), as far as it is used here. */
export interface ConfigSchema<T> {
  readonly '~standard': {
    validate(value: unknown): SchemaResult<T> | Promise<SchemaResult<T>>;
  };
}

type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly { readonly path?: readonly unknown[] | undefined }[] };

const WRITE = 'write JSON that fits the schema of this field';
const MOST_PATHS = 5;

/** JSON that fits a schema. Faults say where, not what: a schema's own messages may repeat the value. */
export function json<T, D extends T | null = never>(
  name: string,
  schema: ConfigSchema<T>,
  options: FieldOptions<D> = {},
): Field<NoInfer<T> | NoInfer<D>> {
  return field(name, 'JSON', options, (given): Cast<T> => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(given, refuseProto);
    } catch {
      return { wrong: 'is no JSON, or has a member named __proto__', write: WRITE };
    }
    const result = schema['~standard'].validate(parsed);
    if (isPromise(result)) throw new TypeError(`${name}: a schema of the configuration cannot wait`);
    if (result.issues === undefined) return { value: result.value };
    const paths = result.issues
      .slice(0, MOST_PATHS)
      .map(({ path = [] }) => path.map(segment).join('.') || 'as a whole');
    return { wrong: `does not fit its schema: ${paths.join(', ')}`, write: WRITE };
  });
}

/** A member of that name becomes the prototype of whatever it is copied into. */
function refuseProto(this: unknown, key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('__proto__');
  return value;
}

/** A path holds keys, or objects with a key. Keys the schema did not name may be anything, so only plain ones are told. */
function segment(part: unknown): string {
  const key: unknown = typeof part === 'object' && part !== null && 'key' in part ? part.key : part;
  return typeof key === 'number' || (typeof key === 'string' && /^\w{1,40}$/.test(key)) ? String(key) : '?';
}
