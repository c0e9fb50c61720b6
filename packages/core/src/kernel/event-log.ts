/**
 * A sink that writes events as lines. A slow reader costs log lines, never requests.
 * @module
 */
import { writeSync } from 'node:fs';
import { formatEvent } from './event-line.ts';
import type { EventSink, SecurityEvent } from './events.ts';

export interface EventLogOptions {
  /** File descriptor. @default 1, standard output */
  readonly fd?: number;
  /** Bytes that are gathered before they are written. @default 16384 */
  readonly chunk?: number;
  /** Longest wait of a line, in milliseconds. @default 250 */
  readonly wait?: number;
  /** Bytes that may wait for a slow reader; what comes beyond is dropped and counted. @default 4194304 */
  readonly backlog?: number;
}

export interface EventLog {
  readonly sink: EventSink;
  /** Writes what waits, and waits a second at most for a slow reader. For shut-down. */
  flush(): void;
  /** Flushes, and lets go of the process. */
  close(): void;
}

/** Milliseconds until a full pipe is tried again. */
const RETRY = 10;
/** Milliseconds that a shut-down waits for a reader. */
const PATIENCE = 1000;

/**
 * A sink that writes JSON lines to a file descriptor. Writes are synchronous, so that at any moment it is known what
 * is out: nothing is lost or written twice at exit. They do not block, see `unblock`.
 */
export function eventLog(options: EventLogOptions = {}): EventLog {
  const { fd = 1, chunk = 16_384, wait = 250, backlog = 4_194_304 } = options;
  const waiting = new Waiting(2 * chunk);
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let slow = false;
  unblock(fd);

  /** Writes what the reader takes now; false where it takes no more. */
  function pump(): boolean {
    clearTimeout(timer);
    timer = undefined;
    while (waiting.bytes > 0 || dropped > 0) {
      if (waiting.bytes === 0) tellDropped();
      try {
        waiting.writeTo(fd);
      } catch (error) {
        slow = (error as NodeJS.ErrnoException).code === 'EAGAIN';
        if (slow) {
          timer = setTimeout(pump, RETRY).unref();
          return false;
        }
        // Nobody reads any more (EPIPE, EBADF): dropping the lines is all that can be done.
        waiting.clear();
      }
    }
    slow = false;
    return true;
  }

  function tellDropped(): void {
    waiting.add(formatEvent({ name: 'log.dropped', at: Date.now(), fields: { lines: dropped } }));
    dropped = 0;
  }

  function flush(): void {
    const end = Date.now() + PATIENCE;
    while (!pump() && Date.now() < end) Atomics.wait(SLEEP, 0, 0, RETRY);
  }

  function close(): void {
    flush();
    clearTimeout(timer);
    process.off('exit', flush);
  }

  process.on('exit', flush);
  const sink = (event: SecurityEvent): void => {
    if (waiting.bytes > backlog) {
      dropped++;
      return;
    }
    waiting.add(formatEvent(event));
    // While a reader is slow its timer tries again, not every event.
    if (waiting.bytes >= chunk && !slow) pump();
    else timer ??= setTimeout(pump, wait).unref();
  };
  return { sink: Object.assign(sink, { close }), flush, close };
}

/**
 * Lines that wait, as bytes. Each is encoded at once, while it is fresh: gathered as text, its pieces would live
 * through several garbage collections, which costs more than the line.
 */
class Waiting {
  readonly #least: number;
  #buffer: Buffer;
  #start = 0;
  #end = 0;

  constructor(least: number) {
    this.#least = least;
    this.#buffer = Buffer.allocUnsafeSlow(least);
  }

  get bytes(): number {
    return this.#end - this.#start;
  }

  add(line: string): void {
    // No character takes more than three bytes in UTF-8.
    const most = 3 * line.length;
    if (this.#end + most > this.#buffer.length) this.#makeRoom(most);
    this.#end += this.#buffer.write(line, this.#end);
  }

  /** Writes what the descriptor takes; throws what `writeSync` throws, and then nothing was taken. */
  writeTo(fd: number): void {
    this.#start += writeSync(fd, this.#buffer, this.#start, this.bytes);
    if (this.bytes === 0) this.clear();
  }

  clear(): void {
    this.#start = this.#end = 0;
    // What a slow reader made it grow to is given back.
    if (this.#buffer.length > 4 * this.#least) this.#buffer = Buffer.allocUnsafeSlow(this.#least);
  }

  #makeRoom(most: number): void {
    const kept = this.#buffer.subarray(this.#start, this.#end);
    const enough = 2 * (kept.length + most) <= this.#buffer.length;
    const next = enough ? this.#buffer : Buffer.allocUnsafeSlow(2 * (kept.length + most));
    kept.copy(next);
    this.#end -= this.#start;
    this.#start = 0;
    this.#buffer = next;
  }
}

const SLEEP = new Int32Array(new SharedArrayBuffer(4));

/** A pipe is as its creator left it, and usually blocks. Node's own stream over it makes it non-blocking. */
function unblock(fd: number): void {
  if (fd === 1) void process.stdout;
  else if (fd === 2) void process.stderr;
}
