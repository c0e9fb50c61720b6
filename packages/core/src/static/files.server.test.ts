/**
 * A folder of files: what is in it, what is not, and how much of it is sent. On real folders.
 * @module
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { ConfigError } from '../kernel/index.ts';
import { createFiles } from './index.ts';
import type { FileAnswer, Files, FilesOptions } from './index.ts';

const CODE = 'console.log(1);\n'.repeat(100);
const LARGE = Buffer.alloc(400_000, 'large file ');

/** A folder with these files; gone after the test. */
function folderOf(t: TestContext, files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'dewar-files-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) put(folder, name, content);
  return folder;
}

function put(folder: string, name: string, content: string | Buffer): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
}

interface Got {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What a client gets; `undefined` where there is no such file. */
async function get(
  files: Files,
  path: string,
  fields: Record<string, string> = {},
  method = 'GET',
): Promise<Got | undefined> {
  const answer = await files.answer(path, { method, header: (name) => fields[name] });
  return answer === undefined ? undefined : received(answer);
}

async function received({ status, fields, body }: FileAnswer): Promise<Got> {
  const pairs = fields.flatMap((name, at) => (at % 2 === 0 ? [[name, fields[at + 1]!]] : []));
  const chunks: Buffer[] = [];
  if (Buffer.isBuffer(body)) chunks.push(body);
  else if (body !== null) for await (const chunk of body) chunks.push(chunk as Buffer);
  return {
    status,
    fields: Object.fromEntries(pairs) as Record<string, string>,
    text: Buffer.concat(chunks).toString(),
  };
}

function faultsOf(options: FilesOptions): string[] {
  try {
    createFiles(options);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults.map(({ option, wrong }) => `${option}: ${wrong}`);
  }
}

describe('a folder of files', () => {
  it('is served by name, and by an address that holds the content', async (t) => {
    const files = createFiles({ folder: folderOf(t, { 'app.js': CODE, 'css/site.css': 'p{}', LICENSE: 'free' }) });
    assert.deepEqual(files.names, ['LICENSE', 'app.js', 'css/site.css']);
    const plain = await get(files, '/assets/app.js');
    assert.equal(plain?.text, CODE);
    assert.equal(plain.fields['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(plain.fields['cache-control'], 'no-cache');
    assert.equal(plain.fields['content-length'], String(CODE.length));
    assert.match(files.url('app.js'), /^\/assets\/app\.[\w-]{16}\.js$/);
    assert.match(files.url('css/site.css'), /^\/assets\/css\/site\.[\w-]{16}\.css$/);
    assert.match(files.url('LICENSE'), /^\/assets\/LICENSE\.[\w-]{16}$/);
    const named = await get(files, files.url('app.js'));
    assert.equal(named?.text, CODE);
    assert.equal(named.fields['cache-control'], 'public, max-age=31536000, immutable');
    assert.throws(() => files.url('nothing.js'), /has no file "nothing\.js"/);
  });

  it('another content has another address', (t) => {
    const [one, two] = ['a{}', 'b{}'].map((text) => createFiles({ folder: folderOf(t, { 'site.css': text }) }));
    assert.notEqual(one!.url('site.css'), two!.url('site.css'));
  });

  it('tags carry integrity and nonce, and a name cannot leave its attribute [HDR-08]', (t) => {
    const files = createFiles({
      folder: folderOf(t, { 'app.js': CODE, 'm.mjs': CODE, 'site.css': 'p{}', 'a"b&c.js': CODE }),
    });
    const integrity = `sha384-${createHash('sha384').update(CODE).digest('base64')}`;
    assert.equal(files.integrity('app.js'), integrity);
    assert.equal(files.integrity('/assets/app.js'), integrity);
    assert.equal(files.integrity(files.url('app.js')), integrity);
    assert.equal(
      files.script('app.js', 'abc'),
      `<script src="${files.url('app.js')}" integrity="${integrity}" nonce="abc" defer></script>`,
    );
    assert.match(files.script('m.mjs'), /integrity="[^"]+" type="module"><\/script>$/);
    assert.match(
      files.style('site.css'),
      /^<link rel="stylesheet" href="\/assets\/site\.[^"]+" integrity="sha384-[^"]+">$/,
    );
    assert.match(files.script('a"b&c.js'), /^<script src="\/assets\/a%22b&amp;c\.[\w-]{16}\.js" integrity/);
    assert.throws(() => files.integrity('nothing.js'), /no file/);
  });

  it('what nobody gave a type is kept, and not shown', async (t) => {
    const folder = folderOf(t, { 'x.unheard': '<script>1</script>', noending: 'x', 'scene.glb': 'x', 'X.HTML': '<p>' });
    const files = createFiles({ folder, types: { glb: 'model/gltf-binary' } });
    for (const name of ['x.unheard', 'noending']) {
      const got = await get(files, `/assets/${name}`);
      assert.equal(got?.fields['content-type'], 'application/octet-stream');
      assert.equal(got.fields['content-disposition'], 'attachment');
    }
    assert.equal((await get(files, '/assets/scene.glb'))?.fields['content-type'], 'model/gltf-binary');
    assert.equal((await get(files, '/assets/X.HTML'))?.fields['content-type'], 'text/html; charset=utf-8');
  });

  it('names with spaces, letters of any script and signs have the one spelling that requests have', async (t) => {
    const files = createFiles({ folder: folderOf(t, { 'a b+c,d.txt': '1', 'ä/ö.txt': '2', "it's(1).txt": '3' }) });
    for (const path of ['a%20b+c,d.txt', '%C3%A4/%C3%B6.txt', "it's(1).txt"]) {
      assert.equal((await get(files, `/assets/${path}`))?.status, 200, path);
    }
    for (const path of ['a b+c,d.txt', 'a%20b%2Bc,d.txt', 'ä/ö.txt']) {
      assert.equal(await get(files, `/assets/${path}`), undefined, path);
    }
  });
});

describe('what is no file of the folder', () => {
  const names = {
    'app.js': CODE,
    'app.js.map': '{}',
    '.hidden': 'x',
    '.well-known/x': 'x',
    'app.js~': 'x',
    'app.js.bak': 'x',
    'app.js.swp': 'x',
    'debug.log': 'x',
    'sub/.secret/x.txt': 'x',
    'Thumbs.db': 'x',
  };
  for (const path of [
    '/assets/.hidden',
    '/assets/.well-known/x',
    '/assets/app.js~',
    '/assets/app.js.bak',
    '/assets/app.js.swp',
    '/assets/debug.log',
    '/assets/Thumbs.db',
    '/assets/sub/.secret/x.txt',
    '/assets/app.js.map',
    '/assets/../files.ts',
    '/assets/..%2Ffiles.ts',
    '/assets//app.js',
    '/assets/./app.js',
    '/assets/APP.JS',
    '/assets/app.js/',
    '/assets/app.js%00.txt',
    '/assets/',
    '/assets',
    '/assets/sub',
    '/assets/sub/',
    '/assets/constructor',
    '/assets/__proto__',
    '/assets/etc/passwd',
    '/assetsx/app.js',
    '/app.js',
  ]) {
    it(`${path} is nothing`, async (t) => {
      const files = createFiles({ folder: folderOf(t, names) });
      assert.equal(await get(files, path), undefined);
    });
  }

  it('source maps are served where somebody said so', async (t) => {
    const files = createFiles({ folder: folderOf(t, names), sourceMaps: true });
    assert.equal((await get(files, '/assets/app.js.map'))?.status, 200);
  });
});

describe('a folder that is not for everybody', () => {
  for (const name of [
    '.env',
    '.env.production',
    'server.key',
    'cert.pem',
    'store.p12',
    'desk.sqlite',
    'desk.db',
    'id_ed25519',
    'sub/id_rsa',
    'package.json',
    'node_modules/x/index.js',
    '.git/config',
    '.npmrc',
    'dewar.config.ts',
    'terraform.tfstate',
  ]) {
    it(`does not start with ${name}`, (t) => {
      const [fault = '', ...more] = faultsOf({ folder: folderOf(t, { 'app.js': CODE, [name]: 'x' }) });
      assert.match(fault, /^files\.folder: .+ is nothing that everybody may have$/);
      assert.deepEqual(more, []);
    });
  }

  it('does not start with a link that leads out, to a folder, to nothing, or to what is hidden', (t) => {
    const outside = folderOf(t, { 'secret.txt': 'hush' });
    const targets = [join(outside, 'secret.txt'), outside, '/nowhere/at/all', '../.env-of-nobody', '.hidden', '.'];
    for (const target of targets) {
      const folder = folderOf(t, { 'app.js': CODE, '.hidden': 'x' });
      symlinkSync(target, join(folder, 'link.txt'));
      assert.match(faultsOf({ folder })[0] ?? '', /link\.txt is a link that leads out/, target);
    }
  });

  it('serves a link to a file of its own', async (t) => {
    const folder = folderOf(t, { 'app.js': CODE });
    symlinkSync('app.js', join(folder, 'same.js'));
    assert.equal((await get(createFiles({ folder }), '/assets/same.js'))?.text, CODE);
  });

  it('names every fault of the options', (t) => {
    const folder = folderOf(t, { 'a.txt': 'x', 'b.txt': 'x' });
    const wrong = { folder, at: 'assets', maxAge: -1, maxOpen: 0, types: { '.x': 'y' }, reload: 1, nothing: 1 };
    assert.deepEqual(
      faultsOf(wrong as unknown as FilesOptions).map((text) => text.split(':')[0]),
      ['files.nothing', 'files.at', 'files.maxAge', 'files.maxOpen', 'files.reload', 'files.types[".x"]'],
    );
    assert.match(faultsOf({ folder: join(folder, 'missing') })[0] ?? '', /is no folder that can be read/);
    assert.match(faultsOf({ folder: join(folder, 'a.txt') })[0] ?? '', /is no folder that can be read/);
    assert.match(faultsOf({ folder, maxFiles: 2 })[0] ?? '', /holds 2 files or more/);
  });
});

describe('conditions', () => {
  const file = (t: TestContext): Files =>
    createFiles({ folder: folderOf(t, { 'a.txt': '0123456789', 'large.bin': LARGE }) });

  it('a file that did not change is not sent again', async (t) => {
    const files = file(t);
    const etag = (await get(files, '/assets/a.txt'))!.fields['etag']!;
    for (const value of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const got = await get(files, '/assets/a.txt', { 'if-none-match': value });
      assert.deepEqual([got?.status, got?.text, got?.fields['etag']], [304, '', etag], value);
      assert.equal(got?.fields['content-type'], undefined);
    }
    for (const value of ['"other"', etag.slice(1, -1), '']) {
      assert.equal((await get(files, '/assets/a.txt', { 'if-none-match': value }))?.status, 200, value);
    }
    assert.equal((await get(files, '/assets/a.txt', { 'if-match': '"other"' }))?.status, 412);
    assert.equal((await get(files, '/assets/a.txt', { 'if-match': `W/${etag}` }))?.status, 412);
    assert.equal((await get(files, '/assets/a.txt', { 'if-match': etag }))?.status, 200);
  });

  for (const [range, status, text, shown] of [
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=9-99', 206, '9', 'bytes 9-9/10'],
    ['bytes= 0 - 0', 206, '0', 'bytes 0-0/10'],
    ['BYTES=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=5-2', 200, '0123456789', undefined],
    ['bytes=0-1,3-4', 200, '0123456789', undefined],
    ['bytes=0-0,0-0,0-0,0-0', 200, '0123456789', undefined],
    ['lines=0-1', 200, '0123456789', undefined],
    ['bytes=a-b', 200, '0123456789', undefined],
    ['bytes=', 200, '0123456789', undefined],
    ['bytes=-', 200, '0123456789', undefined],
    ['bytes=0-99999999999999999999', 200, '0123456789', undefined],
  ] as const) {
    it(`Range: ${range} is ${status}`, async (t) => {
      const got = await get(file(t), '/assets/a.txt', { range });
      assert.deepEqual([got?.status, got?.text, got?.fields['content-range']], [status, text, shown]);
      assert.equal(got?.fields['content-length'], String(text.length));
    });
  }

  it('a part of another state is not sent', async (t) => {
    const files = file(t);
    const etag = (await get(files, '/assets/a.txt'))!.fields['etag']!;
    const ask = async (condition: string): Promise<number | undefined> =>
      (await get(files, '/assets/a.txt', { range: 'bytes=0-3', 'if-range': condition }))?.status;
    assert.equal(await ask(etag), 206);
    for (const other of ['"other"', `W/${etag}`, 'Thu, 01 Jan 2026 00:00:00 GMT']) assert.equal(await ask(other), 200);
  });

  it('HEAD tells the length, and a range is for GET', async (t) => {
    const got = await get(file(t), '/assets/large.bin', { range: 'bytes=0-3' }, 'HEAD');
    assert.deepEqual([got?.status, got?.text, got?.fields['content-length']], [200, '', String(LARGE.length)]);
  });

  it('an empty file is sent where there is no more room in memory', async (t) => {
    const folder = folderOf(t, { 'zero.txt': '' });
    for (let i = 0; i < 129; i++) put(folder, `${i}.bin`, Buffer.alloc(262_144, i));
    const got = await get(createFiles({ folder }), '/assets/zero.txt');
    assert.deepEqual([got?.status, got?.text, got?.fields['content-length']], [200, '', '0']);
  });

  it('a large file is read from disk, whole and in part', async (t) => {
    const files = file(t);
    assert.equal((await get(files, '/assets/large.bin'))?.text, LARGE.toString());
    const part = await get(files, '/assets/large.bin', { range: 'bytes=300000-300010' });
    assert.equal(part?.text, LARGE.subarray(300_000, 300_011).toString());
  });
});

describe('compressed forms', () => {
  const stored = (): Record<string, string | Buffer> => ({
    'app.js': CODE,
    'app.js.br': brotliCompressSync(CODE),
    'app.js.gz': gzipSync(CODE),
    'archive.gz': gzipSync('an archive of its own'),
  });

  for (const [accept, encoding] of [
    [undefined, undefined],
    ['', undefined],
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['identity', undefined],
    ['br;q=x', undefined],
    ['BR', 'br'],
  ] as const) {
    it(`Accept-Encoding: ${accept} is sent ${encoding ?? 'as it is'}`, async (t) => {
      const files = createFiles({ folder: folderOf(t, stored()) });
      const got = await get(files, '/assets/app.js', accept === undefined ? {} : { 'accept-encoding': accept });
      assert.equal(got?.fields['content-encoding'], encoding);
      assert.equal(got?.fields['vary'], 'Accept-Encoding');
      assert.equal(got?.fields['content-type'], 'text/javascript; charset=utf-8');
    });
  }

  it('each form has a tag of its own, and no address', async (t) => {
    const files = createFiles({ folder: folderOf(t, stored()) });
    const tag = async (accept: string): Promise<string | undefined> =>
      (await get(files, '/assets/app.js', { 'accept-encoding': accept }))?.fields['etag'];
    assert.equal(new Set([await tag('br'), await tag('gzip'), await tag('')]).size, 3);
    assert.equal(await get(files, '/assets/app.js.br'), undefined);
    assert.deepEqual(files.names, ['app.js', 'archive.gz']);
    assert.equal((await get(files, '/assets/archive.gz'))?.fields['content-encoding'], undefined);
  });

  it('a form that holds something else, or much more, does not start', (t) => {
    const wrong = (name: string, bytes: Buffer): string[] =>
      faultsOf({ folder: folderOf(t, { 'app.js': CODE, [name]: bytes }) });
    const fault = (name: string): string[] => [`files.folder: ${name} holds something else than app.js`];
    assert.deepEqual(wrong('app.js.br', brotliCompressSync('evil()')), fault('app.js.br'));
    assert.deepEqual(wrong('app.js.gz', Buffer.from('no gzip')), fault('app.js.gz'));
    assert.deepEqual(wrong('app.js.gz', gzipSync(Buffer.alloc(50_000_000))), fault('app.js.gz'));
  });
});

describe('a folder that changes', () => {
  it('a file that was changed since the start is not sent as what it was', async (t) => {
    const folder = folderOf(t, { 'large.bin': LARGE, 'small.txt': 'small' });
    const files = createFiles({ folder });
    put(folder, 'large.bin', Buffer.alloc(LARGE.length, 'x'));
    put(folder, 'small.txt', 'other');
    await assert.rejects(async () => get(files, '/assets/large.bin'), /has changed since the start/);
    assert.equal((await get(files, '/assets/small.txt'))?.text, 'small');
    assert.equal(await get(files, '/assets/new.txt'), undefined);
  });

  it('a file that was replaced by a link is not followed', async (t) => {
    const folder = folderOf(t, { 'large.bin': LARGE });
    const outside = folderOf(t, { 'secret.bin': LARGE });
    const files = createFiles({ folder });
    rmSync(join(folder, 'large.bin'));
    symlinkSync(join(outside, 'secret.bin'), join(folder, 'large.bin'));
    await assert.rejects(async () => get(files, '/assets/large.bin'), /ELOOP/);
  });

  it('is looked at again while somebody works on it', async (t) => {
    const folder = folderOf(t, { 'app.js': 'one' });
    const files = createFiles({ folder, reload: true });
    const before = files.url('app.js');
    await wait(250);
    put(folder, 'app.js', 'three');
    put(folder, 'new.txt', 'new');
    await wait(250);
    assert.notEqual(files.url('app.js'), before);
    assert.equal((await get(files, '/assets/app.js'))?.text, 'three');
    assert.equal((await get(files, '/assets/new.txt'))?.text, 'new');
    await wait(250);
    put(folder, '.env', 'SECRET=1');
    await wait(250);
    assert.throws(() => files.url('app.js'), /nothing that everybody may have/);
  });

  it('a client that reads on keeps its place, and one that does not loses it within a minute', async (t) => {
    const files = createFiles({ folder: folderOf(t, { 'large.bin': LARGE }), maxOpen: 1 });
    const ask = async (): Promise<FileAnswer> =>
      (await files.answer('/assets/large.bin', { method: 'GET', header: () => undefined }))!;
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { body } = await ask();
    assert.ok(body instanceof Readable);
    for (let i = 0; i < 3; i++) {
      await once(body, 'readable');
      body.read();
      t.mock.timers.tick(30_000);
    }
    assert.equal((await ask()).status, 503);
    assert.equal(body.destroyed, false);
    t.mock.timers.tick(60_000);
    assert.equal(body.destroyed, true);
    await once(body, 'close');
    const next = await ask();
    assert.equal(next.status, 200);
    await received(next);
  });

  it('sends so many at a time, and the next when one is done', async (t) => {
    const files = createFiles({ folder: folderOf(t, { 'large.bin': LARGE }), maxOpen: 2 });
    const ask = async (): Promise<FileAnswer> =>
      (await files.answer('/assets/large.bin', { method: 'GET', header: () => undefined }))!;
    const [one, two, three] = [await ask(), await ask(), await ask()];
    assert.deepEqual([one.status, two.status, three.status], [200, 200, 503]);
    assert.ok(three.fields.includes('retry-after'));
    await received(one);
    await wait(20);
    const four = await ask();
    assert.equal(four.status, 200);
    await received(two);
    await received(four);
  });
});
