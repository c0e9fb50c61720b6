/**
 * Events as JSON lines. A line is one line whatever a client sent, secrets are cut out by name,
 * and a slow reader costs log lines, never requests.
 * @module
 */
import { write as writeFile, writeSync } from 'node:fs';
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
  /** Writes what waits and returns when it is out. For shut-down. */
  flush(): void;
  close(): void;
}

/** Field names whose values never reach a log, wherever they stand. */
const SECRET_NAME = /pass(word|phrase)?$|secret|token|cookie|authorization|api[-_]?key|credential|private/i;
const REDACTED = '[redacted]';
/** C1 controls, line separators and bidirectional controls: legal in JSON, dangerous on a terminal. */
// oxlint-disable-next-line no-misleading-character-class
const UNSAFE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A sink that writes JSON lines to a file descriptor. */
export function eventLog(options: EventLogOptions = {}): EventLog {
  const { fd = 1, chunk = 16_384, wait = 250, backlog = 4_194_304 } = options;
  let buffer = '';
  let writing = '';
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;

  function pump(): void {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    if (writing !== '' || buffer === '') return;
    if (dropped > 0) {
      buffer += formatEvent({ name: 'log.dropped', at: Date.now(), fields: { lines: dropped } });
      dropped = 0;
    }
    writing = buffer;
    buffer = '';
    send(Buffer.from(writing));
  }

  function send(bytes: Buffer): void {
    writeFile(fd, bytes, (error, count) => {
      // A full pipe answers EAGAIN: the reader is slow, so wait and try again; the backlog bounds the memory.
      if (error?.code === 'EAGAIN') return void setTimeout(send, wait, bytes).unref();
      // Nobody reads any more (EPIPE, EBADF): dropping the lines is all that can be done.
      if (error === null && count < bytes.length) return send(bytes.subarray(count));
      writing = '';
      if (buffer.length >= chunk) pump();
      else if (buffer !== '') arm();
    });
  }

  function arm(): void {
    timer ??= setTimeout(pump, wait).unref();
  }

  function flush(): void {
    const rest = writing + buffer;
    writing = buffer = '';
    try {
      writeSync(fd, rest);
    } catch {
      // At shut-down there is nobody left to tell.
    }
  }

  process.on('exit', flush);
  return {
    sink(event) {
      if (buffer.length + writing.length > backlog) {
        dropped++;
        return;
      }
      buffer += formatEvent(event);
      if (buffer.length >= chunk) pump();
      else if (timer === undefined) arm();
    },
    flush,
    close() {
      flush();
      process.off('exit', flush);
    },
  };
}

let second = 0;
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

/** One event as one line of JSON, with its line feed. */
export function formatEvent(event: SecurityEvent): string {
  let out = `{"time":"${time(event.at)}","level":"${levelOf(event.name)}","event":"${event.name}"`;
  const fields: Record<string, unknown> = { ...event.fields };
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) out += `,"${name}":${SECRET_NAME.test(name) ? `"${REDACTED}"` : text(value)}`;
  }
  return `${out}}\n`;
}

const PLAIN = /^[\w \-./:*@,=+&~!]*$/;

function text(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  return JSON.stringify(value, hide).replace(UNSAFE, escape);
}

function hide(name: string, value: unknown): unknown {
  return name !== '' && SECRET_NAME.test(name) ? REDACTED : value;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
