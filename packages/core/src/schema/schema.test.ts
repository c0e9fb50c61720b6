/**
 * Schemas of two libraries and of none: strict, by name, silent about what was sent, and typed.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { z } from 'zod';
import { detect } from '../kernel/index.ts';
import type { Context, Denial, InputName, RouteSchemas, Setting, StandardSchema } from '../kernel/index.ts';
import { guard, set, stage } from '../kernel/kernel.fixture.ts';
import type { Stage } from '../kernel/kernel.fixture.ts';
import { inputOf, schema } from './index.ts';
import type { FieldError, SchemaOptions } from './index.ts';

const WHY = 'shown by a test of schemas';

function on(schemas: RouteSchemas, setting?: Setting<SchemaOptions>, method = 'POST'): Stage {
  return stage({ profile: 'test', protections: [set(schema, setting)], routes: [{ method, schema: schemas }] });
}

interface Judged {
  readonly c: Context;
  readonly code: string | null;
  readonly status: number | null;
  readonly errors: readonly FieldError[];
  readonly shown: string;
}

/** Judges one body, and what else stands on the request. */
async function judge(
  schemas: RouteSchemas,
  body: unknown,
  { setting, target = '/', fields = [] }: { setting?: Setting<SchemaOptions>; target?: string; fields?: string[] } = {},
): Promise<Judged> {
  const self = on(schemas, setting);
  await self.ready;
  const c = self.context({ method: 'POST', target, headers: ['Host', 'app.example', ...fields] });
  const head = (await self.kernel.before(c)) as Denial | null;
  c.body = body;
  c.bodyRead = true;
  const denial = head ?? ((await self.kernel.after(c)) as Denial | null);
  if (denial === null) return { c, code: null, status: null, errors: [], shown: '' };
  const { errors } = denial.problem as { errors: readonly FieldError[] };
  return { c, code: denial.code, status: denial.status, errors, shown: self.kernel.answer(c, denial).body };
}

/** Each library's object of a text and a whole number, which drops what it does not know. */
const PLAIN: Readonly<Record<string, StandardSchema>> = {
  zod: z.object({ name: z.string(), age: z.int().optional() }),
  valibot: v.object({ name: v.string(), age: v.optional(v.pipe(v.number(), v.integer())) }),
};
const STRICT: Readonly<Record<string, StandardSchema>> = {
  zod: z.strictObject({ name: z.string(), age: z.int().optional() }),
  valibot: v.strictObject({ name: v.string(), age: v.optional(v.pipe(v.number(), v.integer())) }),
};
const LOOSE: Readonly<Record<string, StandardSchema>> = {
  zod: z.looseObject({ name: z.string() }),
  valibot: v.looseObject({ name: v.string() }),
};

for (const library of ['zod', 'valibot'])
  describe(library, () => {
    const body = PLAIN[library]!;

    it('lets what was declared through [VAL-01] [S-21]', async () => {
      const { c, code } = await judge({ body }, { name: 'Ann', age: 41 });
      assert.equal(code, null);
      assert.deepEqual(c.body, { name: 'Ann', age: 41 });
    });

    const wrong: readonly (readonly [what: string, body: unknown, path: string | undefined, message: string])[] = [
      ['a number for a text', { name: 7 }, 'name', 'is not valid'],
      ['a text for a number: nothing is coerced', { name: 'Ann', age: '41' }, 'age', 'is not valid'],
      ['a part of a number', { name: 'Ann', age: 41.5 }, 'age', 'is not valid'],
      ['an object for a text', { name: { $gt: '' } }, 'name', 'is not valid'],
      ['a list for a text', { name: ['Ann'] }, 'name', 'is not valid'],
      ['nothing', {}, 'name', 'is missing'],
      ['a text for the whole', 'Ann', undefined, 'is not valid'],
      ['no body', undefined, undefined, 'is missing'],
      ['null', null, undefined, 'is not valid'],
    ];
    for (const [what, given, path, message] of wrong)
      it(`refuses ${what} with 422 and the field’s name [VAL-02] [S-22]`, async () => {
        const { code, status, errors } = await judge({ body }, given);
        assert.deepEqual([code, status], ['schema/invalid', 422]);
        assert.deepEqual(errors[0], { in: 'body', ...(path === undefined ? {} : { path }), message });
      });

    for (const [kind, schemas] of [
      ['that drops', PLAIN],
      ['that refuses', STRICT],
    ] as const)
      it(`${kind} what it does not know has it refused by name [VAL-03]`, async () => {
        const { code, errors } = await judge({ body: schemas[library] }, { name: 'Ann', role: 'admin' });
        assert.equal(code, 'schema/unknown-field');
        assert.deepEqual(errors, [{ in: 'body', path: 'role', message: 'is not known' }]);
      });

    it('that keeps what it does not know has it let through', async () => {
      const { c, code } = await judge({ body: LOOSE[library] }, { name: 'Ann', role: 'admin' });
      assert.equal(code, null);
      assert.deepEqual(c.body, { name: 'Ann', role: 'admin' });
    });

    it('leaves the names that objects inherit unknown too [c2-prototype]', async () => {
      for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
        const { errors } = await judge({ body }, { name: 'Ann', [name]: 'x' });
        assert.deepEqual(errors, [{ in: 'body', path: name, message: 'is not known' }]);
      }
    });

    it('tells nothing of what was sent, whatever its own messages quote [VAL-22]', async () => {
      for (const given of [{ name: 'Ann', age: 'hunter2' }, { name: ['hunter2'] }, 'hunter2'])
        assert.doesNotMatch((await judge({ body }, given)).shown, /hunter2/);
    });
  });

