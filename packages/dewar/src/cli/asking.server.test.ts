/**
 * The commands that ask: `config`, `policy`, `explain` and the reports, on real files and real processes.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import type { LimitsReport, PolicyView } from '@dewar/core';
import type { ConfigReport } from '@dewar/core/config';
import { EXIT } from './io.ts';
import { render } from './reports.ts';
import { config as source, project, ran } from './stage.test.ts';
import type { Ran } from './stage.test.ts';

const BIN = join(import.meta.dirname, '../../bin/dewar.js');
const STRONG = 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE';
const PUBLIC = `app.get('/', { access: anyone() }, () => 'hello');`;

const READ = `
import { integer, readConfig, secret, text } from 'dewar/config';
const settings = readConfig(
  { key: secret('APP_KEY'), port: integer('APP_PORT', { default: 3000 }), name: text('APP_NAME', { default: 'desk' }) },
  { files: ['.env'], cwd: import.meta.dirname, secretsFolder: false, prefix: 'APP_', env: { APP_PORT: '80', APP_OTHER_THING: 'x', ...ENV } },
);
`;

const withConfig = (env: string): string =>
  source(PUBLIC, `secret: settings.key, hosts: { allowed: ['app.example'] }`, READ.replace('ENV', env)).replace(
    'policy:',
    'config: settings, policy:',
  );

const files = project({
  '.env': `APP_PORT=81\nAPP_NAME=help\nAPP_NAMES=x\nLEFT_OVER=1\n`,
  'plain.ts': source(PUBLIC),
  'configured.ts': withConfig(`{ APP_KEY: '${STRONG}' }`),
  'refused.ts': withConfig(`{ APP_KEY: 'hunter2' }`),
  'weakened.ts': source(
    `${PUBLIC} app.post('/hook', { access: anyone(), policy: { csrf: off('called by a signing machine') } }, () => '');`,
    `hosts: { allowed: ['app.example'] }, https: off('the proxy in front does it'), headers: { mode: 'enforce' }, sessions: { maxPerAccount: 3 }`,
  ),
  'broken.ts': source(PUBLIC, `hosts: { allowed: [] }`),
  'running.ts': source(
    `${PUBLIC} app.post('/forms', { access: anyone(), policy: { csrf: { trustedOrigins: ['https://shop.example'] } } }, () => '');`,
    `hosts: { allowed: ['127.0.0.1'] }, https: off('a test speaks clear text'), csp: off('a test without pages')`,
    `process.env['DEWAR_SECRET'] = '${STRONG}';`,
  ).replace('policy:', `control: import.meta.dirname + '/control', policy:`),
});

chmodSync(join(files, '.env'), 0o600);

const asked = (...args: string[]): Promise<Ran> => ran(args, { cwd: files });

describe('dewar config [CFG-15]', () => {
  it('shows every variable with its origin and what it hides, and of a secret nothing', async () => {
    const { code, out, note } = await asked('config', '--config', 'configured.ts');
    assert.match(out, /^ {2}APP_KEY {3}\[secret\] \(environment\)$/m);
    assert.match(out, /^ {2}APP_PORT {2}80 \(environment\); hides \.env:1$/m);
    assert.match(out, /^ {2}APP_NAME {2}help \(\.env:2\)$/m);
    assert.match(out, /read by nothing\n {2}APP_NAMES {2}\.env:3\n {2}LEFT_OVER {2}\.env:4\n/);
    assert.match(note, /APP_OTHER_THING: is read by nothing/);
    assert.ok(!`${out}${note}`.includes(STRONG));
    assert.equal(code, EXIT.ok);
  });

  it('shows the same as JSON, which is all there is on standard output', async () => {
    const { out } = await asked('config', '--config', 'configured.ts', '--json');
    const { entries } = JSON.parse(out) as ConfigReport;
    assert.deepEqual(
      entries.map(({ name, origin }) => [name, origin]),
      [
        ['APP_KEY', 'environment'],
        ['APP_PORT', 'environment'],
        ['APP_NAME', '.env:2'],
      ],
    );
  });

  it('shows one with which nothing starts, says why, and ends with 1', async () => {
    const { code, out, note } = await asked('config', '--config', 'refused.ts');
    assert.match(out, /APP_KEY {3}WRONG, must be a secret of 32 bytes or more \(environment\)/);
    assert.match(note, /APP_KEY: is 7 bytes long/);
    assert.ok(!`${out}${note}`.includes('hunter2'));
    assert.equal(code, EXIT.found);
  });

  it('ends with 3 where there is none', async () => {
    const { code, note } = await asked('config', '--config', 'plain.ts');
    assert.deepEqual([code, /config: readConfig/.test(note)], [EXIT.broken, true]);
  });
});

describe('dewar policy', () => {
  it('shows every option, who set it, and every weakening with its reason', async () => {
    const { code, out } = await asked('policy', '--config', 'weakened.ts');
    assert.match(out, /^hosts enforces\n {2}allowed {2}\["app\.example"\] \(policy; default \[\]\)$/m);
    assert.match(out, /^ {2}maxPerAccount +3 \(policy; default \d+\)$/m);
    assert.match(out, /^ {2}trustedOrigins +\[\] \(default\)$/m);
    assert.match(out, /^https is off: the proxy in front does it$/m);
    assert.match(out, /^POST \/hook: csrf is off: called by a signing machine$/m);
    assert.match(
      out,
      /^ {2}POST \/hook {2}csrf off \(weakened\.ts:\d+\)$|^ {2}POST \/hook {2}csrf off \(.*weakened\.ts:\d+\)$/m,
    );
    assert.match(out, /protections in the production profile, 2 weakened\n$/);
    assert.equal(code, EXIT.ok);
  });

  it('leaves defaults out where it is asked to', async () => {
    const { out } = await asked('policy', '--config', 'weakened.ts', '--changed');
    assert.ok(!out.includes('(default)'), out);
    assert.match(out, /maxPerAccount +3/);
  });

  it('is JSON where it is asked to be, and ends with 1 when nothing would start', async () => {
    const { code, out } = await asked('policy', '--config', 'broken.ts', '--json');
    const view = JSON.parse(out) as PolicyView & { readonly faults: readonly { readonly option: string }[] };
    assert.deepEqual([code, view.profile], [EXIT.found, 'production']);
    assert.ok(
      view.faults.some(({ option }) => option.startsWith('hosts.allowed')),
      out,
    );
    assert.ok(view.protections.length > 8);
  });
});

describe('dewar explain', () => {
  const log = join(files, 'events.jsonl');
  before(() =>
    writeFileSync(
      log,
      [
        'not json at all refused0000000A',
        '{"time":"2026-01-01T12:00:00.000Z","event":"request.refused","request":"refused0000000A","method":"POST","route":"/t/:id","client":"192.0.2.7","path":"/t/4\\u001b[2J","code":"access/not-found","status":404,"by":"access","option":"access","rule":"owner(ticket)","input":"route"}',
        '{"time":"2026-01-01T12:00:01.000Z","event":"request.failed","request":"failed00000000B","error":"TypeError","message":"no"}',
        '{"event":"request.refused","note":"mentions failed00000000B only"}',
      ].join('\n'),
    ),
  );

  it('finds a refusal in a log, and lets nothing of it control the terminal', async () => {
    const { code, out } = await asked('explain', 'refused0000000A', '--log', log);
    assert.match(out, /^POST \/t\/4\\u001b\[2J was refused with 404 at 2026-01-01T12:00:00\.000Z\n/);
    assert.match(out, /^ {2}rule +owner\(ticket\)$/m);
    assert.equal(code, EXIT.ok);
  });

  it('lets nothing of it control the terminal as JSON either, and stays JSON', async () => {
    const file = join(files, 'odd.jsonl');
    writeFileSync(file, '{"event":"request.refused","request":"odd","path":"/\\u009b2J\\u202e\\u007f"}\n');
    const { out } = await asked('explain', 'odd', '--log', file, '--json');
    assert.doesNotMatch(out, /[^\n -~]/);
    assert.equal((JSON.parse(out) as { explanation: { path: string } }).explanation.path, '/\u009b2J\u202e\u007f');
  });

  it('says how an id is written that begins as options do', async () => {
    const { code, note } = await asked('explain', '-A1', '--log', log);
    assert.match(note, /no such option -A; an ID that begins with - stands behind --\n/);
    assert.equal(code, EXIT.usage);
    assert.match((await asked('explain', '--log', log, '--', '-A1')).note, /nothing is known of -A1/);
  });

  it('shows the events of a request that was not refused', async () => {
    const { code, out } = await asked('explain', 'failed00000000B', '--log', log);
    assert.match(out, /It was not refused\.\n.*request\.failed error="TypeError"/);
    assert.equal(code, EXIT.ok);
    const json = JSON.parse((await asked('explain', 'failed00000000B', '--log', log, '--json')).out) as {
      events: unknown[];
    };
    assert.equal(json.events.length, 1);
  });

  it('ends with 1 for an id nobody knows, 2 without one, 3 where nobody can be asked', async () => {
    assert.equal((await asked('explain', 'unknown0000000C', '--log', log)).code, EXIT.found);
    assert.equal((await asked('explain')).code, EXIT.usage);
    assert.equal((await asked('explain', '../../etc')).code, EXIT.usage);
    assert.equal((await asked('explain', 'a', 'b')).code, EXIT.usage);
    const gone = await asked('explain', 'abc', '--control', join(files, 'nobody'));
    assert.deepEqual([gone.code, /no process runs/.test(gone.note)], [EXIT.broken, true]);
    assert.equal((await asked('explain', 'abc', '--config', 'plain.ts')).code, EXIT.broken);
    assert.equal((await asked('explain', 'abc', '--log', join(files, 'no-log'))).code, EXIT.broken);
  });

  it('names its argument in its help', async () => {
    const { out } = await asked('explain', '--help');
    assert.match(out, /^Usage: dewar explain ID \[options\]\n/);
    assert.match(out, /^ {2}ID +of the request/m);
  });
});

describe('a running process', () => {
  const child = spawn(process.execPath, [BIN, 'start', '--config', 'running.ts', '--port', '0'], {
    cwd: files,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  after(() => child.kill('SIGKILL'));
  let url = '';
  before(async () => {
    for await (const line of createInterface({ input: child.stderr! })) {
      url = /serving (\S+) in/.exec(line)?.[1] ?? '';
      if (url !== '') return;
    }
    assert.fail('it did not start');
  });

  async function refusedId(): Promise<string> {
    const headers = { 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(new URL('/forms', url), { method: 'POST', headers, body: 'a=b' });
    assert.equal(answer.status, 403);
    return /"(?:instance|request|id)":"(?:urn:[a-z:]+)?([\w-]{16})"/.exec(await answer.text())![1]!;
  }

  it('explains a refusal by the id the client was sent, with the option that decided and who set it', async () => {
    const id = await refusedId();
    for (const args of [
      ['--control', 'control'],
      ['--config', 'running.ts'],
    ]) {
      const { code, out } = await ran(['explain', id, ...args], { cwd: files });
      assert.match(out, /^POST \/forms was refused with 403/);
      assert.match(out, /^ {2}decided by +csrf\.trustedOrigins = \["https:\/\/shop\.example"\] \(route\)$/m);
      assert.match(out, /^ {2}code +csrf\/cross-site$/m);
      assert.equal(code, EXIT.ok);
    }
  });

  it('knows nothing of an id that is not its own', async () => {
    assert.equal((await asked('explain', 'nobodys0000000Z', '--control', 'control')).code, EXIT.found);
  });

  it('tells its policy, and what a part counts', async () => {
    const { out } = await asked('policy', '--control', 'control', '--json');
    assert.deepEqual((JSON.parse(out) as PolicyView).weakenings[0], {
      option: 'https',
      how: 'off',
      reason: 'a test speaks clear text',
    });
    const env = { DEWAR_CONTROL: 'control' };
    const { code, out: shown, note } = await ran(['limits'], { cwd: files, env });
    assert.deepEqual([code, note], [EXIT.ok, '']);
    assert.match(shown, /address/);
    const report = JSON.parse((await ran(['limits', '--json'], { cwd: files, env })).out) as LimitsReport;
    assert.deepEqual([report.limits[0]?.name, report.limits[0]?.amount], ['address', 1000]);
  });

  it('that has no such part says so', async () => {
    const { code, note } = await asked('csp', '--control', 'control');
    assert.deepEqual([code, /no part that has a report/.test(note)], [EXIT.found, true]);
  });

  it('takes its socket away when it ends', async () => {
    assert.ok(existsSync(join(files, 'control')));
    child.kill('SIGTERM');
    await once(child, 'exit');
    assert.ok(!existsSync(join(files, 'control')));
  });
});

describe('a report', () => {
  const look = { width: 80, paint: (_tone: unknown, text: string) => text };
  const renderers = new Map([['limits', (report: { readonly n: number }) => `${report.n} limits\n`]]);

  it('is shown by the renderer of its part, as JSON where it has none, and as JSON where it is asked', () => {
    assert.equal(render('limits', { n: 2 }, false, look, renderers), '2 limits\n');
    assert.equal(render('limits', { n: 2 }, true, look, renderers), '{\n  "n": 2\n}\n');
    assert.equal(render('csp', { n: '\u001b' }, false, look, renderers), '{\n  "n": "\\u001b"\n}\n');
  });
});
