/**
 * Proves that each guard is needed: takes one away at a time and names the test that notices. Protections are left out
 * of the compiled pipeline; what is no step (sessions, tokens, parsers, hashing) is changed in its source as it loads.
 * @module
 */
import { MUTATIONS } from '../test/mutations.ts';
import type { Mutation } from '../test/mutations.ts';
import { PROTECTIONS } from '@dewar/core';
import { run } from './process.ts';

/** Where the attacks on protections run. */
const MATRIX = 'packages/fastify/src/matrix.server.test.ts';
const NODE_FLAGS = ['--conditions=@dewar/source'];

interface Result {
  readonly guard: string;
  /** Names of the tests of its own that failed. */
  readonly noticed: readonly string[];
}

const filters = process.argv.slice(2);
const wanted = (name: string): boolean => filters.length === 0 || filters.some((filter) => name.includes(filter));
const results: Result[] = [];

for (const { name } of PROTECTIONS.filter((protection) => wanted(protection.name))) {
  const failed = await failures([MATRIX], [], { DEWAR_MUTATE: name });
  report({ guard: `protection ${name}`, noticed: failed.filter((test) => test.includes(` ${name}: `)) });
}
for (const mutation of MUTATIONS.filter(({ guard }) => wanted(guard))) {
  try {
    report({ guard: mutation.guard, noticed: await mutated(mutation) });
  } catch (error) {
    throw new Error(`${mutation.guard}: the tests did not run with this change`, { cause: error });
  }
}

const unnoticed = results.filter(({ noticed }) => noticed.length === 0);
console.log(
  `\n${results.length - unnoticed.length} of ${results.length} guards are missed by a test when they are gone`,
);
if (unnoticed.length > 0 || results.length === 0) {
  console.error(`nothing notices: ${unnoticed.map(({ guard }) => guard).join(', ') || 'no guard has that name'}`);
  process.exitCode = 1;
}

function report(result: Result): void {
  results.push(result);
  const [first = 'NOTHING NOTICES', ...others] = result.noticed;
  console.log(`${result.guard}\n  → ${first}${others.length === 0 ? '' : ` (and ${others.length} more)`}`);
}

function mutated(mutation: Mutation): Promise<readonly string[]> {
  const env = { DEWAR_MUTATION: JSON.stringify(mutation) };
  return failures(mutation.tests, ['--import', './scripts/mutate-source.ts'], env);
}

/** Names of the tests that fail; throws where the run itself did, so that a crash does not count as noticed. */
async function failures(
  files: readonly string[],
  flags: readonly string[],
  env: Record<string, string>,
): Promise<string[]> {
  const args = [
    ...NODE_FLAGS,
    ...flags,
    '--test',
    '--test-isolation=none',
    '--test-reporter=./scripts/failures.ts',
    ...files,
  ];
  const { output } = await run(process.execPath, args, { env: { ...process.env, ...env } });
  const failed = [...output.matchAll(/^failed: (.*)$/gm)].map((match) => match[1]!);
  const crashed = !/^ran: [1-9]/m.test(output) || failed.some((name) => name.endsWith('.test.ts'));
  if (crashed) throw new Error(`the tests did not run:\n${output.slice(-3000)}`);
  return failed;
}
