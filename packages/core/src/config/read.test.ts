/**
 * Where values come from and in which order, what is a fault, and what files must be like.
 * @module
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError } from '../kernel/index.ts';
import type { ConfigFault } from '../kernel/index.ts';
import { createKernel } from '../policy/index.ts';
import { boolean, configReport, integer, json, list, readConfig, secret, text } from './index.ts';
import type { ReadOptions, Shape, Secret } from './index.ts';

const STRONG = 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE';
const root = mkdtempSync(join(tmpdir(), 'dewar-config-'));
after(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
/** A folder of files: content, or content and mode. */
function folder(files: Readonly<Record<string, string | readonly [content: string | Buffer, mode: number]>>): string {
  const path = join(root, String(folders++));
  for (const [name, given] of Object.entries(files)) {
    const [content, mode] = typeof given === 'string' ? [given, 0o600] : given;
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), content);
    chmodSync(join(path, name), mode);
  }
  mkdirSync(path, { recursive: true });
  return path;
}

const HERMETIC = { env: {}, secretsFolder: false } as const;

function faultsOf(shape: Shape, options: ReadOptions): readonly ConfigFault[] {
  try {
    readConfig(shape, { ...HERMETIC, ...options });
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults;
  }
  return [];
}

const wrongs = (faults: readonly ConfigFault[]): string[] => faults.map(({ option, wrong }) => `${option}: ${wrong}`);

describe('a configuration [CFG-01] [S-02]', () => {
  it('is a typed and frozen object', () => {
    const config = readConfig(
      {
        port: integer('PORT', { default: 3000, min: 0, max: 65_535 }),
        secret: secret('DEWAR_SECRET'),
        hosts: list('DESK_HOST'),
        mail: text('MAIL', { default: null }),
      },
      { ...HERMETIC, env: { DEWAR_SECRET: STRONG, DESK_HOST: 'a.example, b.example' } },
    );
    const port: number = config.port;
    const held: Secret = config.secret;
    const mail: string | null = config.mail;
    assert.deepEqual([port, held.reveal(), config.hosts, mail], [3000, STRONG, ['a.example', 'b.example'], null]);
    assert.ok(Object.isFrozen(config));
  });

  it('tells every fault in one error, and repeats no value', () => {
    const env = { PORT: 'hunter2', DEBUG: 'hunter2', KEY: 'hunter2', LIST: 'hunter2,' };
    const shape = { a: integer('PORT'), b: boolean('DEBUG'), c: secret('KEY'), d: list('LIST'), e: text('GONE') };
    const faults = faultsOf(shape, { env });
    assert.deepEqual(
      faults.map(({ option }) => option),
      ['PORT', 'DEBUG', 'KEY', 'LIST', 'GONE'],
    );
    assert.ok(!JSON.stringify(faults).includes('hunter2'));
    assert.ok(!new ConfigError(faults).message.includes('hunter2'));
  });

  it('takes no empty value for a missing one: nobody asked for the default', () => {
    const shape = { strict: boolean('STRICT', { default: true }) };
    assert.deepEqual(wrongs(faultsOf(shape, { env: { STRICT: '' } })), ['STRICT: is empty']);
  });

  it('keeps the default of development to development', () => {
    const shape = { hosts: list('HOSTS', { development: ['localhost'] }) };
    assert.deepEqual(readConfig(shape, { ...HERMETIC, profile: 'development' }).hosts, ['localhost']);
    for (const profile of ['production', 'test', undefined] as const) {
      const options = profile === undefined ? {} : { profile };
      assert.deepEqual(wrongs(faultsOf(shape, options)), ['HOSTS: is missing']);
    }
    assert.deepEqual(wrongs(faultsOf(shape, { env: { DEWAR_PROFILE: 'dev' } })), ['HOSTS: is missing']);
  });

  it('inherits nothing from the prototype of the environment', () => {
    assert.deepEqual(wrongs(faultsOf({ a: text('constructor') }, {})), ['constructor: is missing']);
  });

  it('refuses one variable for two fields, and one that names another’s file', () => {
    const shape = { a: text('LOG'), b: text('LOG'), c: text('LOG_FILE') };
    const found = wrongs(faultsOf(shape, { env: { LOG: 'x', LOG_FILE: 'y' } }));
    assert.ok(found.includes('LOG: is read by two fields'), found.join());
    assert.ok(
      found.some((one) => one.startsWith('LOG_FILE: would also name the file')),
      found.join(),
    );
  });
});

