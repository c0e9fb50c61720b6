/**
 * What Desk asks of its environment, and that it starts as `npm start` starts it.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { build, ConfigError, inspect, memoryStores } from 'dewar';
import type { Rule } from 'dewar';
import { configReport } from '@dewar/core/config';
import { readConfig } from './config.ts';
import { PEOPLE } from './demo-data.ts';
import { createDesk } from './desk.ts';

const folder = mkdtempSync(join(tmpdir(), 'dewar-desk-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const COMPLETE = {
  DESK_HOST: 'desk.example',
  DESK_PROXIES: '10.0.0.0/8, 127.0.0.1/32',
  DEWAR_SECRET: 'pXq7vT2mZr9LdK4hWb8NcY6sJf3GaE5u',
};

describe('the configuration', () => {
  it('is production when nothing is said, and then names all that is missing', () => {
    const { profile, faults } = readConfig({});
    assert.equal(profile, 'production');
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['DESK_HOST', 'DESK_PROXIES', 'DEWAR_SECRET'],
    );
  });

  for (const [given, nearest] of [
    ['developement', 'development'],
    ['prod', 'production'],
    ['staging', undefined],
    ['Production', 'production'],
    ['', undefined],
  ] as const)
    it(`refuses the profile "${given}", by name`, () => {
      const { profile, faults } = readConfig({ ...COMPLETE, DEWAR_PROFILE: given });
      assert.equal(profile, 'production');
      assert.deepEqual(
        faults.map((fault) => [fault.option, fault.nearest]),
        [['DEWAR_PROFILE', nearest]],
      );
    });

  for (const profile of ['production', 'development', 'test'])
    it(`takes the profile ${profile}`, () => {
      const read = readConfig({ ...COMPLETE, DEWAR_PROFILE: profile });
      assert.deepEqual([read.profile, read.faults], [profile, []]);
    });

  it('is complete with a host, a proxy and a secret', () => {
    const { faults, hosts, proxies, port, listen } = readConfig(COMPLETE);
    assert.deepEqual(faults, []);
    assert.deepEqual([hosts, proxies, port], [['desk.example'], ['10.0.0.0/8', '127.0.0.1/32'], 3000]);
    assert.equal(listen, '127.0.0.1');
  });

  it('listens on loopback alone in development, whatever it is told', () =>
    assert.equal(readConfig({ DEWAR_PROFILE: 'development', DESK_LISTEN: '0.0.0.0' }).listen, '127.0.0.1'));

  for (const port of ['http', '-1', '70000', '3000.5', '0x10'])
    it(`refuses the port ${port}`, () =>
      assert.deepEqual(
        readConfig({ ...COMPLETE, PORT: port }).faults.map(({ option }) => option),
        ['PORT'],
      ));

  it('opens nothing before it is built, and nothing at all with a fault', async () => {
    const data = join(folder, 'never');
    const desk = createDesk(readConfig({ DESK_DATA: data }));
    await assert.rejects(build(desk.definition), (error) => error instanceof ConfigError && error.faults.length === 3);
    assert.equal(existsSync(data), false);
  });
});

describe('the routes', () => {
  it('are sound in production, and can be listed without a database', async () => {
    const data = join(folder, 'listed');
    const desk = createDesk(readConfig({ ...COMPLETE, DESK_DATA: data }));
    const { routes, faults } = await inspect(desk.definition, {
      secret: COMPLETE.DEWAR_SECRET,
      events: [],
      stores: memoryStores(),
    });
    assert.deepEqual(faults, []);
    assert.equal(existsSync(data), false);
    const open = routes.filter(({ access, method }) => access !== undefined && isOpen(access) && method !== 'HEAD');
    assert.deepEqual(open.map(({ method, path }) => `${method} ${path}`).toSorted(), [
      'GET /',
      'GET /assets/*',
      'GET /healthz',
      'GET /register',
      'GET /sign-in',
      'POST /register',
      'POST /sign-in',
      'POST /sign-out',
    ]);
  });
});

/** For everybody: `anyone()`, alone or with a reason for its objects. */
function isOpen(rule: Rule): boolean {
  return (
    rule.kind === 'anyone' || (rule.kind === 'all' && rule.rules.every((one) => one.kind === 'shared' || isOpen(one)))
  );
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the server until it says that it is ready, asks it one thing, and stops it. */
async function serve(env: Record<string, string>, ask?: (url: string) => Promise<void>): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=@dewar/source', join(import.meta.dirname, 'serve.ts')], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const ready = Promise.withResolvers<string | null>();
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString();
    const [, url] = /ready: (\S+)\n/.exec(said.stderr) ?? [];
    if (url !== undefined) ready.resolve(url);
  });
  const ended = new Promise<number | null>((done) => child.on('close', done));
  void ended.then(() => ready.resolve(null));
  const limit = setTimeout(() => child.kill('SIGKILL'), 30_000);
  try {
    const url = await ready.promise;
    if (url !== null) await ask?.(url);
  } finally {
    child.kill('SIGTERM');
  }
  const code = await ended;
  clearTimeout(limit);
  return { code, ...said };
}

