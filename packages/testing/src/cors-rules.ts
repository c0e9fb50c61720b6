/**
 * What a script may send without asking and which answers it may read (Fetch: CORS protocol, forbidden and safelisted
 * request headers, Cross-Origin-Resource-Policy).
 * @module
 */
import { currentUrl, originField } from './browser-request.ts';
import type { BrowserRequest } from './browser-request.ts';
import type { Field, RawResponse } from './http-message.ts';
import type { Sites } from './site.ts';

const FORBIDDEN: ReadonlySet<string> = new Set(
  (
    'accept-charset accept-encoding access-control-request-headers access-control-request-method connection ' +
    'content-length cookie cookie2 date dnt expect host keep-alive origin referer set-cookie te trailer ' +
    'transfer-encoding upgrade via'
  ).split(' '),
);
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
const FORM_TYPES: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);

/** Drops what a script cannot set, as a browser does without a word. */
export function allowedFields(fields: readonly Field[], mode: BrowserRequest['mode']): readonly Field[] {
  return fields.filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (FORBIDDEN.has(lower) || lower.startsWith('proxy-') || lower.startsWith('sec-')) return false;
    return mode !== 'no-cors' || (lower !== 'range' && isSafelisted(lower, value));
  });
}

/** Whether a method needs no leave. */
export function isSimpleMethod(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/** The header names a preflight must ask for, or `null` when the request needs none. */
export function preflightNames(request: BrowserRequest): readonly string[] | null {
  if (request.mode !== 'cors' || !request.tainted) return null;
  const unsafe = request.fields.filter(([name, value]) => !isSafelisted(name.toLowerCase(), value));
  const names = [...new Set(unsafe.map(([name]) => name.toLowerCase()))].sort();
  return names.length === 0 && isSimpleMethod(request.method) ? null : names;
}

/** Whether the answer to a preflight permits the request. */
export function preflightAllows(request: BrowserRequest, names: readonly string[], answer: RawResponse): boolean {
  if (answer.status < 200 || answer.status > 299 || !corsAllows(request, answer)) return false;
  const wild = request.credentials !== 'include';
  const methods = listOf(answer, 'access-control-allow-methods');
  const headers = listOf(answer, 'access-control-allow-headers').map((name) => name.toLowerCase());
  const { method } = request;
  const methodAllowed = isSimpleMethod(method) || methods.includes(method) || (wild && methods.includes('*'));
  return (
    methodAllowed &&
    names.every((name) => headers.includes(name) || (wild && name !== 'authorization' && headers.includes('*')))
  );
}

/** Whether a cross-origin answer may be read by the page that asked. */
export function corsAllows(request: BrowserRequest, answer: RawResponse): boolean {
  const origins = answer.headers('access-control-allow-origin');
  if (origins.length !== 1) return false;
  if (request.credentials !== 'include') return origins[0] === '*' || origins[0] === corsOrigin(request);
  return origins[0] === corsOrigin(request) && answer.header('access-control-allow-credentials') === 'true';
}

/** Whether `Cross-Origin-Resource-Policy` lets a page elsewhere embed this. */
export function embeddable(request: BrowserRequest, answer: RawResponse, sites: Sites): boolean {
  const policy = answer.header('cross-origin-resource-policy');
  const relation = sites.relation(request.initiator?.url ?? null, currentUrl(request));
  if (policy === 'same-origin') return relation === 'same-origin';
  return policy !== 'same-site' || relation !== 'cross-site';
}

function corsOrigin(request: BrowserRequest): string | undefined {
  return originField({ ...request, mode: 'cors', tainted: true });
}

function listOf(answer: RawResponse, name: string): readonly string[] {
  return answer.headers(name).flatMap((line) => line.split(',').map((one) => one.trim()));
}

function isSafelisted(lower: string, value: string): boolean {
  if (value.length > 128) return false;
  if (lower === 'accept') return !hasUnsafe(value);
  if (lower === 'accept-language' || lower === 'content-language') return /^[0-9A-Za-z *,\-.;=]*$/.test(value);
  if (lower === 'range') return /^bytes=\d+-\d*$/.test(value);
  if (lower !== 'content-type' || hasUnsafe(value)) return false;
  return FORM_TYPES.has(value.split(';', 1)[0]!.trim().toLowerCase());
}

function hasUnsafe(value: string): boolean {
  return /["():<>?@[\\\]{}\u007f]/.test(value) || [...value].some((one) => one < ' ' && one !== '\t');
}
