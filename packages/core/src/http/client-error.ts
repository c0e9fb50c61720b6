/**
 * What Node's parser refuses, as denials: the same headers and problem as everything else.
 * @module
 */
import type { Denial } from '../kernel/index.ts';

const refused = (reason: string, status: number): Denial =>
  Object.freeze({
    code: `facts/${reason}` as const,
    status,
    by: 'facts',
    option: 'the HTTP parser',
    input: 'connection',
    close: true,
  });

const MALFORMED = refused('malformed', 400);
const BY_CODE: ReadonlyMap<string, Denial> = new Map([
  ['HPE_HEADER_OVERFLOW', refused('headers-too-large', 431)],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', refused('chunk-extensions', 413)],
  ['ERR_HTTP_REQUEST_TIMEOUT', refused('timeout', 408)],
]);

/** The denial of an error that the parser reports. */
export function clientErrorDenial(error: { readonly code?: string }): Denial {
  return BY_CODE.get(error.code ?? '') ?? MALFORMED;
}
