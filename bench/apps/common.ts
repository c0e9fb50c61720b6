/**
 * What every application serves and lets pass, so that none wins by answering or checking less.
 * @module
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PORT: number = Number(process.env['PORT'] ?? 0);
/** Requests a minute that an address may make. High while measuring; low where the limit itself is checked. */
export const RATE_MAX: number = Number(process.env['RATE_MAX'] ?? 1_000_000_000);
/** Bytes of a body. */
export const BODY_LIMIT: number = 16 * 1024;
export const HOST = 'app.test';
/** The application's own origin, and another that may read it. */
export const SITE = 'https://app.test';
export const SPA = 'https://spa.test';
/** Must come out escaped. */
export const NAME = 'Ada <b>Lovelace</b> & "co"';
export const PERMISSIONS = 'camera=(), microphone=(), geolocation=()';
/** Where access logs go: written, as in production, but kept by nobody. */
export const LOG = '/dev/null';
export const SECRET = 'bJ8rW2kQx5TzV9mC4hNfL7sDyG3pA6eU';
export const JSON_BODY: { readonly ok: boolean; readonly id: number; readonly items: readonly string[] } = {
  ok: true,
  id: 42,
  items: ['a', 'b', 'c'],
};

/** Folder of the page in each template language. */
export const VIEWS: string = fileURLToPath(new URL('../views', import.meta.url));

/** The page's static parts, for those who join it by hand: before the nonce, the name and the token, and the rest. */
export const PARTS: readonly [string, string, string, string] = readFileSync(`${VIEWS}/page.txt`, 'utf8').split(
  /\[\[\w+\]\]/,
) as [string, string, string, string];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function escape(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (one) => ESCAPES[one]!) : text;
}

/** The page joined by hand: about 2 KB, with a nonce, an escaped name and a token. */
export function page(nonce: string, token: string): string {
  return PARTS[0] + nonce + PARTS[1] + escape(NAME) + PARTS[2] + escape(token) + PARTS[3];
}

/** What the form takes. */
export const EMAIL: RegExp = /^[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+$/;
