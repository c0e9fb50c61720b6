/**
 * Checks the whole tree: one line for each check, with the output of those that failed, all of them even after a fault.
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCoverage } from './check-coverage.ts';
import { pack } from './pack.ts';
import { run, runNode } from './process.ts';

/** A check answers with its complaints; nothing means that all is well. */
type Check = () => Promise<string>;

const CHECKS: Readonly<Record<string, Check>> = {
  types: program('tsc', '--project', '.'),
  lint: program('oxlint', '--type-aware', '--deny-warnings'),
  format: program('oxfmt', '--check'),
  'dead-code': program('knip'),
  packages: checkPackages,
  layers: testFile('layers'),
  characters: testFile('characters'),
  documents: testFile('documents'),
  coverage: async () => checkCoverage(),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(CHECKS, name));
if (unknown.length > 0) {
  console.error(`dewar: no check is called ${unknown.join(', ')}; there are ${Object.keys(CHECKS).join(', ')}`);
  process.exitCode = 2;
} else {
  for (const [name, check] of Object.entries(CHECKS)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const started = performance.now();
    const complaints = await check().catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${complaints === '' ? 'ok    ' : 'failed'} ${name} (${seconds} s)`);
    if (complaints === '') continue;
    console.log(complaints.trimEnd());
    process.exitCode = 1;
  }
}

function program(command: string, ...args: readonly string[]): Check {
  return async () => {
    const { code, output } = await run(command, args);
    return code === 0 ? '' : output || `${command} ended with ${code}`;
  };
}

function testFile(name: string): Check {
  return async () => {
    const { code, output } = await runNode(['--test', '--test-reporter=dot', `test/${name}.test.ts`]);
    return code === 0 ? '' : output;
  };
}

/** Packs every public package and looks at the result with the eyes of an importer. */
async function checkPackages(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dewar-pack-'));
  try {
    const complaints: string[] = [];
    for (const { name, tarball } of await pack(folder)) {
      for (const check of [
        program('publint', 'run', tarball, '--strict'),
        program('attw', tarball, '--profile', 'esm-only'),
      ]) {
        const complaint = await check();
        if (complaint !== '') complaints.push(`${name}\n${complaint}`);
      }
    }
    return complaints.join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