describe('the order of places [S-03] [CFG-02] [CFG-03] [CFG-15]', () => {
  const cwd = folder({
    '.env': 'A=from .env',
    'settings.ini': '[settings]\na=from ini',
    given: 'from NAME_FILE\n',
    'secrets/A': 'from the folder',
    'secrets/a': 'in lower case',
  });
  const files = ['.env', 'settings.ini'];
  const steps: readonly (readonly [from: string, value: string, options: ReadOptions])[] = [
    ['the environment', 'from env', { env: { A: 'from env', A_FILE: 'given' }, secretsFolder: 'secrets', files }],
    ['the file that NAME_FILE names', 'from NAME_FILE', { env: { A_FILE: 'given' }, secretsFolder: 'secrets', files }],
    ['a mounted secret', 'from the folder', { secretsFolder: 'secrets', files }],
    ['the first file', 'from .env', { files }],
    ['the second file', 'from ini', { files: ['settings.ini'] }],
    ['the default', 'fallen back', {}],
  ];
  for (const [from, value, options] of steps)
    it(`counts ${from} before what follows`, () => {
      const read = readConfig({ a: text('A', { default: 'fallen back' }) }, { ...HERMETIC, cwd, ...options });
      assert.equal(read.a, value);
    });

  it('is told, with what is shadowed and by which line', () => {
    const options = { ...HERMETIC, cwd, files, secretsFolder: 'secrets', env: { A_FILE: 'given' } };
    const report = configReport(readConfig({ a: text('A') }, options))!;
    const [entry] = report.entries;
    assert.equal(entry?.origin, join(cwd, 'given'));
    assert.deepEqual(entry?.shadowed, [join(cwd, 'secrets/A'), join(cwd, 'secrets/a'), '.env:1', 'settings.ini:2']);
    assert.deepEqual(report.files, [
      { file: '.env', state: 'read' },
      { file: 'settings.ini', state: 'read' },
    ]);
  });

  it('does not fall through to a weaker place when the first is faulty', () => {
    const found = faultsOf({ a: integer('A', { default: 1 }) }, { cwd, files: ['.env'], env: { A: 'x' } });
    assert.deepEqual(wrongs(found), ['A: is no whole number in plain digits']);
    const gone = faultsOf({ a: text('A') }, { cwd, files, env: { A_FILE: 'nowhere' } });
    assert.deepEqual(wrongs(gone), ['A (A_FILE): names a file that is not there']);
  });
});

describe('a name that nobody reads', () => {
  it('is a fault where it was nearly one that is missing [CFG-14]', () => {
    const shape = { host: list('DESK_HOST', { default: ['localhost'] }), port: integer('DESK_PORT', { default: 1 }) };
    const env = { DESK_HOTS: 'a.example', DESK_PORT: '2', DESK_PROT: '3', OTHER_HOST: 'x' };
    const faults = faultsOf(shape, { env, prefix: 'DESK_' });
    assert.deepEqual(
      faults.map(({ option, nearest }) => [option, nearest]),
      [['DESK_HOTS', 'DESK_HOST']],
    );
  });

  it('is told otherwise, and in files listed', () => {
    const cwd = folder({ '.env': 'DESK_PORT=2\nUNRELATED_THING=x\n' });
    const options = { ...HERMETIC, cwd, files: ['.env'], prefix: 'DESK_', env: { DESK_COLOUR_OF_ROOF: 'red' } };
    const report = configReport(readConfig({ port: integer('DESK_PORT') }, options))!;
    assert.deepEqual(report.unused, [{ name: 'UNRELATED_THING', origin: '.env:2' }]);
    assert.deepEqual(wrongs(report.warnings), ['DESK_COLOUR_OF_ROOF: is read by nothing']);
  });
});

