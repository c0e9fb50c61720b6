/**
 * Building an application from its definition: what was opened is closed, whatever fails on the way.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anyone } from '../access/index.ts';
import { ConfigError } from '../kernel/index.ts';
import type { Kernel, Profile } from '../kernel/index.ts';
import { memoryStores } from '../store/index.ts';
import { build, inspect } from './define.ts';
import type { Adapter, AnyDewar, Dewar } from './define.ts';

const SECRET = 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE';

interface App {
  readonly kernel: Kernel;
}

interface Scene {
  readonly dewar: Dewar<App, App>;
  readonly log: string[];
}

/** A definition over a framework that only notes what is asked of it. */
function scene(change: Partial<Adapter<App, App>> & { app?: AnyDewar['app']; paths?: readonly string[] } = {}): Scene {
  const log: string[] = [];
  const { app = (dewar: App) => dewar, paths = ['/'], ...adapter } = change;
  const stores = memoryStores();
  return {
    log,
    dewar: {
      policy: { hosts: { allowed: ['app.example'] }, events: [] },
      store: () => {
        log.push('stores opened');
        const close = (): void => {
          log.push('stores closed');
        };
        return { ...stores, close, transaction: stores.transaction.bind(stores), health: stores.health.bind(stores) };
      },
      app,
      adapter: {
        name: 'scene',
        create: (kernel) => ({ kernel }),
        async ready({ kernel }) {
          for (const path of paths)
            kernel.declare({ method: 'GET', path, access: path === '/' ? anyone() : undefined });
          await kernel.start();
        },
        listen: async (_app, { port, host = '127.0.0.1' }) => {
          log.push(`listens on ${host}:${port}`);
          return { url: `http://${host}:${port}` };
        },
        close: async () => {
          log.push('app closed');
        },
        ...adapter,
      },
    },
  };
}

const given = (profile: Profile = 'production'): { secret: string; profile: Profile } => ({ secret: SECRET, profile });
const fails = (): never => {
  throw new Error('the owner’s own error');
};

describe('a definition', () => {
  it('opens nothing and listens to nothing until it is built', () => assert.deepEqual(scene().log, []));

  it('that is built listens when it is told to, and closes application and stores', async () => {
    const { dewar, log } = scene();
    const running = await build(dewar, given());
    assert.deepEqual(log, ['stores opened']);
    await running.listen({ port: 3000 });
    await running.close();
    assert.deepEqual(log, ['stores opened', 'listens on 127.0.0.1:3000', 'app closed', 'stores closed']);
  });

  it('whose policy has faults is not built, and leaves nothing open', async () => {
    const { dewar, log } = scene({ paths: ['/', '/undeclared'] });
    await assert.rejects(build(dewar, given()), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.faults.map(({ option }) => option),
        ['GET /undeclared: access'],
      );
      return true;
    });
    assert.deepEqual(log, ['stores opened', 'app closed', 'stores closed']);
  });

  it('whose own code fails leaves nothing open, and says why', async () => {
    const early = scene({ app: fails });
    await assert.rejects(build(early.dewar, given()), /the owner’s own error/);
    assert.deepEqual(early.log, ['stores opened', 'stores closed']);
    const late = scene({ ready: fails });
    await assert.rejects(build(late.dewar, given()), /the owner’s own error/);
    assert.deepEqual(late.log, ['stores opened', 'app closed', 'stores closed']);
  });

  it('says the fault even where closing fails as well', async () => {
    const { dewar } = scene({ paths: ['/undeclared'], close: fails });
    await assert.rejects(build(dewar, given()), ConfigError);
  });

  it('is built over other stores where they are given', async () => {
    const { dewar, log } = scene();
    const running = await build(dewar, { ...given(), stores: memoryStores() });
    await running.close();
    assert.deepEqual(log, ['app closed']);
  });
});

describe('an inspection', () => {
  it('tells routes and faults of what would not start, and leaves nothing open', async () => {
    const { dewar, log } = scene({ paths: ['/', '/undeclared'] });
    const { routes, faults } = await inspect(dewar, given());
    assert.deepEqual(
      routes.map(({ path }) => path),
      ['/', '/undeclared'],
    );
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['GET /undeclared: access'],
    );
    assert.deepEqual(log, ['stores opened', 'app closed', 'stores closed']);
  });
});

describe('development', () => {
  const rows: readonly (readonly [host: string | undefined, allowed: boolean])[] = [
    [undefined, true],
    ['127.0.0.1', true],
    ['127.0.0.2', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.7', false],
    ['127.0.0.1.evil.example', false],
    ['', false],
  ];
  for (const [host, allowed] of rows)
    it(`${allowed ? 'listens' : 'does not listen'} on ${host ?? 'nothing in particular'}`, async () => {
      const { dewar, log } = scene();
      const running = await build(dewar, given('development'));
      const listening = running.listen(host === undefined ? { port: 1 } : { port: 1, host });
      if (allowed) await listening;
      else await assert.rejects(listening, /listen\.host/);
      assert.equal(
        log.some((line) => line.startsWith('listens')),
        allowed,
      );
      await running.close();
    });

  it('is what the restriction is for: production listens where it is told', async () => {
    const { dewar } = scene();
    const running = await build(dewar, given());
    await running.listen({ port: 1, host: '0.0.0.0' });
    await running.close();
  });
});
