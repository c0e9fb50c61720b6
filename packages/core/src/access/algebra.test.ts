/**
 * Rules as algebra: random trees against a model that shares no code with what judges requests.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Denial, Identity, Rule } from '../kernel/index.ts';
import { all, any, anyone, can, fresh, mfa, not, owner, role, shared, signedIn, todo } from './index.ts';
import { account, anonymous, NOW, stage, tickets, token } from './stage.test.ts';

/** Whose the object is, or that there is none. */
type Fate = 'mine' | 'theirs' | 'missing';

/** A tree as the model sees it, before resources exist. */
type Tree =
  | { readonly leaf: 'anyone' | 'shared' | 'todo' | 'signedIn' | 'agent' | 'write' | 'fresh' | 'mfa' | 'a' | 'b' }
  | { readonly join: 'all' | 'any'; readonly parts: readonly Tree[] }
  | { readonly not: Tree };

const LEAVES = ['anyone', 'shared', 'todo', 'signedIn', 'agent', 'write', 'fresh', 'mfa', 'a', 'b'] as const;

const trees: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree; leaf: Tree; join: Tree; not: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, depthIdentifier: 'tree' }, tie('leaf'), tie('join'), tie('not')),
  leaf: fc.record({ leaf: fc.constantFrom(...LEAVES) }),
  join: fc.record({
    join: fc.constantFrom('all' as const, 'any' as const),
    parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3, depthIdentifier: 'tree' }),
  }),
  not: fc.record({ not: tie('tree') }),
})).tree;

const people: fc.Arbitrary<Identity> = fc.oneof(
  fc.constant(anonymous),
  fc
    .record({ agent: fc.boolean(), old: fc.boolean(), totp: fc.boolean(), pending: fc.boolean() })
    .map(({ agent, old, totp, pending }) =>
      account('ann', {
        roles: agent ? ['agent'] : ['customer'],
        authenticatedAt: NOW - (old ? 86_400_000 : 1000),
        methods: totp ? ['password', 'totp'] : ['password'],
        pending,
      }),
    ),
  fc.boolean().map((writes) => (writes ? token('ann', 'write') : token('ann'))),
);

const fates = fc.constantFrom<Fate>('mine', 'theirs', 'missing');

const setting = { roles: { customer: {}, agent: { permissions: ['write'] } } };

/** What the model says: true, false, or `null` for what cannot be known. A missing object counts as another's. */
function model(tree: Tree, who: Identity, a: Fate, b: Fate): boolean | null {
  if ('not' in tree) {
    const inner = model(tree.not, who, a, b);
    return inner === null ? null : !inner;
  }
  if ('join' in tree) {
    const parts = tree.parts.map((part) => model(part, who, a, b));
    const decisive = tree.join === 'any';
    if (parts.includes(decisive)) return decisive;
    return parts.includes(null) ? null : !decisive;
  }
  const { leaf } = tree;
  if (leaf === 'anyone' || leaf === 'shared') return true;
  if (leaf === 'todo') return null;
  if (who.kind === 'anonymous') return leaf === 'signedIn' ? false : null;
  if (who.kind === 'account' && who.pending === true) return null;
  if (leaf === 'signedIn') return true;
  if (leaf === 'a') return a === 'mine';
  if (leaf === 'b') return b === 'mine';
  if (who.kind === 'token') return leaf === 'write' && who.scopes.includes('write') ? true : null;
  if (leaf === 'fresh') return who.authenticatedAt > NOW - 60_000;
  return leaf === 'mfa' ? who.methods.includes('totp') : who.roles.includes('agent');
}

function leavesOf(tree: Tree): readonly string[] {
  if ('not' in tree) return leavesOf(tree.not);
  return 'join' in tree ? tree.parts.flatMap(leavesOf) : [tree.leaf];
}

/** A rule that names nobody is refused as undeclared, which is not what these tests are about. */
function named(tree: Tree): Tree {
  return { join: 'all', parts: [{ leaf: 'anyone' }, tree] };
}

interface Run {
  readonly denial: Denial | null;
  readonly loads: { readonly a: number; readonly b: number };
  readonly asked: number;
}

