/**
 * What the JSON interface takes, as schemas: the texts are judged by the rules of the forms.
 * @module
 */
import { z } from 'zod';
import { faultOf, MESSAGE, plainLines, SUBJECT } from './input.ts';
import type { TextRule } from './input.ts';

function text(rule: TextRule): z.ZodType<string> {
  return z
    .string()
    .overwrite(plainLines)
    .refine((given) => faultOf(given, rule) === undefined);
}

export const NewTicket: z.ZodType<{ subject: string; body: string }> = z.object({
  subject: text(SUBJECT).transform((subject) => subject.trim()),
  body: text(MESSAGE),
});

export const NewMessage: z.ZodType<{ body: string; internal: boolean }> = z.object({
  body: text(MESSAGE),
  /** Seen by the desk alone; counts where one of the desk writes it. */
  internal: z.boolean().default(false),
});
