/**
 * The inventory from routes and faults, without any framework.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { all, anyone, detect, off, role, shared, signedIn } from '@dewar/core';
import type { ConfigFault, Policy, RouteInfo } from '@dewar/core';
import { headers } from '@dewar/core/headers';
import { inventoryOf, isFaulty } from './inventory.ts';
import type { Inventory, InventoryRoute } from './inventory.ts';
import { routeInfo } from './stage.test.ts';

const inventory = (routes: RouteInfo[], faults: ConfigFault[] = [], policy: Policy = {}): Inventory =>
  inventoryOf(policy, { routes, faults });
const only = (route: Partial<RouteInfo>): InventoryRoute => inventory([routeInfo(route)]).routes[0]!;
const fault = (option: string, wrong = 'is wrong'): ConfigFault => ({ option, wrong, write: 'write it' });
const csrfOff = off('signed by the sender');

describe('the inventory', () => {
  it('says rules as they are written [AZ-09]', () => {
    assert.equal(
      only({ access: all(role('agent', 'admin'), shared('agents see every ticket')) }).access,
      'all(role(agent, admin), shared("agents see every ticket"))',
    );
  });

  for (const [name, access] of [
    ['no rule', undefined],
    ['a truth value', true],
    ['a constructor without parentheses', signedIn],
    ['a list with a hole', { kind: 'all', rules: [undefined] }],
  ] as const)
    it(`has ${name} as undeclared [AZ-09]`, () => {
      const route = routeInfo({ access: access as never });
      assert.equal(inventory([route]).routes[0]!.access, null);
      assert.equal(isFaulty(inventory([route])), true);
    });

  const twins: readonly (readonly [name: string, head: Partial<RouteInfo>, folded: boolean])[] = [
    ['with the rule of its GET', {}, true],
    ['with a rule of its own', { access: signedIn() }, false],
    ['with an override of its own', { overrides: { csrf: csrfOff } }, false],
    ['without a rule', { access: undefined }, false],
    ['that lets separators through', { encodedSeparators: 'object keys' }, false],
    ['that prefers another credential', { credential: 'bearer' }, false],
    ['that answers without Host', { withoutHost: true }, false],
    ['of another path', { path: '/other' }, false],
  ];
  for (const [name, head, folded] of twins)
    it(`${folded ? 'folds' : 'shows'} a HEAD ${name}`, () => {
      const get = routeInfo({ access: anyone() });
      const { routes } = inventory([routeInfo({ ...get, method: 'HEAD', ...head }), get]);
      const methods = routes.map((route) => route.methods);
      assert.deepEqual(methods, folded ? [['GET', 'HEAD']] : [['HEAD'], ['GET']]);
    });

  it('shows overrides with their reasons', () => {
    const { deviations } = only({
      access: anyone(),
      overrides: {
        csrf: csrfOff,
        cors: { mode: detect('trying it', { until: '2027-01-31' }) },
        csp: { reason: 'old widget' },
        headers: {},
      },
      encodedSeparators: 'object keys',
      withoutHost: true,
      credential: 'bearer',
    });
    assert.deepEqual(deviations, [
      { option: 'csrf', how: 'off', reason: 'signed by the sender' },
      { option: 'cors', how: 'detect', reason: 'trying it', until: '2027-01-31' },
      { option: 'csp', how: 'options', reason: 'old widget' },
      { option: 'headers', how: 'options' },
      { option: 'encodedSeparators', how: 'options', reason: 'object keys' },
      { option: 'withoutHost', how: 'options' },
      { option: 'credential: bearer', how: 'options' },
    ]);
  });

  it('shows what the policy weakens, wherever it is written, and not its ordinary options', () => {
    const policy: Policy = {
      hosts: { allowed: ['app.example'] },
      https: off('the proxy redirects'),
      protections: [headers(off('set by the proxy'))],
    };
    assert.deepEqual(inventory([], [], policy).deviations, [
      { option: 'headers', how: 'off', reason: 'set by the proxy' },
      { option: 'https', how: 'off', reason: 'the proxy redirects' },
    ]);
    const named = { ...policy, headers: { reason: 'framed by our portal' } };
    assert.deepEqual(inventory([], [], named).deviations[0], {
      option: 'headers',
      how: 'options',
      reason: 'framed by our portal',
    });
  });

  it('puts faults to the routes they name, a twin’s to its GET, once, and keeps the others', () => {
    const get = routeInfo({ path: '/a', access: anyone() });
    const { routes, faults } = inventory(
      [get, routeInfo({ ...get, method: 'HEAD' }), routeInfo({ path: '/a: b', access: anyone() })],
      [
        fault('GET /a: access', 'names an object'),
        fault('GET /a: csrf', 'has no reason'),
        fault('HEAD /a: csrf', 'has no reason'),
        fault('GET /a: b: access'),
        fault('hosts.allowed'),
        fault('routes["GET /c"]'),
      ],
    );
    assert.deepEqual(
      routes.map((route) => route.faults.map(({ option }) => option)),
      [['GET /a: access', 'GET /a: csrf'], ['GET /a: b: access']],
    );
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['hosts.allowed', 'routes["GET /c"]'],
    );
  });

  it('is faulty with a fault of a route, and with one of the policy alone', () => {
    const route = routeInfo({ access: anyone() });
    assert.equal(isFaulty(inventory([route])), false);
    assert.equal(isFaulty(inventory([route], [fault('GET /: access')])), true);
    assert.equal(isFaulty(inventory([route], [fault('hosts.allowed')])), true);
  });
});
