/**
 * What a request asks of a file beside the file (RFC 9110, 13 and 14): another encoding, only if it changed, a part.
 * @module
 */
import type { Asset, Representation } from './index-files.ts';

/** What is read of a request. */
export interface FileRequest {
  readonly method: string;
  header(name: string): string | undefined;
}

/** Bytes from `start` up to and including `end`; `null`: none there are; `undefined`: all of it. */
export type Part = { readonly start: number; readonly end: number } | null | undefined;

/** The smallest form that the client takes; the plain one where it says nothing. */
export function negotiate({ plain, compressed }: Asset, accept: string | undefined): Representation {
  if (accept === undefined || compressed.length === 0) return plain;
  const quality = qualitiesOf(accept);
  const takes = (encoding: string): boolean => (quality.get(encoding) ?? quality.get('*') ?? 0) > 0;
  return compressed.find(({ encoding }) => takes(encoding)) ?? plain;
}

function qualitiesOf(accept: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const item of accept.split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((text) => text.trim().toLowerCase());
    const given = parameters.find((one) => one.startsWith('q='));
    const quality = given === undefined ? 1 : Number(given.slice(2));
    if (coding !== '') found.set(coding, Number.isNaN(quality) ? 0 : quality);
  }
  return found;
}

/** The status that the conditions come to: 412, 304, or 200 where they hold. */
export function evaluate(request: FileRequest, etag: string): 200 | 304 | 412 {
  const match = request.header('if-match');
  if (match !== undefined && !lists(match, etag, false)) return 412;
  const none = request.header('if-none-match');
  return none !== undefined && lists(none, etag, true) ? 304 : 200;
}

/** True where a list of tags holds this one. Weak ones count only where the comparison is weak (RFC 9110, 8.8.3.2). */
function lists(text: string, etag: string, weak: boolean): boolean {
  if (text.trim() === '*') return true;
  return text.split(',').some((item) => {
    const tag = item.trim();
    return tag === etag || (weak && tag === `W/${etag}`);
  });
}

const RANGE = /^bytes=(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))$/i;

/**
 * The part that is asked for. One range only: several are an old way to make a server send a file many times over, and
 * answering with the whole is allowed (RFC 9110, 14.2). So is what cannot be read.
 */
export function partOf(request: FileRequest, size: number, etag: string): Part {
  const range = request.header('range');
  if (range === undefined || request.method !== 'GET') return undefined;
  // A part of another state of the file is no part of this one. A date is no strong validator here.
  const condition = request.header('if-range');
  if (condition !== undefined && condition.trim() !== etag) return undefined;
  const [found, first, last, suffix] = RANGE.exec(range.replaceAll(/[ \t]/g, '')) ?? [];
  if (found === undefined) return undefined;
  if (suffix !== undefined) {
    const length = Math.min(Number(suffix), size);
    return length === 0 ? null : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === undefined ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== undefined && Number(last) < start) return undefined;
  return start >= size ? null : { start, end };
}
