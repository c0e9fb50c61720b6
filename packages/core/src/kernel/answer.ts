/**
 * Complete answers: what a client gets in place of the handler's response. Adapters only write them.
 * @module
 */
import type { Context } from './context.ts';
import { constantHead, makeHead, setField } from './head.ts';
import { problemFor, PROBLEM_PAGE_CSP } from './problem.ts';
import type { FieldList } from './steps.ts';
import type { Denial, Reply } from './verdict.ts';

/** A complete answer, made by the kernel and written by the adapter. */
export interface Answer {
  readonly status: number;
  readonly fields: FieldList;
  readonly body: string;
  readonly close: boolean;
}

/** The answer a step gave by itself. */
export function replyAnswer(c: Context, { reply, headers, body = '' }: Reply): Answer {
  const length = reply === 204 || reply === 304 ? [] : ['content-length', String(Buffer.byteLength(body))];
  return { status: reply, fields: safeHead(c, reply, [...headers, ...length]), body, close: false };
}

/** A problem (RFC 9457) or its page, for a denial or an error. */
export function problemAnswer(c: Context, status: number, denial: Partial<Denial>): Answer {
  const { headers = [], problem: members, close = false } = denial;
  const { type, body, page } = problemFor(c.facts, status, members);
  const length = String(Buffer.byteLength(body));
  const own = ['content-type', type, 'content-length', length, 'cache-control', 'no-store', ...headers];
  const fields = safeHead(c, status, own);
  if (page) ownPolicy(fields);
  if (close) setField(fields, 'connection', 'close');
  return { status, fields, body: c.facts.method === 'HEAD' ? '' : body, close };
}

/** A refusal leaves even where the head of the route is what fails. It always has the tight variant. */
function safeHead(c: Context, status: number, own: FieldList): string[] {
  try {
    return makeHead(c, status, own, 'data').flat();
  } catch (error) {
    c.kernel.report.failed(c, error);
    return constantHead(c, own);
  }
}

/** The page's own policy, alone: a report-only one for other content would report it falsely. */
function ownPolicy(fields: string[]): void {
  setField(fields, 'content-security-policy', PROBLEM_PAGE_CSP);
  const other = fields.indexOf('content-security-policy-report-only');
  if (other >= 0) fields.splice(other, 2);
}

const frameworkDenials = new Map<number, Denial>();

/** The denial of what a framework or a handler refuses by status alone. */
export function frameworkDenial(status: number): Denial {
  let denial = frameworkDenials.get(status);
  if (denial === undefined) {
    denial = Object.freeze({
      code: 'framework/refused',
      status,
      by: 'framework',
      option: 'the framework or the handler',
    });
    frameworkDenials.set(status, denial);
  }
  return denial;
}
