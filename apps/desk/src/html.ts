/**
 * Pages as tagged templates: every value is escaped, whatever it is, unless it is markup that a template made.
 * Attributes are always quoted; no value stands in a script, a style or an event handler.
 * @module
 */

/** Markup. Only `html` and `raw` make it. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: text, numbers, markup, lists of these; what is absent leaves nothing. */
export type Value = string | number | Html | null | undefined | false | readonly Value[];

/** A template whose values are escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = parts[0]!;
  for (let i = 0; i < values.length; i++) text += print(values[i]) + parts[i + 1]!;
  return new Html(text);
}

/** Text that is markup already. Say of each call who made it. */
export function raw(text: string): Html {
  return new Html(text);
}

function print(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  // Any other object is text, whatever it claims to be.
  return Array.isArray(value) ? value.map(print).join('') : escape(String(value));
}

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (found) => ESCAPED[found]!) : text;
}