describe('npm start', () => {
  const env = { DEWAR_PROFILE: 'development', PORT: '0', DESK_DATA: join(folder, 'data') };

  it('serves the demonstration, shows the passwords once, and stops when told to', async () => {
    const first = await serve(env, async (url) => {
      assert.match(url, /^http:\/\/localhost:\d+$/);
      const port = new URL(url).port;
      const page = await fetch(`http://127.0.0.1:${port}/sign-in`);
      assert.equal(page.status, 200);
      assert.equal(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text(), '{"ok":true}');
    });
    assert.equal(first.code, 0, first.stderr);
    const passwords = [...first.stderr.matchAll(/^ {2}(?:administrator|agent|customer) +\S+@\S+ +([\w-]{16})$/gm)];
    assert.equal(passwords.length, PEOPLE.length, first.stderr);
    for (const [, password] of passwords) assert.ok(!first.stdout.includes(password!));
    for (const line of first.stdout.trim().split('\n')) assert.ok(JSON.parse(line));
    if (process.platform !== 'win32') assert.equal(statSync(join(env.DESK_DATA, 'desk.db')).mode & 0o077, 0);

    const second = await serve(env);
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stderr, /delete the folder/);
    assert.doesNotMatch(second.stderr, /shown this once/);
  });

  it('refuses production without what it needs, all at once, and makes no file', async () => {
    const { code, stderr } = await serve({ DESK_DATA: join(folder, 'production') });
    assert.equal(code, 1);
    for (const name of ['DESK_HOST', 'DESK_PROXIES', 'DEWAR_SECRET'])
      assert.match(stderr, new RegExp(`${name}: is missing`));
    assert.equal(existsSync(join(folder, 'production')), false);
  });

  it('serves production behind a proxy, without demonstration accounts', async () => {
    const data = join(folder, 'served');
    const { code, stderr } = await serve({ ...COMPLETE, PORT: '0', DESK_DATA: data }, async (url) => {
      const port = Number(new URL(url).port);
      const get = async (headers: Record<string, string>): Promise<Response> =>
        fetch(`http://127.0.0.1:${port}/sign-in`, { headers, redirect: 'manual' });
      // The name in the URL is the proxy's; nobody but the proxy says https.
      assert.equal((await get({})).status, 421);
    });
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /Demo accounts/);
  });
});

describe('what was read', () => {
  it('can be shown with its origins, and never with its secrets', () => {
    const { definition } = createDesk(readConfig({ ...COMPLETE, PORT: '8080' }));
    const report = configReport(definition.config);
    const port = report?.entries.find(({ name }) => name === 'PORT');
    assert.deepEqual([port?.value, port?.origin], ['8080', 'environment']);
    assert.ok(!JSON.stringify(report).includes(COMPLETE.DEWAR_SECRET));
  });

  it('can be shown where it is faulty', () => {
    const { definition } = createDesk(readConfig({}));
    assert.ok((configReport(definition.config)?.entries.length ?? 0) > 0);
  });
});