describe('an unknown field deep inside [VAL-03]', () => {
  const inner = { zod: z.object({ id: z.number() }), valibot: v.object({ id: v.number() }) };
  const rows: readonly (readonly [what: string, body: StandardSchema, given: unknown, path: string | null])[] = [
    ['of an object', z.object({ a: z.object({ b: inner.zod }) }), { a: { b: { id: 1, x: 1 } } }, 'a.b.x'],
    ['of a list', z.object({ items: z.array(inner.zod) }), { items: [{ id: 1 }, { id: 2, x: 1 }] }, 'items.1.x'],
    ['of a record', z.record(z.string(), inner.zod), { one: { id: 1, x: 1 } }, 'one.x'],
    ['of a union', z.union([z.string(), inner.zod]), { id: 1, x: 1 }, 'x'],
    ['of valibot’s list', v.array(inner.valibot), [{ id: 1, x: 1 }], '0.x'],
    ['behind a transform', z.object({ a: z.string().transform(Number) }), { a: '1', x: 1 }, 'x'],
    ['that is an item too many', v.tuple([v.number()]), [1, 2], '1'],
    ['where all of it is taken', z.object({ a: z.unknown() }), { a: { x: { y: 1 } } }, null],
    ['where a date was made of a text', z.object({ at: z.coerce.date() }), { at: '2026-01-01' }, null],
    ['where a map was made of an object', z.object({ a: z.number() }).transform(() => new Map()), { a: 1 }, null],
    ['where a default was added', z.object({ a: z.number().default(1) }), {}, null],
  ];
  for (const [what, body, given, path] of rows)
    it(`${what} is ${path === null ? 'none' : `named: ${path}`}`, async () => {
      const { code, errors } = await judge({ body }, given);
      assert.equal(code, path === null ? null : 'schema/unknown-field');
      if (path !== null) assert.deepEqual(errors, [{ in: 'body', path, message: 'is not known' }]);
    });

  it('is left to the schema where the route says so, for one that renames', async () => {
    const body = z.strictObject({ first_name: z.string() }).transform(({ first_name: name }) => ({ name }));
    assert.equal((await judge({ body }, { first_name: 'Ann' })).code, 'schema/unknown-field');
    const setting = { unknownFields: 'schema', reason: WHY } as const;
    const { c, code } = await judge({ body }, { first_name: 'Ann' }, { setting });
    assert.equal(code, null);
    assert.deepEqual(c.body, { name: 'Ann' });
    assert.equal((await judge({ body }, { first_name: 'Ann', x: 1 }, { setting })).code, 'schema/unknown-field');
  });
});

