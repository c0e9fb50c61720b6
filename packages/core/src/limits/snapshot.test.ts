/**
 * Counters that outlive a restart, and files that are none.
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { limit } from './index.ts';
import type { LimitRule } from './index.ts';
import { limitsStage, passThenRefuse } from './stage.test.ts';
import type { LimitsStage } from './stage.test.ts';

const folder = mkdtempSync(join(tmpdir(), 'dewar-limits-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => join(folder, `${++files}.bin`);

function on(snapshot: string, rule: LimitRule = limit('3 per hour', { name: 'x' }), more = {}): LimitsStage {
  return limitsStage({ address: false, rules: [rule], reason: 'these limits alone are looked at', snapshot, ...more });
}

/** What is in the file after three requests and a stop. */
async function used(file: string, rule?: LimitRule, more?: object): Promise<Buffer> {
  const first = on(file, rule, more);
  assert.deepEqual(await first.statuses(3), passThenRefuse(3, 0));
  await first.kernel.close();
  return readFileSync(file);
}

describe('a snapshot', () => {
  it('keeps counters over a restart, and holds no address', async () => {
    const file = newFile();
    const bytes = await used(file);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!bytes.includes('192.0.2') && !bytes.includes(Buffer.from([192, 0, 2, 1])));
    const second = on(file);
    assert.equal((await second.ask()).status, 429);
    assert.equal((await second.ask({ peer: '192.0.2.9' })).status, 200);
    second.advance(3_600_000);
    assert.deepEqual(await second.statuses(4), passThenRefuse(3, 1));
    await second.kernel.close();
    assert.deepEqual(second.said('limits.snapshot_failed'), []);
  });

  it('keeps blocks as well', async () => {
    const file = newFile();
    const meta = { meta: { refusals: '1 per hour', block: '2 hours' } };
    const first = on(file, limit('1 per second', { name: 'x' }), meta);
    assert.deepEqual(await first.statuses(3), passThenRefuse(1, 2));
    await first.kernel.close();
    const second = on(file, limit('1 per second', { name: 'x' }), meta);
    second.advance(5000);
    assert.equal((await second.ask()).denial?.code, 'limits/blocked');
  });

  it('drops what is full again, and what belongs to a limit that was changed', async () => {
    const file = newFile();
    await used(file);
    const changed = on(file, limit('4 per hour', { name: 'x' }));
    assert.deepEqual(await changed.statuses(5), passThenRefuse(4, 1));
    const late = on(file);
    // Before it is read: reading waits for the disk.
    late.advance(3_600_000);
    await late.ready;
    assert.equal(late.kernel.part('limits')!.report().tables[0]!.used, 0);
  });

  const cut = (bytes: Buffer): Buffer => bytes.subarray(0, -7);
  const changed = (bytes: Buffer): Buffer => {
    bytes[bytes.length - 40]! ^= 1;
    return bytes;
  };
  const rows: readonly (readonly [what: string, spoil: (bytes: Buffer) => Buffer | string, reason: RegExp])[] = [
    ['cut off', cut, /changed, cut off/],
    ['changed by one bit', changed, /changed, cut off/],
    ['empty', () => '', /no snapshot/],
    ['something else', () => '{"limits":[]}'.repeat(20), /no snapshot/],
    ['of another version', (bytes) => Buffer.from(bytes.toString('latin1').replace('limits 1', 'limits 9'), 'latin1'), /no snapshot/],
  ]; // prettier-ignore
  for (const [what, spoil, reason] of rows) {
    it(`that is ${what} is told, and everybody starts anew`, async () => {
      const file = newFile();
      writeFileSync(file, spoil(await used(file)));
      const second = on(file);
      assert.deepEqual(await second.statuses(4), passThenRefuse(3, 1));
      const [said] = second.said('limits.snapshot_failed');
      assert.deepEqual([said?.file, said?.what], [file, 'read']);
      assert.match(said!.reason, reason);
    });
  }

  it('that cannot be written is told, and stops nothing', async () => {
    const file = join(folder, 'no-such-folder', 'limits.bin');
    const stage = on(file);
    await stage.ask();
    await stage.kernel.close();
    assert.deepEqual(
      stage.said('limits.snapshot_failed').map(({ what }) => what),
      ['write'],
    );
  });

  it('follows no link that somebody put where it writes', async () => {
    const file = newFile();
    const victim = newFile();
    writeFileSync(victim, 'precious');
    symlinkSync(victim, `${file}.new`);
    await used(file);
    assert.equal(readFileSync(victim, 'utf8'), 'precious');
  });

  it('takes the place of an old one only when it is whole', async () => {
    const file = newFile();
    const before = await used(file);
    const stage = on(file);
    await stage.ask({ peer: '192.0.2.9' });
    chmodSync(file, 0o400);
    await stage.kernel.close();
    assert.notDeepEqual(readFileSync(file), before);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});
