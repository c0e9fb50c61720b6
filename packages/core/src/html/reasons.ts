/**
 * Reasons that were given for what passes unescaped, and how often: the list that an audit reads.
 * @module
 */
import { callSite, reasonFault } from '../kernel/index.ts';
import { HtmlError } from './errors.ts';

/** One reason, where it was given first, and how often. */
export interface RawUse {
  readonly kind: 'raw' | 'trustedUrl';
  readonly why: string;
  /** `file:line`; empty where it is not known. */
  readonly at: string;
  readonly count: number;
}

/** Counts reasons, and refuses one that says nothing. */
export class Reasons {
  readonly #uses = new Map<string, { kind: RawUse['kind']; why: string; at: string; count: number }>();
  readonly #most: number;

  /** Reasons are written in the source. More than `most` are being made up, and would grow for ever. */
  constructor(most = 1000) {
    this.#most = most;
  }

  count(kind: RawUse['kind'], why: string): void {
    const key = `${kind} ${why}`;
    const known = this.#uses.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const [fault] = reasonFault(why, kind);
    if (fault !== undefined)
      throw new HtmlError(
        'html/reason',
        `${kind}: ${fault.wrong}; write ${kind}(…, 'who made it, and why it is safe')`,
      );
    if (this.#uses.size >= this.#most)
      throw new HtmlError(
        'html/reason',
        `${kind}: more than ${this.#most} reasons; write each out, without values in it`,
      );
    this.#uses.set(key, { kind, why, at: callSite(), count: 1 });
  }

  list(): readonly RawUse[] {
    return [...this.#uses.values()].map((use) => Object.freeze({ ...use }));
  }
}
