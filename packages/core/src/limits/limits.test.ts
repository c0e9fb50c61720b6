/**
 * Limits on a real kernel: whom they count, how they let up, what they say.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, detect, off } from '../kernel/index.ts';
import { account, address, countFailure, countSuccess, each, field, limit, method, of, route } from './index.ts';
import type { LimitOptions, LimitRule } from './index.ts';
import { limitsStage, passThenRefuse } from './stage.test.ts';

const rules = (...list: LimitRule[]) =>
  ({ address: false, rules: list, reason: 'these limits alone are looked at' }) as const;
const one = (text: string, options?: LimitOptions) => rules(limit(text, { name: 'x', ...options }));
const ann = { fields: { Cookie: 'sid=ann' } };
const bob = { fields: { Cookie: 'sid=bob' } };
const post = (login: unknown, more = {}) => ({ method: 'POST', body: { login }, ...more });

describe('a limit', () => {
  it('lets its number pass at once and refuses the next, which says when to come back [LIM-05] [LIM-17] [S-41]', async () => {
    const on = limitsStage(one('5 per minute'));
    assert.deepEqual(await on.statuses(6), passThenRefuse(5, 1));
    const { denial, field } = await on.ask();
    assert.deepEqual(
      [denial?.code, denial?.by, denial?.rule, denial?.option, denial?.status],
      ['limits/exceeded', 'limits', 'x', 'limits.rules', 429],
    );
    assert.equal(field('retry-after'), '12');
    on.advance(11_999);
    assert.equal((await on.ask()).status, 429);
    on.advance(1);
    assert.deepEqual(await on.statuses(2), [200, 429]);
    on.advance(60_000);
    assert.deepEqual(await on.statuses(6), passThenRefuse(5, 1));
  });

  it('never lets more pass in any window than twice its number', async () => {
    const on = limitsStage(one('10 per minute'));
    let passed = 0;
    for (let i = 0; i < 600; i++) {
      if ((await on.ask()).status === 200) passed += 1;
      on.advance(100);
    }
    assert.ok(passed >= 19 && passed <= 20, String(passed));
  });

  it('counts what was refused against nobody', async () => {
    const on = limitsStage(one('2 per minute'));
    await on.statuses(50);
    on.advance(30_000);
    assert.equal((await on.ask()).status, 200);
  });

  it('of several parts asks all, and takes from none where one refuses [LIM-07] [LIM-30]', async () => {
    const on = limitsStage(one('2 per second; 3 per month'));
    assert.deepEqual(await on.statuses(3), passThenRefuse(2, 1));
    on.advance(1000);
    assert.deepEqual(await on.statuses(2), [200, 429]);
    const { field } = await on.ask();
    assert.equal(field('retry-after'), String((30 * 86_400) / 3 - 1));
  });

  it('by default counts each network alone, and IPv6 by its /64 [LIM-24] [c2-rate]', async () => {
    const on = limitsStage(one('1 per hour'));
    const from = async (peer: string) => (await on.ask({ peer })).status;
    assert.deepEqual([await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.1')], [200, 200, 429]);
    // The same client by its mapped address.
    assert.equal(await from('::ffff:192.0.2.1'), 429);
    assert.equal(await from('2001:db8:0:1::1'), 200);
    assert.equal(await from('2001:db8:0:1:ffff::2'), 429);
    assert.equal(await from('2001:db8:0:2::1'), 200);
  });

  it('reads no forwarding field of a client that is no trusted proxy [S-44]', async () => {
    const on = limitsStage(one('3 per hour'));
    const got: number[] = [];
    for (let i = 0; i < 4; i++) {
      got.push(
        (await on.ask({ fields: { 'X-Forwarded-For': `203.0.113.${i}`, 'X-Real-IP': `203.0.113.${i}` } })).status,
      );
    }
    assert.deepEqual(got, passThenRefuse(3, 1));
  });

  it('behind a trusted proxy reads its field from the right [LIM-26]', async () => {
    const on = limitsStage(one('3 per hour'), { facts: { trustedProxies: ['192.0.2.1/32'] } });
    const got: number[] = [];
    for (let i = 0; i < 4; i++) {
      got.push((await on.ask({ fields: { 'X-Forwarded-For': `203.0.113.${i}, 198.51.100.7` } })).status);
    }
    assert.deepEqual(got, passThenRefuse(3, 1));
    assert.equal((await on.ask({ fields: { 'X-Forwarded-For': '198.51.100.8' } })).status, 200);
  });

  it('for all routes of the policy counts them together, a path that none matches too', async () => {
    const on = limitsStage(one('3 per hour'));
    assert.deepEqual([...(await on.statuses(2)), ...(await on.statuses(1, { method: 'POST' }))], [200, 200, 200]);
    assert.equal((await on.ask({ target: '/nowhere' })).status, 429);
  });

  it('by account follows a person from network to network, and counts two behind one apart [LIM-06]', async () => {
    const on = limitsStage(one('1 per hour', { by: account() }));
    assert.equal((await on.ask(ann)).status, 200);
    assert.equal((await on.ask({ ...ann, peer: '192.0.2.9' })).status, 429);
    assert.equal((await on.ask(bob)).status, 200);
  });

  it('whose key is missing counts the network [LIM-25]', async () => {
    for (const by of [
      account(),
      field('login'),
      of('nothing', () => undefined),
      of('empty', () => ''),
      of('late', (async () => 'x') as never),
      each(field('login'), account()),
    ]) {
      const on = limitsStage(one('2 per hour', { by }));
      assert.deepEqual(await on.statuses(3, { method: 'POST' }), passThenRefuse(2, 1), by.name);
      assert.equal((await on.ask({ method: 'POST', peer: '192.0.2.9' })).status, 200, by.name);
    }
  });

  it('takes a client’s text for no key but its own', async () => {
    const on = limitsStage(one('1 per hour', { by: field('login') }));
    assert.equal((await on.ask(post('!192.0.2.1'))).status, 200);
    assert.equal((await on.ask(post(undefined))).status, 200);
    const pair = limitsStage(one('1 per hour', { by: each(field('a'), field('b')) }));
    assert.equal((await pair.ask({ method: 'POST', body: { a: 'x;y', b: 'z' } })).status, 200);
    assert.equal((await pair.ask({ method: 'POST', body: { a: 'x', b: 'y;z' } })).status, 200);
  });

  it('by a field knows every spelling of it as one [LIM-27]', async () => {
    const on = limitsStage(one('1 per hour', { by: field('login') }));
    assert.equal((await on.ask(post('ann@example.org'))).status, 200);
    for (const spelling of ['ANN@Example.org', ' ann@example.org ', '\uff41nn@example.org']) {
      assert.equal((await on.ask(post(spelling, { peer: '192.0.2.9' }))).status, 429, spelling);
    }
  });

  it('by a field takes what is no text for missing, and a long text for a short key', async () => {
    const on = limitsStage(one('1 per hour', { by: field('login') }));
    assert.equal((await on.ask(post(['ann']))).status, 200);
    assert.equal((await on.ask(post({ $ne: '' }))).status, 429);
    assert.equal((await on.ask(post('a'.repeat(1e6)))).status, 200);
    assert.equal((await on.ask(post('a'.repeat(1e6)))).status, 429);
    assert.equal((await on.ask(post('a'.repeat(1e6 + 1)))).status, 200);
    assert.equal((await on.ask(post(7))).status, 200);
    assert.equal((await on.ask(post('7'))).status, 429);
  });

  it('by a field says nothing about routes that have no body', async () => {
    const on = limitsStage(one('1 per hour', { by: field('login') }));
    assert.deepEqual(await on.statuses(3), [200, 200, 200]);
  });

  it('by route and by method counts each alone, HEAD as its GET [LIM-06] [LIM-08]', async () => {
    const byRoute = limitsStage(one('1 per hour', { by: each(address(), route()) }));
    assert.deepEqual([(await byRoute.ask()).status, (await byRoute.ask({ method: 'POST' })).status], [200, 200]);
    assert.equal((await byRoute.ask({ method: 'HEAD' })).status, 429);
    const byMethod = limitsStage(one('1 per hour', { by: each(address(), method()) }));
    assert.deepEqual([(await byMethod.ask()).status, (await byMethod.ask({ method: 'POST' })).status], [200, 200]);
    assert.equal((await byMethod.ask({ method: 'HEAD' })).status, 429);
  });

  it('for some methods says nothing about others; GET covers HEAD [LIM-08]', async () => {
    const on = limitsStage(one('1 per hour', { methods: ['GET'] }));
    assert.deepEqual(await on.statuses(3, { method: 'POST' }), [200, 200, 200]);
    assert.deepEqual([(await on.ask()).status, (await on.ask({ method: 'HEAD' })).status], [200, 429]);
  });

  it('costs what the request says; a cost that is no number opens nothing [LIM-10]', async () => {
    const cost = (c: { facts: { query: object } }) => Number((c.facts.query as Record<string, string>)['n']);
    const on = limitsStage(one('10 per minute', { cost }));
    assert.equal((await on.ask({ target: '/?n=8' })).status, 200);
    assert.equal((await on.ask({ target: '/?n=3' })).status, 429);
    assert.equal((await on.ask({ target: '/?n=2' })).status, 200);
    const never = await on.ask({ target: '/?n=11' });
    assert.deepEqual([never.status, never.field('retry-after')], [429, undefined]);
    for (const bad of ['-5', 'x', 'Infinity']) await assert.rejects(on.ask({ target: `/?n=${bad}` }), RangeError, bad);
  });

  it('of several texts applies the one that is chosen, and the first for an unknown name [LIM-09]', async () => {
    const choose = (c: { facts: { query: object } }) => (c.facts.query as Record<string, string>)['plan'] ?? '';
    const plans = limit({ free: '1 per hour', paid: '3 per hour' }, { name: 'plan', choose });
    const on = limitsStage(rules(plans));
    assert.deepEqual(await on.statuses(4, { target: '/?plan=paid' }), passThenRefuse(3, 1));
    assert.deepEqual(await on.statuses(2, { target: '/?plan=__proto__' }), passThenRefuse(1, 1));
    const { field } = await on.ask({ target: '/?plan=free' });
    assert.equal(field('ratelimit-policy'), '"plan-free";q=1;w=3600');
    assert.match(field('ratelimit')!, /^"plan-free";r=0;t=3600$/);
  });

  it('lets off only whom `when` clearly lets off [LIM-12]', async () => {
    const on = limitsStage(one('1 per hour', { when: (c) => c.facts.query['vip'] === undefined }));
    assert.deepEqual(await on.statuses(3, { target: '/?vip=1' }), [200, 200, 200]);
    assert.deepEqual(await on.statuses(2), passThenRefuse(1, 1));
    const forgot = limitsStage(one('1 per hour', { when: (() => undefined) as unknown as () => boolean }));
    assert.deepEqual(await forgot.statuses(2), passThenRefuse(1, 1));
  });
});

describe('limits of a route', () => {
  it('are added to the policy’s, and count that route alone [LIM-06]', async () => {
    const own = { rules: [limit('2 per hour', { name: 'own' })] };
    const on = limitsStage(one('3 per hour'), {
      routes: [
        { path: '/a', limits: own },
        { path: '/b', limits: own },
      ],
    });
    assert.deepEqual(await on.statuses(3, { target: '/a' }), passThenRefuse(2, 1));
    assert.deepEqual(await on.statuses(1, { target: '/b' }), [429], 'the policy’s counted what it let pass');
  });

  it('count HEAD as its GET, also where both are declared', async () => {
    const own = { rules: [limit('2 per hour', { name: 'own' })] };
    const routes = ['HEAD', 'GET'].map((verb) => ({ path: '/a', method: verb, limits: own }));
    const on = limitsStage(rules(), { routes });
    assert.equal((await on.ask({ target: '/a' })).status, 200);
    assert.deepEqual(await on.statuses(2, { target: '/a', method: 'HEAD' }), passThenRefuse(1, 1));
  });

  it('that are shared count together; HEAD is no way around [LIM-06]', async () => {
    const own = { rules: [limit('2 per hour', { name: 'own', shared: 'pair' })] };
    const on = limitsStage(rules(), {
      routes: [
        { path: '/a', limits: own },
        { path: '/a', method: 'HEAD', limits: own },
        { path: '/b', method: 'POST', limits: own },
      ],
    });
    assert.equal((await on.ask({ target: '/a' })).status, 200);
    assert.equal((await on.ask({ target: '/b', method: 'POST' })).status, 200);
    assert.equal((await on.ask({ target: '/a', method: 'HEAD' })).status, 429);
  });

  it('leave a limit of the policy out for a reason, or all of them', async () => {
    const on = limitsStage(one('1 per hour'), {
      routes: [
        { path: '/a', limits: { without: ['x'], reason: 'a health check of our own' } },
        { path: '/b', limits: off('measured elsewhere, by the proxy') },
        { path: '/c' },
      ],
    });
    assert.deepEqual(await on.statuses(3, { target: '/a' }), [200, 200, 200]);
    assert.deepEqual(await on.statuses(3, { target: '/b' }), [200, 200, 200]);
    assert.deepEqual(await on.statuses(2, { target: '/c' }), [200, 429]);
  });
});

describe('a limit on failures', () => {
  const failures = one('2 per hour', { count: 'failures' });

  it('counts what failed and gives back what did not [LIM-11]', async () => {
    const on = limitsStage(failures);
    assert.deepEqual(await on.statuses(5), [200, 200, 200, 200, 200]);
    assert.deepEqual(await on.statuses(3, { status: 401 }), [401, 401, 429]);
    assert.equal((await on.ask()).status, 429);
  });

  it('is told by the handler where the status does not tell', async () => {
    const on = limitsStage(failures);
    assert.deepEqual(await on.statuses(3, { handler: countFailure }), passThenRefuse(2, 1));
    const other = limitsStage(failures);
    assert.deepEqual(await other.statuses(4, { handler: countSuccess, status: 422 }), [422, 422, 422, 422]);
  });

  it('counts no attempt that was asked to come again', async () => {
    const on = limitsStage(failures);
    assert.deepEqual(await on.statuses(4, { status: 503 }), [503, 503, 503, 503]);
    assert.deepEqual(await on.statuses(3, { status: 500 }), [500, 500, 429]);
  });

  it('counts a guess whose client does not wait for the answer', async () => {
    const on = limitsStage(failures);
    assert.deepEqual(await on.statuses(3, { aborted: true }), passThenRefuse(2, 1));
  });

  it('takes first and gives back later: many at once gain nothing', async () => {
    const on = limitsStage(failures);
    const all = await Promise.all(Array.from({ length: 10 }, () => on.begin()));
    assert.equal(all.filter(({ denial }) => denial === null).length, 2);
    for (const { denial, end } of all) end(denial?.status ?? 401);
    assert.equal((await on.ask()).status, 429);
  });

  it('gives back once, and not what has drained meanwhile', async () => {
    const on = limitsStage(one('2 per minute', { count: 'failures' }));
    const slow = await on.begin();
    on.advance(60_000);
    await on.statuses(2, { status: 401 });
    slow.end(200);
    slow.end(200);
    assert.equal((await on.ask()).status, 429);
  });

  it('gives back once, however often the request ends', async () => {
    const on = limitsStage(failures);
    await on.ask({ status: 401 });
    const twice = await on.begin();
    twice.end(200);
    twice.end(200);
    assert.deepEqual(await on.statuses(2, { status: 401 }), [401, 429]);
  });

  it('may ask a function what counts; only a clear `false` does not', async () => {
    const on = limitsStage(one('1 per hour', { count: ({ status }) => status === 404 }));
    assert.deepEqual(await on.statuses(2), [200, 200]);
    assert.deepEqual(await on.statuses(2, { status: 404 }), [404, 429]);
    const broken = limitsStage(one('1 per hour', { count: () => assert.fail('broken') }));
    assert.deepEqual(await broken.statuses(2), passThenRefuse(1, 1));
  });

  it('says nothing of what is left unless asked to', async () => {
    const on = limitsStage(failures);
    assert.equal((await on.ask()).field('ratelimit'), undefined);
    const loud = limitsStage(one('2 per hour', { count: 'failures', quiet: false }));
    assert.equal((await loud.ask()).field('ratelimit'), '"x";r=1;t=1800');
  });
});

describe('slowing down', () => {
  const slow = one('10 per minute', { slowDown: { after: 4, most: '6 seconds' } });

  it('holds each request longer than the one before, then refuses [LIM-16] [S-43]', async () => {
    const on = limitsStage(slow);
    assert.deepEqual(await on.statuses(4), [200, 200, 200, 200]);
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      const held = on.ask();
      await new Promise(setImmediate);
      const [timer] = on.timers;
      waits.push(timer!.at - on.clock.at);
      on.timers.delete(timer!);
      timer!.run();
      assert.equal((await held).status, 200);
    }
    assert.deepEqual(waits, [1000, 2000, 3000, 4000, 5000, 6000]);
    assert.equal((await on.ask()).status, 429);
    const [use] = on.kernel.part('limits')!.report().limits;
    assert.deepEqual([use!.allowed, use!.held, use!.refused], [10, 6, 1]);
  });

  it('lets go of a request whose client has gone', async () => {
    const on = limitsStage(slow);
    await on.statuses(4);
    await on.ready;
    const c = on.context();
    const verdict = on.kernel.before(c);
    await new Promise(setImmediate);
    assert.equal(on.kernel.part('limits')!.report().held, 1);
    on.kernel.done(c, 499, true);
    assert.deepEqual([on.kernel.part('limits')!.report().held, on.timers.size], [0, 0]);
    assert.equal(await verdict, null);
  });

  it('holds so many at most, and refuses who finds no room', async () => {
    const on = limitsStage({ ...slow, held: 2 });
    await on.statuses(4);
    const first = [on.begin(), on.begin()];
    await new Promise(setImmediate);
    const asked = on.ask();
    await new Promise(setImmediate);
    on.advance(6000);
    const third = await asked;
    assert.deepEqual([third.denial?.code, third.field('retry-after')], ['limits/crowded', '1']);
    assert.deepEqual(
      (await Promise.all(first)).map(({ denial }) => denial),
      [null, null],
    );
  });

  it('without refusing holds everybody beyond the limit as long', async () => {
    const on = limitsStage(one('2 per hour', { slowDown: { after: 1, most: 5, refuse: false } }));
    await on.ask();
    for (let i = 0; i < 3; i++) {
      const held = on.ask();
      await new Promise(setImmediate);
      on.advance(5000);
      assert.equal((await held).status, 200);
    }
  });
});

describe('refusals that do not stop', () => {
  const meta = { ...one('1 per second'), meta: { refusals: '3 per minute', block: '10 minutes' } } as const;

  it('block the network for longer, on every route, and are told once [LIM-13] [LIM-15]', async () => {
    const on = limitsStage(meta);
    assert.deepEqual(await on.statuses(5), passThenRefuse(1, 4));
    on.advance(2000);
    const { denial, field } = await on.ask({ method: 'POST' });
    assert.deepEqual([denial?.code, denial?.rule, field('retry-after')], ['limits/blocked', 'meta', '598']);
    assert.deepEqual(
      on.said('limits.blocked').map(({ seconds, client }) => [seconds, client]),
      [[600, '192.0.2.1']],
    );
    assert.equal((await on.ask({ peer: '192.0.2.9' })).status, 200);
    on.advance(598_000);
    assert.equal((await on.ask()).status, 200);
  });

  it('that only observe block nobody', async () => {
    const on = limitsStage({ ...meta, mode: detect('roll-out of limits', { until: '2026-02-01' }) });
    assert.deepEqual(await on.statuses(9), passThenRefuse(9, 0));
  });
});

describe('what clients and operators are told', () => {
  it('the policy and what is left, as the draft of the IETF writes them [LIM-18]', async () => {
    const on = limitsStage(rules(limit('10 per minute; 100 per hour', { name: 'api' })));
    const { field } = await on.ask();
    assert.equal(field('ratelimit-policy'), '"api-60s";q=10;w=60, "api-3600s";q=100;w=3600');
    assert.equal(field('ratelimit'), '"api-60s";r=9;t=6');
    await on.statuses(9);
    const refused = await on.ask();
    assert.equal(refused.field('ratelimit'), '"api-60s";r=0;t=6');
    assert.equal(refused.field('retry-after'), '6');
  });

  it('nothing of it where the policy keeps it for itself; Retry-After all the same', async () => {
    const on = limitsStage({ ...one('1 per minute'), headers: false });
    await on.ask();
    const { field } = await on.ask();
    assert.deepEqual(
      [field('ratelimit'), field('ratelimit-policy'), field('retry-after')],
      [undefined, undefined, '60'],
    );
  });

  it('a breach once for each key and window, each refusal by its rule [LIM-14]', async () => {
    const on = limitsStage(one('2 per minute'));
    await on.statuses(10);
    await on.statuses(5, { peer: '192.0.2.9' });
    assert.deepEqual(
      on.said('limits.exceeded').map(({ client, limit: name, amount, seconds }) => [client, name, amount, seconds]),
      [
        ['192.0.2.1', 'x', 2, 60],
        ['192.0.2.9', 'x', 2, 60],
      ],
    );
    assert.ok(on.said('request.refused').every(({ rule }) => rule === 'x'));
    on.advance(120_000);
    await on.statuses(10);
    assert.equal(on.said('limits.exceeded').length, 3);
  });
});

describe('the policy', () => {
  it('has a limit by address that sites never notice and scripts do [LIM-06]', async () => {
    const on = limitsStage();
    assert.deepEqual(await on.statuses(1001), passThenRefuse(1000, 1));
    assert.equal((await on.ask()).denial?.option, 'limits.address');
  });

  it('observes until a day, then enforces [LIM-31]', async () => {
    const mode = detect('roll-out of limits', { until: '2026-01-10' });
    const on = limitsStage({ ...one('1 per hour'), mode });
    assert.deepEqual(await on.statuses(3), [200, 200, 200]);
    assert.equal(on.said('request.would_refuse').length, 2);
    on.advance(20 * 86_400_000);
    assert.deepEqual(await on.statuses(2), [200, 429]);
  });

  it('counts no network that is exempt for a reason [LIM-12]', async () => {
    const on = limitsStage({ ...one('1 per hour'), exempt: ['192.0.2.0/28'] });
    assert.deepEqual(await on.statuses(3), [200, 200, 200]);
    assert.deepEqual(await on.statuses(2, { peer: '192.0.2.17' }), [200, 429]);
  });

  it('shuts nobody out for longer when the clock is set back', async () => {
    const on = limitsStage(one('2 per minute'));
    await on.statuses(3);
    on.clock.at -= 86_400_000;
    assert.equal((await on.ask()).status, 429);
    on.advance(30_000);
    assert.equal((await on.ask()).status, 200);
  });

  it('forgets counters by name for who asks for it [LIM-32]', async () => {
    const on = limitsStage(
      rules(
        limit('1 per hour', { name: 'a' }),
        limit('1 per hour', { name: 'b', when: (c) => c.facts.method === 'POST' }),
      ),
    );
    await on.statuses(2);
    await on.ask({ method: 'POST', peer: '192.0.2.9' });
    const part = on.kernel.part('limits')!;
    assert.deepEqual([part.clear('a'), part.clear('nothing')], [2, 0]);
    assert.equal((await on.ask()).status, 200);
    assert.equal((await on.ask({ method: 'POST', peer: '192.0.2.9' })).status, 429);
  });
});

type Row = readonly [setting: object, option: string, wrong: RegExp];
const FAULTS: readonly Row[] = [
  [{ address: '5 per minit' }, 'limits.address', /no unit of time/],
  [{ address: '1001 per minute' }, 'limits.address', /weaker/],
  [{ address: false }, 'limits.address', /weaker/],
  [{ rules: limit('5 per minute') }, 'limits.rules', /no list/],
  [{ rules: ['5 per minute'] }, 'limits.rules[0]', /no limit/],
  [{ rules: [limit('5 per')] }, 'limits.rules[0]', /no unit/],
  [{ rules: [limit('5 per minute')] }, 'limits.rules[0].name', /another limit is called "address"/],
  [{ rules: [limit('5 per minute', { name: 'a b' })] }, 'limits.rules[0].name', /no name/],
  [{ rules: [limit('5 per minute', { name: 'a', tinted: 1 } as object)] }, 'limits.rules[0].tinted', /no such option/],
  [{ rules: [limit('5 per minute', { name: 'a', by: 'address' as never })] }, 'limits.rules[0].by', /no key/],
  [{ rules: [limit('5 per minute', { name: 'a', methods: ['POTS'] })] }, 'limits.rules[0].methods', /no method/],
  [{ rules: [limit('5 per minute', { name: 'a', methods: [] })] }, 'limits.rules[0].methods', /no list/],
  [{ rules: [limit('5 per minute', { name: 'a', cost: -1 })] }, 'limits.rules[0].cost', /no number above 0/],
  [{ rules: [limit('5 per minute', { name: 'a', count: 'errors' as never })] }, 'limits.rules[0].count', /nothing to count by/],
  [{ rules: [limit('5 per minute', { name: 'a', when: true as never })] }, 'limits.rules[0].when', /no function/],
  [{ rules: [limit('5 per minute', { name: 'a', shared: '' })] }, 'limits.rules[0].shared', /no name/],
  [{ rules: [limit({ a: '5 per minute' }, { name: 'a' })] }, 'limits.rules[0].choose', /goes with several/],
  [{ rules: [limit({ a: '5 per' }, { name: 'a', choose: () => 'a' })] }, 'limits.rules[0].a', /no unit/],
  [{ rules: [limit({}, { name: 'a', choose: () => 'a' })] }, 'limits.rules[0]', /is no text/],
  [{ rules: [limit('5 per minute', { name: 'a', slowDown: { after: 5, most: 2 } })] }, 'limits.rules[0].slowDown.after', /below the limit/],
  [{ rules: [limit('5 per minute', { name: 'a', slowDown: { after: 1, most: '2 minutes' } })] }, 'limits.rules[0].slowDown.most', /too long/],
  [{ meta: { refusals: '5', block: '1 hour' } }, 'limits.meta.refusals', /no limit/],
  [{ meta: { refusals: '5 per hour', block: 'ever' as never } }, 'limits.meta.block', /no length of time/],
  [{ meta: true as never }, 'limits.meta.refusals', /no text/],
  [{ exempt: ['10.0.0.1/40'], reason: 'monitoring of our own' }, 'limits.exempt[0]', /no network/],
  [{ exempt: ['10.0.0.0/8'] }, 'limits.exempt', /weaker/],
  [{ headers: 'yes' as never }, 'limits.headers', /neither true nor false/],
  [{ keys: 10 }, 'limits.keys', /no whole number/],
  [{ held: 0 }, 'limits.held', /no whole number/],
  [{ snapshot: true as never }, 'limits.snapshot', /no path/],
]; // prettier-ignore

describe('bad limits', () => {
  for (const [setting, option, wrong] of FAULTS) {
    it(`refuse to start: ${option}, ${wrong.source}`, async () => {
      await assert.rejects(limitsStage(setting).ready, (error) => {
        assert.ok(error instanceof ConfigError);
        const fault = error.faults.find((found) => found.option === option);
        assert.ok(fault !== undefined, JSON.stringify(error.faults));
        assert.match(fault.wrong, wrong);
        assert.notEqual(fault.write, '');
        return true;
      });
    });
  }

  it('refuse to start where a limit is left out that there is not', async () => {
    const routes = [{ path: '/a', limits: { without: ['adress'], reason: 'a health check of our own' } }];
    await assert.rejects(limitsStage(undefined, { routes }).ready, (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.faults.map(({ option, nearest }) => [option, nearest]),
        [['GET /a: limits.without[0]', 'address']],
      );
      return true;
    });
  });

  it('refuse to start on a route that sets what belongs to all, or shares a name with another meaning', async () => {
    const routes = [
      { path: '/a', limits: { address: '5 per minute', rules: [limit('5 per minute', { name: 'a', shared: 's' })] } },
      { path: '/b', limits: { rules: [limit('6 per minute', { name: 'a', shared: 's' })] } },
    ];
    await assert.rejects(limitsStage(undefined, { routes }).ready, (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.faults.map(({ option }) => option),
        ['GET /a: limits.address', 'GET /b: limits.rules[0].shared'],
      );
      return true;
    });
  });
});
