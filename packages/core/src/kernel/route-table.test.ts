/**
 * A whole policy against its routes: what is merged, what is reported, and what does not start.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from './config-error.ts';
import { check, denied, guard, guardWith, set, stage } from './kernel.fixture.ts';
import type { Cast } from './kernel.fixture.ts';
import type { Combination, Profile } from './protection.ts';
import { detect, off } from './settings.ts';

const WHY = 'the partner portal needs it';

async function faultsOf(cast: Cast): Promise<readonly string[]> {
  try {
    await stage(cast).ready;
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults.map(({ option }) => option);
  }
}

const refusing = guardWith(check('access', denied()));

describe('settings of a route', () => {
  it('are compiled for that route alone [DX-03]', async () => {
    const leveled = guard({
      compile: ({ options: { level } }) => [{ place: 'headers', head: () => ['x-level', String(level)] }],
    });
    const { send } = stage({
      protections: [set(leveled, { level: 4 } as object)],
      routes: [{ path: '/' }, { path: '/high', overrides: { guard: { level: 9 } as object } }],
    });
    assert.equal((await send()).field('x-level'), '4');
    assert.equal((await send({ target: '/high' })).field('x-level'), '9');
    assert.equal((await send({ target: '/none' })).field('x-level'), '4');
  });

  it('turn a protection off for that route alone', async () => {
    const { send } = stage({
      protections: [refusing],
      routes: [{ path: '/' }, { path: '/open', overrides: { guard: off(WHY) } }],
    });
    assert.equal((await send()).denial?.code, 'guard/no');
    assert.equal((await send({ target: '/open' })).denial, null);
    assert.equal((await send({ target: '/open/' })).denial?.code, 'guard/no');
  });

  it('turn a protection on that the policy has off', async () => {
    const { send } = stage({
      protections: [set(refusing, off(WHY))],
      routes: [{ path: '/' }, { path: '/shut', overrides: { guard: { mode: 'enforce' } } }],
    });
    assert.equal((await send()).denial, null);
    assert.equal((await send({ target: '/shut' })).denial?.code, 'guard/no');
  });
});

describe('a start', () => {
  it('reports the faults of policy, protections and routes together [CFG-01]', async () => {
    const faults = await faultsOf({
      faults: [{ option: 'secret', wrong: 'is missing', write: 'set it' }],
      protections: [set(guard(), { levle: 1 } as object), set(guard({ name: 'other' }), off(''))],
      routes: [
        { path: '/a', overrides: { gaurd: {} } },
        { path: '/b', overrides: { guard: off('') } },
      ],
      view: { debug: true },
    });
    assert.deepEqual(faults.toSorted(), [
      '--inspect',
      'GET /a: gaurd',
      'GET /b: guard',
      'guard.levle',
      'other',
      'secret',
    ]);
  });

  it('names the protection that a route meant [CFG-14]', async () => {
    await assert.rejects(
      stage({ protections: [guard()], routes: [{ path: '/a', overrides: { gaurd: {} } }] }).ready,
      /GET \/a: gaurd: no such protection \(did you mean "guard"\?\)/,
    );
  });

  it('says a fault once, however many routes it is met on', async () => {
    const protections = [set(guard(), { level: 'x' } as object)];
    assert.deepEqual(await faultsOf({ protections, routes: [{ path: '/a' }, { path: '/b' }] }), ['guard.level']);
  });

  it('tells what runs', async () => {
    const { said, ready } = stage({ protections: [guard(), guard({ name: 'other' })], routes: [{ path: '/a' }] });
    await ready;
    assert.deepEqual(said('kernel.started'), [{ profile: 'production', routes: 1, protections: ['guard', 'other'] }]);
    assert.equal(said('policy.weakened').length, 0);
  });

  it('lists every weakening with its reason', async () => {
    const { said } = stage({
      protections: [
        set(guard(), off(WHY)),
        set(guard({ name: 'second' }), { mode: detect(WHY, { until: '2026-02-01' }) }),
        set(guard({ name: 'third' }), { level: 1, reason: WHY } as object),
      ],
      routes: [
        { path: '/a', overrides: { third: off(WHY) } },
        { path: '/b', overrides: { third: { level: 2, reason: WHY } as object } },
        { path: '/c', overrides: { third: { mode: detect(WHY, { until: '2026-02-02' }) } } },
      ],
    });
    assert.deepEqual(said('policy.weakened'), [
      { option: 'guard', how: 'off', reason: WHY },
      { option: 'second', how: 'detect', reason: WHY, until: '2026-02-01' },
      { option: 'third', how: 'option', reason: WHY },
      { option: 'GET /a: third', how: 'off', reason: WHY },
      { option: 'GET /b: third', how: 'option', reason: WHY },
      { option: 'GET /c: third', how: 'detect', reason: WHY, until: '2026-02-02' },
    ]);
  });

  it('refuses encoded separators on a route that gives no reason for them', async () => {
    assert.deepEqual(await faultsOf({ routes: [{ path: '/a', encodedSeparators: '' }] }), [
      'GET /a: encodedSeparators',
    ]);
    assert.deepEqual(await faultsOf({ routes: [{ path: '/a', encodedSeparators: 'names of git branches' }] }), []);
  });
});

describe('a dangerous combination [DX-06]', () => {
  const combinations: readonly Combination[] = [
    {
      id: 'guard/off-alone',
      check: (policy) =>
        policy.offReason('guard') === undefined ? [] : [{ option: 'guard', wrong: 'is off', write: 'turn it on' }],
    },
  ];
  const cast = (profile: Profile): Cast => ({ profile, protections: [set(guard({ combinations }), off(WHY))] });

  it('does not start, reason or not', async () => {
    assert.deepEqual(await faultsOf(cast('production')), ['guard']);
    assert.deepEqual(await faultsOf(cast('test')), ['guard']);
  });

  it('warns in development', async () => {
    const { said } = stage(cast('development'));
    assert.deepEqual(said('policy.warning'), [{ option: 'guard', wrong: 'is off', write: 'turn it on' }]);
  });

  const kernel: readonly (readonly [title: string, view: Cast['view'], option: string])[] = [
    ['trust of every IPv4 proxy', { trustedProxies: ['10.0.0.1/32', '0.0.0.0/0'] }, 'facts.trustedProxies'],
    ['trust of every IPv6 proxy', { trustedProxies: ['::/0'] }, 'facts.trustedProxies'],
    ['trust of all of IPv4 behind NAT64', { trustedProxies: ['64:ff9b::/96'] }, 'facts.trustedProxies'],
    ['trust of a part of NAT64', { trustedProxies: ['64:ff9b::a00:0/103'] }, 'facts.trustedProxies'],
    ['trust of what holds NAT64', { trustedProxies: ['64::/16'] }, 'facts.trustedProxies'],
    ['trust of all of IPv4 in 6to4', { trustedProxies: ['2002::/16'] }, 'facts.trustedProxies'],
    ['trust of an /8 and more', { trustedProxies: ['12.0.0.0/8', '13.0.0.0/24'] }, 'facts.trustedProxies'],
    [
      'trust of all of IPv4 in pieces',
      { trustedProxies: Array.from({ length: 256 }, (_, index) => `${index}.0.0.0/8`) },
      'facts.trustedProxies',
    ],
    ['trust of IPv6 in pieces', { trustedProxies: ['2000::/16', '2001::/16'] }, 'facts.trustedProxies'],
    ['a debugger in production [CFG-06] [S-04]', { debug: true }, '--inspect'],
    [
      'a weak secret in production [CFG-05]',
      { secretFaults: [{ option: 'secret', wrong: 'is 3 bytes long', write: 'write 32' }] },
      'secret',
    ],
  ];
  for (const [title, view = {}, option] of kernel)
    it(`is ${title}`, async () => {
      assert.deepEqual(await faultsOf({ view }), [option]);
      assert.deepEqual(
        stage({ view, profile: 'development' })
          .said('policy.warning')
          .map((fields) => fields.option),
        [option],
      );
    });

  const sound: readonly (readonly [title: string, trustedProxies: readonly string[]])[] = [
    ['private networks', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '100.64.0.0/10']],
    ['networks of a content delivery network', ['104.16.0.0/13', '172.64.0.0/13', '2400:cb00::/32', '2606:4700::/32']],
    ['one translated proxy', ['64:ff9b::c000:201', '64:ff9b::a00:0/104', '2002:c000:201::/48']],
  ];
  for (const [title, trustedProxies] of sound)
    it(`is not trust of ${title}`, async () => assert.deepEqual(await faultsOf({ view: { trustedProxies } }), []));

  it('is seen with options after defaults', async () => {
    const seen: unknown[] = [];
    const self = guard({
      combinations: [
        {
          id: 'guard/looks',
          check(policy, routes) {
            seen.push(
              policy.options({ name: 'guard', defaults: { level: 0 } }),
              policy.options({ name: 'absent', defaults: {} }),
            );
            seen.push(policy.detectOf('guard')?.reason, routes.length);
            return [];
          },
        },
      ],
    });
    stage({ protections: [set(self, { level: 5, mode: detect(WHY, { until: '2026-02-01' }) } as object)] });
    assert.deepEqual(seen, [{ level: 5, names: [] }, null, WHY, 1]);
  });
});

describe('the state of a protection', () => {
  it('is made once, and shared by routes and handlers', () => {
    let made = 0;
    const states = new Set<unknown>();
    const stateful = guard({
      setup: () => ({ number: ++made }),
      compile: ({ state }) => {
        states.add(state);
        return [];
      },
    });
    const { kernel } = stage({ protections: [stateful], routes: [{ path: '/a' }, { path: '/b' }] });
    assert.deepEqual([...states], [{ number: 1 }]);
    assert.equal(kernel.part('guard'), [...states][0]);
  });

  it('is not there where the protection is off or absent', () => {
    const { kernel } = stage({ protections: [set(guard({ setup: () => 'state' }), off(WHY))] });
    assert.equal(kernel.part('guard'), undefined);
    assert.equal(kernel.part('absent'), undefined);
    assert.equal(kernel.part('__proto__'), undefined);
  });

  it('can be used by protections that are set up later', async () => {
    const first = guard({ name: 'first', setup: () => 'of the first' });
    const seen: unknown[] = [];
    const second = guard({
      compile: ({ env }) => {
        seen.push(env.part('first'));
        return [];
      },
    });
    stage({ protections: [first, second] });
    assert.ok(seen.length > 0 && seen.every((state) => state === 'of the first'));
  });
});

describe('a kernel whose policy has faults', () => {
  const rows: readonly (readonly [title: string, cast: Cast])[] = [
    ['of the policy', { faults: [{ option: 'secret', wrong: 'is missing', write: 'set it' }] }],
    ['of a protection', { protections: [set(guard(), { level: 'x' } as object)] }],
    ['of its only route', { routes: [{ path: '/', overrides: { absent: {} } }] }],
    ['of a later route', { routes: [{ path: '/' }, { path: '/b', overrides: { absent: {} } }] }],
    ['of the way options stand together', { view: { debug: true } }],
  ];
  for (const [title, cast] of rows)
    it(`answers nobody: faults ${title}`, async () => {
      const { send, kernel } = stage({ ...cast, start: false });
      await assert.rejects(kernel.start(), ConfigError);
      for (const target of ['/', '/none']) {
        const { answer, denial } = await send({ target });
        assert.equal(answer.status, 503);
        assert.equal(denial?.code, 'kernel/not-started');
      }
    });

  it('answers again once its faults are gone', async () => {
    let wrong = true;
    const combinations = [
      { id: 'guard/moody', check: () => (wrong ? [{ option: 'guard', wrong: 'is moody', write: 'wait' }] : []) },
    ];
    const { send, kernel } = stage({ protections: [guard({ combinations })], start: false });
    await assert.rejects(kernel.start(), ConfigError);
    wrong = false;
    await kernel.start();
    assert.equal((await send()).answer.status, 200);
  });
});

describe('a twin', () => {
  it('runs without the steps of what was left out, and with all others', async () => {
    const other = guard({ name: 'other', compile: () => [{ place: 'headers', head: () => ['x-other', '1'] }] });
    const { send } = stage({ profile: 'test', protections: [refusing, other], omit: new Set(['guard']) });
    const { denial, field } = await send();
    assert.equal(denial, null);
    assert.equal(field('x-other'), '1');
  });

  for (const profile of ['production', 'development'] as const)
    it(`does not start in ${profile}, where it could meet people`, async () => {
      assert.deepEqual(await faultsOf({ profile, protections: [refusing], omit: new Set(['guard']) }), ['omit']);
    });
});
