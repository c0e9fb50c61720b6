/**
 * What stands on a route, and what the policy says of it: one declaration, in which the route's own wins.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anyone, signedIn } from '../access/index.ts';
import { off } from '../kernel/index.ts';
import { declareRoute } from './declare.ts';
import type { Policy, RoutePolicy } from './policy.ts';

const WHY = 'names of git branches';
const found = (path: string, policy: RoutePolicy = {}, method = 'GET'): Parameters<typeof declareRoute>[1] => ({
  method,
  path,
  policy,
  declaredAt: 'app.ts:7',
});

describe('a declaration', () => {
  it('of nothing says nothing: no rule, no exception', () => {
    assert.deepEqual(declareRoute({}, { method: 'GET', path: '/x' }), {
      method: 'GET',
      path: '/x',
      params: [],
      access: undefined,
      declaredAt: '',
      overrides: {},
      encodedSeparators: undefined,
      credential: undefined,
      withoutHost: false,
      secretPath: false,
      schema: {},
      notFound: false,
    });
  });

  it('holds what stands on the route', () => {
    const headers = { frameOptions: 'SAMEORIGIN', reason: WHY } as const;
    const policy = { encodedSeparators: WHY, credential: 'bearer', withoutHost: true, secretPath: true, headers };
    const route = declareRoute({}, { ...found('/a/:id/*', policy), access: signedIn() });
    assert.deepEqual(route.params, ['id', '*']);
    assert.deepEqual(route.access, signedIn());
    assert.deepEqual(route.overrides, { headers });
    assert.deepEqual(
      [route.encodedSeparators, route.credential, route.withoutHost, route.secretPath, route.declaredAt],
      [WHY, 'bearer', true, true, 'app.ts:7'],
    );
    assert.ok(Object.isFrozen(route));
  });

  it('takes what the policy says of that very method and pattern', () => {
    const policy: Policy = { routes: { 'GET /assets/*': { access: anyone(), encodedSeparators: WHY } } };
    const route = declareRoute(policy, { method: 'GET', path: '/assets/*' });
    assert.deepEqual([route.access, route.encodedSeparators], [anyone(), WHY]);
    for (const other of [
      { method: 'POST', path: '/assets/*' },
      { method: 'GET', path: '/assets/' },
      { method: 'GET', path: '/Assets/*' },
      { method: 'get', path: '/assets/*' },
    ])
      assert.equal(declareRoute(policy, other).access, undefined, `${other.method} ${other.path}`);
  });

  it('judges HEAD as GET, and no other method', () => {
    const policy: Policy = { routes: { 'GET /a': { access: anyone() } } };
    assert.deepEqual(declareRoute(policy, { method: 'HEAD', path: '/a' }).access, anyone());
    assert.equal(declareRoute(policy, { method: 'OPTIONS', path: '/a' }).access, undefined);
  });

  it('lets the route’s own win where both speak', () => {
    const policy: Policy = {
      routes: { 'GET /a': { access: anyone(), credential: 'session', headers: off(WHY), withoutHost: true } },
    };
    const route = declareRoute(policy, { ...found('/a', { credential: 'bearer', headers: {} }), access: signedIn() });
    assert.deepEqual([route.access, route.credential, route.overrides], [signedIn(), 'bearer', { headers: {} }]);
    assert.equal(route.withoutHost, true);
  });

  it('is not fooled by names every object has', () => {
    for (const path of ['constructor', '__proto__', 'toString'])
      assert.equal(declareRoute({ routes: {} }, { method: 'GET', path }).access, undefined);
  });
});

describe('a path whose parameter may be a secret', () => {
  const rows: readonly (readonly [path: string, secret: boolean])[] = [
    ['/reset/:token', true],
    ['/reset/:resetToken', true],
    ['/verify/:code', true],
    ['/share/:secretId', true],
    ['/keys/:apiKey', true],
    ['/tickets/:id', false],
    ['/files/*', false],
    ['/token', false],
  ];
  for (const [path, secret] of rows)
    it(`${path} is ${secret ? '' : 'not '}logged as its pattern [LOG-06]`, () => {
      assert.equal(declareRoute({}, { method: 'GET', path }).secretPath, secret);
    });

  it('can be told either way', () => {
    assert.equal(declareRoute({}, found('/reset/:token', { secretPath: false })).secretPath, false);
    assert.equal(declareRoute({}, found('/a/:id', { secretPath: true })).secretPath, true);
  });
});
