/**
 * Runs a route's schemas where input comes in, so that handlers see nothing but what was declared.
 * @module
 */
import { INPUTS, isPromise, isStandardSchema, protection } from '../kernel/index.ts';
import type {
  CheckStep,
  Context,
  CsrfPart,
  Denial,
  InputName,
  MaybePromise,
  Protection,
  StandardSchema,
  Validated,
} from '../kernel/index.ts';
import { readInput, writeInput } from './input.ts';
import { checkSchema, SCHEMA_DEFAULTS, weakerSchema } from './policy.ts';
import type { SchemaOptions } from './policy.ts';
import { invalidDenial, unknownFieldDenial, UNREAD_BODY } from './problem.ts';
import { unknownField } from './unknown.ts';

/** The step of one schema. */
function stepOf(
  where: InputName,
  schema: StandardSchema,
  options: SchemaOptions,
  token: string | undefined,
): CheckStep {
  const { validate } = schema['~standard'];
  // Browsers send more fields than any schema names: those of the head are picked, not refused.
  const refuses = options.unknownFields === 'refuse' && where !== 'headers';

  const judge = (c: Context, input: unknown, result: Validated<unknown>): Denial | null => {
    if (result.issues !== undefined) return invalidDenial(where, result.issues, input, options.messages);
    const dropped = refuses ? unknownField(input, result.value) : null;
    if (dropped !== null) return unknownFieldDenial(where, dropped);
    writeInput(c, where, result.value);
    return null;
  };

  return {
    place: where === 'body' ? 'schema.body' : 'schema.head',
    run(c): MaybePromise<Denial | null> {
      if (where === 'body' && !c.bodyRead) return UNREAD_BODY;
      const input = readInput(c, where, token);
      const result = validate(input);
      return isPromise(result) ? result.then((late) => judge(c, input, late)) : judge(c, input, result);
    },
  };
}

/** The protection. A route without schemas has no steps; what is no schema is a fault of the start. */
export const schema: Protection<SchemaOptions, undefined> = protection({
  name: 'schema',
  defaults: SCHEMA_DEFAULTS,
  codes: ['schema/invalid', 'schema/unknown-field', 'schema/unread-body'],
  detectable: true,
  check: checkSchema,
  weaker: weakerSchema,
  compile({ options, route, env }) {
    const csrf: CsrfPart | undefined = env.part('csrf');
    return INPUTS.flatMap((where) => {
      const own = route.schema[where];
      return isStandardSchema(own) ? [stepOf(where, own, options, csrf?.field)] : [];
    });
  },
});
