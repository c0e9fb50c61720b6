import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runNode } from './process.ts';

const FIXTURE = `
import { before, describe, it } from 'node:test';
describe('outer', () => {
  it('passes [X-01]', () => {});
  it('is skipped', { skip: true }, () => {});
  it('is still to do', { todo: 'later' }, () => { throw new Error(); });
  describe('inner', () => { it('fails', () => { throw new Error(); }); });
});
describe('hook', () => { before(() => { throw new Error(); }); it('never runs', () => {}); });
describe('empty', () => {});
it('stands alone', () => {});
`;

describe('recorder', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'dewar-recorder-'));
    writeFileSync(join(folder, 'a.test.mjs'), FIXTURE);
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const isolation of ['none', 'process']) {
    it(`names each test that really ran, with isolation ${isolation}`, async () => {
      const record = join(folder, `${isolation}.jsonl`);
      const reporter = [
        `--test-reporter=${join(import.meta.dirname, 'recorder.ts')}`,
        `--test-reporter-destination=${record}`,
      ];
      // Without this mark node:test takes the run for one of its own files.
      delete process.env['NODE_TEST_CONTEXT'];
      await runNode(['--test', `--test-isolation=${isolation}`, ...reporter, join(folder, 'a.test.mjs')]);
      const lines = readFileSync(record, 'utf8').trim().split('\n');
      assert.deepEqual(
        lines.map((line) => Object.values(JSON.parse(line) as object).join(': ')),
        [
          'outer > passes [X-01]: passed',
          'outer > is skipped: skipped',
          'outer > is still to do: skipped',
          'outer > inner > fails: failed',
          'hook > never runs: failed',
          'hook: failed',
          'stands alone: passed',
        ],
      );
    });
  }
});
