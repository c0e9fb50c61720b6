/**
 * The channel on a real socket: who can reach it, what it answers, and what it bears.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { integer, readConfig, secret } from '../config/index.ts';
import { ConfigError, protection } from '../kernel/index.ts';
import type { Explanation, PolicyView, SecurityEvent } from '../kernel/index.ts';
import { stage } from '../kernel/kernel.fixture.ts';
import type { Stage } from '../kernel/kernel.fixture.ts';
import { askControl, ControlError, openControl } from './index.ts';
import type { Control } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'dewar-ctl-'));
after(() => rmSync(root, { recursive: true, force: true }));

const figures = protection<object, { report(): unknown }>({
  name: 'figures',
  defaults: Object.freeze({}),
  codes: ['figures/no'],
  detectable: false,
  check: () => [],
  setup: () => ({
    report: () => Promise.resolve({ taken: 3 }),
  }),
  compile: () => [
    { place: 'bans', run: () => ({ code: 'figures/no', status: 403, by: 'figures', option: 'figures' }) },
  ],
});
const broken = protection<object, { report(): unknown }>({
  ...figures,
  name: 'broken',
  setup: () => ({
    report() {
      throw new Error('hunter2');
    },
  }),
  compile: () => [],
});
const wordless = protection<object, { report(): unknown }>({
  ...broken,
  name: 'wordless',
  setup: () => ({ report: () => ({ count: 1n }) }),
});
const mute = protection<object, object>({ ...figures, name: 'mute', setup: () => ({}), compile: () => [] });

const STRONG = 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE';
const config = readConfig(
  { port: integer('PORT'), key: secret('KEY') },
  { env: { PORT: '80', KEY: STRONG }, secretsFolder: false },
);

let count = 0;
async function opened(path = join(root, String(count++), 'control')): Promise<{ on: Stage; control: Control }> {
  const on = stage({ protections: [figures, broken, wordless, mute] });
  await on.ready;
  const control = await openControl({ kernel: on.kernel, path, config });
  after(() => control.close());
  return { on, control };
}

/** Sends these bytes and answers what came back until the end. */
async function raw(path: string, bytes: string): Promise<string> {
  const socket = connect({ path });
  let told = '';
  socket.setEncoding('utf8').on('data', (part: string) => (told += part));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return told;
}

