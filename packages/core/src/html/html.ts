/**
 * Pages as tagged templates: each value is escaped for the place it stands in, and a place that no escaping makes safe
 * takes none.
 * @module
 */
import { escape } from './escape.ts';
import { holeAt, HtmlError } from './errors.ts';
import { Attributes, Html, markup, TrustedUrl } from './markup.ts';
import { planOf } from './plan.ts';
import type { Plan, Take } from './plan.ts';
import { beginning, component, safeUrl, segment } from './url.ts';

/** Text of a place. What is absent leaves nothing. */
export type Scalar = string | number | bigint | null | undefined | false;

/** What may stand in a template: text, numbers, markup, lists of these; attributes between attributes; parameters behind a `?`. */
export type Value = Scalar | Html | Attributes | TrustedUrl | URLSearchParams | readonly Value[];

/** A template whose values are escaped for where they stand. Throws `HtmlError` for a place that takes none. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const plan = planOf(parts);
  const { takes } = plan;
  let text = parts[0]!;
  for (let i = 0; i < takes.length; i++) {
    const value = values[i];
    const take = takes[i]!;
    // These are nearly all there are. A whole number stands as it is wherever text stands.
    if (typeof value === 'string' && (take === 'text' || take === 'plain')) text += escape(value) + parts[i + 1]!;
    else if (typeof value === 'number' && (value | 0) === value && take !== 'attributes' && take !== 'trusted')
      text += value + parts[i + 1]!;
    else text += print(plan, i, take, value) + parts[i + 1]!;
  }
  return markup(text);
}

function print(plan: Plan, index: number, take: Take, value: unknown): string {
  if (value === null || value === undefined || value === false) return take === 'first' ? '.' : '';
  if (typeof value === 'string') return printText(plan, index, take, value);
  if (typeof value === 'number' || typeof value === 'bigint') return printText(plan, index, take, String(value));
  if (typeof value === 'object') {
    if (take === 'text' || take === 'plain') {
      if (Array.isArray(value)) return printList(plan, index, take, value);
      if (take === 'text') {
        const text = Html.textOf(value);
        if (text !== undefined) return text;
      }
    } else if (take === 'attributes') {
      const text = Attributes.textOf(value);
      if (text !== undefined) return text;
    } else if (take === 'url' || take === 'trusted' || take === 'listed') {
      const text = TrustedUrl.textOf(value);
      if (text !== undefined) return escape(beginning(text, plan.parts[index + 1]!));
    } else if (take === 'query' && value instanceof URLSearchParams) {
      return escape(URLSearchParams.prototype.toString.call(value));
    }
  }
  throw new HtmlError('html/value', `${holeAt(plan.parts, index)}: ${wrongValue(take, value)}`);
}

function printList(plan: Plan, index: number, take: Take, list: readonly unknown[]): string {
  let text = '';
  for (const one of list) text += print(plan, index, take, one);
  return text;
}

function printText(plan: Plan, index: number, take: Take, text: string): string {
  switch (take) {
    case 'text':
    case 'plain':
      return escape(text);
    case 'url':
      return escape(safeUrl(beginning(text, plan.parts[index + 1]!)));
    case 'query':
    case 'component':
      return escape(component(text));
    case 'segment':
      return escape(segment(text));
    case 'first':
      return text === '' ? '.' : escape(segment(text));
    case 'listed':
      return escape(safeUrl(beginning(text, plan.parts[index + 1]!)).replaceAll(/[\s,]/g, encodeURIComponent));
    case 'trusted':
    case 'attributes':
      throw new HtmlError('html/value', `${holeAt(plan.parts, index)}: ${wrongValue(take, text)}`);
  }
}

function wrongValue(take: Take, value: unknown): string {
  if (value instanceof Promise) return 'the value is a promise; await it';
  if (take === 'attributes') return 'text stands between attributes; write attr(name, value) or attributes({ … })';
  if (take === 'trusted')
    return "this address is run or framed as ours; write it out up to its first /, or trustedUrl(url, 'why')";
  if (typeof value === 'object' && value !== null && Html.textOf(value) !== undefined)
    return 'markup stands where only text can; write the text';
  return `the value is ${Array.isArray(value) ? 'a list' : typeof value}; write text, a number or html\`…\``;
}
