/**
 * Compares docs/coverage.md with the tests that really ran: a requirement counts as proven only by a test that carries
 * its id in brackets and passed.
 * @module
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTestRun } from './test-record.ts';
import type { TestRecord } from './recorder.ts';
import { root, sourceFiles } from './tree.ts';

const STATUSES: readonly string[] = ['proven', 'declined', 'later'];
/** The requirements that must have a row: S-01 to S-72. */
const REQUIRED: readonly string[] = Array.from({ length: 72 }, (_, index) => `S-${String(index + 1).padStart(2, '0')}`);
const ID = '[A-Z]+-\\d{2,}|c[12]-[a-z0-9-]+';
const TAG: RegExp = new RegExp(`\\[(${ID})\\]`, 'g');
const ROW: RegExp = new RegExp(`^\\|\\s*(${ID})\\s*\\|([^|]*)\\|(.*)\\|\\s*$`);

/** All that is wrong with the document, one fault a line. */
export function compareCoverage(document: string, tests: readonly TestRecord[]): readonly string[] {
  const faults: string[] = [];
  const status = new Map<string, string>();
  for (const line of document.split('\n')) {
    const [, id, cell = '', by = ''] = ROW.exec(line) ?? [];
    if (id === undefined) continue;
    if (status.has(id)) faults.push(`${id} has two rows`);
    status.set(id, cell.trim());
    if (!STATUSES.includes(cell.trim())) faults.push(`${id}: "${cell.trim()}" is none of ${STATUSES.join(', ')}`);
    if (by.trim() === '') faults.push(`${id} says nothing about what it is ${cell.trim()} by`);
  }
  const passed = tagged(tests, 'passed');
  const failed = tagged(tests, 'failed');
  for (const id of REQUIRED) if (!status.has(id)) faults.push(`${id} has no row`);
  for (const [id, value] of status) {
    if (value === 'proven' && !passed.has(id)) faults.push(`${id} is proven by no test that ran and passed`);
    if (value === 'proven' && failed.has(id)) faults.push(`${id} is called proven, and a test of it failed`);
  }
  for (const id of passed) {
    if (status.get(id) !== 'proven')
      faults.push(`${id} is proven by a test, and called ${status.get(id) ?? 'nothing'}`);
  }
  return faults;
}

/** The check of `npm run check`. */
export function checkCoverage(): string {
  const document = join(root, 'docs', 'coverage.md');
  if (!existsSync(document)) return 'docs/coverage.md is missing';
  const testRun = readTestRun();
  if (testRun === undefined) return 'no test has run since the install: run npm test first';
  const changed = sourceFiles().find((file) => /\.(ts|tsx|js|mjs)$/.test(file) && changedAt(file) > testRun.startedAt);
  if (changed !== undefined) return `${changed} has changed since the last test run: run npm test first`;
  return compareCoverage(readFileSync(document, 'utf8'), testRun.tests).join('\n');
}

function tagged(tests: readonly TestRecord[], result: TestRecord['result']): ReadonlySet<string> {
  const names = tests.filter((test) => test.result === result).map(({ name }) => name);
  return new Set(names.flatMap((name) => [...name.matchAll(TAG)].map(([, id]) => id!)));
}

function changedAt(file: string): number {
  return statSync(join(root, file)).mtimeMs;
}