describe('a file of the configuration [CFG-16]', () => {
  const read = (cwd: string, profile: 'production' | 'development', file = '.env'): readonly string[] =>
    wrongs(faultsOf({ a: text('A', { default: '' }) }, { cwd, files: [file], profile }));

  it('that everybody can read is refused in production, and told in development', () => {
    const cwd = folder({ '.env': ['A=x', 0o644] });
    assert.deepEqual(read(cwd, 'production'), ['.env: can be read by everybody on this machine']);
    const config = readConfig({ a: text('A') }, { ...HERMETIC, cwd, files: ['.env'], profile: 'development' });
    assert.deepEqual(wrongs(configReport(config)!.warnings), ['.env: can be read by everybody on this machine']);
  });

  for (const mode of [0o620, 0o602, 0o666])
    it(`that others can write (${mode.toString(8)}) is refused in every profile`, () => {
      const cwd = folder({ '.env': ['A=x', mode] });
      for (const profile of ['production', 'development'] as const)
        assert.deepEqual(read(cwd, profile), ['.env: can be written to by others']);
    });

  it('that its own group can read is fine', () =>
    assert.deepEqual(read(folder({ '.env': ['A=x', 0o640] }), 'production'), []));

  it('that is not there is none', () => assert.deepEqual(read(folder({}), 'production'), []));

  it('that is a link is refused', () => {
    const cwd = folder({ real: 'A=x' });
    symlinkSync('real', join(cwd, '.env'));
    assert.deepEqual(read(cwd, 'production'), ['.env: is a link']);
  });

  it('that is a folder or a pipe is refused, and nobody waits for it', () => {
    const cwd = folder({ 'dir/x': '' });
    execFileSync('mkfifo', ['-m', '600', join(cwd, 'pipe')]);
    assert.deepEqual(read(cwd, 'production', 'dir'), ['dir: is no regular file']);
    assert.deepEqual(read(cwd, 'production', 'pipe'), ['pipe: is no regular file']);
  });

  it('that is too large, or no text, is refused', () => {
    const large = `A=${'x'.repeat(65_536)}`;
    assert.deepEqual(read(folder({ '.env': large }), 'production'), ['.env: is larger than 65536 bytes']);
    for (const bytes of [Buffer.from([0x41, 0x3d, 0xff]), Buffer.from('A=\0')])
      assert.deepEqual(read(folder({ '.env': [bytes, 0o600] }), 'production'), ['.env: is no text in UTF-8']);
  });

  it('may begin with a byte order mark', () => {
    const cwd = folder({ '.env': '\ufeffA=x' });
    assert.equal(readConfig({ a: text('A') }, { ...HERMETIC, cwd, files: ['.env'] }).a, 'x');
  });

  it('with a faulty line is a fault that names it', () => {
    assert.deepEqual(read(folder({ '.env': 'A=x\nB' }), 'production'), ['.env:2: is no assignment']);
  });
});

