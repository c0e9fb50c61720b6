/**
 * A line is one line of JSON whatever a client sent, and holds no secret under any name.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatEvent } from './event-line.ts';
import { levelOf } from './events.ts';
import type { EventName, SecurityEvent } from './events.ts';
import { NOON } from './kernel.fixture.ts';

/** An event with any fields: those of other packages come the same way. */
function line(fields: Readonly<Record<string, unknown>>, name = 'request.completed', at = NOON): string {
  return formatEvent({ name: name as EventName, at, fields: fields as never } satisfies SecurityEvent);
}

const parse = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

/** Everything that moves a terminal's cursor, ends a line for some reader, or turns text around. */
const DANGEROUS =
  // oxlint-disable-next-line no-misleading-character-class
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

describe('a line', () => {
  it('is JSON with time, level, event and fields, and ends in one line feed [LOG-01]', () => {
    const text = line({ request: 'r-1', status: 200, aborted: true, path: '/a', protections: ['hosts'] });
    assert.ok(text.endsWith('}\n'));
    assert.deepEqual(parse(text), {
      time: '2026-01-01T12:00:00.000Z',
      level: 'info',
      event: 'request.completed',
      request: 'r-1',
      status: 200,
      aborted: true,
      path: '/a',
      protections: ['hosts'],
    });
  });

  const times = [0, 1, 999, 1000, 1001, NOON, NOON + 7, NOON - 1, Date.UTC(2099, 11, 31, 23, 59, 59, 999)];
  for (const at of times)
    it(`has the time ${new Date(at).toISOString()} to the millisecond`, () => {
      assert.equal(parse(line({}, 'request.completed', at))['time'], new Date(at).toISOString());
    });

  it('has the right time in any order of events', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4_102_444_800_000), { maxLength: 20 }), (moments) => {
        for (const at of moments) assert.equal(parse(line({}, 'log.dropped', at))['time'], new Date(at).toISOString());
      }),
    );
  });

  it('leaves out a field that is undefined', () => {
    assert.deepEqual(Object.keys(parse(line({ account: undefined, status: 1 }))), ['time', 'level', 'event', 'status']);
  });

  it('has the level of its event', () => {
    for (const name of ['request.failed', 'request.refused', 'policy.weakened', 'request.completed'] as const)
      assert.equal(parse(line({}, name))['level'], levelOf(name));
  });

  for (const value of [NaN, Infinity, -Infinity, 0, -1, 1e300, 0.1])
    it(`stays JSON with the number ${value}`, () => {
      assert.equal(parse(line({ ms: value }))['ms'], Number.isFinite(value) ? value : null);
    });

  const odd: readonly (readonly [title: string, value: unknown])[] = [
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a bigint', 12n],
    ['null', null],
    ['a nested undefined', { a: undefined }],
    ['a date', new Date(NOON)],
    ['an object that contains itself', circular()],
    [
      'an object that throws when it is read',
      {
        get x() {
          throw new Error('no');
        },
      },
    ],
  ];
  for (const [title, value] of odd)
    it(`stays JSON, and is written, with ${title}`, () => {
      const read = parse(line({ odd: value, status: 1 }));
      assert.equal(read['status'], 1);
    });
});

describe('what a client sent', () => {
  const rows: readonly (readonly [title: string, text: string])[] = [
    ['a line feed and a forged line', '/a\n{"level":"info","event":"request.completed"}'],
    ['carriage return and line feed', '/a\r\nb'],
    ['a quotation mark', '/a","status":200,"x":"'],
    ['a backslash', '/a\\'],
    ['NUL', '/a\u0000b'],
    ['an escape sequence of a terminal', '/a\u001b[2J\u001b[31mred'],
    ['a C1 control', '/a\u009b2J'],
    ['DEL', '/a\u007f'],
    ['line and paragraph separators', '/a\u2028b\u2029c'],
    ['a next-line control', '/a\u0085b'],
    ['bidirectional controls', '/a\u202ecod.exe\u2066x\u2069'],
    ['an Arabic letter mark', '/a\u061cb'],
    ['zero-width characters', '/a\u200bb\u200d\ufeff'],
    ['half a surrogate pair', '/a\ud800b'],
    ['text of any script', '/zażółć/日本語/😀'],
  ];
  for (const [title, text] of rows)
    it(`stays one harmless line, and is kept: ${title} [LOG-07] [INJ-10]`, () => {
      for (const fields of [{ path: text }, { nested: { deep: [text] } }]) {
        const out = line(fields);
        assert.doesNotMatch(out.slice(0, -1), /\n/);
        assert.doesNotMatch(out.slice(0, -1), DANGEROUS);
        const read = parse(out);
        assert.deepEqual({ ...read, time: 0, level: 0, event: 0 }, { time: 0, level: 0, event: 0, ...fields });
      }
    });

  it('is one line and reads back as it was, whatever it is [LOG-07] [INJ-10]', () => {
    const utf16 = fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units));
    const anything = fc.oneof(utf16, fc.string({ unit: 'binary' }), fc.string());
    fc.assert(
      fc.property(anything, anything, (first, second) => {
        const out = line({ path: first, nested: { deep: [second], [`n${second}`]: 1 } });
        assert.equal(out.split('\n').length, 2);
        assert.doesNotMatch(out.slice(0, -1), DANGEROUS);
        assert.equal(parse(out)['path'], first);
      }),
      { numRuns: 500 },
    );
  });
});

describe('secrets', () => {
  const names = [
    'password',
    'newPassword',
    'passphrase',
    'pass',
    'secret',
    'clientSecret',
    'token',
    'access_token',
    'csrfToken',
    'cookie',
    'set-cookie',
    'setCookies',
    'authorization',
    'Proxy-Authorization',
    'apiKey',
    'api_key',
    'API-KEY',
    'credentials',
    'privateKey',
  ];
  for (const name of names)
    it(`under "${name}" are cut out at any depth [LOG-06]`, () => {
      const out = line({ [name]: 'hunter2', list: [{ [name]: 'hunter2' }], deep: { er: { [name]: ['hunter2'] } } });
      assert.ok(!out.includes('hunter2'), out);
      assert.equal(parse(out)[name], '[redacted]');
    });

  it('are cut out whatever their type', () => {
    const out = line({
      token: { value: 'hunter2' },
      password: ['hunter2'],
      deep: { secret: { a: 'hunter2' }, token: 7 },
    });
    assert.ok(!out.includes('hunter2'));
    assert.deepEqual(parse(out)['deep'], { secret: '[redacted]', token: '[redacted]' });
  });

  for (const name of ['path', 'code', 'option', 'route', 'reason', 'account', 'session', 'kind'])
    it(`are not suspected under "${name}"`, () => assert.equal(parse(line({ [name]: 'plain' }))[name], 'plain'));
});

function circular(): object {
  const self: { self?: object } = {};
  self.self = self;
  return self;
}