describe('params, query and headers', () => {
  it('are judged before the body is read, and handed on as the schema made them', async () => {
    const query = z.object({ page: z.coerce.number().int(), tag: z.array(z.string()).optional() });
    const { c, code } = await judge({ query }, undefined, { target: '/?page=2&tag=a&tag=b' });
    assert.equal(code, null);
    assert.deepEqual(c.input.query, { page: 2, tag: ['a', 'b'] });
  });

  const rows: readonly (readonly [
    what: string,
    where: InputName,
    own: StandardSchema,
    target: string,
    error: object,
  ])[] = [
    [
      'a text for a number, where nobody asked for coercion',
      'query',
      z.object({ page: z.number() }),
      '/?page=2',
      { path: 'page', message: 'is not valid' },
    ],
    [
      'a name that is repeated for a text',
      'query',
      z.object({ q: z.string() }),
      '/?q=a&q=b',
      { path: 'q', message: 'is not valid' },
    ],
    ['a name nobody knows', 'query', z.object({}), '/?debug=1', { path: 'debug', message: 'is not known' }],
    ['a query without what it needs', 'query', z.object({ q: z.string() }), '/', { path: 'q', message: 'is missing' }],
  ];
  for (const [what, where, own, target, error] of rows)
    it(`refuse ${what} [VAL-21]`, async () => {
      const { status, errors } = await judge({ [where]: own }, undefined, { target });
      assert.equal(status, 422);
      assert.deepEqual(errors, [{ in: where, ...error }]);
    });

  it('of headers: what the schema does not name is left out, not refused', async () => {
    const headers = z.object({ 'x-trace': z.string(), host: z.string() });
    const { c, code } = await judge({ headers }, undefined, {
      fields: ['X-Trace', 'a', 'x-trace', 'b', 'X-Other', '1'],
    });
    assert.equal(code, null);
    assert.deepEqual(c.input.headers, { 'x-trace': 'a, b', host: 'app.example' });
    assert.equal((await judge({ headers }, undefined)).errors[0]?.path, 'x-trace');
  });
});

describe('a schema', () => {
  it('may take its time', async () => {
    const body = z.object({ name: z.string().refine(async (name) => Promise.resolve(name !== 'taken')) });
    assert.equal((await judge({ body }, { name: 'free' })).code, null);
    assert.equal((await judge({ body }, { name: 'taken' })).code, 'schema/invalid');
    assert.equal((await judge({ body }, { name: 'free', x: 1 })).code, 'schema/unknown-field');
  });

  it('does not get the CSRF token of a form, which is ours', async () => {
    const csrf = guard({ name: 'csrf', codes: [], setup: () => ({ field: '_csrf' }) });
    const protections = [csrf, schema];
    const self = stage({ profile: 'test', protections, routes: [{ method: 'POST', schema: { body: PLAIN['zod'] } }] });
    await self.ready;
    for (const [type, code] of [
      ['application/x-www-form-urlencoded; charset=utf-8', undefined],
      ['application/json', 'schema/unknown-field'],
    ] as const) {
      const c = self.context({ method: 'POST', headers: ['Host', 'app.example', 'Content-Type', type] });
      c.body = { name: 'Ann', _csrf: 'token' };
      c.bodyRead = true;
      assert.equal(((await self.kernel.after(c)) as Denial | null)?.code, code, type);
    }
  });

  it('that cannot see the body refuses it: the handler would read what nobody judged', async () => {
    const self = on({ body: PLAIN['zod'] });
    await self.ready;
    const denial = (await self.kernel.after(self.context({ method: 'POST' }))) as Denial;
    assert.deepEqual([denial.code, denial.status], ['schema/unread-body', 415]);
  });

  it('is bounded in what it tells', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`n${index}`, index]));
    const { errors } = await judge({ body: z.record(z.string(), z.string()) }, many);
    assert.equal(errors.length, 20);
    const long = await judge({ body: PLAIN['zod'] }, { name: 'Ann', ['x'.repeat(10_000)]: 1 });
    assert.ok(long.shown.length < 400, long.shown);
    const strict = await judge({ body: STRICT['zod'] }, { name: 'Ann', ...many });
    assert.equal(strict.errors.length, 20);
  });

  it('in detect mode is reported and let through, as it was received', async () => {
    const mode = detect('seen in a test of schemas', { until: '2026-02-01' });
    const { c, code } = await judge({ body: PLAIN['zod'] }, { name: 7 }, { setting: { mode } });
    assert.equal(code, null);
    assert.deepEqual(
      c.notes?.map((one) => one.code),
      ['schema/invalid'],
    );
    assert.deepEqual(c.body, { name: 7 });
  });
});

