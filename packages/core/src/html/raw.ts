/**
 * What passes unescaped: each time with a reason, and all of it counted.
 * @module
 */
import { HtmlError } from './errors.ts';
import { markup, trustedAddress } from './markup.ts';
import type { Html, TrustedUrl } from './markup.ts';
import { Reasons } from './reasons.ts';
import type { RawUse } from './reasons.ts';

const reasons = new Reasons();

/** Text that is markup already. `why` says who made it and what makes it harmless. */
export function raw(text: string, why: string): Html {
  expectText('raw', text);
  reasons.count('raw', why);
  return markup(text);
}

/** An address that may stand where code is loaded from, or bring a scheme of its own. `why` says what makes it so. */
export function trustedUrl(url: string, why: string): TrustedUrl {
  expectText('trustedUrl', url);
  reasons.count('trustedUrl', why);
  return trustedAddress(url);
}

/** Every reason given to `raw` and `trustedUrl` in this process so far. */
export function rawUses(): readonly RawUse[] {
  return reasons.list();
}

function expectText(kind: RawUse['kind'], text: unknown): void {
  if (typeof text === 'string') return;
  throw new HtmlError('html/value', `${kind}: the text is ${typeof text}; write text`);
}
