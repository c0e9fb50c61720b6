/**
 * An event as a line of JSON: one line whatever a client sent, and secrets cut out by name.
 * @module
 */
import { levelOf } from './events.ts';
import type { SecurityEvent } from './events.ts';

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

let second = -1;
let prefix = '';

/** How a line begins, up to the second; made once a second. */
function opening(at: number): string {
  const whole = Math.floor(at / 1000);
  if (whole !== second) {
    second = whole;
    prefix = `{"time":"${new Date(whole * 1000).toISOString().slice(0, 20)}`;
  }
  return prefix;
}

/** Milliseconds as three digits. */
const MILLISECONDS: readonly string[] = Array.from({ length: 1000 }, (_, ms) => String(ms).padStart(3, '0'));

/** What stands between the time and the fields, by event. The vocabulary is small, so it is kept. */
const NAMES = new Map<string, string>();

function nameOf(event: SecurityEvent): string {
  const { name } = event;
  const known = NAMES.get(name);
  if (known !== undefined) return known;
  const text = `Z","level":"${levelOf(name)}","event":${JSON.stringify(name)}`;
  if (NAMES.size < KEPT) NAMES.set(name, text);
  return text;
}

/** A field's name as it stands in a line, and the last short value with it: methods, routes and clients come in runs. */
interface Key {
  /** `,"name":`, or with the redacted value behind it. */
  readonly text: string;
  readonly secret: boolean;
  last: string;
  /** `text` and `last` as JSON, one flat string: a line of many small pieces is costly to write. */
  pair: string;
}

const KEYS = new Map<string, Key>();
const KEPT = 512;
/** Characters of a value that is worth remembering. */
const SHORT = 64;

function keyOf(name: string): Key {
  const secret = SECRET_NAME.test(name);
  const text = secret ? `,${JSON.stringify(name)}:"${REDACTED}"` : `,${JSON.stringify(name)}:`;
  const key: Key = { text, secret, last: '', pair: `${text}""` };
  if (KEYS.size < KEPT) KEYS.set(name, key);
  return key;
}

/** One event as one line of JSON, with its line feed. */
export function formatEvent(event: SecurityEvent): string {
  const { at } = event;
  let out = opening(at) + MILLISECONDS[Math.floor(at) % 1000]! + nameOf(event);
  const fields = event.fields as Readonly<Record<string, unknown>>;
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined) continue;
    const key = KEYS.get(name) ?? keyOf(name);
    out += key.secret
      ? key.text
      : typeof value === 'string' && value.length <= SHORT
        ? pairOf(key, value)
        : key.text + text(value);
  }
  return `${out}}\n`;
}

function pairOf(key: Key, value: string): string {
  if (value === key.last) return key.pair;
  key.last = value;
  return (key.pair = key.text + text(value));
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
