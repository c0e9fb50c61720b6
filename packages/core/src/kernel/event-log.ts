/**
 * Events as JSON lines. A line is one line whatever a client sent, secrets are cut out by name,
 * and a slow reader costs log lines, never requests.
 * @module
 */
import { writeSync } from 'node:fs';
import { levelOf } from './events.ts';
import type { EventSink, SecurityEvent } from './events.ts';

export interface EventLogOptions {
  /** File descriptor. @default 1, standard output */
  readonly fd?: number;
  /** Characters that are gathered before they are written. @default 16384 */
  readonly chunk?: number;
  /** Longest wait of a line, in milliseconds. @default 250 */
  readonly wait?: number;
  /** Characters that may wait for a slow reader; what comes beyond is dropped and counted. @default 4194304 */
  readonly backlog?: number;
}

export interface EventLog {
  readonly sink: EventSink;
  /** Writes what waits, and waits a second at most for a slow reader. For shut-down. */
  flush(): void;
  /** Flushes, and lets go of the process. */
  close(): void;
}

/** Field names whose values never reach a log, wherever they stand. */
const SECRET_NAME = /pass(word|phrase)?$|secret|token|cookie|authorization|api[-_]?key|credential|private/i;
const REDACTED = '[redacted]';

/** Whether a name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** C1 controls, line separators and bidirectional controls: legal in JSON, dangerous on a terminal. */
// oxlint-disable-next-line no-misleading-character-class
const UNSAFE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const NOTHING = Buffer.alloc(0);
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
  let lines = '';
  let out = NOTHING;
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  unblock(fd);

  /** Writes what the reader takes now; false where it takes no more. */
  function pump(): boolean {
    clearTimeout(timer);
    timer = undefined;
    while (out.length > 0 || lines !== '' || dropped > 0) {
      if (out.length === 0) take();
      try {
        out = out.subarray(writeSync(fd, out));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
          timer = setTimeout(pump, RETRY).unref();
          return false;
        }
        // Nobody reads any more (EPIPE, EBADF): dropping the lines is all that can be done.
        out = NOTHING;
      }
    }
    return true;
  }

  function take(): void {
    if (dropped > 0) lines += formatEvent({ name: 'log.dropped', at: Date.now(), fields: { lines: dropped } });
    dropped = 0;
    out = Buffer.from(lines);
    lines = '';
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
    if (lines.length + out.length > backlog) {
      dropped++;
      return;
    }
    lines += formatEvent(event);
    // While a reader is slow its timer tries again, not every event.
    if (lines.length >= chunk && out.length === 0) pump();
    else timer ??= setTimeout(pump, wait).unref();
  };
  return { sink: Object.assign(sink, { close }), flush, close };
}

const SLEEP = new Int32Array(new SharedArrayBuffer(4));

/** A pipe is as its creator left it, and usually blocks. Node's own stream over it makes it non-blocking. */
function unblock(fd: number): void {
  if (fd === 1) void process.stdout;
  else if (fd === 2) void process.stderr;
}

let second = -1;
let prefix = '';

/** ISO 8601 time; the part down to the second is made once a second. */
function time(at: number): string {
  const whole = Math.floor(at / 1000);
  if (whole !== second) {
    second = whole;
    prefix = new Date(whole * 1000).toISOString().slice(0, 20);
  }
  return `${prefix}${String(at % 1000).padStart(3, '0')}Z`;
}

/** `,"name":` by field name, or `null` for one whose value is never told. The vocabulary is small, so it is kept. */
const KEYS = new Map<string, string | null>();
const KEYS_KEPT = 512;

function keyOf(name: string): string | null {
  const key = SECRET_NAME.test(name) ? null : `,${JSON.stringify(name)}:`;
  if (KEYS.size < KEYS_KEPT) KEYS.set(name, key);
  return key;
}

/** One event as one line of JSON, with its line feed. */
export function formatEvent(event: SecurityEvent): string {
  let out = `{"time":"${time(event.at)}","level":"${levelOf(event.name)}","event":"${event.name}"`;
  const fields = event.fields as Readonly<Record<string, unknown>>;
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined) continue;
    const key = KEYS.get(name) ?? keyOf(name);
    out += key === null ? `,${JSON.stringify(name)}:"${REDACTED}"` : key + text(value);
  }
  return `${out}}\n`;
}

const PLAIN = /^[\w \-./:*@,=+&~!]*$/;

function text(value: unknown): string {
  if (typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  try {
    // What JSON cannot say (a function) is `undefined` here.
    return (JSON.stringify(value, hide) ?? 'null').replace(UNSAFE, escape);
  } catch {
    return '"[unreadable]"';
  }
}

function hide(name: string, value: unknown): unknown {
  return name !== '' && SECRET_NAME.test(name) ? REDACTED : value;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
