/**
 * What a refused client sees: RFC 9457 problem details, or a plain page where a browser asked for one.
 * Neither says which protection refused or why; the request id leads an operator to that.
 * @module
 */
import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { RequestFacts } from './facts-types.ts';

/** A complete response body with the two fields that describe it. */
export interface Problem {
  readonly type: string;
  readonly body: string;
  readonly page: boolean;
}

const STYLE = `:root{color-scheme:light dark;--ink:#16211f;--dim:#54625f;--paper:#f4f6f5;--card:#fff;--line:#dfe6e4;--accent:#0f6a62;--shade:rgb(18 38 34/8%)}
@media(prefers-color-scheme:dark){:root{--ink:#e7eeec;--dim:#a2b1ae;--paper:#0e1413;--card:#161e1d;--line:#2a3634;--accent:#6fcfc3;--shade:rgb(0 0 0/40%)}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--paper);color:var(--ink);font:1rem/1.6 Inter,system-ui,sans-serif}
main{width:100%;max-width:34rem;padding:clamp(1.25rem,6vw,2.75rem);border:1px solid var(--line);border-top:4px solid var(--accent);border-radius:12px;background:var(--card);box-shadow:0 12px 32px var(--shade)}
h1{margin:0 0 .75rem;font-size:1.625rem;line-height:1.25;letter-spacing:-.015em}p{margin:.5rem 0}.status{margin:0 0 .25rem;color:var(--accent);font-weight:700}
a{color:var(--accent);text-underline-offset:.18em}a:focus-visible{outline:3px solid;outline-offset:3px;border-radius:3px}
.id{margin:1.75rem 0 0;padding-top:1rem;border-top:1px solid var(--line);color:var(--dim);font-size:.875rem;overflow-wrap:anywhere}`;

/** The page's own policy: nothing but this very style. */
export const PROBLEM_PAGE_CSP: string = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** One sentence a person can act on, by status. */
const ADVICE: Readonly<Record<number, string>> = {
  308: 'This page is served over a secure connection only.',
  400: 'The address or the request was not in a form this site accepts. Check the address, or go back and try again.',
  401: 'Please sign in and try again.',
  403: 'You may not do this. If you came here from a form, go back, reload the page and send it again.',
  404: 'There is nothing at this address, or it is not for you.',
  408: 'The request took too long to arrive. Please try again.',
  413: 'What was sent is larger than this site accepts.',
  414: 'The address is longer than this site accepts.',
  415: 'What was sent is of a kind this site does not accept.',
  421: 'This address is not served here.',
  422: 'Something that was sent is missing or not in order. Please go back, correct it and send it again.',
  429: 'There were too many requests. Please wait a moment and try again.',
  431: 'The browser sent more than this site accepts. Clearing this site’s cookies may help.',
  500: 'Something went wrong on our side. Please try again later.',
  503: 'This is not available at the moment. Please try again later.',
};

/** Where the first page of this host would not help: it is another host's, or another scheme's. */
const ELSEWHERE: ReadonlySet<number> = new Set([308, 421]);

/** The title of a status (RFC 9110 reason phrase). */
export function titleOf(status: number): string {
  return STATUS_CODES[status] ?? 'Error';
}

/** Problem details as JSON. `extra` are members that are safe to show, such as the fields a schema refused. */
export function problemJson(status: number, id: string, extra?: Readonly<Record<string, unknown>>): string {
  const more = extra === undefined ? '' : JSON.stringify(extra).slice(1, -1);
  const comma = more === '' ? '' : ',';
  return `{"type":"about:blank","title":"${titleOf(status)}","status":${status},"request":"${id}"${comma}${more}}`;
}

/** The same as a page. */
export function problemPage(status: number, id: string): string {
  const title = titleOf(status);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body><main><p class="status">${status}</p><h1>${title}</h1><p>${ADVICE[status] ?? 'The request could not be answered.'}</p>${ELSEWHERE.has(status) ? '' : '<p><a href="/">Go to the first page</a></p>'}<p class="id">If you ask for help, name this request: <code>${id}</code></p></main></body></html>
`;
}

/** Picks page or JSON by what the client asked for. */
export function problemFor(facts: RequestFacts, status: number, members?: Readonly<Record<string, unknown>>): Problem {
  return wantsPage(facts)
    ? { type: 'text/html; charset=utf-8', body: problemPage(status, facts.id), page: true }
    : { type: 'application/problem+json', body: problemJson(status, facts.id, members), page: false };
}

/** True for a navigation by a browser: Fetch Metadata where it is sent, else an Accept that puts HTML first. */
export function wantsPage(facts: RequestFacts): boolean {
  const dest = facts.header('sec-fetch-dest');
  if (dest !== undefined) return dest === 'document' || dest === 'iframe' || dest === 'frame';
  const accept = facts.header('accept');
  return accept !== undefined && (accept.startsWith('text/html') || accept.startsWith('application/xhtml+xml'));
}
