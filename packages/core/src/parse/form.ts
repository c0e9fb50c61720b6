/**
 * Forms with limits, by the one parser of queries: a form and a query of the same text are read alike.
 * @module
 */
import { parseQuery } from '../kernel/index.ts';
import type { Query } from '../kernel/index.ts';
import type { FormLimits } from './limits.ts';

export type FormFault = 'not-a-form' | 'fields' | 'text';

/** Names to values, or to all values of a name that stands there several times; or what the text is refused for. */
export function parseForm(text: string, { maxFields, maxName, maxText }: FormLimits): Query | FormFault {
  const limits = { maxParameters: maxFields, maxParameterName: maxName, maxParameterValue: maxText };
  const form = parseQuery(text, limits);
  if (typeof form !== 'string') return form;
  if (form === 'facts/query-count') return 'fields';
  return form === 'facts/query-size' ? 'text' : 'not-a-form';
}

/** No limit but the grammar, for what only observes. */
export const UNLIMITED_FORM: Readonly<FormLimits> = Object.freeze({
  maxFields: Infinity,
  maxName: Infinity,
  maxText: Infinity,
});
