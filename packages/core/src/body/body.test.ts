/**
 * Options, and what the protection makes of them: the plan by which a body is read, and the check behind it.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detect } from '../kernel/index.ts';
import type { BodyPlan, Context, Denial, Setting } from '../kernel/index.ts';
import { set, stage } from '../kernel/kernel.fixture.ts';
import type { Stage } from '../kernel/kernel.fixture.ts';
import { body, BODY_DEFAULTS } from './index.ts';
import type { BodyOptions } from './index.ts';

const WHY = 'photos of receipts are large';
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

function on(setting?: Setting<BodyOptions>, method = 'POST'): Stage {
  return stage({ profile: 'test', protections: [set(body, setting)], routes: [{ method }] });
}

async function faultsOf(setting: Setting<BodyOptions>): Promise<string[]> {
  return on(setting).ready.then(
    () => [],
    (error: { faults: { option: string }[] }) => error.faults.map(({ option }) => option),
  );
}

interface Read {
  readonly c: Context;
  /** What reading refuses with, or the check behind it. */
  readonly code: string | null;
}

/** Reads those bytes as a request of that type would be. */
async function read(setting: Setting<BodyOptions>, type: string, bytes: string): Promise<Read> {
  const self = on(setting);
  await self.ready;
  const c = self.context({ method: 'POST', headers: ['Host', 'app.example', 'Content-Type', type] });
  const reader = planOf(c).reader(type);
  if (reader === null) return { c, code: null };
  if ('code' in reader) return { c, code: reader.code };
  assert.ok('whole' in reader);
  const denial = reader.whole(Buffer.from(bytes), c) ?? ((await self.kernel.after(c)) as Denial | null);
  return { c, code: denial?.code ?? null };
}

function planOf(c: Context): BodyPlan {
  assert.ok(c.route.body !== undefined);
  return c.route.body;
}

describe('options', () => {
  const rows: readonly (readonly [setting: object, faults: readonly string[]])[] = [
    [{}, []],
    [{ limit: 1000, maxDepth: 1, maxKeys: 1, types: ['application/json', 'application/*+json'] }, []],
    [{ limit: 0 }, ['body.limit']],
    [{ limit: 1.5 }, ['body.limit']],
    [{ limit: Infinity, reason: WHY }, ['body.limit']],
    [{ limit: '1mb' }, ['body.limit']],
    [{ maxDepth: 0, maxKeys: -1, maxItems: NaN }, ['body.maxDepth', 'body.maxKeys', 'body.maxItems']],
    [{ timeout: 0, grace: 0 }, ['body.timeout', 'body.grace']],
    [{ minRate: -1, reason: WHY }, ['body.minRate']],
    [{ uniqueKeys: 'yes' }, ['body.uniqueKeys']],
    [{ types: 'application/json' }, ['body.types']],
    [{ types: [] }, ['body.types']],
    [{ types: ['json'] }, ['body.types[0]']],
    [{ types: ['application/json', 'Application/JSON'] }, ['body.types[1]']],
    [{ types: ['application/json; charset=utf-8'] }, ['body.types[0]']],
    [{ types: ['*/*'] }, ['body.types[0]']],
    [{ encodings: 'gzip' }, ['body.encodings']],
    [{ encodings: ['zip'] }, ['body.encodings[0]']],
    [{ json: { maxDepth: 3 } }, ['body.json']],
  ];
  for (const [setting, faults] of rows)
    it(`${JSON.stringify(setting)} ${faults.length === 0 ? 'are sound' : `are refused: ${faults.join(', ')}`}`, async () => {
      assert.deepEqual(await faultsOf(setting), faults);
    });

  const weaker: readonly (readonly [option: keyof BodyOptions, value: unknown])[] = [
    ['limit', BODY_DEFAULTS.limit + 1],
    ['maxRatio', 51],
    ['timeout', 20_001],
    ['grace', 5_001],
    ['minRate', 499],
    ['maxDepth', 33],
    ['maxKeys', 1_001],
    ['maxItems', 10_001],
    ['maxText', 262_145],
    ['maxName', 257],
    ['maxFields', 1_001],
    ['exactNumbers', false],
    ['uniqueKeys', false],
    ['encodings', ['gzip']],
  ];
  for (const [option, value] of weaker)
    it(`${option}: ${JSON.stringify(value)} needs a reason`, async () => {
      assert.deepEqual(await faultsOf({ [option]: value }), [`body.${option}`]);
      assert.deepEqual(await faultsOf({ [option]: value, reason: WHY }), []);
    });
});

