/**
 * The snippet in the README of static files is this file's own text, and serves what it says.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import { anyone } from '@dewar/core';
import { FILES_DEFAULTS } from '@dewar/core/static';
import { browser, TEST_SECRET } from '@dewar/testing';
import { createDewar, serveFiles } from './index.ts';

const readme = readFileSync(new URL('../../core/src/static/README.md', import.meta.url), 'utf8');

describe('the README of static files', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8').replaceAll(/^ {4}/gm, '');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 1);
    for (const snippet of snippets)
      assert.ok(source.includes(snippet.replace('import.meta.dirname', 'dirname')), snippet);
  });

  it('shows a page whose files come, and are what they say', async (t) => {
    const dirname = mkdtempSync(join(tmpdir(), 'dewar-files-'));
    t.after(() => rmSync(dirname, { recursive: true }));
    mkdirSync(join(dirname, 'assets'));
    writeFileSync(join(dirname, 'assets', 'desk.css'), 'p { margin: 0 }');
    writeFileSync(join(dirname, 'assets', 'desk.js'), 'window.desk = 1');
    const dewar = createDewar({
      profile: 'test',
      secret: TEST_SECRET,
      events: [],
      hosts: { allowed: ['desk.example'] },
      facts: { trustedProxies: ['127.0.0.1/32'] },
    });
    const app = Fastify(dewar.options);
    t.after(() => app.close());
    await app.register(dewar);

    const files = serveFiles(app, { folder: join(dirname, 'assets'), access: anyone() });

    app.get('/', { access: anyone() }, (request, reply) =>
      reply.type('text/html').send(`<!doctype html><title>Desk</title>
    ${files.style('desk.css')}
    ${files.script('desk.js', request.dewar.nonce())}`),
    );

    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const tab = browser({ url, origin: 'https://desk.example', forwarded: true });
    const { text } = await tab.get('/');
    const [, script, nonce] = /<script src="([^"]+)" integrity="sha384-[^"]+" nonce="([^"]+)"/.exec(text)!;
    assert.ok(nonce!.length >= 22);
    const answer = await tab.fetch(script!);
    assert.equal(answer.text, 'window.desk = 1');
    assert.equal(answer.header('cache-control'), 'public, max-age=31536000, immutable');
  });

  it('names every option with its default', () => {
    for (const [name, value] of Object.entries(FILES_DEFAULTS)) {
      const shown = JSON.stringify(value).replaceAll('"', "'");
      assert.ok(readme.includes(`| \`${name}\` | \`${shown}\` |`), name);
    }
  });
});
