/**
 * Which test file runs in which suite. Every file named `*.test.ts` belongs to exactly one.
 * @module
 */
import { sourceFiles } from './tree.ts';
import { CHROMIUM, OPENSSL, PYTHON_LIBRARIES } from './system.ts';
import type { SystemPackage } from './system.ts';

/** Test files that run together, in one way. */
export interface Suite {
  readonly name: string;
  readonly files: readonly string[];
  /** How node:test is to run them. */
  readonly flags: readonly string[];
  readonly needs: readonly SystemPackage[];
}

/** The suites in the order they run, each with its files whose path contains one of the filters. */
export function suites(filters: readonly string[]): readonly Suite[] {
  const tests = sourceFiles().filter(
    (file) => file.endsWith('.test.ts') && (filters.length === 0 || filters.some((filter) => file.includes(filter))),
  );
  const filesOf = (suite: string): readonly string[] => tests.filter((file) => suiteOf(file) === suite);
  return [
    // Pure, with injected clock and stores: one process for all is thirty times faster than one for each.
    { name: 'fast', files: filesOf('fast'), flags: ['--test-isolation=none'], needs: [] },
    { name: 'isolated', files: filesOf('isolated'), flags: [], needs: [] },
    // Beside the libraries that Flask applications use, run as they are.
    { name: 'differential', files: filesOf('differential'), flags: [], needs: PYTHON_LIBRARIES },
    { name: 'browser', files: filesOf('browser'), flags: ['--test-concurrency=1'], needs: [CHROMIUM, OPENSSL] },
    { name: 'packed', files: filesOf('packed'), flags: [], needs: [] },
  ];
}

function suiteOf(file: string): string {
  if (file === 'test/packed.test.ts') return 'packed';
  if (file.startsWith('e2e/')) return 'browser';
  if (file.startsWith('test/differential/') || file.endsWith('.differential.test.ts')) return 'differential';
  return file.startsWith('packages/') && !file.endsWith('.server.test.ts') ? 'fast' : 'isolated';
}
