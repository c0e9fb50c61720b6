/**
 * The commands on real applications, in files, and the real `bin/dewar.js` under the Node of the workspace and an old one.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { after, describe, it } from 'node:test';
import type { Inventory } from './inventory.ts';
import { config, project, ran } from './stage.test.ts';
import { stop } from './start.ts';

const BIN = join(import.meta.dirname, '../../bin/dewar.js');
const LIMIT = 30_000;
const PUBLIC = `app.get('/', { access: anyone() }, () => 'hello');`;

const files = project({
  'good.ts': config(`
    const note = resource('note', { load: () => null, of: () => [] });
    ${PUBLIC}
    app.get('/notes/:id', { access: any(role('agent'), owner(note)) }, () => '');
    app.post('/hook', { access: anyone(), policy: { headers: off('read by a machine alone') } }, () => '');`),
  'undeclared.ts': config(`${PUBLIC} app.post('/forgotten', () => '');`),
  'object.ts': config(`app.get('/notes/:id', { access: signedIn() }, () => '');`),
  'policy.ts': config(PUBLIC, `hosts: { allowed: [] }, hsots: {}, https: off('the proxy in front does it')`),
  'weak-secret.ts': config(PUBLIC, `hosts: { allowed: ['app.example'] }, secret: 'changeme'`),
  'development.ts': config(`app.get('/x', () => '');`, `profile: 'development'`),
  'local.ts': config(PUBLIC, `profile: 'development', events: []`),
  'store.ts': config(PUBLIC).replace(
    'app: async',
    `store: () => { throw new Error('the store was opened'); }, app: async`,
  ),
  'throws.ts': config(`throw new Error('the database is down');`),
  'rule.ts': config(`app.get('/', { access: role() }, () => '');`),
  'breaks.ts': `throw new Error('not today');`,
  'syntax.ts': `export default {`,
  'named.ts': `export const dewar = {};`,
  'other.ts': `export default { policy: {}, app: () => {} };`,
  'leaks.ts': config(`setInterval(() => {}, 1000); ${PUBLIC}`),
  'slow.ts': config(
    `app.get('/slow', { access: anyone() }, () => new Promise((done) => {
       process.stderr.write('asked\\n');
       setTimeout(() => done('finished'), 1500);
     }));`,
    `hosts: { allowed: ['127.0.0.1'] }`,
  ),
});

const routes = (file: string, ...args: string[]): ReturnType<typeof ran> =>
  ran(['routes', '--config', file, ...args], { cwd: files });

describe('dewar routes', () => {
  it('prints the inventory and ends with 0 when nothing is wrong, without a secret [AZ-09]', async () => {
    const { code, out, note } = await routes('good.ts');
    assert.match(out, /^GET HEAD {2}\/ {11}anyone {25}.*good\.ts:\d+$/m);
    assert.match(out, /^GET HEAD {2}\/notes\/:id {2}any\(role\(agent\), owner\(note\)\) {2}/m);
    assert.match(out, /^POST {6}\/hook .*\n {4}headers is off: read by a machine alone$/m);
    assert.match(out, /\n3 routes\n$/);
    assert.deepEqual([code, note], [0, '']);
  });

  it('prints the same as JSON', async () => {
    const { code, out } = await routes('good.ts', '--json');
    const { profile, routes: found, deviations, faults } = JSON.parse(out) as Inventory;
    assert.deepEqual([code, profile, deviations, faults], [0, 'production', [], []]);
    const [, notes, hook] = found;
    assert.match(notes!.declaredAt, /good\.ts:\d+$/);
    assert.deepEqual(
      { ...notes, declaredAt: '' },
      {
        methods: ['GET', 'HEAD'],
        path: '/notes/:id',
        params: ['id'],
        access: 'any(role(agent), owner(note))',
        deviations: [],
        declaredAt: '',
        faults: [],
      },
    );
    assert.deepEqual(hook!.deviations, [{ option: 'headers', how: 'off', reason: 'read by a machine alone' }]);
  });

  it('prints it all the same when a route is undeclared, and ends with 1 [AZ-09]', async () => {
    const { code, out } = await routes('undeclared.ts');
    assert.match(out, /^GET HEAD {2}\/ /m);
    assert.match(out, /^POST {6}\/forgotten {2}UNDECLARED .*\n {4}POST \/forgotten: access: does not say who/m);
    assert.match(out, /2 routes, 1 undeclared, 1 fault, so production would not start\n$/);
    assert.equal(code, 1);
    const json = await routes('undeclared.ts', '--json');
    assert.equal(json.code, 1);
    const { routes: found } = JSON.parse(json.out) as Inventory;
    assert.equal(found[1]!.access, null);
    assert.equal(found[1]!.faults.length, 1);
  });

  it('ends with 1 when a declared route has a fault', async () => {
    const { code, out } = await routes('object.ts');
    assert.match(out, /\/notes\/:id {2}signedIn .*\n {4}GET \/notes\/:id: access: :id names an object/);
    assert.equal(code, 1);
  });

  it('ends with 1 when the policy would stop production, and says why on standard error', async () => {
    const { code, out, note } = await routes('policy.ts');
    assert.match(out, /^all routes: https is off: the proxy in front does it$/m);
    assert.match(note, /faults of the policy\n[^]*hosts\.allowed: is empty/);
    assert.match(note, /hsots: no such option \(did you mean "hosts"\?\)\n {4}use one of/);
    assert.doesNotMatch(note, /secret:/);
    assert.equal(code, 1);
  });

  it('judges a secret that is given, and does not repeat it', async () => {
    const { code, note } = await routes('weak-secret.ts');
    assert.match(note, /secret: is 8 bytes long/);
    assert.doesNotMatch(note, /changeme/);
    assert.equal(code, 1);
  });

  it('shows what production would refuse, whatever profile the policy asks for', async () => {
    const { code, out, note } = await routes('development.ts');
    assert.match(out, /UNDECLARED/);
    assert.match(note, /hosts\.allowed/);
    assert.equal(code, 1);
  });

  it('opens no store', async () => assert.equal((await routes('store.ts')).code, 0));

  const broken: readonly (readonly [file: string, says: RegExp])[] = [
    ['throws.ts', /could not be built\n {2}Error: the database is down\n {6}at .*throws\.ts/],
    ['rule.ts', /could not be built\n {2}access: role\(\) .*\n {4}write a rule like/],
    ['breaks.ts', /breaks\.ts could not be loaded\n {2}Error: not today/],
    ['syntax.ts', /syntax\.ts could not be loaded\n/],
    ['named.ts', /named\.ts has no default export; write: export default defineDewar/],
    ['other.ts', /other\.ts has a default export that defineDewar did not make/],
  ];
  for (const [file, says] of broken)
    it(`ends with 3 for ${file}, with nothing on standard output`, async () => {
      const { code, out, note } = await routes(file);
      assert.match(note, says);
      assert.deepEqual([code, out], [3, '']);
    });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly note: string;
}

function spawned(node: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, bin: string = BIN): Ended {
  const { status, stdout, stderr } = spawnSync(node, [bin, ...args], {
    cwd: files,
    env: { ...process.env, DEWAR_PROFILE: '', DEWAR_SECRET: undefined, NODE_OPTIONS: undefined, ...env },
    encoding: 'utf8',
    timeout: LIMIT,
  });
  return { code: status, out: stdout, note: stderr };
}

/** A Node on the path that is too old for the sources, if the machine has one. */
function oldNode(): string | undefined {
  const names = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return names.find((name) => {
    if (!existsSync(name)) return false;
    const major = Number.parseInt(spawnSync(name, ['--version'], { encoding: 'utf8' }).stdout.slice(1), 10);
    return major >= 20 && major < 24;
  });
}

