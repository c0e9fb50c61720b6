/**
 * What the kernel itself decides, answers, keeps and reports.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatEvent } from './event-line.ts';
import { check, denied, fieldOf, guard, guardWith, NOON, routeInfo, stage, withFields } from './kernel.fixture.ts';
import type { Outcome } from './kernel.fixture.ts';
import type { RawRequest } from './facts-types.ts';
import type { IdentityResolver } from './identity.ts';
import type { AnyProtection } from './protection.ts';
import { off } from './settings.ts';
import type { Step } from './steps.ts';
import { Refused } from './verdict.ts';
import type { Denial } from './verdict.ts';

const refusing = guardWith(check('access', denied('no', { rule: 'level(3)', input: 'header' })));
const code = ({ denial }: Outcome): string | undefined => denial?.code;

describe('facts that were refused', () => {
  it('end the request before any step runs', async () => {
    let ran = 0;
    const counting = guardWith({ place: 'bans', run: () => (ran++, null) });
    const { send } = stage({ protections: [counting] });
    const outcome = await send({ target: '/a/../b' });
    assert.match(code(outcome)!, /^facts\//);
    assert.equal(outcome.answer.status, 400);
    assert.equal(ran, 0);
  });
});

describe('encoded separators', () => {
  const routes = [{ path: '/files/a%2Fb', encodedSeparators: 'names of git branches' }, { path: '/plain/a%2Fb' }];
  const rows: readonly (readonly [target: string, code: string | undefined])[] = [
    ['/files/a%2Fb', undefined],
    ['/plain/a%2Fb', 'facts/encoded-separator'],
    ['/nowhere/a%2Fb', 'facts/encoded-separator'],
    ['/nowhere/a%5Cb', 'facts/encoded-separator'],
  ];
  for (const [target, expected] of rows)
    it(`${expected === undefined ? 'pass' : 'are refused'} in ${target}`, async () => {
      assert.equal(code(await stage({ routes }).send({ target })), expected);
    });
});

describe('a request without Host', () => {
  const routes = [{ path: '/healthz', withoutHost: true }, { path: '/' }];
  const bare = (target: string, httpVersion = '1.0'): Partial<RawRequest> => ({ target, httpVersion, headers: [] });
  const { send } = stage({ routes });

  it('is answered on a route that declares it', async () =>
    assert.equal(code(await send(bare('/healthz'))), undefined));

  for (const target of ['/', '/nowhere'])
    it(`is refused on ${target}`, async () => {
      assert.equal(code(await send(bare(target))), 'facts/host-missing');
    });

  it('is refused in HTTP/1.1 even there', async () => {
    assert.equal(code(await send(bare('/healthz', '1.1'))), 'facts/host-missing');
  });
});

describe('an answer', () => {
  it('carries the fields of its denial once, and closes where the denial says so', async () => {
    const headers = ['retry-after', '7', 'x-a', '1'];
    const { send } = stage({ protections: [guardWith(check('access', denied('no', { headers, close: true })))] });
    const { field, answer } = await send();
    assert.equal(field('retry-after'), '7');
    assert.equal(field('x-a'), '1');
    assert.equal(field('connection'), 'close');
    assert.equal(answer.close, true);
  });

  it('keeps the connection where nothing says otherwise', async () => {
    const { field, answer } = await stage({ protections: [refusing] }).send();
    assert.equal(field('connection'), undefined);
    assert.equal(answer.close, false);
  });

  it('has the head of the policy, and is kept by no cache [HDR-29]', async () => {
    const policy = guard({ name: 'policy', compile: () => [{ place: 'headers', head: () => ['x-policy', '1'] }] });
    for (const target of ['/', '/nowhere', '/a/../b']) {
      const { field } = await stage({ protections: [policy, refusing] }).send({ target });
      assert.equal(field('x-policy'), '1', target);
      assert.equal(field('cache-control'), 'no-store', target);
    }
  });

  for (const [title, ...fields] of [['JSON'], ['a page', 'Sec-Fetch-Dest', 'document']] as const)
    it(`announces the length of its body in bytes: ${title}`, async () => {
      const { send } = stage({ protections: [guardWith(check('access', denied('no', { status: 431 })))] });
      const { answer, field } = await send(withFields(...fields));
      assert.equal(field('content-length'), String(Buffer.byteLength(answer.body)));
      const head = await send({ ...withFields(...fields), method: 'HEAD' });
      assert.equal(head.answer.body, '');
      assert.equal(head.field('content-length'), field('content-length'));
    });

  it('names no protection, rule, option or path, and nothing the client sent [VAL-22]', async () => {
    const { send } = stage({ protections: [refusing] });
    for (const dest of ['document', 'empty']) {
      const { answer } = await send({
        target: '/?q=reflected-query',
        ...withFields('Sec-Fetch-Dest', dest, 'User-Agent', 'reflected-agent', 'Cookie', 'a=reflected-cookie'),
      });
      const whole = `${answer.fields.join('\n')}\n${answer.body}`;
      assert.equal(answer.status, 403);
      for (const secret of ['guard', 'level', 'reflected', 'app.example', 'access', '192.0.2.1', 'dewar'])
        assert.ok(!whole.toLowerCase().includes(secret), `${dest}: answer says "${secret}"`);
    }
  });

  it('to an error says nothing of the error [LOG-05] [S-04]', () => {
    const { kernel, context, said } = stage();
    const answer = kernel.fail(context(), new TypeError('connect ECONNREFUSED 10.0.0.7:5432'));
    assert.equal(answer.status, 500);
    assert.ok(!`${answer.fields.join()}${answer.body}`.includes('ECONNREFUSED'));
    assert.ok(!answer.body.includes('TypeError'));
    const [failed] = said('request.failed');
    assert.equal(failed?.error, 'TypeError');
    assert.equal(failed.message, 'connect ECONNREFUSED 10.0.0.7:5432');
  });

  const thrown: readonly (readonly [title: string, value: unknown])[] = [
    ['a text', 'broken'],
    ['nothing', undefined],
    ['null', null],
    ['an object without a prototype', Object.create(null)],
    ['a symbol', Symbol('broken')],
    ['an error with a hostile name', Object.assign(new Error('x'), { name: { toString: () => 'y' } })],
    [
      'an error whose message throws',
      Object.defineProperty(new Error(), 'message', {
        get() {
          throw new Error('again');
        },
      }),
    ],
  ];
  for (const [title, value] of thrown)
    it(`is given where a handler throws ${title}`, () => {
      const { kernel, context, events } = stage();
      assert.equal(kernel.fail(context(), value).status, 500);
      const failed = events.find(({ name }) => name === 'request.failed');
      JSON.parse(formatEvent(failed!));
    });

  it('of a step that refuses nothing leaves with the policy, and is no refusal', async () => {
    const policy = guard({ name: 'policy', compile: () => [{ place: 'headers', head: () => ['x-policy', '1'] }] });
    const reply = { reply: 200, headers: ['x-a', '1'], body: 'ö' };
    const { send, said, kernel } = stage({ protections: [policy, guardWith(check('cors', reply))] });
    const { answer, field, denial } = await send();
    assert.equal(denial, null);
    assert.equal(answer.body, 'ö');
    assert.deepEqual([field('x-policy'), field('x-a'), field('content-length')], ['1', '1', '2']);
    assert.equal(said('request.completed')[0]?.status, 200);
    assert.equal(kernel.refusals.length, 0);
  });

  it('of 204 announces no length', async () => {
    const { send } = stage({ protections: [guardWith(check('cors', { reply: 204, headers: [] }))] });
    assert.equal((await send()).field('content-length'), undefined);
  });

  it('to a denial that was thrown is that of the denial', () => {
    const { kernel, context, said } = stage();
    const answer = kernel.fail(context(), new Refused(denied('thrown', { status: 409 })));
    assert.equal(answer.status, 409);
    assert.equal(said('request.failed').length, 0);
    assert.equal(kernel.refusals[0]?.denial.code, 'guard/thrown');
  });

  it('to what the framework refuses is a refusal, not a fault', () => {
    const { kernel, context, said } = stage();
    assert.equal(kernel.fail(context(), new Error('FST_ERR_VALIDATION'), 400).status, 400);
    assert.equal(said('request.failed').length, 0);
    assert.equal(kernel.refusals[0]?.denial.code, 'framework/refused');
  });

  it('leaves with the constant fields where a step of the head fails', async () => {
    const broken = guardWith(
      check('access', denied()),
      { place: 'headers', head: () => ['x-policy', '1'] },
      {
        place: 'cookies',
        finish() {
          throw new Error('the jar is broken');
        },
      },
    );
    const { send, said } = stage({ protections: [broken] });
    const { answer, field } = await send();
    assert.equal(answer.status, 403);
    assert.equal(field('x-policy'), '1');
    assert.equal(said('request.failed')[0]?.message, 'the jar is broken');
  });

  it('shows the members that a denial calls safe', async () => {
    const { send } = stage({
      protections: [guardWith(check('access', denied('no', { problem: { fields: ['name'] } })))],
    });
    assert.deepEqual((JSON.parse((await send()).answer.body) as { fields: unknown }).fields, ['name']);
  });

  it('to what was never a request has the same head and problem', async () => {
    const policy = guard({ compile: () => [{ place: 'headers', head: () => ['x-policy', '1'] }] });
    const { kernel, said } = stage({ protections: [policy] });
    const malformed: Denial = { code: 'facts/malformed', status: 400, by: 'facts', option: 'the parser', close: true };
    const answer = kernel.refuseUnread('192.0.2.9', false, malformed);
    assert.equal(answer.status, 400);
    assert.equal(answer.close, true);
    assert.equal(fieldOf(answer.fields, 'x-policy'), '1');
    assert.equal(fieldOf(answer.fields, 'content-type'), 'application/problem+json');
    const { request } = JSON.parse(answer.body) as { request: string };
    assert.deepEqual(kernel.explain(request)?.denial, malformed);
    assert.deepEqual(said('connection.refused'), [
      { request, client: '192.0.2.9', code: 'facts/malformed', status: 400 },
    ]);
  });
});

describe('explain [DX-09]', () => {
  it('leads from the id in the answer to the protection, the rule, the input and the option', async () => {
    const { send, kernel } = stage({ protections: [refusing], routes: [{ path: '/', declaredAt: 'app.ts:7' }] });
    const { answer } = await send();
    const { request } = JSON.parse(answer.body) as { request: string };
    assert.deepEqual(kernel.explain(request), {
      request,
      at: NOON,
      method: 'GET',
      path: '/',
      route: '/',
      declaredAt: 'app.ts:7',
      client: '192.0.2.1',
      account: undefined,
      denial: denied('no', { rule: 'level(3)', input: 'header' }),
      notes: [],
    });
  });

  it('knows nothing of a request that passed, nor of an id the client made up', async () => {
    const { send, kernel } = stage();
    const { c } = await send(withFields('X-Request-Id', 'mine'));
    assert.equal(kernel.explain(c.facts.id), undefined);
    assert.equal(kernel.explain('mine'), undefined);
    assert.equal(kernel.explain('__proto__'), undefined);
    assert.notEqual(c.facts.id, 'mine');
  });

  it('keeps the last thousand, and no more', async () => {
    const { send, kernel } = stage({ protections: [refusing] });
    const first = await send();
    const second = await send();
    for (let i = 0; i < 999; i++) await send();
    assert.equal(kernel.refusals.length, 1000);
    assert.equal(kernel.explain(first.c.facts.id), undefined);
    assert.notEqual(kernel.explain(second.c.facts.id), undefined);
    assert.equal(kernel.refusals[0]?.request, second.c.facts.id);
  });

  it('never holds a secret that stands in the path', () => {
    const { kernel, context } = stage();
    const route = kernel.declare(routeInfo({ path: '/reset/:token', secretPath: true }));
    const { facts } = context({ target: '/reset/k3y' });
    kernel.answer(kernel.context(facts, route, { token: 'k3y' }), denied());
    assert.equal(kernel.explain(facts.id)?.path, '/reset/:token');
    assert.ok(!JSON.stringify(kernel.refusals).includes('k3y'));
  });

  it('holds no field of the answer, which may repeat what the client sent', async () => {
    const headers = ['location', 'https://app.example/?q=reflected'];
    const { kernel, send } = stage({
      protections: [guardWith(check('https', denied('no', { status: 308, headers })))],
    });
    await send();
    assert.equal(kernel.refusals.length, 1);
    assert.ok(!JSON.stringify(kernel.refusals).includes('reflected'));
  });
});

describe('events of a request', () => {
  it('name it by our own id, and say how it ended [LOG-08]', async () => {
    const { send, said, clock } = stage({
      protections: [guardWith({ place: 'access', run: () => ((clock.at += 12), null) })],
    });
    const { c } = await send(withFields('X-Request-Id', 'mine'));
    assert.deepEqual(said('request.completed'), [
      { request: c.facts.id, method: 'GET', route: '/', client: '192.0.2.1', path: '/', ms: 12, status: 200 },
    ]);
    assert.match(c.facts.id, /^[\w-]{16}$/);
  });

  it('that was refused say by what, and nothing else', async () => {
    const { send, said } = stage({ protections: [refusing] });
    const { c } = await send({ target: '/?password=hunter2', ...withFields('Cookie', 'sid=s3cret') });
    assert.deepEqual(said('request.refused'), [
      {
        request: c.facts.id,
        method: 'GET',
        route: '/',
        client: '192.0.2.1',
        path: '/',
        ms: 0,
        code: 'guard/no',
        status: 403,
        by: 'guard',
        option: 'guard.level',
        rule: 'level(3)',
        input: 'header',
      },
    ]);
    assert.equal(said('request.completed').length, 0);
  });

  it('hold no query, field, cookie, credential or refused target [LOG-06]', async () => {
    const { send, events } = stage({ protections: [refusing] });
    for (const target of ['/?token=s3cret', '/x?s3cret', '/s3cret/../x', '/%73%33cret%00'])
      await send({
        target,
        ...withFields(
          'Cookie',
          'sid=s3cret',
          'Authorization',
          'Bearer s3cret',
          'Referer',
          'https://app.example/s3cret',
        ),
      });
    assert.equal(events.filter(({ name }) => name === 'request.refused').length, 4);
    assert.ok(!events.map(formatEvent).join('').includes('s3cret'));
  });

  it('name the account, and never the session', async () => {
    const session: IdentityResolver = {
      kind: 'session',
      ambient: true,
      present: () => true,
      resolve: () => ({
        kind: 'account',
        id: 'a-1',
        roles: [],
        sessionId: 's3cret',
        authenticatedAt: NOON,
        methods: [],
      }),
    };
    const asks = guardWith({ place: 'access', run: (c) => c.kernel.identify(c) });
    const { send, said, events } = stage({ protections: [asks], resolvers: [session] });
    await send();
    assert.equal(said('request.completed')[0]?.account, 'a-1');
    assert.ok(!events.map(formatEvent).join('').includes('s3cret'));
  });

  it('whose path holds a secret name the pattern in its place', () => {
    const { kernel, context, said } = stage();
    const route = kernel.declare(routeInfo({ path: '/reset/:token', secretPath: true }));
    const { facts } = context({ target: '/reset/k3y' });
    kernel.done(kernel.context(facts, route, { token: 'k3y' }), 200, false);
    assert.equal(said('request.completed')[0]?.path, '/reset/:token');
  });

  it('that broke off say so', () => {
    const { kernel, context, said } = stage();
    kernel.done(context(), 200, true);
    assert.equal(said('request.completed')[0]?.aborted, true);
  });

  it('tell of a credential that did not hold, by its kind', () => {
    const { kernel, context, said } = stage();
    kernel.report.identityFailed(context(), 'session', 'unknown or expired');
    const [failed] = said('identity.failed');
    assert.equal(failed?.reason, 'unknown or expired');
    const line = formatEvent({ name: 'identity.failed', at: NOON, fields: failed });
    assert.match(line, /"session"/);
  });
});

describe('a token that a step says is owed', () => {
  const owing = (...steps: Step[]): Promise<Outcome> =>
    stage({
      protections: [guardWith({ place: 'csrf.header', run: (c) => ((c.tokenOwed = true), null) }, ...steps)],
    }).send();

  it('refuses the request where nobody looked for it', async () => {
    assert.equal(code(await owing()), 'csrf/token-missing');
  });

  it('is settled by the step that found it', async () => {
    assert.equal(code(await owing({ place: 'csrf.field', run: (c) => ((c.tokenOwed = false), null) })), undefined);
  });
});

describe('end steps', () => {
  it('run once the response is over, with how it ended', async () => {
    const ends: unknown[] = [];
    const { send, clock } = stage({
      protections: [
        guardWith(
          { place: 'access', run: () => ((clock.at += 5), denied()) },
          { place: 'limits.settle', end: (c, outcome) => void ends.push(c.denied?.code, outcome) },
        ),
      ],
    });
    await send();
    assert.deepEqual(ends, ['guard/no', { status: 403, aborted: false, ms: 5 }]);
  });

  for (const [title, end] of [
    [
      'throws',
      (): void => {
        throw new Error('late');
      },
    ],
    ['rejects', (): Promise<void> => Promise.reject(new Error('late'))],
  ] as const)
    it(`that ${title} is reported, and takes nothing along`, async () => {
      const ran: string[] = [];
      const after: Step = { place: 'detection.score', end: () => void ran.push('after') };
      const { send, said } = stage({ protections: [guardWith({ place: 'limits.settle', end }, after)] });
      assert.equal((await send()).answer.status, 200);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(ran, ['after']);
      assert.equal(said('request.failed')[0]?.message, 'late');
    });
});

describe('a sink that throws', () => {
  it('stops neither the request nor the other sinks', async () => {
    const broken = (): never => {
      throw new Error('the disk is full');
    };
    const { send, said } = stage({ sinks: [broken] });
    assert.equal((await send()).answer.status, 200);
    assert.equal(said('request.completed').length, 1);
  });
});

describe('a kernel that closes', () => {
  it('neither sets up nor starts a protection that is off', async () => {
    const order: string[] = [];
    const note = (what: string) => () => void order.push(what);
    const idle = guard({ name: 'idle', setup: note('set up'), start: note('start'), stop: note('stop') });
    const { kernel, ready } = stage({ protections: [idle(off('nobody needs it in this test'))] });
    await ready;
    await kernel.close();
    assert.deepEqual(order, []);
  });

  it('stops its protections in reverse order, then closes its sinks, once', async () => {
    const order: string[] = [];
    const named = (name: string): AnyProtection =>
      guard({ name, start: () => void order.push(`start ${name}`), stop: () => void order.push(`stop ${name}`) });
    const sink = Object.assign(() => undefined, { close: () => void order.push('close') });
    const { kernel, ready } = stage({ protections: [named('a'), named('b')], sinks: [sink] });
    await ready;
    await Promise.all([kernel.close(), kernel.close()]);
    assert.deepEqual(order, ['start a', 'start b', 'stop b', 'stop a', 'close']);
  });

  it('says so', async () => {
    const { kernel, said } = stage();
    await kernel.close();
    assert.deepEqual(said('kernel.stopped'), [{ profile: 'production' }]);
  });
});