describe('the control socket', () => {
  it('is its owner’s alone, and leaves nothing else in its folder', async () => {
    const { control } = await opened();
    assert.equal(lstatSync(control.path).mode & 0o777, 0o600);
    assert.equal(lstatSync(join(control.path, '..')).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(join(control.path, '..')), ['control']);
  });

  it(
    'does not let another account ask',
    { skip: process.getuid?.() !== 0 && 'only root can become somebody else' },
    async () => {
      // Everybody may reach the folder, so that nothing but the socket's own mode stands in the way.
      chmodSync(root, 0o755);
      const folder = join(root, 'reachable');
      mkdirSync(folder, { mode: 0o755 });
      const { control } = await opened(join(folder, 'control'));
      const code = `process.setuid(65534); require('node:net').connect({ path: process.argv[1] })
      .on('connect', () => { console.log('in'); process.exit(); }).on('error', (e) => console.log(e.code))`;
      const { stdout } = spawnSync(process.execPath, ['-e', code, control.path], {
        encoding: 'utf8',
        cwd: '/',
        timeout: 10_000,
      });
      assert.equal(stdout.trim(), 'EACCES');
    },
  );

  it('explains a refusal, and knows nothing of others', async () => {
    const { on, control } = await opened();
    const { c } = await on.send();
    const answer = await askControl(control.path, { ask: 'explain', id: c.facts.id });
    assert.ok(answer.ok);
    assert.equal((answer.result as Explanation).denial.code, 'figures/no');
    assert.deepEqual(await askControl(control.path, { ask: 'explain', id: 'nobody' }), { ok: true, result: null });
  });

  it('tells the policy, the configuration without its secrets, and what a part reports', async () => {
    const { control } = await opened();
    const policy = await askControl(control.path, { ask: 'policy' });
    assert.ok(policy.ok);
    assert.deepEqual(
      (policy.result as PolicyView).protections.map(({ name }) => name),
      ['figures', 'broken', 'wordless', 'mute'],
    );
    const told = JSON.stringify(await askControl(control.path, { ask: 'config' }));
    assert.ok(told.includes('"PORT"') && !told.includes(STRONG), told);
    assert.deepEqual(await askControl(control.path, { ask: 'report', part: 'figures' }), {
      ok: true,
      result: { taken: 3 },
    });
  });

  for (const part of ['mute', 'absent', 'constructor', '__proto__', 'a'.repeat(65), ''])
    it(`has no report of "${part.slice(0, 12)}"`, async () => {
      const { control } = await opened();
      assert.equal((await askControl(control.path, { ask: 'report', part })).ok, false);
    });

  for (const [part, what] of [
    ['broken', 'what a part threw'],
    ['wordless', 'a report that JSON has no words for'],
  ] as const)
    it(`says nothing of ${what}, and lives on`, async () => {
      const { control } = await opened();
      const answer = await askControl(control.path, { ask: 'report', part });
      assert.deepEqual(answer, { ok: false, error: 'the question could not be answered' });
    });

  const bad: readonly (readonly [what: string, bytes: string])[] = [
    ['no JSON', 'explain\n'],
    ['no question', '{}\n'],
    ['a list', '[]\n'],
    ['nothing', 'null\n'],
    ['an unknown question', '{"ask":"stop"}\n'],
    ['an id with a path in it', '{"ask":"explain","id":"../../x"}\n'],
    ['an HTTP request, as a browser or a proxy might send', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a question without end', 'x'.repeat(2000)],
    ['a question too long', `{"ask":"policy","pad":"${'x'.repeat(1100)}"}\n`],
  ];
  for (const [what, bytes] of bad)
    it(`refuses ${what}, and lives on`, async () => {
      const { control } = await opened();
      assert.equal((JSON.parse(await raw(control.path, bytes)) as { ok: unknown }).ok, false);
      assert.equal((await askControl(control.path, { ask: 'policy' })).ok, true);
    });

  it('answers one question a connection', async () => {
    const { control } = await opened();
    const told = await raw(control.path, '{"ask":"config"}\n{"ask":"policy"}\n');
    assert.equal(told.trim().split('\n').length, 1);
  });

  it('reports who asked what, and never the question itself', async () => {
    const { on, control } = await opened();
    await askControl(control.path, { ask: 'policy' });
    await raw(control.path, '{"ask":"hunter2"}\n');
    assert.deepEqual(on.said('control.asked'), [
      { ask: 'policy', answered: true },
      { ask: 'unknown', answered: false },
    ]);
    assert.ok(!JSON.stringify(on.events satisfies readonly SecurityEvent[]).includes('hunter2'));
  });

  it('is answered by the newest process, and stays when the older one ends', async () => {
    const one = await opened();
    const other = await opened(one.control.path);
    await one.control.close();
    assert.ok(existsSync(other.control.path));
    await askControl(other.control.path, { ask: 'policy' });
    assert.equal(other.on.said('control.asked').length, 1);
    await other.control.close();
    assert.ok(!existsSync(other.control.path));
  });

  it('replaces what a process that crashed left there', async () => {
    const path = join(root, 'crashed');
    const script = `require('node:net').createServer().listen({ path: process.argv[1] }, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script, path]);
    assert.ok(lstatSync(path).isSocket());
    await assert.rejects(askControl(path, { ask: 'policy' }), ControlError);
    chmodSync(root, 0o700);
    const { control } = await opened(path);
    assert.equal((await askControl(control.path, { ask: 'policy' })).ok, true);
  });
});

describe('the place of a control socket', () => {
  const kernel = stage().kernel;
  const rows: readonly (readonly [what: string, make: () => string, wrong: RegExp])[] = [
    [
      'a folder to which others can write',
      () => {
        const folder = join(root, 'open');
        mkdirSync(folder);
        chmodSync(folder, 0o777);
        return join(folder, 'control');
      },
      /others can write/,
    ],
    [
      'a name that a file has',
      () => {
        writeFileSync(join(root, 'taken'), 'data');
        return join(root, 'taken');
      },
      /is no socket/,
    ],
    ['a path that no socket can have', () => join(root, 'x'.repeat(90)), /longer/],
    ['no path', () => '', /no path/],
  ];
  for (const [what, make, wrong] of rows)
    it(`is not ${what}`, async () => {
      const path = make();
      const before = path === '' ? [] : readdirSync(join(path, '..'));
      await assert.rejects(openControl({ kernel, path }), (error) => {
        assert.ok(error instanceof ConfigError, String(error));
        assert.match(error.faults[0]!.wrong, wrong);
        return true;
      });
      if (path !== '') assert.deepEqual(readdirSync(join(path, '..')), before);
    });
});

describe('whoever asks', () => {
  it('is told where nobody listens, or what is there is no socket', async () => {
    await assert.rejects(askControl(join(root, 'nowhere'), { ask: 'policy' }), /no process runs/);
    writeFileSync(join(root, 'file'), '');
    await assert.rejects(askControl(join(root, 'file'), { ask: 'policy' }), /is no socket/);
  });

  it('does not believe what is no JSON', async () => {
    const path = join(root, 'liar');
    const liar = createServer((socket) => socket.end('hello\n')).listen({ path });
    await once(liar, 'listening');
    await assert.rejects(askControl(path, { ask: 'policy' }), /did not answer in JSON/);
    liar.close();
  });
});
