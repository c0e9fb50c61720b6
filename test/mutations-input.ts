/**
 * Guards of bodies, parsers and schemas, each with the change that takes it away and the tests that must notice.
 * @module
 */
import type { Mutation } from './mutations.ts';

const CORE = 'packages/core/src';
const PARSE = `${CORE}/parse`;
const BODY = `${CORE}/body`;
const SCHEMA = `${CORE}/schema`;
const WIRE = 'packages/fastify/src/body.server.test.ts';

export const INPUT_MUTATIONS: readonly Mutation[] = [
  {
    guard: 'body: a prototype key in JSON would reach handlers',
    file: `${PARSE}/json.ts`,
    from: "key === '__proto__' || ",
    to: '',
    tests: [`${CORE}/http/body.test.ts`, `${PARSE}/json.test.ts`],
  },
  {
    guard: 'body: a limit would hide a prototype key where detect mode lets it through',
    file: `${PARSE}/json.ts`,
    from: '(!this.#keep || ',
    to: '(true || ',
    tests: [`${PARSE}/json.test.ts`],
  },
  {
    guard: 'body: JSON could nest without end',
    file: `${PARSE}/json.ts`,
    from: "if (depth > this.#limits.maxDepth) this.#wrong('depth');",
    to: '',
    tests: [`${PARSE}/json.test.ts`, WIRE],
  },
  {
    guard: 'body: one id would be read as another',
    file: `${PARSE}/json.ts`,
    from: 'limits.exactNumbers ? Number.MAX_SAFE_INTEGER : Infinity',
    to: 'Infinity',
    tests: [`${PARSE}/json.test.ts`],
  },
  {
    guard: 'body: a name could stand twice behind white space',
    file: `${PARSE}/colons.ts`,
    from: 'if (before === QUOTE || before < FIRST_PRINTABLE) colons++;',
    to: 'if (before === QUOTE) colons++;',
    tests: [`${PARSE}/colons.test.ts`],
  },
  {
    guard: 'body: a name could stand twice where texts hold colons',
    file: `${PARSE}/json.ts`,
    from: 'countColons(bytes) !== keys && countMembers(text) !== keys',
    to: 'countColons(bytes) !== keys && countMembers(text) < keys',
    tests: [`${PARSE}/json.test.ts`],
  },
  {
    guard: 'body: what a longer body left behind would be counted in the next',
    file: `${PARSE}/colons.ts`,
    from: 'memory.fill(0, end + 1, end + 1 + SLACK);',
    to: '',
    tests: [`${PARSE}/colons.test.ts`],
  },
  {
    guard: 'body: a charset that others read otherwise would be taken',
    file: `${PARSE}/content-type.ts`,
    from: 'if (!/^utf-?8$/i.test(charset!)) return false;',
    to: 'if (charset === undefined) return false;',
    tests: [`${CORE}/http/body.test.ts`],
  },
  {
    guard: 'body: a body in chunks would have no limit',
    file: `${CORE}/http/collect.ts`,
    from: 'if (pieces.size > limit) refuse(TOO_LARGE);',
    to: '',
    tests: [WIRE],
  },
  {
    guard: 'body: a slow client could hold a connection for ever',
    file: `${CORE}/http/collect.ts`,
    from: 'if (elapsed >= timeout || ',
    to: 'if (',
    tests: [WIRE],
  },
  {
    guard: 'body: a client could drip within its time',
    file: `${CORE}/http/collect.ts`,
    from: 'pieces.size * 1000 < minRate * elapsed',
    to: 'pieces.size < 0',
    tests: [WIRE],
  },
  {
    guard: 'body: a bomb would be unpacked',
    file: `${BODY}/unpack.ts`,
    from: 'maxOutputLength: Math.min(limit, honest)',
    to: 'maxOutputLength: 100_000_000',
    tests: [`${BODY}/unpack.test.ts`, WIRE],
  },
  {
    guard: 'body: something could follow behind a packed body',
    file: `${BODY}/unpack.ts`,
    from: 'engine.bytesWritten === bytes.length ? buffer : NOT_PACKED',
    to: 'engine.bytesWritten >= 0 ? buffer : NOT_PACKED',
    tests: [`${BODY}/unpack.test.ts`],
  },
  {
    guard: 'body: a parser of the owner’s would wait for what was read',
    file: 'packages/fastify/src/parsers.ts',
    from: 'defaultReader(type) === null && super.test(type)',
    to: 'super.test(type)',
    tests: ['packages/fastify/src/bodies.server.test.ts'],
  },
  {
    guard: 'body: the larger of two limits would hold',
    file: `${CORE}/http/read.ts`,
    from: 'Math.min(plan.limit, source.limit)',
    to: 'plan.limit',
    tests: [WIRE],
  },
  {
    guard: 'schema: a field that is dropped would not be missed',
    file: `${SCHEMA}/unknown.ts`,
    from: 'if (!Object.hasOwn(output, key)) return [key];',
    to: 'if (!Object.hasOwn(output, key)) continue;',
    tests: [`${SCHEMA}/schema.test.ts`],
  },
  {
    guard: 'schema: a field named as what objects inherit would not be missed',
    file: `${SCHEMA}/unknown.ts`,
    from: '!Object.hasOwn(output, key)',
    to: '!(key in output)',
    tests: [`${SCHEMA}/schema.test.ts`],
  },
  {
    guard: 'schema: a body that nobody judged would reach the handler',
    file: `${SCHEMA}/schema.ts`,
    from: "if (where === 'body' && !c.bodyRead) return UNREAD_BODY;",
    to: '',
    tests: [`${SCHEMA}/schema.test.ts`, 'packages/fastify/src/schemas.server.test.ts'],
  },
  {
    guard: 'schema: a message would repeat a password',
    file: `${SCHEMA}/problem.ts`,
    from: "messages === 'library' && !holdsValue(said, input)",
    to: "messages === 'library'",
    tests: [`${SCHEMA}/schema.test.ts`],
  },
  {
    guard: 'schema: handlers would get what was sent in place of what was made of it',
    file: `${SCHEMA}/input.ts`,
    from: "if (where === 'body') c.body = value;",
    to: "if (where === 'body') return;",
    tests: [`${SCHEMA}/schema.test.ts`, 'packages/fastify/src/schemas.server.test.ts'],
  },
  {
    guard: 'schema: JSON Schema would start, and judge nothing',
    file: `${CORE}/kernel/route-table.ts`,
    from: 'faults.push(...schemaFaults(info));',
    to: 'schemaFaults(info);',
    tests: [`${SCHEMA}/schema.test.ts`, 'packages/fastify/src/schemas.server.test.ts'],
  },
];