/** One request through the real kernel. */
async function run(tree: Tree, who: Identity | Denial, a: Fate, b: Fate, late = false): Promise<Run> {
  const rows = [
    { id: 'mine', owner: 'ann' },
    { id: 'theirs', owner: 'bob' },
  ];
  const first = tickets(rows, { name: 'a', param: 'a', late });
  const second = tickets(rows, { name: 'b', param: 'b', late });
  const leaves: Readonly<Record<(typeof LEAVES)[number], Rule>> = {
    anyone: anyone(),
    shared: shared('on purpose'),
    todo: todo('not decided'),
    signedIn: signedIn(),
    agent: role('agent'),
    write: can('write'),
    fresh: fresh('1 minute'),
    mfa: mfa('totp'),
    a: owner(first.ticket),
    b: owner(second.ticket),
  };
  const build = (part: Tree): Rule => {
    if ('not' in part) return not(build(part.not));
    if ('leaf' in part) return leaves[part.leaf];
    return (part.join === 'all' ? all : any)(...part.parts.map(build));
  };
  const { decide, asked } = stage(build(named(tree)), {
    setting,
    credential: () => (late ? Promise.resolve(who) : who),
  });
  const denial = await decide({ a, b });
  return { denial, loads: { a: first.loads.length, b: second.loads.length }, asked: asked() };
}

const RUNS = { numRuns: 1500 };

describe('random rules', () => {
  it('let in exactly whom the model lets in, where every object exists [AZ-04]', async () => {
    await fc.assert(
      fc.asyncProperty(trees, people, fates, fates, fc.boolean(), async (tree, who, a, b, late) => {
        const { denial, loads, asked } = await run(tree, who, a, b, late);
        const leaves = leavesOf(tree);
        const exist = (!leaves.includes('a') || a !== 'missing') && (!leaves.includes('b') || b !== 'missing');
        assert.equal(denial === null, model(tree, who, a, b) === true && exist, denial?.code);
        assert.ok(loads.a <= 1 && loads.b <= 1 && asked <= 1, 'each look-up at most once');
        if (denial === null) {
          assert.deepEqual(loads, { a: Number(leaves.includes('a')), b: Number(leaves.includes('b')) });
        }
        if (denial?.status === 401) assert.deepEqual([who.kind, loads], ['anonymous', { a: 0, b: 0 }]);
      }),
      RUNS,
    );
  });

  it('load nothing for whom no object could let in', async () => {
    await fc.assert(
      fc.asyncProperty(trees, people, async (tree, who) => {
        const outcomes = (['mine', 'theirs'] as const).flatMap((a) =>
          (['mine', 'theirs'] as const).map((b) => model(tree, who, a, b)),
        );
        fc.pre(!outcomes.includes(true));
        // Two leaves of one object may contradict each other; only a rule where each object stands once is exact.
        fc.pre(new Set(leavesOf(tree)).size === leavesOf(tree).length);
        assert.deepEqual((await run(tree, who, 'mine', 'mine')).loads, { a: 0, b: 0 });
      }),
      RUNS,
    );
  });

  it('never tell an object of others from one that does not exist [AZ-11]', async () => {
    await fc.assert(
      fc.asyncProperty(trees, people, fates, async (tree, who, b) => {
        const theirs = await run(tree, who, 'theirs', b);
        fc.pre(theirs.denial !== null);
        const missing = await run(tree, who, 'missing', b);
        assert.deepEqual(missing, theirs);
      }),
      RUNS,
    );
  });

  it('let nobody in whose credential is refused, unless everybody may', async () => {
    const refused: Denial = { code: 'sessions/broken', status: 503, by: 'sessions', option: 'sessions' };
    const everybody = [anonymous, account('ann'), account('ann', { pending: true }), token('ann')];
    await fc.assert(
      fc.asyncProperty(trees, fc.boolean(), async (tree, late) => {
        const { denial, asked } = await run(tree, refused, 'mine', 'mine', late);
        if (asked === 1) assert.equal(denial?.code, 'sessions/broken');
        else if (denial === null) {
          for (const who of everybody) assert.equal(model(tree, who, 'theirs', 'theirs'), true);
        } else assert.ok(['access/todo', 'access/forbidden'].includes(denial.code));
      }),
      RUNS,
    );
  });

  it('obey De Morgan', async () => {
    await fc.assert(
      fc.asyncProperty(trees, trees, people, async (x, y, who) => {
        const left = await run({ not: { join: 'any', parts: [x, y] } }, who, 'mine', 'theirs');
        const right = await run({ join: 'all', parts: [{ not: x }, { not: y }] }, who, 'mine', 'theirs');
        assert.equal(left.denial?.code, right.denial?.code);
      }),
      RUNS,
    );
  });
});
