/**
 * Nothing in the documents is shown that was not run: the example serves, other snippets hold to the types, commands exist.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build, PROTECTIONS } from '@dewar/core';
import type { AnyDewar, Running } from '@dewar/core';
import { root } from '../scripts/tree.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const snippets = (markdown: string, language: string): readonly string[] =>
  [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, is, code]) => (is === language ? [code!] : []));
const README = read('README.md');
const DOCUMENTS = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
/** Says to the compiler what the prose around a snippet says. */
const MEANT: Readonly<Record<string, string>> = {
  'facts.md': "import type { Policy } from '@dewar/core';\nexport const checked: Policy = policy;",
  'events.md':
    "import type { Emit } from '@dewar/core';\nexport const say = (emit: Emit): void => emit('mail.sent', { template: 'reset' });",
};

// The real path, because a program there reports real paths; the link, so that packages are found from there.
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dewar-readme-')));
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
after(() => rmSync(folder, { recursive: true, force: true }));

function node(...args: readonly string[]) {
  // Else node:test in a snippet reports to this run instead of deciding the exit code.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const ended = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  return { status: ended.status, output: ended.stdout + ended.stderr };
}

const SOURCE = '--conditions=@dewar/source';
const dewarCommand = (...args: readonly string[]) => node(SOURCE, 'packages/dewar/bin/dewar.js', ...args);

describe('the example of the README', () => {
  const file = join(folder, 'dewar.config.ts');
  let running: Running;
  let url: string;

  before(async () => {
    writeFileSync(file, snippets(README, 'ts')[0]!);
    const { default: dewar } = (await import(pathToFileURL(file).href)) as { readonly default: AnyDewar };
    running = await build(dewar, { profile: 'development', events: [] });
    url = `http://localhost:${new URL((await running.listen({ port: 0 })).url).port}`;
  });
  after(() => running.close());

  it('is the application of examples/fastify, word for word', () => {
    assert.equal(snippets(README, 'ts').length, 1);
    assert.equal(snippets(README, 'ts')[0], read('examples/fastify/dewar.config.ts'));
  });

  it('greets everybody under the policy, and refuses who is not signed in', async () => {
    const response = await fetch(url);
    assert.deepEqual(await response.json(), { hello: 'world' });
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal((await fetch(`${url}/account`)).status, 401);
    assert.equal((await fetch(`${url}/nowhere`)).status, 404);
  });

  it('has the routes that the README prints', () => {
    const { status, output } = dewarCommand('routes', '--config', file);
    assert.equal(status, 0, output);
    for (const line of snippets(README, 'text')[0]!.trim().split('\n'))
      assert.ok(output.includes(line.replace(/dewar\.config\.ts:\d+$/, '').trim()), line);
  });

  it('is attacked as the README of @dewar/testing shows, and stands', () => {
    const [attack = ''] = snippets(read('packages/testing/README.md').split('## browser()')[0]!, 'ts');
    writeFileSync(join(folder, 'attack.test.ts'), attack);
    const { status, output } = node(SOURCE, '--test', join(folder, 'attack.test.ts'));
    assert.equal(status, 0, output);
    assert.match(output, /pass 1\b/);
  });
});

describe('the documents', () => {
  it('show TypeScript that holds to the types', () => {
    const files = DOCUMENTS.flatMap((name) =>
      snippets(read(`docs/${name}`), 'ts').map((code, index) => {
        writeFileSync(join(folder, `${name}-${index}.ts`), `${code}${MEANT[name] ?? ''}\nexport {};\n`);
        return `${name}-${index}.ts`;
      }),
    );
    assert.ok(files.length > 1);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(root, 'tsconfig.json'), include: [], files }),
    );
    const { status, output } = node(join(root, 'node_modules/typescript/bin/tsc'), '-p', folder);
    assert.equal(status, 0, output);
  });

  it('name commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> };
    const help = dewarCommand('--help').output;
    const lines = snippets(README, 'sh').flatMap((text) => text.trim().split('\n'));
    for (const line of lines) {
      const [, script, command] = /^(?:npm (?:run )?([\w-]+)|npx dewar ([\w-]+))\s+#/.exec(line) ?? [];
      assert.ok(script === undefined ? help.includes(`\n  ${command} `) : Object.hasOwn(scripts, script), line);
    }
    assert.ok(lines.length > 3);
  });

  it('list every protection in the README, with the link to its own, in a page of no more than 150 lines', () => {
    for (const { name } of PROTECTIONS) {
      // The folder is in kebab-case: `safe-methods` of `safeMethods`.
      const folder = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      assert.ok(README.includes(`| [${name}](packages/core/src/${folder}/README.md) |`), name);
    }
    assert.ok(README.split('\n').length <= 150);
  });
});
