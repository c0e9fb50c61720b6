/**
 * What access checks before the first request: options, names, and routes beside the policy.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, off } from '../kernel/index.ts';
import type { ConfigFault, Rule } from '../kernel/index.ts';
import { all, any, anyone, can, fresh, not, owner, role, shared, signedIn, todo } from './index.ts';
import { routeInfo, stage, tickets } from './stage.test.ts';
import type { StageOptions } from './stage.test.ts';

const { ticket } = tickets([]);
const roles = { agent: { permissions: ['tickets:answer'] }, admin: { includes: ['agent'] } };

/** The faults a start ends with; none where it starts. */
async function faultsOf(rule: Rule | undefined, options: StageOptions = {}): Promise<readonly ConfigFault[]> {
  const { kernel } = stage(rule, { profile: 'production', ...options });
  try {
    await kernel.start();
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults;
  }
}

const withParameter = { path: '/tickets/:id' };

type Row = readonly [name: string, rule: Rule | undefined, options: StageOptions, fault: RegExp | null];

const ROWS: readonly Row[] = [
  ['an undeclared route, with where it stands [AZ-09]', undefined, {}, /does not say who may use it \(app\.ts:7\)/],
  ['a rule that is none', true as never, {}, /is no rule/],
  ['a constructor without parentheses', signedIn as never, {}, /write signedIn\(\), with its parentheses/],
  ['an all() of nothing', { kind: 'all', rules: [] }, {}, /all\(\) needs at least one rule/],
  ['a reason alone', shared('agents see all'), withParameter, /not who may come/],
  ['todo()', any(role('agent'), todo('who else may')), {}, /still to be written/],
  ['a parameter that nothing speaks of', signedIn(), withParameter, /:id names an object, and nothing says whose/],
  ['a parameter with a role alone', role('agent'), withParameter, /:id names an object/],
  ['a wildcard that nothing speaks of', anyone(), { path: '/files/*' }, /\* names an object/],
  ['a parameter with not(owner()) alone', all(signedIn(), not(owner(ticket))), withParameter, /nothing says whose/],
  ['every account beside the owner', any(signedIn(), owner(ticket)), withParameter, /one way in asks neither/],
  ['everybody beside the owner', any(anyone(), owner(ticket)), withParameter, /one way in asks neither/],
  ['a fresh account beside the owner', any(fresh(60), owner(ticket)), withParameter, /one way in asks neither/],
  ['a role nobody has', role('agnet'), { setting: { roles } }, /no role "agnet"/],
  ['a role nobody has, deep inside', all(signedIn(), not(role('x'))), { setting: { roles } }, /no role "x"/],
  ['a permission nobody gives', can('tickets:anser'), { setting: { roles } }, /no permission "tickets:anser"/],
  ['a rule while access is off', signedIn(), { setting: off('the proxy decides') }, /nothing enforces/],
  [
    'access off and no rule',
    undefined,
    { setting: off('the proxy decides') },
    /nobody says who may use it, and access is off/,
  ],
  ['off for one route', anyone(), { overrides: { access: off('a public page') } }, /cannot be turned off for one/],
  ['options for one route', anyone(), { overrides: { access: {} } }, /no options of its own/],
  ['detect', anyone(), { setting: { mode: 'detect' as never } }, /is no mode/],
  ['a declared route', signedIn(), {}, null],
  ['an owner', owner(ticket), withParameter, null],
  ['an owner beside a role', any(role('agent'), owner(ticket)), withParameter, null],
  ['an owner and more', all(owner(ticket), fresh('15 minutes')), withParameter, null],
  ['a role and a reason', all(role('agent'), shared('agents see all')), withParameter, null],
  ['a public reason', all(anyone(), shared('public articles')), withParameter, null],
  ['roles while none is declared', role('whatever'), {}, null],
  ['a scope', can('reports:read'), { setting: { roles, scopes: ['reports:read'] } }, null],
];

