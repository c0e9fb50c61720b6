/**
 * Files over a real socket, beside a careless twin that joins the path of the request with the folder.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigError, all, anyone, shared, signedIn } from '@dewar/core';
import type { Files } from '@dewar/core/static';
import { head } from '@dewar/testing';
import type { RawResponse } from '@dewar/testing';
import { serveFiles } from './index.ts';
import { assertHead, assertProblem, SECURE, stage } from './stage.server.test.ts';
import type { Stage } from './stage.server.test.ts';

const LARGE = Buffer.alloc(400_000, 'large file ');
const SECRET = 'hush-4711';

/** A folder with a file that is for everybody, and others that came along. */
function folderOf(t: TestContext): string {
  const above = mkdtempSync(join(tmpdir(), 'dewar-files-'));
  t.after(() => rmSync(above, { recursive: true }));
  const folder = join(above, 'assets');
  mkdirSync(join(folder, '.private'), { recursive: true });
  writeFileSync(join(folder, 'app.js'), 'window.started = 1');
  writeFileSync(join(folder, 'page.html'), '<title>A page</title>');
  writeFileSync(join(folder, 'large.bin'), LARGE);
  writeFileSync(join(folder, '.secret'), SECRET);
  writeFileSync(join(folder, '.private', 'notes.txt'), SECRET);
  writeFileSync(join(folder, 'app.js~'), SECRET);
  writeFileSync(join(above, 'outside.txt'), SECRET);
  return folder;
}

interface Served extends Stage {
  readonly files: Files;
  readonly folder: string;
}

async function served(t: TestContext, access = anyone()): Promise<Served> {
  const folder = folderOf(t);
  let files: Files | undefined;
  const on = await stage(t, (app) => {
    files = serveFiles(app, { folder, access });
    // What the guides show: the path of the request, joined with the folder.
    app.get('/careless/*', { access: all(anyone(), shared('a twin of the files')) }, (request, reply) => {
      const { '*': name } = request.params as { readonly '*': string };
      return reply.type('text/plain').send(readFileSync(join(folder, name)));
    });
  });
  return { ...on, files: files!, folder };
}

