/**
 * What the last whole `npm test` ran, kept for `npm run check`.
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRecord } from './recorder.ts';
import { root } from './tree.ts';

/** One whole run. */
export interface TestRun {
  /** Milliseconds since the epoch; a source changed later was not tested. */
  readonly startedAt: number;
  readonly tests: readonly TestRecord[];
}

/** Where records are kept: a place that an install clears and git ignores. */
export const cacheFolder: string = join(root, 'node_modules', '.cache', 'dewar');

const file = join(cacheFolder, 'tests.json');

/** Keeps a run, over the one before. */
export function writeTestRun(testRun: TestRun): void {
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(file, JSON.stringify(testRun, null, 1));
}

/** The last run, if there was one since the install. */
export function readTestRun(): TestRun | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestRun) : undefined;
}
