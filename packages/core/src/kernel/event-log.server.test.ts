/**
 * The log of a real process: whole lines to a reader, at exit too; and a reader who does not read costs lines, not time.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const folder = mkdtempSync(join(tmpdir(), 'dewar-log-'));
after(() => rmSync(folder, { recursive: true }));

const PREAMBLE = `
import { eventLog } from ${JSON.stringify(join(import.meta.dirname, 'event-log.ts'))};
const say = (log, n) => log.sink({ name: 'log.dropped', at: 1_767_268_800_000, fields: { lines: n } });
const filler = 'x'.repeat(500);
const shout = (log, n) => log.sink({ name: 'policy.warning', at: 0, fields: { option: String(n), wrong: filler, write: '' } });
`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program; `read` false leaves its standard output unread until it ends. */
function run(program: string, { read = true, limit = 20_000 } = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', PREAMBLE + program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  if (read) child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  return new Promise((resolve) => {
    child.on(read ? 'close' : 'exit', (code) => {
      clearTimeout(timer);
      child.stdout.destroy();
      resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() });
    });
  });
}

/** The numbers of the lines, each of which must be whole. */
function numbers(out: string): number[] {
  const lines = out.split('\n');
  assert.equal(lines.pop(), '', 'the last line is cut off');
  return lines.map((line) => (JSON.parse(line) as { lines: number }).lines);
}

const ALL = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('a log whose reader reads', () => {
  it('has every line when the process ends by itself', async () => {
    const { code, out } = await run(`const log = eventLog(); for (let i = 0; i < 100; i++) say(log, i);`);
    assert.equal(code, 0);
    assert.deepEqual(numbers(out), ALL(100));
  });

  it('has every line, once and in order, when the process exits while some are on their way', async () => {
    const { code, out } = await run(
      `const log = eventLog({ chunk: 64 }); for (let i = 0; i < 5000; i++) say(log, i); process.exit(3);`,
    );
    assert.equal(code, 3);
    assert.deepEqual(numbers(out), ALL(5000));
  });

  it('has every line, once and in order, when it is closed while some are on their way', async () => {
    const { out } = await run(
      `const log = eventLog({ chunk: 64 });
       for (let i = 0; i < 2000; i++) say(log, i);
       log.close();
       process.exit(0);`,
    );
    assert.deepEqual(numbers(out), ALL(2000));
  });

  it('has every line of a process that is ended by an error', async () => {
    const { code, out, err } = await run(`const log = eventLog(); say(log, 0); throw new Error('the end');`);
    assert.equal(code, 1);
    assert.match(err, /the end/);
    assert.deepEqual(numbers(out), [0]);
  });

  it('has a line after its longest wait, while the process lives on', async () => {
    const { out } = await run(
      `const log = eventLog({ wait: 20 });
       say(log, 0);
       setTimeout(() => process.kill(process.pid, 'SIGKILL'), 500);`,
    );
    assert.deepEqual(numbers(out), [0]);
  });

  it('goes on in order over many chunks, with more than one pipe holds', async () => {
    const { out } = await run(
      `const log = eventLog({ chunk: 1000, wait: 5 });
       let i = 0;
       const more = () => { for (let n = 0; n < 500; n++) say(log, i++); if (i < 20_000) setImmediate(more); };
       more();`,
    );
    assert.deepEqual(numbers(out), ALL(20_000));
  });

  it('has every line in a file', async () => {
    const file = join(folder, 'events.jsonl');
    closeSync(openSync(file, 'w'));
    const { code } = await run(
      `import { openSync } from 'node:fs';
       const log = eventLog({ fd: openSync(${JSON.stringify(file)}, 'a'), chunk: 64 });
       for (let i = 0; i < 3000; i++) say(log, i);
       process.exit(0);`,
    );
    assert.equal(code, 0);
    assert.deepEqual(numbers(readFileSync(file, 'utf8')), ALL(3000));
  });
});

describe('a log whose reader does not read', () => {
  // Half a megabyte into a pipe of some 64 KiB or a socket of some 200.
  const FLOOD = `for (let i = 0; i < 20_000; i++) shout(log, i);`;

  it('never makes the process wait, and keeps no more than its backlog [LOG-14]', async () => {
    const { code, err } = await run(
      `const log = eventLog({ backlog: 1_000_000 });
       const before = process.memoryUsage().heapUsed;
       const start = performance.now();
       ${FLOOD}
       const took = performance.now() - start;
       let turns = 0;
       const timer = setInterval(() => {
         if (++turns < 10) return;
         clearInterval(timer);
         globalThis.gc?.();
         process.stderr.write(JSON.stringify({ took, turns, grown: process.memoryUsage().heapUsed - before }));
         process.kill(process.pid, 'SIGKILL');
       }, 10);`,
      { read: false },
    );
    assert.equal(code, null);
    const { took, turns, grown } = JSON.parse(err) as { took: number; turns: number; grown: number };
    assert.equal(turns, 10);
    assert.ok(took < 2000, `writing took ${took} ms`);
    assert.ok(grown < 20_000_000, `the heap has grown by ${grown}`);
  });

  it('lets the process exit all the same', async () => {
    const start = performance.now();
    const { code } = await run(`const log = eventLog({ chunk: 64 }); ${FLOOD} process.exit(4);`, {
      read: false,
      limit: 10_000,
    });
    assert.equal(code, 4, `the process did not end in ${Math.round(performance.now() - start)} ms`);
  });

  it('counts what was dropped, and says so once there is a reader again [LOG-14]', async () => {
    const child = spawn(
      process.execPath,
      [
        '--input-type=module-typescript',
        '--eval',
        `${PREAMBLE}
         const log = eventLog({ backlog: 100_000, wait: 10 });
         for (let i = 0; i < 20_000; i++) shout(log, i);
         process.stderr.write('full');
         setTimeout(() => shout(log, 'last'), 1500);
         setTimeout(() => process.exit(0), 3000);`,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await new Promise((resolve) => child.stderr.once('data', resolve));
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(timer);
    const lines = Buffer.concat(out).toString().trimEnd().split('\n');
    const read = lines.map((one) => JSON.parse(one) as { event: string; option?: string; lines?: number });
    const dropped = read.filter(({ event }) => event === 'log.dropped').reduce((sum, one) => sum + one.lines!, 0);
    const kept = read.filter(({ event }) => event === 'policy.warning').length;
    assert.ok(dropped > 0);
    assert.equal(kept + dropped, 20_001);
    assert.ok(read.some(({ option }) => option === 'last'));
  });
});

describe('a log whose reader is gone', () => {
  it('does not end the process', async () => {
    const child = spawn(
      process.execPath,
      [
        '--input-type=module-typescript',
        '--eval',
        `${PREAMBLE}
         const log = eventLog({ chunk: 64, wait: 5 });
         setTimeout(() => { for (let i = 0; i < 1000; i++) say(log, i); }, 200);
         setTimeout(() => process.exit(5), 600);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.once('exit', resolve));
    clearTimeout(timer);
    assert.equal(code, 5);
  });
});
