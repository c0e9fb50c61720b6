/**
 * What a client is told of wrong input: which fields, in few words, and never what it sent.
 * @module
 */
import type { Denial, InputClass, InputName, Issue } from '../kernel/index.ts';
import type { SchemaOptions } from './policy.ts';

export type SchemaCode = 'schema/invalid' | 'schema/unknown-field' | 'schema/unread-body';

/** One wrong field, as a member of the problem. */
export interface FieldError {
  readonly in: InputName;
  /** Names from the outside in, joined by dots; left out where the whole is wrong. */
  readonly path?: string;
  readonly message: string;
}

const MOST_ERRORS = 20;
const MOST_NAME = 64;
const MOST_PATH = 200;
const MOST_MESSAGE = 200;
/** Values that a message is searched for; whoever sends more gets our words. */
const MOST_VALUES = 200;

const CLASSES: Readonly<Record<InputName, InputClass>> = {
  params: 'target',
  query: 'query',
  headers: 'header',
  body: 'body',
};

/** A body that the handler is to read itself cannot be judged before it runs. */
export const UNREAD_BODY: Denial = Object.freeze({
  code: 'schema/unread-body',
  status: 415,
  by: 'schema',
  option: 'schema.body',
  input: 'body',
});

const UNKNOWN = 'is not known';

/** The refusal of a field that the schema does not know. */
export function unknownFieldDenial(where: InputName, path: readonly PropertyKey[]): Denial {
  return denial('schema/unknown-field', where, [errorOf(where, path, UNKNOWN)]);
}

/** The refusal of what a schema found wrong. */
export function invalidDenial(
  where: InputName,
  issues: readonly Issue[],
  input: unknown,
  messages: SchemaOptions['messages'],
): Denial {
  const errors: FieldError[] = [];
  for (const issue of issues) {
    const path = (issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step));
    const unknown = unknownPaths(issue, path);
    if (unknown.length > 0) errors.push(...unknown.map((one) => errorOf(where, one, UNKNOWN)));
    else errors.push(errorOf(where, path, messageOf(issue, path, input, messages)));
    if (errors.length >= MOST_ERRORS) break;
  }
  const code = errors.every(({ message }) => message === UNKNOWN) ? 'schema/unknown-field' : 'schema/invalid';
  return denial(code, where, errors.slice(0, MOST_ERRORS));
}

function denial(code: SchemaCode, where: InputName, errors: readonly FieldError[]): Denial {
  return { code, status: 422, by: 'schema', option: `schema.${where}`, input: CLASSES[where], problem: { errors } };
}

function errorOf(where: InputName, path: readonly PropertyKey[], message: string): FieldError {
  if (path.length === 0) return { in: where, message };
  return { in: where, path: clip(path.map((name) => clip(String(name), MOST_NAME)).join('.'), MOST_PATH), message };
}

function clip(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/**
 * What a strict object does not know. zod puts the names beside the path of the object; others, of which valibot says
 * that nothing (`never`) was expected, put the name into it.
 */
function unknownPaths(issue: Issue, path: readonly PropertyKey[]): readonly (readonly PropertyKey[])[] {
  const { code, keys, expected } = issue as Issue & Readonly<Record<string, unknown>>;
  if (code === 'unrecognized_keys' && Array.isArray(keys))
    return keys.slice(0, MOST_ERRORS).map((key) => [...path, String(key)]);
  return expected === 'never' && path.length > 0 ? [path] : [];
}

function messageOf(
  issue: Issue,
  path: readonly PropertyKey[],
  input: unknown,
  messages: SchemaOptions['messages'],
): string {
  const said = String(issue.message);
  if (messages === 'library' && !holdsValue(said, input)) return clip(said, MOST_MESSAGE);
  return isMissing(path, input) ? 'is missing' : 'is not valid';
}

function isMissing(path: readonly PropertyKey[], input: unknown): boolean {
  let value = input;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return true;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[name];
  }
  return value === undefined;
}

/** True where a message quotes something of the input, or there is too much of it to tell. */
function holdsValue(message: string, input: unknown): boolean {
  const text = message.toLowerCase();
  const open: unknown[] = [input];
  for (let seen = 0; open.length > 0; seen++) {
    if (seen >= MOST_VALUES) return true;
    const value = open.pop();
    if (typeof value === 'object' && value !== null) open.push(...Object.values(value).slice(0, MOST_VALUES));
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      // The empty text stands in every message, and tells nothing.
      const sought = String(value).trim().toLowerCase();
      if (sought !== '' && text.includes(sought)) return true;
    }
  }
  return false;
}