describe('files of a folder', () => {
  it('leave with the policy’s head, by name and by address [HDR-29]', async (t) => {
    const on = await served(t);
    for (const path of ['/assets/app.js', on.files.url('app.js')]) {
      const answer = await on.send('GET', path);
      assert.equal(answer.status, 200);
      assert.equal(answer.body.toString(), 'window.started = 1');
      assert.equal(answer.header('content-type'), 'text/javascript; charset=utf-8');
      assertHead(answer);
    }
    assert.match(
      (await on.send('GET', '/assets/page.html')).header('content-security-policy') ?? '',
      /script-src 'none'/,
    );
  });

  it('HEAD tells what GET sends, and no body', async (t) => {
    const on = await served(t);
    for (const name of ['app.js', 'large.bin']) {
      const [told, sent] = [await on.send('HEAD', `/assets/${name}`), await on.send('GET', `/assets/${name}`)];
      assert.deepEqual([told.status, told.body.length], [200, 0]);
      for (const field of ['content-length', 'etag', 'cache-control', 'content-type', 'content-disposition'])
        assert.equal(told.header(field), sent.header(field), field);
    }
  });

  it('a large file comes whole and in part, and unchanged not at all', async (t) => {
    const on = await served(t);
    const whole = await on.send('GET', '/assets/large.bin');
    assert.ok(whole.body.equals(LARGE));
    const part = await on.send('GET', '/assets/large.bin', [['Range', 'bytes=399990-']]);
    assert.deepEqual([part.status, part.header('content-range')], [206, 'bytes 399990-399999/400000']);
    assert.ok(part.body.equals(LARGE.subarray(399_990)));
    const none = await on.send('GET', '/assets/large.bin', [['Range', 'bytes=400000-']]);
    assert.deepEqual([none.status, none.header('content-range'), none.body.length], [416, 'bytes */400000', 0]);
    const same = await on.send('GET', '/assets/large.bin', [['If-None-Match', whole.header('etag')!]]);
    assert.deepEqual([same.status, same.body.length, same.header('content-security-policy')], [304, 0, undefined]);
  });

  it('a client that reads nothing holds one place, and leaving gives it back', async (t) => {
    const folder = folderOf(t);
    // More than the buffers of both sockets take.
    writeFileSync(join(folder, 'huge.bin'), Buffer.alloc(32_000_000));
    const on = await stage(t, (app) => void serveFiles(app, { folder, access: anyone(), maxOpen: 1 }));
    const { hostname, port } = new URL(on.url);
    const idle = connect({ host: hostname, port: Number(port) });
    idle.write(head('GET', '/assets/huge.bin', [...SECURE], ''));
    await once(idle, 'data');
    idle.pause();
    const busy = await on.send('GET', '/assets/large.bin');
    assert.deepEqual([busy.status, busy.header('retry-after')], [503, '1']);
    assertHead(busy);
    // What is kept in memory needs no place.
    assert.equal((await on.send('GET', '/assets/app.js')).status, 200);
    idle.destroy();
    let status = 503;
    for (let i = 0; status === 503 && i < 100; i++) {
      await wait(20);
      ({ status } = await on.send('GET', '/assets/large.bin'));
    }
    assert.equal(status, 200);
  });

  it('what is under access is for those who may, and for no shared cache', async (t) => {
    const on = await served(t, signedIn());
    const answer = await on.send('GET', '/assets/app.js');
    assertProblem(answer, 401);
    assert.equal(answer.header('cache-control'), 'no-store');
  });

  it('stand under a plugin’s prefix as well', async (t) => {
    const folder = folderOf(t);
    let files: Files | undefined;
    const on = await stage(t, (app) =>
      app.register(
        async (child) => {
          files = serveFiles(child, { folder, at: '/files', access: anyone() });
        },
        { prefix: '/shop' },
      ),
    );
    assert.match(files!.url('app.js'), /^\/shop\/files\/app\./);
    assert.equal((await on.send('GET', files!.url('app.js'))).status, 200);
  });

  it('a folder with a key in it does not start', async (t) => {
    const folder = folderOf(t);
    writeFileSync(join(folder, 'server.key'), SECRET);
    await assert.rejects(
      stage(t, (app) => void serveFiles(app, { folder, access: anyone() })),
      (error: unknown) => error instanceof ConfigError && /server\.key/.test(error.message),
    );
  });
});

describe('what came along in the folder', () => {
  const read = (answer: RawResponse): boolean => answer.body.toString().includes(SECRET);

  for (const [what, name] of [
    ['a hidden file', '.secret'],
    ['a file of a hidden folder', '.private/notes.txt'],
    ['what an editor left', 'app.js~'],
    ['what a link that came later leads to', 'later.txt'],
    ['what was put there later', 'new.txt'],
  ] as const) {
    it(`${what} is read on the careless twin, and not here`, async (t) => {
      const on = await served(t);
      symlinkSync('../outside.txt', join(on.folder, 'later.txt'));
      writeFileSync(join(on.folder, 'new.txt'), SECRET);
      assert.equal(read(await on.send('GET', `/careless/${name}`)), true, 'on the twin');
      const answer = await on.send('GET', `/assets/${name}`);
      assert.equal(read(answer), false);
      assertProblem(answer, 404);
    });
  }

  for (const path of [
    '../outside.txt',
    '..%2Foutside.txt',
    '%2e%2e/outside.txt',
    '..%5Coutside.txt',
    '..;/outside.txt',
  ]) {
    it(`${path} is refused before any route, as are all dots [c2-path]`, async (t) => {
      const on = await served(t);
      for (const at of ['/careless', '/assets']) {
        const answer = await on.send('GET', `${at}/${path}`);
        assert.equal(read(answer), false);
        assertProblem(answer, 400);
      }
    });
  }
});
