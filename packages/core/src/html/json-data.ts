/**
 * Data for scripts: a block that no browser runs, read with `JSON.parse(document.getElementById(id).textContent)`.
 * @module
 */
import { attributes } from './attributes.ts';
import { HtmlError } from './errors.ts';
import { markup } from './markup.ts';
import type { Html } from './markup.ts';

/** Characters that could end the element, begin a comment in it, or end a line in old JavaScript. */
const UNSAFE = /[<>&\u2028\u2029]/g;

/** A `<script type="application/json">` with the value. It needs no nonce: it is not run. */
export function jsonData(id: string, value: unknown): Html {
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined)
    throw new HtmlError('html/value', `jsonData: the value is ${typeof value}, which JSON has no word for`);
  const safe = json.replaceAll(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return markup(`<script type="application/json"${attributes({ id }).toString()}>${safe}</script>`);
}
