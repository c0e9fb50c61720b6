/**
 * Attributes that stand only sometimes: `<input ${attributes({ checked, disabled })} />`.
 * @module
 */
import { escape } from './escape.ts';
import { HtmlError } from './errors.ts';
import { attributeList } from './markup.ts';
import type { Attributes } from './markup.ts';
import { isPlain } from './names.ts';
import type { Scalar } from './html.ts';

/** One attribute: `true` gives its name alone, what is absent leaves it out. ARIA knows no bare names: `="true"`. */
export function attr(name: string, value: Scalar | true): Attributes {
  return attributeList(one(name, value));
}

/** Several attributes, in their order. */
export function attributes(values: Readonly<Record<string, Scalar | true>>): Attributes {
  let text = '';
  for (const name of Object.keys(values)) text += one(name, values[name]);
  return attributeList(text);
}

function one(name: string, value: unknown): string {
  if (!isPlain(name)) throw new HtmlError('html/attribute', `attributes: ${JSON.stringify(name)} ${whyNot(name)}`);
  if (value === null || value === undefined || value === false) return '';
  if (value === true) return name.startsWith('aria-') ? ` ${name}="true"` : ` ${name}`;
  if (typeof value === 'string') return ` ${name}="${escape(value)}"`;
  if (typeof value === 'number' || typeof value === 'bigint') return ` ${name}="${value}"`;
  throw new HtmlError('html/value', `attributes: ${name} is ${typeof value}; write text, a number, true or false`);
}

/** The name is the owner's, yet it may have been put together: it is repeated as JSON only. */
function whyNot(name: string): string {
  if (name !== name.toLowerCase()) return 'is not in lower case; write it so';
  return 'takes no value here; addresses stand in the template as href="…", all else as data-…';
}
