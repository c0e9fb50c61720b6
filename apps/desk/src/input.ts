/**
 * What people typed: read field by field, never copied whole, and judged before anything is done with it.
 * @module
 */

/** What is wrong with one field, in words for the person who filled it in. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

/** Bounds of a text that has to be there. */
export interface TextRule {
  readonly field: string;
  /** As in "Give the ticket …". */
  readonly missing: string;
  readonly most: number;
  /** @default false */
  readonly oneLine?: boolean;
}

export const SUBJECT: TextRule = Object.freeze({
  field: 'subject',
  missing: 'Write what it is about',
  most: 120,
  oneLine: true,
});
export const MESSAGE: TextRule = Object.freeze({ field: 'body', missing: 'Write a message', most: 5000 });

/** Controls but line ends and tabs, halves of characters, and what turns the direction of all that follows. */
const UNSHOWABLE = /(?![\n\t])\p{Cc}|[\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/** What separates lines or columns, and so makes one line of a list look like two. */
const BREAK = /[\n\t\u2028\u2029]/;

/** Nothing but white space, formats, and characters that fonts leave blank: a ticket with no link to click on. */
const INVISIBLE = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u0085\u2800\u{1d159}]*$/u;

/** One field of a body, as text with plain line ends; the empty string where it is missing, repeated or no text. */
export function textOf(body: unknown, field: string): string {
  const value = fieldOf(body, field);
  return typeof value === 'string' ? plainLines(value) : '';
}

/** The same text with line feeds alone. */
export function plainLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** All values of a field that may be repeated. */
export function textsOf(body: unknown, field: string): readonly string[] {
  const value = fieldOf(body, field);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one) => typeof one === 'string');
}

function fieldOf(body: unknown, field: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, field)) return undefined;
  return (body as Readonly<Record<string, unknown>>)[field];
}

/** Every fault of the texts. */
export function faultsOf(body: unknown, rules: readonly TextRule[]): readonly Fault[] {
  return rules.flatMap((rule) => {
    const message = faultOf(textOf(body, rule.field), rule);
    return message === undefined ? [] : [{ field: rule.field, message }];
  });
}

/** What is wrong with a text, or nothing. */
export function faultOf(text: string, { missing, most, oneLine = false }: TextRule): string | undefined {
  if (INVISIBLE.test(text)) return `${missing}.`;
  const { length } = [...text];
  if (length > most) return `Write at most ${most} characters; there are ${length}.`;
  if (UNSHOWABLE.test(text)) return 'Take out the characters that cannot be shown.';
  return oneLine && BREAK.test(text) ? 'Write it in one line.' : undefined;
}
