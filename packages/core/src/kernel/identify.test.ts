/**
 * Who asks: found out by exactly one credential, at most once, and only when somebody wants to know.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { denied, guardWith, NOON, stage, withFields } from './kernel.fixture.ts';
import type { Stage } from './kernel.fixture.ts';
import { ANONYMOUS } from './identity.ts';
import type { AccountIdentity, Identity, IdentityResolver } from './identity.ts';
import { isPromise } from './verdict.ts';
import type { Denial, MaybePromise } from './verdict.ts';

const ANN: AccountIdentity = {
  kind: 'account',
  id: 'ann',
  roles: [],
  sessionId: 'hash',
  authenticatedAt: NOON,
  methods: ['password'],
};
const ROBOT: Identity = { kind: 'token', id: 'k-1', subject: 'robot', scopes: [] };

interface Counted extends IdentityResolver {
  asked: number;
}

/** A resolver whose credential is a field of the same name. */
function resolver(kind: string, ambient: boolean, result: () => MaybePromise<Identity | Denial | null>): Counted {
  const self: Counted = {
    kind,
    ambient,
    asked: 0,
    present: (facts) => facts.header(`x-${kind}`) !== undefined,
    resolve() {
      self.asked++;
      return result();
    },
  };
  return self;
}

const carrying = (...kinds: string[]): ReturnType<typeof withFields> =>
  withFields(...kinds.flatMap((kind) => [`X-${kind}`, '1']));

function people(): Stage & { readonly session: Counted; readonly bearer: Counted; readonly basic: Counted } {
  const session = resolver('session', true, () => ANN);
  const bearer = resolver('bearer', false, () => Promise.resolve(ROBOT));
  const basic = resolver('basic', true, () => null);
  const resolvers = [session, bearer, basic];
  return { ...stage({ resolvers, routes: [{}, { path: '/api', credential: 'bearer' }] }), session, bearer, basic };
}

describe('an identity', () => {
  it('is not looked for until somebody asks', async () => {
    const { send, session } = people();
    const { c } = await send(carrying('session'));
    assert.equal(session.asked, 0);
    assert.equal(c.identity, undefined);
  });

  it('is looked for once, however many ask', () => {
    const { kernel, context, session } = people();
    const c = context(carrying('session'));
    assert.equal(kernel.identify(c), null);
    assert.equal(kernel.identify(c), null);
    assert.equal(c.identity, ANN);
    assert.equal(session.asked, 1);
  });

  it('that takes time is shared by all who ask meanwhile', async () => {
    const { kernel, context, bearer } = people();
    const c = context(carrying('bearer'));
    const asked = [kernel.identify(c), kernel.identify(c)];
    assert.ok(asked.every(isPromise));
    assert.deepEqual(await Promise.all(asked), [null, null]);
    assert.equal(kernel.identify(c), null);
    assert.equal(c.identity, ROBOT);
    assert.equal(bearer.asked, 1);
  });

  it('is anonymous at once where no credential stands on the request', () => {
    const { kernel, context, said } = people();
    const c = context();
    assert.equal(kernel.identify(c), null);
    assert.equal(c.identity, ANONYMOUS);
    assert.equal(said('identity.failed').length, 0);
  });

  it('is anonymous where the credential is nobody’s, and that is reported', () => {
    const { kernel, context, said } = people();
    const c = context(carrying('basic'));
    assert.equal(kernel.identify(c), null);
    assert.equal(c.identity, ANONYMOUS);
    assert.equal(said('identity.failed').length, 1);
  });

  for (const [title, result] of [
    ['at once', (): Denial => denied('revoked')],
    ['later', (): Promise<Denial> => Promise.resolve(denied('revoked'))],
  ] as const)
    it(`stays unknown where the credential is refused ${title}`, async () => {
      const { kernel, context, said } = stage({ resolvers: [resolver('key', false, result)] });
      const c = context(carrying('key'));
      assert.equal((await kernel.identify(c))?.code, 'guard/revoked');
      assert.equal(c.identity, undefined);
      assert.equal(said('identity.failed')[0]?.reason, 'guard/revoked');
    });

  it('is never taken from a resolver that failed', async () => {
    const failing = resolver('key', false, () => Promise.reject(new Error('the store is gone')));
    const asks = guardWith({ place: 'access', run: (c) => c.kernel.identify(c) });
    const { send, kernel, context } = stage({ resolvers: [failing], protections: [asks] });
    await assert.rejects(send(carrying('key')), /the store is gone/);
    const c = context(carrying('key'));
    await assert.rejects(async () => kernel.identify(c));
    await assert.rejects(async () => kernel.identify(c));
    assert.equal(c.identity, undefined);
  });
});

describe('several credentials', () => {
  const rows: readonly (readonly [target: string, kinds: readonly string[], expected: string])[] = [
    ['/', ['session', 'bearer'], 'identity/ambiguous'],
    ['/', ['session', 'basic'], 'identity/ambiguous'],
    ['/', ['session', 'bearer', 'basic'], 'identity/ambiguous'],
    ['/', ['basic'], 'anonymous'],
    ['/api', ['session', 'bearer'], 'token'],
    ['/api', ['bearer', 'basic'], 'token'],
    ['/api', ['session', 'bearer', 'basic'], 'token'],
    ['/api', ['session'], 'account'],
    ['/api', ['session', 'basic'], 'identity/ambiguous'],
  ];
  for (const [target, kinds, expected] of rows)
    it(`${kinds.join(' and ')} on ${target}: ${expected}`, async () => {
      const { kernel, context, session, bearer, basic } = people();
      const c = context({ ...carrying(...kinds), target });
      const denial = await kernel.identify(c);
      assert.equal(denial?.code ?? c.identity?.kind, expected);
      const asked = session.asked + bearer.asked + basic.asked;
      assert.equal(asked, expected === 'identity/ambiguous' ? 0 : 1);
    });

  it('are counted before any is verified', () => {
    const { kernel, context, session, bearer } = people();
    const counted = (...kinds: string[]): unknown => kernel.credentials(context(carrying(...kinds)));
    assert.deepEqual(counted(), { ambient: false, explicit: false });
    assert.deepEqual(counted('session'), { ambient: true, explicit: false });
    assert.deepEqual(counted('bearer'), { ambient: false, explicit: true });
    assert.deepEqual(counted('basic', 'bearer'), { ambient: true, explicit: true });
    assert.equal(session.asked + bearer.asked, 0);
  });
});
