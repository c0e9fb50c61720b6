/**
 * From options to the plan by which a route's body is read.
 * @module
 */
import type { BodyPlan, Context, Denial, Unpack } from '../kernel/index.ts';
import { createReaders, encodingDenial, mediaType, SLOW, TYPE } from '../parse/index.ts';
import type { BodyOptions, Encoding } from './policy.ts';
import { createUnpack } from './unpack.ts';

/** A plan. What passes a limit of structure is handed to `passed`; with `keep`, its body is wanted all the same. */
export function createPlan(
  options: BodyOptions,
  passed: (c: Context, denial: Denial) => null,
  keep: boolean,
): BodyPlan {
  const { limit, types, encodings, maxRatio, timeout, grace, minRate } = options;
  const choose = createReaders(options, { passed, keep });
  const unpackers = new Map<string, Unpack>(encodings.map((one: Encoding) => [one, createUnpack(one, maxRatio)]));
  return Object.freeze<BodyPlan>({
    limit,
    pace: Object.freeze({ timeout, grace, minRate, denial: SLOW }),
    packed: encodingDenial(encodings),
    unpacker: (encoding) => unpackers.get(encoding.toLowerCase()) ?? null,
    reader: types === false ? choose : restricted(types, choose),
  });
}

/** Takes the listed types alone; a refused client is told which (RFC 9110, 15.5.16). */
function restricted(types: readonly string[], choose: BodyPlan['reader']): BodyPlan['reader'] {
  const exact: ReadonlySet<string> = new Set(types.filter((type) => !type.includes('*')));
  const patterns = types.filter((type) => type.includes('*')).map((type) => type.split('*') as [string, string]);
  const refused: Denial = Object.freeze({ ...TYPE, headers: ['accept', types.join(', ')] });
  return (contentType) => {
    const type = mediaType(contentType);
    const taken = exact.has(type) || patterns.some(([start, end]) => type.startsWith(start) && type.endsWith(end));
    return taken ? choose(contentType) : refused;
  };
}
