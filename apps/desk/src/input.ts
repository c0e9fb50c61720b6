/**
 * What people typed: read field by field, by a schema, and judged before anything is done with it.
 * @module
 */
import { z } from 'zod';
import { SEARCH_MOST } from './ticket-search.ts';
import { PRIORITIES } from './tickets.ts';
import type { NewTicket, Place, Priority, Status } from './tickets.ts';

/** What is wrong with one field, in words for the person who filled it in. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

/** Most characters of each text. */
export const SUBJECT_MOST = 120;
export const MESSAGE_MOST = 5000;
export const PHONE_MOST = 30;

/** Controls but line ends and tabs, halves of characters, and what turns the direction of all that follows. */
const UNSHOWABLE = /(?![\n\t])\p{Cc}|[\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/** What separates lines or columns, and so makes one line of a list look like two. */
const BREAK = /[\n\t\u2028\u2029]/;

/** Nothing but white space, formats, and characters that fonts leave blank: a ticket with no link to click on. */
const INVISIBLE = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}\u0085\u2800\u{1d159}]*$/u;

/** Digits, at least five, and what people put between them. */
const PHONE = /^\+?\(?[0-9](?:[ ()./-]*[0-9]){4,}\)?$/;

/** A text that has to be there; `missing` is as in "Write a message". Line ends are made plain. */
function text(missing: string, most: number): z.ZodString {
  return z
    .string({ error: `${missing}.` })
    .overwrite((typed) => typed.replace(/\r\n?/g, '\n'))
    .check((c) => {
      const length = [...c.value].length;
      const message = INVISIBLE.test(c.value)
        ? `${missing}.`
        : length > most
          ? `Write at most ${most} characters; there are ${length}.`
          : UNSHOWABLE.test(c.value)
            ? 'Take out the characters that cannot be shown.'
            : undefined;
      if (message !== undefined) c.issues.push({ code: 'custom', input: c.value, message });
    });
}

const subject = text('Write what it is about', SUBJECT_MOST)
  .refine((typed) => UNSHOWABLE.test(typed) || INVISIBLE.test(typed) || !BREAK.test(typed), 'Write it in one line.')
  .overwrite((typed) => typed.trim());
const message = text('Write a message', MESSAGE_MOST);
const phone = z
  .string({ error: 'Write a telephone number.' })
  .trim()
  .max(PHONE_MOST, `Write at most ${PHONE_MOST} characters.`)
  .refine((typed) => typed === '' || PHONE.test(typed), 'Write a telephone number, such as +44 20 7946 0321.')
  .default('');

export interface ListJson {
  readonly status?: Status | undefined;
  readonly who?: 'me' | 'nobody' | undefined;
  readonly q?: string | undefined;
  readonly behind?: Place | undefined;
}

/** The form that opens a ticket. */
export const newTicket: z.ZodType<Required<NewTicket>> = z.object({ subject, body: message, phone });

/** The form that answers in one. */
export const answer: z.ZodType<{ readonly body: string }> = z.object({ body: message });

/** How soon a ticket has to be answered, and by whom; the empty text is nobody. */
export const triage: z.ZodType<{ readonly priority: Priority; readonly assignee: string }> = z.object({
  priority: z.enum(PRIORITIES, { error: 'Choose a priority.' }),
  assignee: z.string({ error: 'Choose somebody of the desk.' }),
});

/** Where the page before ended, as its answer says it. */
const place = z
  .string()
  .regex(/^\d{1,15}\.\d{1,15}$/, 'Send what the answer before calls "next".')
  .transform((typed): Place => {
    const [updatedAt, id] = typed.split('.').map(Number) as [number, number];
    return { updatedAt, id };
  });

/** What the interface can be asked for a list of tickets. */
export const listJson: z.ZodType<ListJson> = z.strictObject({
  status: z.enum(['open', 'closed'], { error: 'Write open or closed.' }).optional(),
  who: z.enum(['me', 'nobody'], { error: 'Write me or nobody.' }).optional(),
  q: z.string().max(SEARCH_MOST, `Look for at most ${SEARCH_MOST} characters.`).optional(),
  behind: place.optional(),
});

/** The same as JSON. A member that nobody asked for is a mistake, and is said to be one. */
export const newTicketJson: z.ZodType<Required<NewTicket>> = z.strictObject({ subject, body: message, phone });
export const answerJson: z.ZodType<{ readonly body: string; readonly internal: boolean }> = z.strictObject({
  body: message,
  internal: z.boolean({ error: 'Write true or false.' }).default(false),
});

/** What was read: a value, or every fault. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads a body by a schema. What is no object has no fields. */
export function readInput<T>(schema: z.ZodType<T>, body: unknown): Read<T> {
  const fields = typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
  const read = schema.safeParse(fields);
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, faults: read.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })) };
}

/** One field of a body, as text with plain line ends; the empty string where it is missing, repeated or no text. */
export function textOf(body: unknown, field: string): string {
  const value = fieldOf(body, field);
  return typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : '';
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
