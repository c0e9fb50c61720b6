/**
 * Everything the facts can refuse with: one code, one constant denial each, made at start and shared by all requests.
 * @module
 */
import type { Denial, InputClass } from './verdict.ts';

/** Codes of refused request heads. A code and its meaning never change once published. */
export type FactsCode =
  | 'facts/method'
  | 'facts/http-version'
  | 'facts/connect'
  | 'facts/upgrade'
  | 'facts/expect'
  | 'facts/target-length'
  | 'facts/target-form'
  | 'facts/target-host'
  | 'facts/target-character'
  | 'facts/target-fragment'
  | 'facts/userinfo'
  | 'facts/path-encoding'
  | 'facts/path-double-encoding'
  | 'facts/path-respelling'
  | 'facts/path-dot-segment'
  | 'facts/path-semicolon'
  | 'facts/path-backslash'
  | 'facts/path-control'
  | 'facts/query-encoding'
  | 'facts/query-control'
  | 'facts/query-name'
  | 'facts/query-count'
  | 'facts/query-size'
  | 'facts/header-count'
  | 'facts/header-bytes'
  | 'facts/header-size'
  | 'facts/header-name'
  | 'facts/header-value'
  | 'facts/header-duplicate'
  | 'facts/header-lookalike'
  | 'facts/content-length'
  | 'facts/transfer-encoding'
  | 'facts/framing'
  | 'facts/cookie-count'
  | 'facts/cookie-syntax'
  | 'facts/cookie-duplicate'
  | 'facts/host-missing'
  | 'facts/host-invalid'
  | 'facts/forwarded';

type Row = readonly [status: number, option: string, input: InputClass, close: boolean];

// `close` stands where two parties may disagree about where this request ends, so that the next one would be smuggled.
const ROWS: Readonly<Record<FactsCode, Row>> = {
  'facts/method': [400, 'facts.method', 'target', true],
  'facts/http-version': [505, 'facts.httpVersion', 'connection', true],
  'facts/connect': [400, 'facts.connect', 'connection', true],
  'facts/upgrade': [400, 'facts.websocket', 'connection', true],
  'facts/expect': [417, 'facts.expect', 'header', true],
  'facts/target-length': [414, 'facts.maxTarget', 'target', false],
  'facts/target-form': [400, 'facts.target', 'target', false],
  'facts/target-host': [400, 'facts.target', 'target', false],
  'facts/target-character': [400, 'facts.target', 'target', false],
  'facts/target-fragment': [400, 'facts.target', 'target', false],
  'facts/userinfo': [400, 'facts.host', 'host', false],
  'facts/path-encoding': [400, 'facts.path', 'target', false],
  'facts/path-double-encoding': [400, 'facts.path', 'target', false],
  'facts/path-respelling': [400, 'facts.path', 'target', false],
  'facts/path-dot-segment': [400, 'facts.path', 'target', false],
  'facts/path-semicolon': [400, 'facts.path', 'target', false],
  'facts/path-backslash': [400, 'facts.path', 'target', false],
  'facts/path-control': [400, 'facts.path', 'target', false],
  'facts/query-encoding': [400, 'facts.query', 'query', false],
  'facts/query-control': [400, 'facts.query', 'query', false],
  'facts/query-name': [400, 'facts.query', 'query', false],
  'facts/query-count': [400, 'facts.maxParameters', 'query', false],
  'facts/query-size': [400, 'facts.maxParameterValue', 'query', false],
  'facts/header-count': [431, 'facts.maxHeaders', 'header', false],
  'facts/header-bytes': [431, 'facts.maxHeaderBytes', 'header', false],
  'facts/header-size': [431, 'facts.maxHeaderValue', 'header', false],
  'facts/header-name': [400, 'facts.headers', 'header', true],
  'facts/header-value': [400, 'facts.headers', 'header', true],
  'facts/header-duplicate': [400, 'facts.headers', 'header', true],
  'facts/header-lookalike': [400, 'facts.headers', 'header', true],
  'facts/content-length': [400, 'facts.framing', 'header', true],
  'facts/transfer-encoding': [400, 'facts.framing', 'header', true],
  'facts/framing': [400, 'facts.framing', 'header', true],
  'facts/cookie-count': [431, 'facts.maxCookies', 'cookie', false],
  'facts/cookie-syntax': [400, 'facts.cookies', 'cookie', false],
  'facts/cookie-duplicate': [400, 'facts.cookies', 'cookie', false],
  'facts/host-missing': [400, 'facts.host', 'host', false],
  'facts/host-invalid': [400, 'facts.host', 'host', false],
  'facts/forwarded': [400, 'facts.forwardedHeader', 'header', false],
};

/** Every code of the facts, for the inventory and the tests that walk it. */
export const FACTS_CODES: readonly FactsCode[] = Object.freeze(Object.keys(ROWS) as FactsCode[]);

/** The denial of each code: constant and frozen. */
export const FACTS_DENIALS: Readonly<Record<FactsCode, Denial>> = Object.freeze(
  Object.fromEntries(FACTS_CODES.map((code) => [code, denial(code, ROWS[code])])) as Record<FactsCode, Denial>,
);

function denial(code: FactsCode, [status, option, input, close]: Row): Denial {
  return Object.freeze({ code, status, by: 'facts', option, input, close });
}