describe('a content type [VAL-19]', () => {
  const types = ['application/json', 'application/*+json', 'multipart/form-data'];
  const rows: readonly (readonly [type: string, code: string | null])[] = [
    ['application/json', null],
    ['application/json; charset=utf-8', null],
    ['APPLICATION/JSON', null],
    ['application/problem+json', null],
    ['multipart/form-data; boundary=b', null],
    [FORM, 'body/type'],
    ['text/plain', 'body/type'],
    ['application/jsonp', 'body/type'],
    ['application/json; charset=utf-16', 'body/charset'],
    ['text/json', 'body/type'],
    ['x', 'body/type'],
    ['', 'body/type'],
  ];
  for (const [type, code] of rows)
    it(`${type || 'that is empty'} is ${code ?? 'taken'} where JSON and uploads are`, async () => {
      assert.equal((await read({ types }, type, '1')).code, code);
    });

  it('that is refused names those that are taken', async () => {
    const self = on({ types });
    const denial = planOf(self.context({ method: 'POST' })).reader(undefined) as Denial;
    assert.deepEqual([denial.status, denial.headers], [415, ['accept', types.join(', ')]]);
  });
});

describe('structure', () => {
  const rows: readonly (readonly [setting: object, type: string, body: string, code: string])[] = [
    [{ maxDepth: 2 }, JSON_TYPE, '[[[]]]', 'body/depth'],
    [{ maxKeys: 1 }, JSON_TYPE, '{"a":1,"b":1}', 'body/keys'],
    [{ maxItems: 1 }, JSON_TYPE, '[1,1]', 'body/items'],
    [{ maxText: 1 }, JSON_TYPE, '"ab"', 'body/text'],
    [{ maxName: 1 }, JSON_TYPE, '{"ab":1}', 'body/name'],
    [{}, JSON_TYPE, '9007199254740993', 'body/number'],
    [{}, JSON_TYPE, '{"a":1,"a":1}', 'body/duplicate-key'],
    [{ maxFields: 1 }, FORM, 'a=1&b=1', 'body/fields'],
    [{ maxText: 1 }, FORM, 'a=12', 'body/text'],
  ];
  for (const [setting, type, bytes, code] of rows) {
    it(`of ${bytes} is refused: ${code}`, async () => assert.equal((await read(setting, type, bytes)).code, code));

    it(`of ${bytes} is reported and let through in detect mode, body and all`, async () => {
      const mode = detect('seen in a test of the structure', { until: '2026-02-01' });
      const { c, code: refused } = await read({ ...setting, mode }, type, bytes);
      assert.equal(refused, null);
      assert.notEqual(c.body, undefined);
      assert.deepEqual(
        c.notes?.map((one) => one.code),
        [code],
      );
    });
  }

  it('says which limit it was and nothing of what was sent [VAL-22]', async () => {
    const self = on({ maxText: 5 });
    await self.ready;
    const c = self.context({ method: 'POST' });
    const reader = planOf(c).reader(JSON_TYPE);
    assert.ok(reader !== null && 'whole' in reader);
    assert.equal(reader.whole(Buffer.from('"hunter2"'), c), null);
    const { status, body: shown } = self.kernel.answer(c, (await self.kernel.after(c)) as Denial);
    assert.equal(status, 400);
    assert.match(shown, /"errors":\[\{"in":"body","message":"a text is too long"\}\]/);
    assert.doesNotMatch(shown, /hunter2/);
  });

  for (const [type, bytes, code] of [
    [JSON_TYPE, '{"a":', 'body/not-json'],
    [JSON_TYPE, '{"__proto__":1}', 'body/prototype-key'],
    [FORM, 'a=%zz', 'body/not-a-form'],
  ] as const)
    it(`detect mode does not let through what cannot be read safely: ${bytes}`, async () => {
      const mode = detect('seen in a test of the structure', { until: '2026-02-01' });
      assert.equal((await read({ mode }, type, bytes)).code, code);
    });

  it('is not looked for where no body is read', () => {
    for (const method of ['GET', 'HEAD'])
      assert.equal(on({}, method).context({ method }).route.body, undefined, method);
  });
});
