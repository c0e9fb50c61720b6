/**
 * What passes unescaped: each time with a reason, and all of it counted, so that an audit can read the list.
 * @module
 */
import { callSite, reasonFault } from '../kernel/index.ts';
import { HtmlError } from './errors.ts';
import { markup, trustedAddress } from './markup.ts';
import type { Html, TrustedUrl } from './markup.ts';

/** One reason, where it was given first, and how often. */
export interface RawUse {
  readonly kind: 'raw' | 'trustedUrl';
  readonly why: string;
  /** `file:line`; empty where it is not known. */
  readonly at: string;
  readonly count: number;
}

/** Reasons are written in the source. More than this are being made up, and would grow for ever. */
const MOST_REASONS = 1000;

const uses = new Map<string, { kind: RawUse['kind']; why: string; at: string; count: number }>();

/** Text that is markup already. `why` says who made it and what makes it harmless. */
export function raw(text: string, why: string): Html {
  count('raw', text, why);
  return markup(text);
}

/** An address that may stand where code is loaded from, or bring a scheme of its own. */
export function trustedUrl(url: string, why: string): TrustedUrl {
  count('trustedUrl', url, why);
  return trustedAddress(url);
}

/** Every reason given to `raw` and `trustedUrl` so far, in this process. */
export function rawUses(): readonly RawUse[] {
  return [...uses.values()].map((use) => Object.freeze({ ...use }));
}

function count(kind: RawUse['kind'], text: unknown, why: string): void {
  if (typeof text !== 'string') throw new HtmlError('html/value', `${kind}: the text is ${typeof text}; write text`);
  const key = `${kind} ${why}`;
  const known = uses.get(key);
  if (known !== undefined) {
    known.count++;
    return;
  }
  const [fault] = reasonFault(why, kind);
  if (fault !== undefined)
    throw new HtmlError('html/reason', `${kind}: ${fault.wrong}; write ${kind}(…, 'who made it, and why it is safe')`);
  if (uses.size >= MOST_REASONS)
    throw new HtmlError(
      'html/reason',
      `${kind}: more than ${MOST_REASONS} reasons; write each out, without values in it`,
    );
  uses.set(key, { kind, why, at: callSite(), count: 1 });
}
