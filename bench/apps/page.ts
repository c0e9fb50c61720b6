/**
 * What every application serves, so that none wins by answering less.
 * @module
 */
import { readFileSync } from 'node:fs';

export const PORT: number = Number(process.env['PORT'] ?? 0);
export const HOST = 'app.test';
export const JSON_BODY: { readonly ok: boolean; readonly id: number; readonly items: readonly string[] } = {
  ok: true,
  id: 42,
  items: ['a', 'b', 'c'],
};
export const NAME = 'Ada <b>Lovelace</b> & "co"';
/** Where access logs go: written, as in production, but kept by nobody. */
export const LOG = '/dev/null';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

export function escape(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (one) => ESCAPES[one]!) : text;
}

const [START, MIDDLE, BEFORE_TOKEN, END] = readFileSync(new URL('page.html', import.meta.url), 'utf8').split(
  '[[]]',
) as [string, string, string, string];

/** The page: about 2 KB, with a nonce, an escaped name and a token. */
export function page(nonce: string, token: string): string {
  return START + nonce + MIDDLE + escape(NAME) + BEFORE_TOKEN + escape(token) + END;
}
