/**
 * Options of `body`, their defaults and their check.
 * @module
 */
import type { ConfigFault } from '../kernel/index.ts';
import type { ReadLimits } from '../parse/index.ts';

/** How a client may pack a body. */
export type Encoding = 'gzip' | 'deflate' | 'br';

/** Everything but `limit`, `types`, `encodings` and the times is the body's structure, which detect mode observes. */
export interface BodyOptions extends ReadLimits {
  /** Bytes of a body, in chunks or not, packed or not. Smaller limits of the framework still hold. @default 1048576 */
  readonly limit: number;
  /**
   * Content types that are taken: `['application/json']`; `'application/*+json'` is all of that ending. An interface
   * that takes JSON alone cannot be posted to by a form of another site.
   * @default false: JSON, forms and plain text are read, any other is left to the handler
   */
  readonly types: readonly string[] | false;
  /** Codings that are unpacked. A packed body costs its sender little and the server much. @default [] */
  readonly encodings: readonly Encoding[];
  /** How many times its packed bytes a body may hold. @default 50 */
  readonly maxRatio: number;
  /** Milliseconds a whole body may take. @default 20000 */
  readonly timeout: number;
  /** Milliseconds before `minRate` counts. @default 5000 */
  readonly grace: number;
  /** Bytes per second, from the beginning on. @default 500 */
  readonly minRate: number;
  /** Objects and arrays inside each other; whatever walks the body walks as deep. @default 32 */
  readonly maxDepth: number;
  /** Members of one object. @default 1000 */
  readonly maxKeys: number;
  /** Items of one array. @default 10000 */
  readonly maxItems: number;
  /** Characters of one text in JSON, or of one value of a form. @default 262144 */
  readonly maxText: number;
  /** Characters of one name. @default 256 */
  readonly maxName: number;
  /** Fields of a form. @default 1000 */
  readonly maxFields: number;
  /** Refuses JSON numbers beyond 2^53 - 1: two ids that differ would become one. @default true */
  readonly exactNumbers: boolean;
  /** Refuses JSON objects that have a name twice: of two parsers one takes the first, one the last. @default true */
  readonly uniqueKeys: boolean;
}

/** Ordinary bodies pass; nothing is unpacked. */
export const BODY_DEFAULTS: Readonly<BodyOptions> = Object.freeze({
  limit: 1_048_576,
  types: false,
  encodings: Object.freeze([]),
  maxRatio: 50,
  timeout: 20_000,
  grace: 5_000,
  minRate: 500,
  maxDepth: 32,
  maxKeys: 1_000,
  maxItems: 10_000,
  maxText: 262_144,
  maxName: 256,
  maxFields: 1_000,
  exactNumbers: true,
  uniqueKeys: true,
});

const COUNTS = [
  'limit',
  'maxRatio',
  'timeout',
  'grace',
  'maxDepth',
  'maxKeys',
  'maxItems',
  'maxText',
  'maxName',
  'maxFields',
] as const;
const FLAGS = ['exactNumbers', 'uniqueKeys'] as const;
const ENCODINGS: readonly Encoding[] = ['gzip', 'deflate', 'br'];
/** A media type in lower case, or all of one kind with a suffix. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/(?:\*\+)?[a-z0-9][a-z0-9!#$&^_.+-]*$/;

/** Faults of the options, each with what to write instead. */
export function checkBody(options: BodyOptions, at: string): ConfigFault[] {
  const faults: ConfigFault[] = [];
  for (const name of COUNTS) {
    if (!Number.isSafeInteger(options[name]) || options[name] < 1)
      faults.push(fault(at, name, 'is no whole number of 1 or more', `write ${BODY_DEFAULTS[name]}`));
  }
  if (!Number.isSafeInteger(options.minRate) || options.minRate < 0)
    faults.push(fault(at, 'minRate', 'is no whole number', `write ${BODY_DEFAULTS.minRate}`));
  for (const name of FLAGS) {
    if (typeof options[name] !== 'boolean') faults.push(fault(at, name, 'is neither true nor false', 'write true'));
  }
  faults.push(...typeFaults(options.types, at), ...encodingFaults(options.encodings, at));
  return faults;
}

function fault(at: string, name: string, wrong: string, write: string): ConfigFault {
  return { option: `${at}.${name}`, wrong, write };
}

function typeFaults(types: unknown, at: string): ConfigFault[] {
  if (types === false) return [];
  const write = `write ['application/json'], or false`;
  if (!Array.isArray(types)) return [fault(at, 'types', 'is no list of content types', write)];
  if (types.length === 0) return [fault(at, 'types', 'takes no body at all', write)];
  return types.flatMap((type: unknown, index) => {
    if (typeof type === 'string' && MEDIA_TYPE.test(type)) return [];
    const wrong = `${JSON.stringify(type)} is no content type in lower case, without parameters`;
    return [fault(at, `types[${index}]`, wrong, `write 'application/json'`)];
  });
}

function encodingFaults(encodings: unknown, at: string): ConfigFault[] {
  const write = `write ${ENCODINGS.map((one) => `'${one}'`).join(', ')}, or []`;
  if (!Array.isArray(encodings)) return [fault(at, 'encodings', 'is no list', write)];
  return encodings.flatMap((one: unknown, index) =>
    ENCODINGS.includes(one as Encoding)
      ? []
      : [fault(at, `encodings[${index}]`, `${JSON.stringify(one)} is no coding that can be unpacked`, write)],
  );
}

/** Options that let through what the default stops. */
export function weakerBody(options: BodyOptions): string[] {
  const weaker: string[] = COUNTS.filter((name) => options[name] > BODY_DEFAULTS[name]);
  if (options.minRate < BODY_DEFAULTS.minRate) weaker.push('minRate');
  if (options.encodings.length > 0) weaker.push('encodings');
  return [...weaker, ...FLAGS.filter((name) => !options[name])];
}