const old = oldNode();
const nodes = [
  ['the Node of the workspace', process.execPath],
  ['an older Node', old],
] as const;
const without = old === undefined ? 'this machine has no older Node' : false;

describe('bin/dewar.js', () => {
  for (const [name, node = ''] of nodes) {
    const skip = node === '' && without;

    it(`lists routes under ${name}, in text without colour, and ends by itself`, { skip }, () => {
      const { code, out, note } = spawned(node, ['routes', '--config', 'good.ts']);
      assert.match(out, /any\(role\(agent\), owner\(note\)\) {2}good\.ts:\d+/);
      assert.ok(!out.includes('\u001b'));
      assert.deepEqual([code, note], [0, '']);
    });

    it(`passes exit codes on under ${name}`, { skip }, () => {
      assert.equal(spawned(node, ['routes', '--config', 'undeclared.ts']).code, 1);
      assert.equal(spawned(node, ['rotues']).code, 2);
      assert.equal(spawned(node, ['routes', '--config', 'throws.ts']).code, 3);
    });
  }

  it('colours nothing in a pipe, whatever the environment forces', () => {
    assert.ok(
      !spawned(process.execPath, ['routes', '--config', 'good.ts'], { FORCE_COLOR: '1' }).out.includes('\u001b'),
    );
  });

  it('ends although the application left a timer running, and says so', () => {
    const { code, out, note } = spawned(process.execPath, ['routes', '--config', 'leaks.ts']);
    assert.match(out, /1 route\n$/);
    assert.match(note, /left something open/);
    assert.equal(code, 0);
  });

  it('writes nothing but the inventory to standard output', () => {
    assert.doesNotThrow(() => JSON.parse(spawned(process.execPath, ['routes', '--config', 'good.ts', '--json']).out));
  });

  it('ends as it would where nobody reads what it prints', async () => {
    const child = spawn(process.execPath, [BIN, 'routes', '--config', 'good.ts'], {
      cwd: files,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let note = '';
    child.stderr.on('data', (part: Buffer) => (note += part.toString()));
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number];
    assert.deepEqual([code, note], [0, '']);
  });

  it('takes what was built where no sources are, and under a new Node starts no second one', () => {
    const bin = installed({ main: 'console.log(process.ppid, process.execArgv.length);' });
    assert.equal(spawned(process.execPath, [], {}, bin).out, `${process.pid} 0\n`);
  });

  it('finds a Node that npm brought beside it', { skip: without }, () => {
    const bin = installed({ main: 'console.log(process.execPath, process.argv[2]);', node: process.execPath });
    const { code, out } = spawned(old!, ['--x'], {}, bin);
    assert.deepEqual([code, out], [0, `${realpathSync(process.execPath)} --x\n`]);
  });

  it('takes no Node from the working folder, which may belong to anybody', { skip: without }, () => {
    const bin = installed({ main: '' });
    const cwd = join(installed({ main: '', node: process.execPath }), '../../../..');
    const { status, stderr } = spawnSync(old!, [bin], { cwd, encoding: 'utf8', timeout: LIMIT });
    assert.match(stderr, /^dewar: needs Node 24 or later, and this is 2\d\.[\d.]+; install one, or/);
    assert.equal(status, 1);
  });

  it('says when it was not built', () => {
    const { code, note } = spawned(process.execPath, [], {}, installed({}));
    assert.match(note, /^dewar: .*main\.js is missing/);
    assert.equal(code, 1);
  });
});

/** The command as npm installs it, in a project of its own; answers its file. */
function installed({ main, node }: { readonly main?: string; readonly node?: string }): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dewar-bin-')));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, 'node_modules', 'dewar');
  mkdirSync(join(home, 'bin'), { recursive: true });
  mkdirSync(join(home, 'dist', 'cli'), { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  copyFileSync(BIN, join(home, 'bin', 'dewar.js'));
  if (main !== undefined) writeFileSync(join(home, 'dist', 'cli', 'main.js'), main);
  if (node !== undefined) {
    mkdirSync(join(folder, 'node_modules', '.bin'));
    symlinkSync(node, join(folder, 'node_modules', '.bin', 'node'));
  }
  return join(home, 'bin', 'dewar.js');
}

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ended: Promise<Ended>;
  /** Resolves once it said this on standard error. */
  readonly said: (words: string) => Promise<void>;
}

async function started(node: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Server> {
  const child = spawn(node, [BIN, 'start', ...args], {
    cwd: files,
    env: { ...process.env, DEWAR_SECRET: undefined, DEWAR_PROFILE: 'development', NODE_OPTIONS: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT,
  });
  let out = '';
  let note = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (note += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, note }));
  const said = async (words: string): Promise<void> => {
    while (!note.includes(words)) {
      assert.equal(child.exitCode, null, `it ended before it said "${words}":\n${note}${out}`);
      await Promise.race([once(child.stderr, 'data'), ended]);
    }
  };
  await said('profile\n');
  const [, url = ''] = /serving (http:\S+) in the development profile\n/.exec(note) ?? [];
  return { child, url, ended, said };
}

describe('dewar start', () => {
  for (const [name, node = ''] of nodes)
    it(
      `serves, protected, under ${name}, and ends with 0 when asked to`,
      { skip: node === '' && without },
      async () => {
        const { child, url, ended } = await started(node, ['--config', 'slow.ts', '--port', '0']);
        const response = await fetch(`${url}/nowhere`);
        assert.equal(response.status, 404);
        assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
        child.kill('SIGTERM');
        const { code, out, note } = await ended;
        assert.equal(code, 0, note);
        assert.equal(note, `dewar: serving ${url} in the development profile\n`);
        const events = out
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { readonly event: string }).event);
        assert.deepEqual([events[0], events.at(-1)], ['kernel.started', 'kernel.stopped']);
      },
    );

  it('lets a request finish, although the signal comes twice', async () => {
    const { child, url, ended, said } = await started(process.execPath, ['--config', 'slow.ts', '--port', '0']);
    const answer = fetch(`${url}/slow`);
    await said('asked\n');
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGTERM'), 100);
    assert.equal(await (await answer).text(), 'finished');
    assert.equal((await ended).code, 0);
  });

  it('ends at once when somebody asks again', async () => {
    const { child, url, ended, said } = await started(process.execPath, ['--config', 'slow.ts', '--port', '0']);
    const answer = fetch(`${url}/slow`).then(
      () => 'answered',
      () => 'cut off',
    );
    await said('asked\n');
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGINT'), 1200);
    assert.equal((await ended).code, 1);
    assert.equal(await answer, 'cut off');
  });

  it('says when the port is taken, and ends with 3', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, note } = spawned(process.execPath, ['start', '--config', 'slow.ts', '--port', String(port)], {
      DEWAR_PROFILE: 'development',
    });
    server.close();
    assert.match(note, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is in use; choose another with --port`));
    assert.equal(code, 3);
  });

  const locally = async (host: string): ReturnType<typeof ran> =>
    ran(['start', '--config', 'local.ts', '--port', '0', '--host', host], {
      cwd: files,
      onStop: (listener) => void setTimeout(listener, 50),
    });

  for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.example', ''])
    it(`listens on loopback only in development, so not on "${host}" [S-01]`, async () => {
      const { code, note } = await locally(host);
      assert.match(note, /listen\.host: .* is open to others, and this is development/);
      assert.equal(code, 3);
    });

  for (const host of ['localhost', '127.0.0.2'])
    it(`listens on ${host} in development`, async () => {
      const { code, note } = await locally(host);
      assert.match(note, /^dewar: serving http:\/\/\S+:\d+ in the development profile\n$/);
      assert.equal(code, 0);
    });

  it('cuts requests off at the deadline', async () => {
    const notes: string[] = [];
    const code = await stop(
      { close: () => new Promise(() => undefined) },
      { note: (text) => void notes.push(text) },
      20,
    );
    assert.deepEqual([code, notes], [1, ['dewar: requests were still under way after 0.02 seconds and are cut off\n']]);
  });

  it('says when the application does not close', async () => {
    const running = { close: () => Promise.reject(new Error('the disk is full')) };
    await assert.rejects(stop(running, { note: () => undefined }), /did not close as it should/);
  });

  it('does not start in production without a secret, and lists every fault [S-01]', () => {
    const { code, note } = spawned(process.execPath, ['start', '--config', 'policy.ts', '--port', '0']);
    assert.match(note, /could not be built\n[^]*secret: is missing\n[^]*hosts\.allowed/);
    assert.equal(code, 3);
  });
});
