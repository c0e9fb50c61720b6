/**
 * Runs every suite, also after one failed, and ends with one line of totals. A suite that could not run, or that lost
 * its files, fails the run: silence must not look like success.
 * @module
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from './process.ts';
import type { TestRecord } from './recorder.ts';
import { suites } from './suites.ts';
import type { Suite } from './suites.ts';
import { ensureSystemPackages } from './system.ts';
import { cacheFolder, writeTestRun } from './test-record.ts';

/** A suite as a whole, and one test that hangs. */
const SUITE_LIMIT_MS = 5 * 60_000;
const TEST_LIMIT_MS = 2 * 60_000;

const filters = process.argv.slice(2);
const startedAt = Date.now();
const tests: TestRecord[] = [];
const faults: string[] = [];

for (const suite of suites(filters)) {
  if (suite.files.length > 0) await runSuite(suite);
  else if (filters.length === 0) faults.push(`suite ${suite.name} has no test file`);
}
if (tests.length === 0) faults.push('no test ran');
// Part of a run says nothing about the whole.
if (filters.length === 0) writeTestRun({ startedAt, tests });

for (const fault of faults) console.error(`dewar: ${fault}`);
console.log(`${count('passed')} passed, ${count('failed')} failed`);
process.exitCode = faults.length > 0 ? 1 : 0;

async function runSuite({ name, files, flags, needs }: Suite): Promise<void> {
  const command = await ensureSystemPackages(needs);
  if (command !== undefined) {
    faults.push(`suite ${name} did not run (${files.join(', ')}); first run: ${command}`);
    return;
  }
  console.log(`\n# ${name}: ${files.length} files`);
  const record = join(cacheFolder, `${name}.jsonl`);
  mkdirSync(cacheFolder, { recursive: true });
  rmSync(record, { force: true });
  const reporters = ['spec', 'stdout', join(import.meta.dirname, 'recorder.ts'), record];
  const { code } = await runNode(
    [
      '--test',
      `--test-timeout=${TEST_LIMIT_MS}`,
      ...flags,
      ...reporters.map((value, index) => `--test-reporter${index % 2 === 0 ? '' : '-destination'}=${value}`),
      ...files,
    ],
    { show: true, limit: SUITE_LIMIT_MS },
  );
  const recorded = existsSync(record) ? readFileSync(record, 'utf8').split('\n').filter(Boolean) : [];
  const results = recorded.map((line) => JSON.parse(line) as TestRecord);
  tests.push(...results);
  if (code === 0) return;
  faults.push(`suite ${name} failed (exit ${code})`);
  // A process that crashed, hung or refused to load reports no failed test itself.
  if (!results.some(({ result }) => result === 'failed')) tests.push({ name: `suite ${name}`, result: 'failed' });
}

function count(result: TestRecord['result']): number {
  return tests.filter((test) => test.result === result).length;
}
