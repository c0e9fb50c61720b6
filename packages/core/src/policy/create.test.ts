/**
 * A kernel from a policy: the profile, the secrets and the faults, and what of the environment counts.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anyone } from '../access/index.ts';
import { ConfigError, detect, off } from '../kernel/index.ts';
import type { Context, Kernel, SecurityEvent } from '../kernel/index.ts';
import { guard, guardWith, rawRequest } from '../kernel/kernel.fixture.ts';
import { assemble, createKernel } from './create.ts';
import type { Replacements } from './create.ts';
import type { Policy } from './policy.ts';
import { PROTECTIONS } from './protections.ts';

const SECRET = 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE';
const WHY = 'the partner portal needs it';
const SOUND: Policy = { secret: SECRET, hosts: { allowed: ['app.example'] } };

/** Creates a kernel under an environment of its own; making one is synchronous, so no other test sees it. */
function create(policy: unknown, env: NodeJS.ProcessEnv = {}, given: Replacements = {}): Kernel {
  const names = ['DEWAR_PROFILE', 'DEWAR_SECRET', 'NODE_ENV'];
  const before = names.map((name) => process.env[name]);
  try {
    for (const name of names) delete process.env[name];
    Object.assign(process.env, env);
    return createKernel(policy as Policy, { events: [], ...given });
  } finally {
    for (const [index, name] of names.entries()) {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    }
  }
}

async function faultsOf(kernel: Kernel): Promise<readonly string[]> {
  try {
    await kernel.start();
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults.map(({ option }) => option);
  }
}

function ask(kernel: Kernel, ...fields: string[]): Context {
  return kernel.context(
    kernel.readFacts(rawRequest({ headers: ['Host', 'app.example', ...fields] })),
    kernel.notFound,
    {},
  );
}

describe('the profile [CFG-07]', () => {
  const rows: readonly (readonly [title: string, policy: object, env: NodeJS.ProcessEnv, profile: string])[] = [
    ['nothing says', {}, {}, 'production'],
    ['the policy says', { profile: 'development' }, {}, 'development'],
    ['the environment says', {}, { DEWAR_PROFILE: 'test' }, 'test'],
    ['both say: the policy’s', { profile: 'production' }, { DEWAR_PROFILE: 'development' }, 'production'],
    ['NODE_ENV says: it does not count', {}, { NODE_ENV: 'development' }, 'production'],
  ];
  for (const [title, policy, env, profile] of rows)
    it(`where ${title} is ${profile}`, () => assert.equal(create({ ...SOUND, ...policy }, env).profile, profile));

  it('that is misspelt is production, and does not start', async () => {
    const kernel = create({ ...SOUND, profile: 'developement' });
    assert.equal(kernel.profile, 'production');
    await assert.rejects(kernel.start(), /profile: "developement" is no profile \(did you mean "development"\?\)/);
    assert.deepEqual(await faultsOf(create(SOUND, { DEWAR_PROFILE: 'Production' })), ['DEWAR_PROFILE']);
    assert.deepEqual(await faultsOf(create(SOUND, { DEWAR_PROFILE: '' })), ['DEWAR_PROFILE']);
  });
});

describe('the secret', () => {
  const hosts = SOUND.hosts;

  it('is needed in production and test [CFG-05]', async () => {
    for (const profile of ['production', 'test'])
      for (const secret of [undefined, '', []])
        assert.deepEqual(
          await faultsOf(create({ hosts, profile, secret })),
          ['secret'],
          `${profile} ${String(secret)}`,
        );
  });

  it('may stand in the environment', async () => {
    assert.deepEqual(await faultsOf(create({ hosts }, { DEWAR_SECRET: SECRET })), []);
  });

  it('that is weak does not start, wherever it stands, and is not repeated [CFG-05]', async () => {
    for (const kernel of [create({ hosts, secret: 'hunter2' }), create({ hosts }, { DEWAR_SECRET: 'hunter2' })])
      await assert.rejects(kernel.start(), (error: Error) => {
        assert.match(error.message, /secret: is 7 bytes long/);
        assert.ok(!error.message.includes('hunter2'));
        return true;
      });
  });

  it('may be a list, of which each is judged [CFG-08]', async () => {
    assert.deepEqual(await faultsOf(create({ hosts, secret: [SECRET, `${SECRET}old`] })), []);
    assert.deepEqual(await faultsOf(create({ hosts, secret: [SECRET, 'short'] })), ['secret[1]']);
  });

  it('that is no text does not start', async () => {
    for (const secret of [7, {}, [7], [null], Buffer.alloc(32, 7)])
      assert.notDeepEqual(await faultsOf(create({ hosts, secret })), []);
  });

  it('is made by development, which starts with nothing set; production does not [DX-14]', async () => {
    assert.deepEqual(await faultsOf(create({ profile: 'development' })), []);
    assert.deepEqual((await faultsOf(create({ profile: 'production' }))).slice(0, 2), ['secret', 'hosts.allowed']);
  });
});

