/**
 * Reports as browsers send them, in both formats (CSP3, 5; Reporting API), read as what they are: texts of anybody.
 * Only what a directive, an origin and a path can be is kept; samples, queries and scripts' positions are not.
 * @module
 */
import { kindOf } from './directives.ts';

/** What a page was kept from, or would have been. */
export interface Violation {
  readonly directive: string;
  readonly blocked: string;
  readonly document: string;
  readonly disposition: 'enforce' | 'report';
}

/** Why a report counts for nothing. */
export type Useless = 'malformed' | 'foreign' | 'extension';

/** The content types of `report-uri` and of the Reporting API. */
export const REPORT_TYPES: ReadonlySet<string> = new Set(['application/csp-report', 'application/reports+json']);
/** Reports of one request that are looked at; browsers gather a few dozen at most. */
const MOST = 100;

/** What stands in place of an address. */
const WORDS: ReadonlySet<string> = new Set([
  'inline',
  'eval',
  'wasm-eval',
  'trusted-types-policy',
  'trusted-types-sink',
]);
const SCHEMES: ReadonlySet<string> = new Set(['data', 'blob', 'filesystem', 'mediastream', 'about']);

/** Every report of a body; `host` is the one that it was sent to. */
export function readReports(bytes: Buffer, host: string): readonly (Violation | Useless)[] {
  let given: unknown;
  try {
    given = JSON.parse(bytes.toString('utf8'));
  } catch {
    return ['malformed'];
  }
  if (!Array.isArray(given)) return [readOne(member(given, 'csp-report'), host)];
  return given.slice(0, MOST).map((report: unknown) => {
    return member(report, 'type') === 'csp-violation' ? readOne(member(report, 'body'), host) : 'malformed';
  });
}

function readOne(report: unknown, host: string): Violation | Useless {
  const text = (...names: string[]): string => {
    const found = names.map((name) => member(report, name)).find((value) => typeof value === 'string');
    return (found as string | undefined) ?? '';
  };
  // `violated-directive` of old browsers goes on with the whole list.
  const [directive = ''] = text('effectiveDirective', 'effective-directive', 'violated-directive').trim().split(/\s+/);
  const document = URL.parse(text('documentURL', 'document-uri'));
  if (kindOf(directive) === undefined || document === null) return 'malformed';
  if (document.host !== host) return 'foreign';
  const blocked = blockedBy(text('blockedURL', 'blocked-uri'), host);
  if (blocked === undefined) return 'malformed';
  if (blocked === 'extension') return 'extension';
  const disposition = text('disposition') === 'report' ? 'report' : 'enforce';
  return { directive, blocked, document: patternOf(document.pathname), disposition };
}

/** An own member; a name of the prototype is none. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** No longer than names of hosts are: every group is kept. */
const HOST = /^[a-z0-9.\-:[\]]{1,259}$/;

function blockedBy(text: string, host: string): string | undefined {
  if (WORDS.has(text)) return text;
  if (SCHEMES.has(text)) return `${text}:`;
  if (text === 'self') return "'self'";
  const url = URL.parse(text);
  if (url === null) return undefined;
  const scheme = url.protocol.slice(0, -1);
  if (SCHEMES.has(scheme)) return url.protocol;
  if (scheme.endsWith('-extension')) return 'extension';
  // A host of a policy may be a star, and whoever reports one wants it in there.
  if (!/^(?:https?|wss?)$/.test(scheme) || !HOST.test(url.host)) return undefined;
  return url.host === host ? "'self'" : `${url.protocol}//${url.host}`;
}

const DEEPEST = 6;
const LONGEST = 32;

/** A path without what names one thing: numbers, long or encoded segments. Else every ticket would be a group. */
function patternOf(path: string): string {
  const segments = path.split('/').slice(1);
  const kept = segments.slice(0, DEEPEST).map((one) => (isId(one) ? '*' : one));
  return `/${kept.join('/')}${segments.length > DEEPEST ? '/*' : ''}`;
}

function isId(segment: string): boolean {
  return /\d{2}|^\d|%/.test(segment) || segment.length > LONGEST || /^[0-9a-f-]{8,}$/i.test(segment);
}
