/**
 * Query text to names and values, decoded exactly once. The one parser: facts and the router's own both call it,
 * so that a guard and a handler cannot see two different values.
 * @module
 */
import type { FactsCode } from './facts-codes.ts';
import type { Query } from './facts-types.ts';

export interface QueryLimits {
  readonly maxParameters: number;
  readonly maxParameterName: number;
  readonly maxParameterValue: number;
}

/** What `parseQuery` allows when it is not told; the same numbers are the defaults of the facts' options. */
export const QUERY_LIMITS: QueryLimits = Object.freeze({
  maxParameters: 100,
  maxParameterName: 256,
  maxParameterValue: 4096,
});

/** A query without parameters. Frozen and shared. */
export const EMPTY_QUERY: Query = Object.freeze(Object.create(null) as Query);

// A form's text area sends tab, line feed and carriage return; no other control character is text.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const NAME_CONTROL = /[\u0000-\u001f\u007f]/;

/** Text after the `?` to parameters, or the code it is refused with. `+` is a space, `a` is `a=`, `;` separates nothing. */
export function parseQuery(text: string, limits: QueryLimits = QUERY_LIMITS): Query | FactsCode {
  if (text === '') return EMPTY_QUERY;
  const query = Object.create(null) as Record<string, string | string[]>;
  let count = 0;
  for (let start = 0; start <= text.length;) {
    let end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end > start) {
      if (++count > limits.maxParameters) return 'facts/query-count';
      const code = addPair(query, text.slice(start, end), limits);
      if (code !== null) return code;
    }
    start = end + 1;
  }
  return query;
}

/** `parseQuery` in the shape routers ask for. What facts would refuse is no parameters at all. */
export function queryParser(limits: QueryLimits): (text: string) => Query {
  return (text) => {
    const parsed = parseQuery(text, limits);
    // Never the shared empty one: owners' validators write defaults into what a router hands them.
    return typeof parsed === 'string' || parsed === EMPTY_QUERY ? (Object.create(null) as Query) : parsed;
  };
}

function addPair(query: Record<string, string | string[]>, pair: string, limits: QueryLimits): FactsCode | null {
  const equals = pair.indexOf('=');
  const name = decode(equals < 0 ? pair : pair.slice(0, equals));
  const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
  if (name === null || value === null) return 'facts/query-encoding';
  if (name.length > limits.maxParameterName || value.length > limits.maxParameterValue) return 'facts/query-size';
  if (NAME_CONTROL.test(name) || CONTROL.test(value)) return 'facts/query-control';
  // Copied into an ordinary object, a repeated `__proto__` would become its prototype.
  if (name === '__proto__') return 'facts/query-name';
  const before = query[name];
  if (before === undefined) query[name] = value;
  else if (typeof before === 'string') query[name] = [before, value];
  else before.push(value);
  return null;
}

/** Form decoding, once. Null for an invalid escape or invalid UTF-8, where parsers guess differently. */
function decode(text: string): string | null {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return null;
  }
}