describe('production', () => {
  for (const [name, rule, options, expected] of ROWS) {
    it(`${expected === null ? 'starts with' : 'does not start with'} ${name}`, async () => {
      const faults = await faultsOf(rule, options);
      if (expected === null) assert.deepEqual(faults, []);
      else {
        assert.equal(faults.length, 1, JSON.stringify(faults));
        assert.match(faults[0]!.wrong, expected);
        assert.match(faults[0]!.option, /^GET \/|^access/);
      }
    });
  }

  it('names the nearest role and permission', async () => {
    assert.equal((await faultsOf(role('agnet'), { setting: { roles } }))[0]!.nearest, 'agent');
    assert.equal((await faultsOf(can('tickets:anser'), { setting: { roles } }))[0]!.nearest, 'tickets:answer');
  });

  it('names every undeclared route, and a HEAD only where no GET stands for it [AZ-09]', async () => {
    const { kernel } = stage(undefined, { profile: 'production' });
    kernel.declare(routeInfo(undefined, { method: 'HEAD' }));
    kernel.declare(routeInfo(undefined, { method: 'POST', path: '/y' }));
    kernel.declare(routeInfo(undefined, { method: 'HEAD', path: '/z' }));
    await assert.rejects(kernel.start(), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.faults.map(({ option }) => option),
        ['GET /x: access', 'POST /y: access', 'HEAD /z: access'],
      );
      return true;
    });
  });

  it('does not start where one name means two resources', async () => {
    const other = tickets([]).ticket;
    const { kernel } = stage(owner(ticket), { profile: 'production', path: '/a/:id' });
    kernel.declare(routeInfo(owner(ticket), { path: '/b/:id' }));
    kernel.declare(routeInfo(owner(other), { path: '/c/:id' }));
    await assert.rejects(kernel.start(), /GET \/c\/:id: access: "ticket" is another resource than on GET \/a\/:id/);
  });

  it('reports access that is off, with its reason', async () => {
    const { kernel, events } = stage(undefined, { setting: off('the proxy decides'), profile: 'development' });
    await kernel.start();
    const weakened = events.find(({ name }) => name === 'policy.weakened');
    assert.deepEqual(weakened?.fields, { option: 'access', how: 'off', reason: 'the proxy decides' });
  });
});

describe('development', () => {
  it('starts with an undeclared route, warns, and refuses it all the same [AZ-09]', async () => {
    const { kernel, events, decide } = stage(undefined, { profile: 'development' });
    await kernel.start();
    assert.equal(events.filter(({ name }) => name === 'policy.warning').length, 1);
    assert.notEqual(decide(), null);
  });
});

const BAD_OPTIONS: readonly (readonly [name: string, setting: object, option: string])[] = [
  ['an option there is not', { role: {} }, 'access.role'],
  ['allowUndeclared, which there is not', { allowUndeclared: true }, 'access.allowUndeclared'],
  ['roles as a list', { roles: ['agent'] }, 'access.roles'],
  ['a role as a list', { roles: { agent: ['tickets:answer'] } }, 'access.roles.agent'],
  ['a misspelt field of a role', { roles: { agent: { permission: [] } } }, 'access.roles.agent.permission'],
  ['permissions as text', { roles: { agent: { permissions: 'all' } } }, 'access.roles.agent.permissions'],
  ['a role that includes one there is not', { roles: { a: { includes: ['b'] } } }, 'access.roles.a.includes[0]'],
  ['a role that includes itself', { roles: { a: { includes: ['a'] } } }, 'access.roles.a.includes[0]'],
  ['scopes as text', { scopes: 'all' }, 'access.scopes'],
  ['second factors as text', { secondFactors: 'totp' }, 'access.secondFactors'],
  ['a second factor beyond the defaults, without a reason', { secondFactors: ['sms'] }, 'access.secondFactors'],
  ['a challenge that adds a header', { challenge: 'Session\r\nset-cookie: a=b' }, 'access.challenge'],
  ['an empty challenge', { challenge: '' }, 'access.challenge'],
];

describe('options', () => {
  for (const [name, setting, option] of BAD_OPTIONS) {
    it(`refuse ${name}`, async () => {
      assert.deepEqual(
        (await faultsOf(anyone(), { setting })).map((fault) => fault.option),
        [option],
      );
    });
  }

  it('refuse two roles that include each other, naming both', async () => {
    const faults = await faultsOf(anyone(), { setting: { roles: { a: { includes: ['b'] }, b: { includes: ['a'] } } } });
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['access.roles.a.includes[0]', 'access.roles.b.includes[0]'],
    );
  });

  it('let a weaker second factor count for a reason', async () => {
    const setting = { secondFactors: ['totp', 'sms'], reason: 'until everybody has an application' };
    assert.deepEqual(await faultsOf(anyone(), { setting }), []);
  });

  it('tell what an identity may do, for pages [AZ-18]', async () => {
    const { kernel } = stage(anyone(), { setting: { roles } });
    const table = kernel.part('access') as { can(who: object, permission: string): boolean };
    const admin = { kind: 'account', id: 'a', roles: ['admin'] };
    assert.equal(table.can(admin, 'tickets:answer'), true);
    assert.equal(table.can(admin, 'tickets:burn'), false);
    assert.equal(table.can({ ...admin, pending: true }, 'tickets:answer'), false);
    assert.equal(table.can({ kind: 'token', scopes: ['tickets:answer'] }, 'tickets:answer'), true);
    assert.equal(table.can({ kind: 'anonymous' }, 'tickets:answer'), false);
  });
});
