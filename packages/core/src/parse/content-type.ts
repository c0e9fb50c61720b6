/**
 * The one reading of Content-Type: which parser is meant, and that the charset is ours.
 * @module
 */

/** Type and subtype in lower case, without parameters; the empty string where there is no field. */
export function mediaType(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const semicolon = contentType.indexOf(';');
  return (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}

export type BodyFormat = 'json' | 'form' | 'text';

const FORMATS: ReadonlyMap<string, BodyFormat> = new Map([
  ['application/json', 'json'],
  ['application/x-www-form-urlencoded', 'form'],
  ['text/plain', 'text'],
]);

/** Content types that Dewar reads itself, beside every `application/…+json`. */
export const READ_BY_DEWAR: readonly string[] = [...FORMATS.keys()];

/** How a body of that media type is parsed; `undefined` for what others read (multipart, unknown types). */
export function formatOf(type: string): BodyFormat | undefined {
  return FORMATS.get(type) ?? (type.startsWith('application/') && type.endsWith('+json') ? 'json' : undefined);
}

const CHARSETS = /;\s*charset\s*=\s*"?([^";\s]*)/gi;

/** True where each charset that is named is UTF-8. All of them: two parsers may disagree about which of two counts. */
export function isOurCharset(contentType: string): boolean {
  if (!contentType.includes(';')) return true;
  for (const [, charset] of contentType.matchAll(CHARSETS)) if (!/^utf-?8$/i.test(charset!)) return false;
  return true;
}