describe('a policy', () => {
  it('that names a secret and its hosts is enough [DX-01]', async () => {
    const kernel = create(SOUND);
    kernel.declare({ method: 'GET', path: '/', access: anyone() });
    assert.deepEqual(await faultsOf(kernel), []);
  });

  it('has every protection of this package on', async () => {
    const events: SecurityEvent[] = [];
    await create(SOUND, {}, { events: [(event) => events.push(event)] }).start();
    const started = events.find((event): event is SecurityEvent<'kernel.started'> => event.name === 'kernel.started');
    assert.deepEqual(
      started?.fields.protections,
      PROTECTIONS.map(({ name }) => name),
    );
    assert.ok(!events.some(({ name }) => name === 'policy.weakened'));
  });

  it('is refused with all its faults at once [CFG-01] [CFG-14]', async () => {
    const kernel = create({
      profile: 'production',
      haeders: {},
      hosts: { alowed: [] },
      headers: { frameOptions: 'ALLOW' },
      https: off(''),
      facts: { maxHeader: 1, trustedProxies: ['everybody'] },
      routes: { '/assets/*': { access: anyone() } },
      debug: true,
    });
    assert.deepEqual(
      new Set(await faultsOf(kernel)),
      new Set([
        'haeders',
        'debug',
        'secret',
        'hosts.alowed',
        'hosts.allowed',
        'headers.frameOptions',
        'https',
        'facts.maxHeader',
        'facts.trustedProxies[0]',
        'routes["/assets/*"]',
      ]),
    );
  });

  it('knows no debug option, which would show internals [CFG-06]', async () => {
    assert.ok((await faultsOf(create({ ...SOUND, debug: true }))).includes('debug'));
    assert.ok((await faultsOf(create({ ...SOUND, debug: false }))).includes('debug'));
  });

  it('cannot leave protections out as a twin does', async () => {
    assert.deepEqual(await faultsOf(create({ ...SOUND, omit: new Set(['hosts']) })), ['omit']);
  });

  it('cannot let every proxy speak for its clients', async () => {
    assert.deepEqual(await faultsOf(create({ ...SOUND, facts: { trustedProxies: ['0.0.0.0/0'] } })), [
      'facts.trustedProxies',
    ]);
  });

  it('must name routes as the framework has them', async () => {
    const kernel = create({ ...SOUND, routes: { 'GET /asets/*': { access: anyone() } } });
    kernel.declare({ method: 'GET', path: '/assets/*', access: anyone() });
    assert.ok((await faultsOf(kernel)).includes('routes["GET /asets/*"]'));
  });

  it('has one protection under each name', async () => {
    const again = guard({ name: 'hosts' })();
    assert.ok((await faultsOf(create({ ...SOUND, protections: [again] }))).includes('protections: hosts'));
  });

  it('may bring protections of others, with their options under their name', async () => {
    const brought = guard();
    assert.deepEqual(await faultsOf(create({ ...SOUND, protections: [brought()] })), []);
    assert.deepEqual(await faultsOf(create({ ...SOUND, protections: [brought({ level: 1 })] })), ['guard.level']);
    assert.deepEqual(await faultsOf(create({ ...SOUND, protections: [brought()], guard: { level: 1 } })), [
      'guard.level',
    ]);
    assert.deepEqual(
      await faultsOf(create({ ...SOUND, protections: [brought({ level: 1 })], guard: { level: 4 } })),
      [],
    );
  });

  it('in detect mode needs an end date in production', async () => {
    const mode = detect(WHY);
    assert.deepEqual(await faultsOf(create({ ...SOUND, protections: [guard()({ mode })] })), ['guard.mode']);
    assert.deepEqual(await faultsOf(create({ ...SOUND, profile: 'test', protections: [guard()({ mode })] })), []);
  });
});

describe('a kernel with faults', () => {
  it('answers nobody', () => {
    const kernel = create({ ...SOUND, haeders: {} });
    assert.equal((kernel.before(ask(kernel)) as { code: string }).code, 'kernel/not-started');
  });

  it('tells its sinks that it runs, or does not', async () => {
    const events: SecurityEvent[] = [];
    const kernel = create({ ...SOUND, haeders: {} }, {}, { events: [(event) => events.push(event)] });
    await assert.rejects(kernel.start());
    assert.ok(!events.some(({ name }) => name === 'kernel.started'));
  });
});

describe('only()', () => {
  it('runs one protection in an existing application, with nothing beside it', async () => {
    const one = guardWith({ place: 'headers', head: () => ['x-guard', '1'] });
    const kernel = assemble({ secret: SECRET, protections: [one()] }, [], { events: [], profile: 'production' });
    await kernel.start();
    assert.deepEqual(kernel.head(ask(kernel), 200, []), ['x-guard', '1']);
  });
});
