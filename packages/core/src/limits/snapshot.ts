/**
 * Counters that outlive a restart, so that nobody gets a new set of guesses by making the process restart. Written every
 * minute and at the end; what cannot be read is told and forgotten, never a reason not to start.
 * @module
 */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { setImmediate as immediate } from 'node:timers/promises';
import type { Env } from '../kernel/index.ts';
import { readSnapshot, writeSnapshot } from './snapshot-format.ts';
import type { Bucket, Table } from './table.ts';

const EVERY_MS = 60_000;
const SLOTS_AT_ONCE = 8192;

export class Snapshot {
  readonly #file: string;
  readonly #tables: readonly Table[];
  readonly #env: Env;
  readonly #key: Buffer;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, tables: readonly Table[], env: Env) {
    this.#file = file;
    this.#tables = tables;
    this.#env = env;
    this.#key = env.keys.subkeys('limits.snapshot')[0]!;
  }

  /** Reads what is there, and begins to write. */
  async start(): Promise<void> {
    await this.#read();
    this.#timer = setInterval(() => void this.write(), EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.write();
  }

  /** Writes all counters, one writing after the other. */
  write(): Promise<void> {
    return (this.#writing = this.#writing.then(() => this.#write()));
  }

  async #read(): Promise<void> {
    try {
      const bytes = await readFile(this.#file);
      const quotas = this.#tables.flatMap((table) => table.quotas.map((quota) => ({ table, quota })));
      const tables = new Map(quotas.map(({ table, quota }) => [quota, table]));
      const buckets = readSnapshot(bytes, this.#key, tables.keys());
      if (typeof buckets === 'string') return this.#tell('read', buckets);
      const at = this.#env.clock.now() * 1000;
      for (const bucket of buckets) tables.get(bucket.quota)!.restore(bucket, at);
    } catch (error) {
      // The first start of all has none.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#tell('read', reasonOf(error));
    }
  }

  /** Whole or not at all: a new file, for its owner only, takes the place of the old one once it is on the disk. */
  async #write(): Promise<void> {
    const partial = `${this.#file}.new`;
    try {
      const at = this.#env.clock.now() * 1000;
      const bytes = writeSnapshot(await this.#collect(at), this.#key);
      await rm(partial, { force: true });
      // Made anew, never opened: what somebody put there, a link for example, is not followed.
      const file = await open(partial, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, this.#file);
    } catch (error) {
      this.#tell('write', reasonOf(error));
    }
  }

  /** All counters, a part at a time: no request waits for the whole. */
  async #collect(at: number): Promise<Bucket[]> {
    const rows: Bucket[] = [];
    for (const table of this.#tables) {
      for (let from = 0; from < table.slots; from += SLOTS_AT_ONCE) {
        for (const bucket of table.buckets(at, from, from + SLOTS_AT_ONCE)) rows.push(bucket);
        await immediate();
      }
    }
    return rows;
  }

  #tell(what: 'read' | 'write', reason: string): void {
    this.#env.emit('limits.snapshot_failed', { file: this.#file, what, reason });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