describe('messages of the library', () => {
  const setting = { messages: 'library', reason: WHY } as const;

  it('are passed on where they hold nothing that was sent', async () => {
    const { errors } = await judge({ body: PLAIN['zod'] }, { name: 7 }, { setting });
    assert.deepEqual(errors, [
      { in: 'body', path: 'name', message: 'Invalid input: expected string, received number' },
    ]);
  });

  for (const empty of ['', '  '])
    it(`are passed on for the empty text ${JSON.stringify(empty)}, which stands in all of them`, async () => {
      const body = z.object({ p: z.string().refine((text) => text.trim() !== '', 'Write a message.') });
      const { errors } = await judge({ body }, { p: empty }, { setting });
      assert.deepEqual(errors, [{ in: 'body', path: 'p', message: 'Write a message.' }]);
    });

  const quoting: readonly (readonly [what: string, body: StandardSchema, given: unknown])[] = [
    ['of valibot', v.object({ n: v.number() }), { n: 'hunter2' }],
    [
      'of the owner',
      z.object({ p: z.string().refine(() => false, { error: (issue) => `${String(issue.input)} is weak` }) }),
      { p: 'hunter2' },
    ],
    [
      'that quote another field',
      z.object({ a: z.string(), p: z.string() }).refine(() => false, { error: 'HUNTER2 is no good' }),
      { a: 'x y z', p: ' hunter2 ' },
    ],
  ];
  for (const [what, body, given] of quoting)
    it(`${what} are left out where they quote it [VAL-22]`, async () => {
      const { shown, errors } = await judge({ body }, given, { setting });
      assert.doesNotMatch(shown, /hunter2/i);
      assert.equal(errors[0]?.message, 'is not valid');
    });
});

describe('inputOf [VAL-04]', () => {
  const body = z.object({ name: z.string(), at: z.coerce.date() });

  it('gives what the schema made, with its type', async () => {
    const { c } = await judge({ body }, { name: 'Ann', at: '2026-01-01' });
    const input = inputOf(c, body);
    input satisfies { readonly name: string; readonly at: Date };
    // @ts-expect-error -- the schema has no such field
    input.role satisfies unknown;
    assert.equal(input.at.getUTCFullYear(), 2026);
    assert.equal(inputOf({ dewar: c }, body), input);
  });

  it('gives nothing for a schema that stands on another route', async () => {
    const { c } = await judge({ body }, { name: 'Ann', at: '2026-01-01' });
    assert.throws(() => inputOf(c, z.object({})), /has no such schema/);
  });
});

describe('what does not start', () => {
  const rows: readonly (readonly [what: string, schemas: RouteSchemas, method: string, faults: readonly string[]])[] = [
    ['JSON Schema', { body: { type: 'object' } }, 'POST', ['POST /: schema.body']],
    ['a text', { query: 'page' }, 'GET', ['GET /: schema.query']],
    ['null', { params: null }, 'GET', ['GET /: schema.params']],
    [
      'another version',
      { body: { '~standard': { version: 2, validate: () => ({ value: 1 }) } } },
      'POST',
      ['POST /: schema.body'],
    ],
    ['nothing that validates', { body: { '~standard': { version: 1 } } }, 'POST', ['POST /: schema.body']],
    ['a body that nobody reads', { body: PLAIN['zod'] }, 'GET', ['GET /: schema.body']],
    ['all that is wrong at once', { body: 1, query: 2 }, 'POST', ['POST /: schema.query', 'POST /: schema.body']],
    ['nothing of this', { body: PLAIN['zod'], query: PLAIN['valibot'] }, 'POST', []],
  ];
  for (const [what, schemas, method, faults] of rows)
    it(`${what}: ${faults.join(', ') || 'it starts'}`, async () => {
      const found = await on(schemas, undefined, method).ready.then(
        () => [],
        (error: { faults: { option: string }[] }) => error.faults.map(({ option }) => option),
      );
      assert.deepEqual(found, faults);
    });

  const options: readonly (readonly [setting: object, faults: readonly string[]])[] = [
    [{ unknownFields: 'drop' }, ['schema.unknownFields']],
    [{ unknownFields: 'schema' }, ['schema.unknownFields']],
    [{ unknownFields: 'schema', reason: WHY }, []],
    [{ messages: true }, ['schema.messages']],
    [{ messages: 'library' }, ['schema.messages']],
  ];
  for (const [setting, faults] of options)
    it(`${JSON.stringify(setting)}: ${faults.join(', ') || 'starts'}`, async () => {
      const found = await on({}, setting).ready.then(
        () => [],
        (error: { faults: { option: string }[] }) => error.faults.map(({ option }) => option),
      );
      assert.deepEqual(found, faults);
    });
});