describe('a mounted secret [CFG-03]', () => {
  const shape = { key: secret('KEY') };

  it('may be a link inside its folder, as Kubernetes mounts it, and none that leads out', () => {
    const cwd = folder({ 'secrets/..data/KEY': STRONG, outside: STRONG });
    symlinkSync('..data/KEY', join(cwd, 'secrets/KEY'));
    assert.equal(readConfig(shape, { ...HERMETIC, cwd, secretsFolder: 'secrets' }).key.reveal(), STRONG);
    rmSync(join(cwd, 'secrets/KEY'));
    symlinkSync('../outside', join(cwd, 'secrets/KEY'));
    assert.match(
      wrongs(faultsOf(shape, { cwd, secretsFolder: 'secrets' })).join(),
      /link that leads out of its folder/,
    );
  });

  it('that everybody can read is told in production: Docker mounts it so', () => {
    const cwd = folder({ 'secrets/KEY': [`${STRONG}\n`, 0o444] });
    const config = readConfig(shape, { ...HERMETIC, cwd, secretsFolder: 'secrets' });
    assert.equal(config.key.reveal(), STRONG);
    assert.match(wrongs(configReport(config)!.warnings).join(), /read by everybody/);
  });

  it('that others can write is refused', () => {
    const cwd = folder({ 'secrets/KEY': [STRONG, 0o666] });
    assert.match(wrongs(faultsOf(shape, { cwd, secretsFolder: 'secrets' })).join(), /written to by others/);
  });

  it('is a secret of the policy as it is', async () => {
    const config = readConfig(shape, { ...HERMETIC, env: { KEY: STRONG } });
    const policy = { secret: [config.key], hosts: { allowed: ['app.example'] } };
    const kernel = createKernel(policy, { profile: 'production', events: [] });
    await kernel.start();
    await kernel.close();
  });
});

describe('the report [CFG-15]', () => {
  it('shows values, and of secrets nothing, not even where only the name says so', () => {
    const env = { KEY: STRONG, PORT: '80', SMTP_PASSWORD: 'hunter2' };
    const config = readConfig(
      { key: secret('KEY'), port: integer('PORT'), mail: text('SMTP_PASSWORD'), none: text('NONE', { default: null }) },
      { ...HERMETIC, env },
    );
    const report = configReport(config)!;
    assert.deepEqual(
      report.entries.map(({ name, value, origin }) => [name, value, origin]),
      [
        ['KEY', '[secret]', 'environment'],
        ['PORT', '80', 'environment'],
        ['SMTP_PASSWORD', '[secret]', 'environment'],
        ['NONE', 'nothing', 'default'],
      ],
    );
    assert.ok(!JSON.stringify(report).includes(STRONG));
  });

  it('shows no secret that stands inside a value: in an address, or under a name of JSON', () => {
    const anything = { '~standard': { validate: (value: unknown) => ({ value }) } };
    const env = {
      DATABASE_URL: 'postgres://desk:hunter2@db.example/desk?sslmode=require&sslpassword=hunter2',
      CACHES: 'redis://:hunter2/@a.example, b.example',
      SMTP: JSON.stringify({ host: 'mail.example', auth: { password: 'hunter2', keys: ['hunter2'] } }),
      LINES: JSON.stringify([['amqp://desk:hunter2@c.example'], Array.from({ length: 200 }, () => 1)]),
      SQL: 'Server=d.example;Password=hunter2;Encrypt=yes',
      SIGNING_KEY: 'hunter2',
      DB_PWD: 'hunter2',
    };
    const shape = {
      ...Object.fromEntries(['DATABASE_URL', 'SQL', 'SIGNING_KEY', 'DB_PWD'].map((name) => [name, text(name)])),
      caches: list('CACHES'),
      smtp: json('SMTP', anything),
      lines: json('LINES', anything),
    };
    const report = configReport(readConfig(shape, { ...HERMETIC, env }))!;
    const told = JSON.stringify(report.entries.map(({ name, value }) => [name, value]));
    assert.ok(!told.includes('hunter2'), told);
    for (const host of ['@db.example/desk?sslmode=require', '@a.example', 'b.example', 'mail.example', '@c.example'])
      assert.ok(told.includes(host), `${host} in ${told}`);
  });

  it('stands beside the error of one that was refused', () => {
    let error: unknown;
    try {
      readConfig({ a: text('A'), b: integer('B', { default: 1 }) }, HERMETIC);
    } catch (thrown) {
      error = thrown;
    }
    assert.deepEqual(
      configReport(error)!.entries.map(({ name, origin }) => [name, origin]),
      [
        ['A', null],
        ['B', 'default'],
      ],
    );
    assert.equal(configReport({}), undefined);
  });
});
