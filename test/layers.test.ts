/**
 * Holds the layers of the design: no import points up or sideways, no module is entered by a side door.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { sourceFiles, root } from '../scripts/tree.ts';
import { importsOf, judge } from './layers.ts';

const core = (path: string): string => `packages/core/src/${path}`;

const FORBIDDEN: readonly (readonly [file: string, statement: string, why: RegExp])[] = [
  [core('csrf/csrf.ts'), `import { x } from '../access/index.ts';`, /csrf is below access/],
  [core('csrf/csrf.ts'), `import type { X } from '../sessions/index.ts';`, /csrf is below sessions/],
  [core('kernel/kernel.ts'), `export * from '../csrf/index.ts';`, /kernel is below csrf/],
  [core('hosts/hosts.ts'), `const x = await import('../index.ts');`, /hosts is below policy/],
  [core('sessions/sessions.ts'), `import {\n  a,\n  b,\n} from '../cookies/index.ts';`, /sessions is beside cookies/],
  [core('csrf/csrf.ts'), `import { x } from '../kernel/facts.ts';`, /entered by its index/],
  [core('csrf/csrf.ts'), `type X = import('../kernel/facts.ts').X;`, /entered by its index/],
  [core('kernel/kernel.ts'), `import { x } from '../store/memory.ts';`, /entered by its index/],
  [core('novelty/novelty.ts'), `import { x } from '../kernel/index.ts';`, /novelty has no layer/],
  [core('csrf/csrf.ts'), `import 'fastify';`, /node: and itself/],
  [core('csrf/csrf.ts'), `import { x } from '@dewar/stores';`, /node: and itself/],
  [core('csrf/csrf.ts'), `import { x } from '../../../stores/src/index.ts';`, /by its name/],
  [core('csrf/csrf.test.ts'), `import { x } from '../../../stores/src/index.ts';`, /by its name/],
  ['apps/desk/src/serve.ts', `import { x } from '../../../packages/core/src/index.ts';`, /by its name/],
  ['packages/fastify/src/plugin.ts', `import { csrf } from '@dewar/core/csrf';`, /an adapter imports/],
  ['packages/fastify/src/plugin.ts', `import { sqlite } from '@dewar/stores';`, /an adapter imports/],
  ['packages/stores/src/index.ts', `import { dewar } from '@dewar/fastify';`, /imports an adapter/],
  ['packages/accounts/src/index.ts', `import { sqlite } from '@dewar/stores';`, /no package beside it/],
  ['packages/accounts/src/index.ts', `import { defineDewar } from 'dewar';`, /no package beside it/],
];

const ALLOWED: readonly (readonly [file: string, statement: string])[] = [
  [core('csrf/csrf.ts'), `import { hash } from 'node:crypto';`],
  [core('csrf/csrf.ts'), `import { x } from './policy.ts';`],
  [core('csrf/csrf.ts'), `import { x } from '../kernel/index.ts';`],
  [core('kernel/context.ts'), `import type { Stores } from '../store/types.ts';`],
  [core('access/access.ts'), `import { x } from '../sessions/index.ts';`],
  [core('index.ts'), `export { csrf } from './csrf/index.ts';`],
  [core('policy/policy.ts'), `import { access } from '../access/index.ts';`],
  [core('csrf/csrf.test.ts'), `import fc from 'fast-check';`],
  [core('csrf/csrf.ts'), `/**\n * import { x } from '@dewar/fastify';\n */\n// import 'fastify';`],
  ['packages/fastify/src/plugin.ts', `import { respond } from '@dewar/core/http';`],
  ['packages/dewar/src/fastify.ts', `export * from '@dewar/fastify';`],
  ['packages/accounts/src/index.ts', `import { hash } from '@node-rs/argon2';`],
  ['apps/desk/src/serve.ts', `import { sqlite } from '@dewar/stores';`],
];

describe('layers', () => {
  for (const [file, statement, why] of FORBIDDEN) {
    it(`${file} may not say ${JSON.stringify(statement)}`, () => {
      assert.match(importsOf(file, statement).map(judge).join('\n'), why);
    });
  }

  for (const [file, statement] of ALLOWED) {
    it(`${file} may say ${JSON.stringify(statement)}`, () => {
      assert.deepEqual(importsOf(file, statement).map(judge).filter(Boolean), []);
    });
  }

  it('no file of the tree points up or sideways', () => {
    const imports = sourceFiles()
      .filter((file) => /\.(ts|tsx|js|mjs)$/.test(file) && !file.startsWith('test/layers'))
      .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
    assert.ok(imports.length > 50, `only ${imports.length} imports were found, the reader of imports is broken`);
    const faults = imports.flatMap((one) => {
      const why = judge(one);
      return why === undefined ? [] : [`${one.file}: '${one.specifier}': ${why}`];
    });
    assert.deepEqual(faults, []);
  });
});
