/**
 * From directives to the text of a policy, once at start: a constant for pages that asked for no nonce, and the same
 * text cut where the nonce goes for those that did.
 * @module
 */
import type { DirectiveName, Directives } from './directives.ts';
import { isHash } from './sources.ts';

/** How a policy leaves. */
export interface Form {
  readonly nonceIn: readonly DirectiveName[];
  /** The request came over https. */
  readonly secure: boolean;
  /** Sent as Report-Only. */
  readonly reportOnly: boolean;
  /** Path or URL; empty: nowhere. */
  readonly reportTo: string;
}

/** The policy's text without a nonce, and the pieces between which the nonce stands. */
export interface Cut {
  /** Empty: nothing is sent. */
  readonly plain: string;
  /** One piece: no directive takes a nonce. */
  readonly pieces: readonly string[];
}

/** Name of the endpoint in `Reporting-Endpoints`. */
export const ENDPOINT = 'csp';

/** Stands for the nonce until the text is cut. No source holds it: only printable ASCII passed the check. */
const MARK = '\0';

/** Directives that browsers ignore, with a warning, in a policy that only reports (CSP3, 6.3.2; UIR, 3.3). */
const ENFORCED_ONLY: ReadonlySet<string> = new Set(['sandbox', 'upgrade-insecure-requests']);

/** The text of a policy. `nonce` empty: the page asked for none. */
export function serialize(directives: Directives, form: Form, nonce = ''): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(directives)) {
    if (value === false || value === undefined || (form.reportOnly && ENFORCED_ONLY.has(name))) continue;
    // In clear text (development) an upgrade would ask for a port where nobody speaks TLS.
    if (value === true) {
      if (form.secure) parts.push(name);
      continue;
    }
    const takesNonce = form.nonceIn.includes(name as DirectiveName);
    parts.push([name, ...(takesNonce ? noncedList(name, value, nonce) : value)].join(' '));
  }
  if (parts.length === 0) return '';
  if (form.reportTo !== '') parts.push(`report-uri ${form.reportTo}`, `report-to ${ENDPOINT}`);
  return parts.join('; ');
}

/** `'none'` beside a nonce would be ignored, and open what somebody closed. */
function noncedList(name: string, list: readonly string[], nonce: string): readonly string[] {
  if (list[0] === "'none'") return list;
  if (nonce !== '') return [...list, `'nonce-${nonce}'`];
  if (!name.startsWith('script-src') || !list.includes("'strict-dynamic'") || list.some(isHash)) return list;
  // 'strict-dynamic' without a nonce runs nothing. Browsers that do not know it would still run what else is listed.
  return list.includes("'report-sample'") ? ["'report-sample'"] : ["'none'"];
}

/** Serialises and cuts several policies for one header field; browsers enforce each of a list (CSP3, 3.1). */
export function cut(policies: readonly Directives[], form: Form): Cut {
  const joined = (nonce: string): string =>
    policies
      .map((directives) => serialize(directives, form, nonce))
      .filter((text) => text !== '')
      .join(', ');
  return { plain: joined(''), pieces: joined(MARK).split(MARK) };
}

/** Joins a cut policy around a nonce. */
export function joinNonce({ pieces }: Cut, nonce: string): string {
  let text = pieces[0]!;
  for (let i = 1; i < pieces.length; i++) text += nonce + pieces[i]!;
  return text;
}
