/**
 * The fields that are the same for every response of a kind, joined once, at start: as a list, and as the text that
 * goes over the line.
 * @module
 */
import type { FieldList } from './steps.ts';

export interface ConstantFields {
  /** Flat list: name, value, name, value. */
  readonly list: FieldList;
  /** Lower-case names. */
  readonly names: ReadonlySet<string>;
  /** `name: value` lines, each with its line end. */
  readonly text: string;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Visible ASCII, spaces and tabs (RFC 9110, 5.5). Whatever ends a line would begin a field of its own. */
const VALUE = /^[\t\x20-\x7e]*$/;
/** Fields by which a server frames the message or keeps the connection: those are Node's to decide, response by response. */
const FRAMING: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Names that were found sound, each with the last value that was: most change seldom, and are told by comparing. A cookie
 * is never kept: it is somebody's session.
 */
const sound = new Map<string, string>();
/** A vocabulary, not what clients send: it comes from the code of protections. */
const NAMES_KEPT = 256;

/** Whether a field may leave as text. What may not is left to Node, which refuses it or frames the message by it. */
export function isReady(name: string, value: string): boolean {
  const last = sound.get(name);
  if (last === value) return true;
  if (!VALUE.test(value) || (last === undefined && (!TOKEN.test(name) || FRAMING.has(name)))) return false;
  if (last !== undefined || sound.size < NAMES_KEPT) sound.set(name, name === 'set-cookie' ? '' : value);
  return true;
}

/** Joins a flat list of lower-case names and values. Throws for what cannot be a constant field. */
export function constantFields(list: FieldList): ConstantFields {
  const names = new Set<string>();
  let text = '';
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!;
    const value = list[i + 1]!;
    if (!TOKEN.test(name)) throw new TypeError(`"${name}" is no field name`);
    if (FRAMING.has(name)) throw new TypeError(`${name} cannot be constant: it frames the message`);
    if (!VALUE.test(value)) throw new TypeError(`the value of ${name} holds what no field value may hold`);
    names.add(name);
    text += `${name}: ${value}\r\n`;
  }
  return Object.freeze({ list: Object.freeze([...list]), names, text });
}
