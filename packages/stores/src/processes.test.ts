/**
 * Several processes, or connections, on one file: start together, share counts and tickets, die in the middle.
 * @module
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { account, session, T0 } from './contract/records.ts';
import { sqliteStores } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'dewar-processes-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs `code` in a process of its own, with `stores` open on `file`. */
function start(file: string, code: string): ChildProcess {
  const program = `
    import { sqliteStores } from ${JSON.stringify(import.meta.resolve('./sqlite.ts'))};
    import { account, session, T0 } from ${JSON.stringify(import.meta.resolve('./contract/records.ts'))};
    const stores = sqliteStores({ file: ${JSON.stringify(file)}, busyTimeout: 20_000 });
    ${code}`;
  const flags = ['--conditions=@dewar/source', '--input-type=module', '--eval', program];
  return spawn(process.execPath, flags, { stdio: ['pipe', 'pipe', 'inherit'], timeout: 60_000 });
}

async function output(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 0, text);
  return text;
}

describe('processes that share a file', () => {
  it('start together on a new file, and share its tickets, counters and logins', async () => {
    const file = join(folder, 'together.db');
    const code = `
      process.stdout.write('ready ');
      await new Promise((go) => process.stdin.once('data', go));
      process.stdin.destroy();
      const taken = [];
      for (let key = 0; key < 40; key++) taken.push(await stores.tickets.takeOnce('k' + key, T0));
      let allowed = 0;
      for (let call = 0; call < 40; call++) allowed += (await stores.counters.take('c', 1000, 25, 1, T0)).allowed ? 1 : 0;
      const made = await stores.accounts.create(account(String(process.pid), { login: 'ada' }));
      process.stdout.write(JSON.stringify({ tickets: taken.filter((value) => value !== null).length, allowed, made }));
      stores.close();`;
    const children = Array.from({ length: 3 }, () => start(file, code));
    const outputs = children.map(output);
    await Promise.all(children.map((child) => once(child.stdout!, 'data')));
    const stores = sqliteStores({ file, busyTimeout: 20_000 });
    for (let key = 0; key < 40; key++) await stores.tickets.put(`k${key}`, 'value', T0 + 1000);
    for (const child of children) child.stdin!.write('go');
    const answers = (await Promise.all(outputs)).map(
      (text) => JSON.parse(text.replace('ready ', '')) as { tickets: number; allowed: number; made: string },
    );
    const sum = (of: (answer: (typeof answers)[number]) => number): number =>
      answers.reduce((n, one) => n + of(one), 0);
    assert.deepEqual(
      [sum((one) => one.tickets), sum((one) => one.allowed), sum((one) => (one.made === 'made' ? 1 : 0))],
      [40, 25, 1],
    );
    assert.equal(stores.database.prepare('SELECT count(*) AS n FROM dewar_migrations').get()?.['n'], 1);
    stores.close();
  });

  it('find nothing of a transaction whose process was killed, and all of what was kept before', async () => {
    const file = join(folder, 'killed.db');
    const child = start(
      file,
      `await stores.sessions.put(session('before'));
       stores.transaction(async () => {
         await stores.accounts.create(account('ada', { roles: ['admin'] }));
         await stores.sessions.remove('before');
         process.stdout.write('open');
         await new Promise((never) => setTimeout(never, 60_000));
       });`,
    );
    await once(child.stdout!, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const stores = sqliteStores({ file });
    assert.equal(await stores.accounts.byId('ada'), null);
    assert.notEqual(await stores.sessions.get('before'), null);
    assert.equal(await stores.accounts.create(account('ada')), 'made', 'the dead process holds no lock');
    assert.equal(stores.database.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
    stores.close();
  });
});

describe('connections that share a file', () => {
  it('see what the other kept, at once', async () => {
    const file = join(folder, 'two.db');
    const [one, two] = [sqliteStores({ file }), sqliteStores({ file })];
    await one.sessions.put(session('h'));
    assert.notEqual(await two.sessions.get('h'), null);
    await two.sessions.remove('h');
    assert.equal(await one.sessions.get('h'), null);
    assert.equal(await one.sessions.change('h', { hash: 'new' }), null);
    one.close();
    two.close();
  });

  it("read past the other's open transaction, and fail loudly to write after the busy timeout", async () => {
    const file = join(folder, 'busy.db');
    const [one, two] = [sqliteStores({ file }), sqliteStores({ file, busyTimeout: 20 })];
    await one.transaction(async () => {
      await one.accounts.create(account('ada'));
      assert.equal(await two.accounts.byId('ada'), null, 'not kept yet');
      await assert.rejects(async () => two.tickets.put('k', 'value', T0 + 1000), /database is locked/);
      await assert.rejects(
        two.transaction(() => 'never begins'),
        /database is locked/,
      );
    });
    assert.notEqual(await two.accounts.byId('ada'), null);
    await two.tickets.put('k', 'value', T0 + 1000);
    assert.equal(await one.tickets.takeOnce('k', T0), 'value');
    one.close();
    two.close();
  });
});
