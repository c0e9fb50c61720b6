/**
 * The head that leaves: the policy's fields over the handler's, each security field once.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fieldOf, guardWith, stage } from './kernel.fixture.ts';
import type { Step } from './steps.ts';

const PAGE = ['content-type', 'text/html; charset=utf-8'];

/** The head for a handler's fields under these steps. */
async function head(own: readonly string[], ...steps: Step[]): Promise<readonly string[]> {
  const { send } = stage({ protections: [guardWith(...steps)] });
  return (await send({}, own)).answer.fields;
}

const owns = (...fields: string[]): Step => ({ place: 'headers', head: () => fields });

describe('a field that the policy sets', () => {
  for (const name of ['x-frame-options', 'X-Frame-Options', 'X-FRAME-OPTIONS'])
    it(`stands once, with the policy’s value, where the handler sets ${name} [HDR-30]`, async () => {
      const fields = await head([name, 'ALLOWALL'], owns('x-frame-options', 'DENY'));
      assert.equal(fieldOf(fields, 'x-frame-options'), 'DENY');
    });

  it('is reported where the handler set it too [HDR-30]', async () => {
    const { send, said } = stage({ protections: [guardWith(owns('x-frame-options', 'DENY'))] });
    await send({}, ['X-Frame-Options', 'ALLOWALL', 'X-Other', '1']);
    assert.deepEqual(
      said('response.conflict').map(({ field }) => field),
      ['x-frame-options'],
    );
  });

  it('for one variant only cannot be set by a handler in another', async () => {
    const hsts: Step = { place: 'headers', head: ({ secure }) => (secure ? ['strict-transport-security', 'a'] : []) };
    const { send } = stage({ protections: [guardWith(hsts)] });
    assert.equal(
      (await send({ encrypted: false }, ['Strict-Transport-Security', 'max-age=0'])).field('strict-transport-security'),
      undefined,
    );
    assert.equal((await send({}, ['Strict-Transport-Security', 'max-age=0'])).field('strict-transport-security'), 'a');
  });

  it('leaves the handler’s other fields as they are, repeated ones included', async () => {
    const fields = await head(['X-A', '1', 'x-a', '2', 'ETag', '"v"'], owns('x-frame-options', 'DENY'));
    assert.deepEqual(fieldOf(fields, 'x-a'), ['1', '2']);
    assert.equal(fieldOf(fields, 'etag'), '"v"');
  });
});

describe('fields that name the server', () => {
  for (const name of ['Server', 'X-Powered-By', 'x-powered-by', 'X-AspNet-Version', 'X-Runtime', 'Via'])
    it(`do not leave: ${name} [HDR-27]`, async () => {
      assert.equal(fieldOf(await head([name, 'Express']), name.toLowerCase()), undefined);
    });
});

describe('pages and all else', () => {
  const variant: Step = { place: 'csp', head: ({ kind }) => ['x-variant', kind] };
  const rows: readonly (readonly [type: readonly string[], expected: string])[] = [
    [['content-type', 'text/html'], 'page'],
    [['Content-Type', 'text/html; charset=utf-8'], 'page'],
    [['content-type', 'application/json'], 'data'],
    [['content-type', 'text/plain'], 'data'],
    [['content-type', 'image/svg+xml'], 'data'],
    [['x-type', 'text/html'], 'data'],
    [[], 'data'],
  ];
  for (const [type, expected] of rows)
    it(`${type.join(': ') || 'no content type'} gets the fields of ${expected}`, async () => {
      assert.equal(fieldOf(await head(type, variant), 'x-variant'), expected);
    });
});

describe('Vary', () => {
  const varies = (...names: string[]): Step => ({
    place: 'cache',
    finish: (_c, { vary }) => void vary.push(...names),
  });
  const rows: readonly (readonly [own: readonly string[], names: readonly string[], expected: string | undefined])[] = [
    [[], [], undefined],
    [['Vary', 'Accept'], [], 'Accept'],
    [[], ['cookie'], 'cookie'],
    [['Vary', 'Accept, Cookie'], ['cookie'], 'Accept, Cookie'],
    [['Vary', 'Accept', 'vary', 'Origin'], ['cookie'], 'Accept, Origin, cookie'],
    [['Vary', '*'], ['cookie'], '*'],
    [['Vary', 'Accept'], ['origin', 'origin'], 'Accept, origin'],
  ];
  for (const [own, names, expected] of rows)
    it(`of ${own.join(' ') || 'nothing'} and ${names.join(', ') || 'nothing'} is ${expected ?? 'left out'}`, async () => {
      assert.equal(fieldOf(await head(own, varies(...names)), 'vary'), expected);
    });

  it('names everything that was asked for, once', async () => {
    const name = fc.constantFrom('Accept', 'accept', 'Origin', 'Cookie', 'Accept-Encoding');
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1 }), fc.array(name), async (own, added) => {
        const fields = await head(
          own.flatMap((one) => ['vary', one]),
          varies(...added),
        );
        const names = (fieldOf(fields, 'vary') as string).toLowerCase().split(', ');
        assert.deepEqual(new Set(names), new Set([...own, ...added].map((one) => one.toLowerCase())));
        assert.equal(new Set(names).size, names.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('cookies', () => {
  it('stay lines of their own, the handler’s first', async () => {
    const sets: Step = { place: 'access', run: (c) => (c.setCookie('c', 'c=3; Path=/'), null) };
    const own = ['Set-Cookie', 'a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT', 'set-cookie', 'b=2'];
    assert.deepEqual(fieldOf(await head(own, sets), 'set-cookie'), [
      'a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT',
      'b=2',
      'c=3; Path=/',
    ]);
  });

  it('of the handler can be replaced by the step of the cookies', async () => {
    const guarded: Step = {
      place: 'cookies',
      finish(_c, { cookies }) {
        for (const [index, cookie] of cookies.entries()) cookies[index] = `${cookie}; Secure`;
      },
    };
    assert.equal(fieldOf(await head(['set-cookie', 'a=1'], guarded), 'set-cookie'), 'a=1; Secure');
  });
});

describe('a finish step', () => {
  it('sees status, scheme and kind, and sets a field in place of every earlier one', async () => {
    const seen: unknown[] = [];
    const finish: Step = {
      place: 'cache',
      finish(_c, response) {
        seen.push(response.status, response.secure, response.kind);
        response.set('cache-control', 'no-store');
      },
    };
    const fields = await head([...PAGE, 'Cache-Control', 'public', 'cache-control', 'max-age=60'], finish);
    assert.deepEqual(seen, [200, true, 'page']);
    assert.equal(fieldOf(fields, 'cache-control'), 'no-store');
  });
});
