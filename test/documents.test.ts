/**
 * Holds documents to the tree: what they link to and name exists, every protection says what it does not stop, and
 * nothing of one machine or one registry is written down anywhere.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { root, sourceFiles } from '../scripts/tree.ts';
import { CORE_LAYERS } from './layers.ts';

/** Modules of core that protect nothing by themselves, and need no such README. */
const TOOLS: ReadonlySet<string> = new Set(['kernel', 'crypto', 'store', 'parse', 'http', 'policy']);
const NOT_STOPPED: RegExp = /^#{2,} .*\bnot stop\b/im;
const LOCAL: RegExp = /\/work\/(?:main|shared)|\/home\/[a-z]\w*\/[\w.]|\/Users\/\w|[A-Z]:\\Users\\|\/tmp\/bash/;
const REGISTRY: RegExp = /https?:\/\/[\w.-]*(?:registry|artifactory|nexus|npmmirror|verdaccio)[\w.-]*/i;

/** Paths a document links to or names: link targets, and code spans that look like a file in a folder. */
function pathsNamedIn(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```/gm, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  const files = [...prose.matchAll(/`((?:[\w@.-]+\/)+[\w.-]+\.(?:ts|tsx|js|mjs|json|md|sh|yml))`/g)];
  return [...links.filter((target) => !/^(?:[a-z]+:|#)/.test(target)), ...files.map(([, file]) => file!)];
}

function isThere(document: string, path: string): boolean {
  const [file = ''] = path.split('#');
  return existsSync(join(root, dirname(document), file)) || existsSync(join(root, file));
}

describe('documents', () => {
  const documents = sourceFiles().filter((file) => file.endsWith('.md'));

  it('finds link targets and files in code spans', () => {
    const markdown = 'See [a](docs/a.md#x), [b](https://b.example), [c](#c), `test/c.ts`, `application/json`.';
    assert.deepEqual(pathsNamedIn(markdown), ['docs/a.md#x', 'test/c.ts']);
    assert.equal(isThere('docs/a.md', 'no/such/file.md'), false);
  });

  it('every file that a document links to or names exists', () => {
    const faults = documents.flatMap((document) =>
      pathsNamedIn(readFileSync(join(root, document), 'utf8'))
        .filter((path) => !isThere(document, path))
        .map((path) => `${document}: ${path} does not exist`),
    );
    assert.deepEqual(faults, []);
  });

  it('every protection has a README with a heading for what it does not stop', () => {
    const faults = Object.keys(CORE_LAYERS)
      .filter((module) => !TOOLS.has(module))
      .map((module) => join('packages/core/src', module, 'README.md'))
      .filter((file) => !existsSync(join(root, file)) || !NOT_STOPPED.test(readFileSync(join(root, file), 'utf8')));
    assert.deepEqual(faults, []);
  });

  it('recognises paths of one machine and hosts of registries', () => {
    for (const path of ['/home/' + 'ann/x', '/work/' + 'main']) assert.match(path, LOCAL);
    assert.match('https://' + 'registry.npmjs.example/x', REGISTRY);
    assert.doesNotMatch('/home/:user', LOCAL);
  });

  it('nothing of one machine or one registry is written down', () => {
    const faults = sourceFiles().flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return [LOCAL, REGISTRY].flatMap((pattern) => {
        const [found] = pattern.exec(text) ?? [];
        return found === undefined ? [] : [`${file}: ${found}`];
      });
    });
    assert.deepEqual(faults, []);
  });
});
