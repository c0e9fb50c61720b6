/**
 * Who gets in and what the others are told: each rule against each kind of identity and object, through a real kernel.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPromise } from '../kernel/index.ts';
import type { Denial, Identity, Rule } from '../kernel/index.ts';
import { access } from './access.ts';
import { all, any, anyone, can, fresh, mfa, not, owner, resource, role, shared, signedIn, todo } from './index.ts';
import { account, anonymous, answer, NOW, stage, tickets, token } from './stage.test.ts';

const setting = {
  roles: {
    customer: { permissions: ['tickets:open'] },
    agent: { permissions: ['tickets:answer'], includes: ['customer'] },
    admin: { permissions: ['accounts:remove'], includes: ['agent'] },
    suspended: {},
  },
  scopes: ['reports:read'],
};

const guest = anonymous;
const plain = account('ann');
const customer = account('cas', { roles: ['customer'] });
const agent = account('agi', { roles: ['agent'] });
const admin = account('ada', { roles: ['admin'] });
const suspended = account('sue', { roles: ['suspended'] });
const stale = account('sta', { roles: ['agent'], authenticatedAt: NOW - 3_600_001 });
const twoFactor = account('two', { methods: ['password', 'totp'] });
const owing = account('owe', { roles: ['admin'], pending: true });
const reader = token('ann', 'reports:read');
const bare = token('ann');

const SIGN_IN = 'access/sign-in-required';
const FORBIDDEN = 'access/forbidden';
const NOT_FOUND = 'access/not-found';
const NOT_FRESH = 'access/not-fresh';
const SECOND = 'access/second-factor-required';

type Row = readonly [name: string, rule: Rule, who: Identity, code: string | null];

const ROWS: readonly Row[] = [
  ['anyone() lets a guest in', anyone(), guest, null],
  ['anyone() lets in who still owes a second factor', anyone(), owing, null],
  ['signedIn() asks a guest to sign in', signedIn(), guest, SIGN_IN],
  ['signedIn() lets an account in', signedIn(), plain, null],
  ['signedIn() lets a token in', signedIn(), bare, null],
  ['signedIn() is not satisfied by half a sign-in', signedIn(), owing, SECOND],
  ['role() asks a guest to sign in', role('agent'), guest, SIGN_IN],
  ['role() refuses an account without it (vertical escalation) [S-20]', role('admin'), agent, FORBIDDEN],
  ['role() lets one of several in [AZ-01]', role('suspended', 'agent'), agent, null],
  ['role() lets in a role that includes it [AZ-03]', role('customer'), agent, null],
  ['role() follows inclusion over two steps [AZ-03]', role('customer'), admin, null],
  ['inclusion never goes upwards [AZ-03]', role('agent'), customer, FORBIDDEN],
  ['role() is never satisfied by a token', role('agent'), token('agi', 'agent'), FORBIDDEN],
  ['role() is not satisfied by half a sign-in', role('admin'), owing, SECOND],
  ['can() lets in an account whose role gives it [AZ-02]', can('tickets:answer'), agent, null],
  ['can() lets in by an included role [AZ-02] [AZ-03]', can('tickets:open'), admin, null],
  ['can() refuses an account whose role does not', can('accounts:remove'), agent, FORBIDDEN],
  ['can() lets in a token with the scope', can('reports:read'), reader, null],
  ['can() refuses a token without the scope', can('reports:read'), bare, FORBIDDEN],
  ['can() gives a token none of its account’s permissions', can('tickets:answer'), token('agi'), FORBIDDEN],
  ['can() asks a guest to sign in', can('tickets:open'), guest, SIGN_IN],
  ['fresh() lets in who signed in a minute ago [SES-18]', fresh('15 minutes'), plain, null],
  ['fresh() asks the others to sign in again [SES-18]', fresh('15 minutes'), stale, NOT_FRESH],
  [
    'fresh() counts to the very second [SES-18]',
    fresh('1 hour'),
    account('x', { authenticatedAt: NOW - 3_600_000 }),
    null,
  ],
  [
    'fresh() does not believe a sign-in from the future',
    fresh('1 hour'),
    account('x', { authenticatedAt: NOW + 3_600_000 }),
    NOT_FRESH,
  ],
  ['fresh() does not believe no number', fresh('1 hour'), account('x', { authenticatedAt: NaN }), NOT_FRESH],
  ['fresh() cannot be satisfied by a token', fresh('15 minutes'), bare, FORBIDDEN],
  ['fresh() asks a guest to sign in', fresh('15 minutes'), guest, SIGN_IN],
  ['mfa() lets in who used a second factor [MFA-12]', mfa(), twoFactor, null],
  ['mfa() does not take a password for one [MFA-12]', mfa(), plain, SECOND],
  ['mfa() with a name wants that very factor [MFA-12]', mfa('passkey'), twoFactor, SECOND],
  ['mfa() cannot be satisfied by a token', mfa(), bare, FORBIDDEN],
  ['factor and age together step up [MFA-12]', all(mfa('totp'), fresh('15 minutes')), twoFactor, null],
  ['the factor is asked for before the age is', all(mfa('totp'), fresh(30)), plain, SECOND],
  ['nobody is asked to step up in vain', all(role('admin'), fresh('15 minutes')), stale, FORBIDDEN],
  ['who would get in by stepping up is told so', any(role('admin'), all(role('agent'), fresh(30))), stale, NOT_FRESH],
  ['todo() refuses everybody', todo('not decided yet'), admin, 'access/todo'],
  ['todo() refuses guests with the same code', all(signedIn(), todo('not decided yet')), guest, 'access/todo'],
  ['todo() in one branch leaves the other', any(role('admin'), todo('who else')), admin, null],
  ['not() cannot open a todo()', not(todo('not decided yet')), admin, 'access/todo'],
  ['not(anyone()) is nobody', not(anyone()), admin, FORBIDDEN],
  ['not(signedIn()) lets a guest in', not(signedIn()), guest, null],
  ['not(signedIn()) refuses an account', not(signedIn()), plain, FORBIDDEN],
  ['not(signedIn()) refuses half a sign-in', not(signedIn()), owing, SECOND],
  ['not(role()) refuses who has it', not(role('suspended')), suspended, FORBIDDEN],
  ['not(role()) lets in who has it not', not(role('suspended')), agent, null],
  ['signing out is no way around not(role())', not(role('suspended')), guest, SIGN_IN],
  ['a token is no way around not(role())', not(role('suspended')), token('sue'), FORBIDDEN],
  ['a token with fewer scopes is no way around not(can())', not(can('reports:read')), bare, FORBIDDEN],
  ['half a sign-in is no way around not(role())', not(role('suspended')), owing, SECOND],
  ['not(not()) changes nothing', not(not(role('agent'))), agent, null],
  ['not(not()) opens nothing', not(not(role('agent'))), guest, SIGN_IN],
  ['all() wants every part [AZ-04] [S-20]', all(role('agent'), mfa()), agent, SECOND],
  ['any() wants one part [AZ-04] [S-20]', any(role('admin'), mfa()), twoFactor, null],
  ['shared() adds nobody to what stands beside it', all(role('agent'), shared('agents see all')), customer, FORBIDDEN],
  ['shared() keeps nobody out', all(role('agent'), shared('agents see all')), agent, null],
  ['shared() alone does not say who', shared('agents see all'), admin, 'access/undeclared'],
  ['shared() as a branch does not say who', any(role('x'), shared('agents see all')), admin, 'access/undeclared'],
];

describe('rules', () => {
  for (const [name, rule, who, code] of ROWS) {
    it(name, async () => assert.equal(await answer(rule, who, {}, { setting }), code));
  }

  it('an identity of a kind nobody knows satisfies nothing, and not() of it neither', async () => {
    const strange = { kind: 'service', id: 'x', roles: ['agent'], scopes: ['reports:read'], subject: 'x' };
    const { ticket } = tickets([{ id: '1', owner: 'x' }]);
    for (const rule of [signedIn(), role('agent'), can('reports:read'), owner(ticket), fresh(60), mfa()]) {
      assert.equal(await answer(rule, strange as never, { id: '1' }, { setting }), FORBIDDEN);
      assert.equal(await answer(not(rule), strange as never, { id: '1' }, { setting }), FORBIDDEN);
    }
  });

  it('a 401 carries a challenge that no browser answers with a dialog, or the one that was set [API-26]', async () => {
    const deny = (options: object): Denial => stage(signedIn(), options).decide() as Denial;
    assert.deepEqual(deny({}).headers, ['www-authenticate', 'Session']);
    const bearer = deny({ setting: { challenge: 'Bearer realm="api"' } });
    assert.deepEqual(bearer.headers, ['www-authenticate', 'Bearer realm="api"']);
  });

  it('a refusal names the rule for operators and says nothing of it to the client [AZ-12]', () => {
    const { context, kernel, decide } = stage(any(role('agent', 'admin'), can('tickets:answer')), { setting });
    const denial = decide() as Denial;
    assert.equal(denial.rule, 'any(role(agent, admin), can(tickets:answer))');
    const { body, status } = kernel.answer(context(), denial);
    assert.equal(status, 401);
    assert.doesNotMatch(body, /role|agent|access/);
    assert.equal(kernel.explain('request-1')?.denial.rule, denial.rule);
  });
});

const mine = { id: 'mine', owner: 'ann' };
const theirs = { id: 'theirs', owner: 'bob' };
const ours = { id: 'ours', owner: ['bob', 'ann'] };
const orphan = { id: 'orphan', owner: [] };
const nameless = { id: 'nameless', owner: '' };
const rows = [mine, theirs, ours, orphan, nameless];

type ObjectRow = readonly [who: Identity, id: string, code: string | null, loads: number];

describe('owner()', () => {
  const table: readonly ObjectRow[] = [
    [plain, 'mine', null, 1],
    [plain, 'ours', null, 1],
    [plain, 'theirs', NOT_FOUND, 1],
    [plain, 'missing', NOT_FOUND, 1],
    [plain, 'orphan', NOT_FOUND, 1],
    [account(''), 'nameless', FORBIDDEN, 0],
    [admin, 'mine', NOT_FOUND, 1],
    [token('ann'), 'mine', null, 1],
    [token('ann'), 'theirs', NOT_FOUND, 1],
    [token('bob'), 'mine', NOT_FOUND, 1],
    [account('ANN'), 'mine', NOT_FOUND, 1],
    [account('ann', { pending: true }), 'mine', SECOND, 0],
    [guest, 'mine', SIGN_IN, 0],
    [guest, 'missing', SIGN_IN, 0],
  ];
  for (const late of [false, true]) {
    for (const [who, id, code, count] of table) {
      const name = who.kind === 'account' ? `account ${JSON.stringify(who.id)}` : who.kind;
      it(`answers ${code ?? 'the object'} to ${name} for ${id}, loaded ${late ? 'late' : 'at once'} [AZ-05] [AZ-11]`, async () => {
        const { ticket, loads } = tickets(rows, { late });
        assert.equal(await answer(owner(ticket), who, { id }), code);
        assert.equal(loads.length, count);
      });
    }
  }

  it('with hidden: false says 403 of what exists and 404 of what does not', async () => {
    const { ticket } = tickets(rows, { hidden: false });
    assert.equal(await answer(owner(ticket), plain, { id: 'theirs' }), FORBIDDEN);
    assert.equal(await answer(owner(ticket), plain, { id: 'missing' }), NOT_FOUND);
    assert.equal(await answer(owner(ticket), guest, { id: 'missing' }), SIGN_IN);
  });

  it('beside a role, lets the role see every object, and gives its handler the object', async () => {
    const { ticket } = tickets(rows);
    const { context, kernel } = stage(any(role('agent'), owner(ticket)), { setting, credential: () => agent });
    const c = context({ id: 'theirs' });
    assert.equal(await kernel.before(c), null);
    assert.equal(ticket.from(c), theirs);
    assert.equal(ticket.from({ dewar: c }), theirs);
  });

  it('beside a role, answers 404 to everybody for what does not exist', async () => {
    const { ticket } = tickets(rows);
    assert.equal(await answer(any(role('agent'), owner(ticket)), agent, { id: 'missing' }, { setting }), NOT_FOUND);
  });

  it('asks an agent whose sign-in is old to sign in again, whether the object exists or not', async () => {
    const { ticket } = tickets(rows);
    const rule = any(all(role('agent'), fresh('15 minutes')), owner(ticket));
    for (const id of ['theirs', 'missing']) assert.equal(await answer(rule, stale, { id }, { setting }), NOT_FRESH);
  });

  it('under not() keeps the owner out, and tells them so, since they know that it exists', async () => {
    const { ticket } = tickets(rows);
    const rule = all(signedIn(), not(owner(ticket)));
    assert.equal(await answer(rule, plain, { id: 'mine' }), FORBIDDEN);
    assert.equal(await answer(rule, plain, { id: 'theirs' }), null);
    assert.equal(await answer(rule, plain, { id: 'missing' }), NOT_FOUND);
    assert.equal(await answer(not(owner(ticket)), guest, { id: 'mine' }), SIGN_IN);
  });

  it('gives a stranger the same bytes for an object of others and for none [AZ-11]', async () => {
    const { ticket } = tickets(rows);
    const answers = ['theirs', 'missing'].map((id) => {
      const { context, kernel } = stage(owner(ticket), { credential: () => plain });
      const c = context({ id });
      return kernel.answer(c, kernel.before(c) as Denial);
    });
    assert.equal(answers[0]!.status, 404);
    assert.deepEqual(answers[0], answers[1]);
  });

  it('reports that somebody asked for another’s object, and nothing else [AZ-13]', async () => {
    const probes: readonly (readonly [Identity, string, Rule | undefined, number])[] = [
      [plain, 'theirs', undefined, 1],
      [token('ann'), 'theirs', undefined, 1],
      [plain, 'missing', undefined, 0],
      [plain, 'mine', undefined, 0],
      [guest, 'theirs', undefined, 0],
      [agent, 'theirs', role('agent'), 0],
    ];
    for (const [who, id, beside, count] of probes) {
      const { ticket } = tickets(rows);
      const rule = beside === undefined ? owner(ticket) : any(beside, owner(ticket));
      const { decide, events } = stage(rule, { setting, credential: () => who, path: '/tickets/:id', method: 'PUT' });
      await decide({ id });
      const reported = events.filter(({ name }) => name === 'access.denied_object');
      assert.equal(reported.length, count, `${who.kind} ${id}`);
      if (count === 0) continue;
      assert.deepEqual(reported[0]!.fields, {
        request: 'request-1',
        method: 'PUT',
        route: '/tickets/:id',
        client: '192.0.2.1',
        account: 'ann',
        resource: 'ticket',
      });
    }
  });

  it('of a route that did not load it, throws and names the route', () => {
    const { ticket } = tickets(rows);
    const { context } = stage(signedIn());
    assert.throws(() => ticket.from(context()), /GET \/x did not load "ticket": its access rule must name owner/);
  });
});

describe('laziness and order', () => {
  const public_ = [
    anyone(),
    all(anyone(), shared('public articles')),
    any(anyone(), role('agent')),
    not(not(anyone())),
  ];
  for (const rule of public_) {
    it(`a rule everybody satisfies has no step and resolves no credential: ${rule.kind}`, () => {
      const { asked, context, decide } = stage(rule, { setting, credential: () => plain });
      assert.equal(decide(), null);
      assert.equal(asked(), 0);
      assert.equal(context().route.before.length, 0);
    });
  }

  it('resolves a credential once, however many rules ask', () => {
    const { asked, decide } = stage(all(signedIn(), role('agent'), fresh(90)), { setting, credential: () => agent });
    assert.equal(decide(), null);
    assert.equal(asked(), 1);
  });

  it('stays synchronous while nothing waits', () => {
    const { ticket } = tickets(rows);
    assert.equal(isPromise(stage(owner(ticket), { credential: () => plain }).decide({ id: 'mine' })), false);
  });

  it('waits for a late identity and late objects, each once', async () => {
    const a = tickets([mine], { late: true });
    const b = tickets([{ id: 'box', owner: 'ann' }], { late: true, name: 'box', param: 'box' });
    const { asked, context, kernel } = stage(
      all(owner(a.ticket), owner(b.ticket), any(owner(a.ticket), owner(b.ticket))),
      {
        credential: async () => plain,
      },
    );
    const c = context({ id: 'mine', box: 'box' });
    assert.equal(await kernel.before(c), null);
    assert.deepEqual([asked(), a.loads, b.loads], [1, ['mine'], ['box']]);
    assert.equal(a.ticket.from(c), mine);
    assert.equal(b.ticket.from(c).id, 'box');
  });

  const refusedEarly: readonly (readonly [string, (t: Rule) => Rule, Identity])[] = [
    ['a role, written after it', (t) => all(t, role('agent')), plain],
    ['freshness, written after it', (t) => all(t, fresh(60)), stale],
    ['any() none of whose branches can allow', (t) => any(all(t, role('admin')), mfa()), plain],
    ['a negation', (t) => all(not(role('agent')), not(t)), agent],
  ];
  for (const [name, rule, who] of refusedEarly) {
    it(`loads nothing for whom ${name} refuses`, async () => {
      const { ticket, loads } = tickets(rows);
      assert.notEqual(await answer(rule(owner(ticket)), who, { id: 'mine' }, { setting }), null);
      assert.deepEqual(loads, []);
    });
  }

  it('does not load a second object once the first has decided', async () => {
    const a = tickets([theirs]);
    const b = tickets([theirs], { name: 'box', param: 'box' });
    assert.equal(
      await answer(all(owner(a.ticket), owner(b.ticket)), plain, { id: 'theirs', box: 'theirs' }),
      NOT_FOUND,
    );
    assert.deepEqual([a.loads.length, b.loads.length], [1, 0]);
  });

  it('takes an object that is there already', async () => {
    const { ticket, loads } = tickets(rows);
    const { context, kernel } = stage(owner(ticket), { credential: () => plain });
    const c = context({ id: 'mine' });
    c.objects = new Map([['ticket', mine]]);
    assert.equal(await kernel.before(c), null);
    assert.deepEqual(loads, []);
  });
});

describe('failing', () => {
  const broken: Denial = { code: 'sessions/broken', status: 503, by: 'sessions', option: 'sessions' };
  const { ticket } = tickets(rows);
  const asking = [signedIn(), not(signedIn()), not(role('suspended')), any(mfa(), not(mfa())), owner(ticket)];
  for (const rule of asking) {
    it(`a credential that is refused ends a request on ${rule.kind}, now or late`, async () => {
      for (const credential of [() => broken, async () => broken]) {
        assert.equal(await stage(rule, { setting, credential }).decide({ id: 'mine' }), broken);
      }
    });

    it(`a store that is down lets nobody in on ${rule.kind}, now or late`, async () => {
      const down = (): never => {
        throw new Error('down');
      };
      assert.throws(() => stage(rule, { setting, credential: down }).decide({ id: 'mine' }), /down/);
      const late = stage(rule, { setting, credential: async () => down() });
      await assert.rejects(async () => late.decide({ id: 'mine' }), /down/);
    });
  }

  it('a credential that nobody knows makes a guest', async () => {
    const denial = await stage(signedIn(), { credential: () => null }).decide();
    assert.equal(denial?.code, SIGN_IN);
  });

  const failures: readonly (readonly [string, () => unknown, () => string])[] = [
    ['load throws', () => assert.fail('no database'), () => 'ann'],
    ['load rejects', () => Promise.reject(new Error('no database')), () => 'ann'],
    ['of throws', () => mine, () => assert.fail('no database')],
  ];
  for (const [name, load, of] of failures) {
    it(`lets nobody in when ${name}, under not() neither`, async () => {
      const thing = resource('thing', { load, of });
      for (const rule of [owner(thing), all(signedIn(), not(owner(thing))), any(signedIn(), owner(thing))]) {
        await assert.rejects(async () => stage(rule, { credential: () => plain }).decide(), /no database/);
      }
    });
  }

  it('an object whose of answers nothing useful is nobody’s', async () => {
    for (const owners of [undefined, null, 7, {}, [undefined], [['ann']]]) {
      const thing = resource('thing', { load: () => ({}), of: () => owners as never });
      assert.equal(await answer(owner(thing), plain), NOT_FOUND);
    }
  });
});

describe('routes without a sound rule', () => {
  const unsound: readonly (readonly [string, unknown])[] = [
    ['none', undefined],
    ['true', true],
    ['null', null],
    ['a constructor without its parentheses', signedIn],
    ['an all() of nothing', { kind: 'all', rules: [] }],
    ['an any() of nothing', { kind: 'any', rules: [] }],
    ['a role() of nothing', { kind: 'role', anyOf: [] }],
    ['a kind there is not', { kind: 'everyone' }],
    ['an owner() of nothing', { kind: 'owner' }],
    ['not() of a kind there is not', { kind: 'not', rule: { kind: 'nobody' } }],
    ['a freshness of nothing', { kind: 'fresh', seconds: NaN }],
    ['shared() alone', shared('agents see all')],
  ];
  for (const [name, rule] of unsound) {
    for (const profile of ['production', 'development'] as const) {
      it(`refuses everybody where the rule is ${name}, in ${profile} [AZ-09]`, () => {
        const { asked, decide } = stage(rule as Rule, { profile, credential: () => admin });
        assert.equal((decide() as Denial).code, 'access/undeclared');
        assert.equal(asked(), 0);
      });
    }
  }

  it('refuses what no route matched with 404, whoever asks', () => {
    const { kernel, context } = stage(anyone(), { credential: () => admin });
    const { facts } = context();
    const c = kernel.context(facts, kernel.notFound, {});
    assert.equal((kernel.before(c) as Denial).code, 'access/no-route');
    assert.equal((kernel.before(c) as Denial).status, 404);
  });

  it('every code it refuses with is in its list', () => {
    const named = [...ROWS.map(([, , , code]) => code), NOT_FOUND, 'access/no-route'];
    for (const code of new Set(named)) if (code !== null) assert.ok(access.codes.includes(code as never), code);
    assert.deepEqual(new Set(named.filter((code) => code !== null)), new Set(access.codes));
  });
});
