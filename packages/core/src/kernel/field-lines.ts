/**
 * One pass over the field lines: syntax, sizes, what may stand once, and the values facts are made from.
 * What Node's parser would have refused is checked again, because other runtimes and the gateway hand lines over too.
 * @module
 */
import type { FactsCode } from './facts-codes.ts';
import { fieldName, LOOKALIKE, SLOT } from './field-names.ts';

export interface FieldLimits {
  readonly maxHeaders: number;
  readonly maxHeaderBytes: number;
  readonly maxHeaderValue: number;
}

/** Anything but tab, visible ASCII, space and bytes above 127: a line break here is a forged field (RFC 9110, 5.5). */
const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** The fields of one request. Names are lower-case; order is kept. */
export class FieldLines {
  refused: FactsCode | null = null;
  host: string | undefined = undefined;
  cookie: string | undefined = undefined;
  contentLength: string | undefined = undefined;
  transferEncoding: string | undefined = undefined;
  expect: string | undefined = undefined;
  upgrade: string | undefined = undefined;
  forwardedHost: string | undefined = undefined;
  forwardedProto: string | undefined = undefined;
  forwardedFor: string | undefined = undefined;
  forwarded: string | undefined = undefined;
  readonly #names: string[] = [];
  readonly #raw: readonly string[];

  constructor(raw: readonly string[], limits: FieldLimits) {
    this.#raw = raw;
    this.refused = this.#read(raw, limits);
    if (this.refused !== null) this.#readForwarding(raw);
  }

  /** Value of a field by lower-case name; repeated fields joined with `, ` (RFC 9110, 5.3). */
  get(name: string): string | undefined {
    const names = this.#names;
    let value: string | undefined;
    for (let i = 0; i < names.length; i++) {
      if (names[i] !== name) continue;
      const next = trimmed(this.#raw[2 * i + 1]!);
      value = value === undefined ? next : `${value}, ${next}`;
    }
    return value;
  }

  /** Lower-case names in order; one that was repeated stands there again. */
  get names(): readonly string[] {
    return this.#names;
  }

  #read(raw: readonly string[], limits: FieldLimits): FactsCode | null {
    const { length } = raw;
    if (length % 2 !== 0) return 'facts/header-name';
    if (length > 2 * limits.maxHeaders) return 'facts/header-count';
    let bytes = 0;
    let seen = 0;
    for (let i = 0; i < length; i += 2) {
      const value = raw[i + 1]!;
      // Each line also has a colon, a space and a line end.
      bytes += raw[i]!.length + value.length + 4;
      if (bytes > limits.maxHeaderBytes) return 'facts/header-bytes';
      if (value.length > limits.maxHeaderValue) return 'facts/header-size';
      const field = fieldName(raw[i]!);
      if (field === null) return 'facts/header-name';
      if (NO_VALUE.test(value)) return 'facts/header-value';
      const { name, slot } = field;
      this.#names.push(name);
      if (slot === 0) continue;
      if (slot === LOOKALIKE) return 'facts/header-lookalike';
      if (slot < SLOT.forwardedFor) {
        const bit = 1 << slot;
        if ((seen & bit) !== 0) return 'facts/header-duplicate';
        seen |= bit;
        if (slot <= SLOT.forwardedProto) this.#keep(slot, trimmed(value));
      } else if (slot === SLOT.forwardedFor) this.forwardedFor = joined(this.forwardedFor, value);
      else this.forwarded = joined(this.forwarded, value);
    }
    return null;
  }

  /** A refused head counts against its client, not against the proxy: forwarding fields behind the fault are read too. */
  #readForwarding(raw: readonly string[]): void {
    this.forwardedFor = this.forwarded = this.forwardedHost = this.forwardedProto = undefined;
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const value = raw[i + 1]!;
      const slot = NO_VALUE.test(value) ? 0 : (fieldName(raw[i]!)?.slot ?? 0);
      if (slot === SLOT.forwardedFor) this.forwardedFor = joined(this.forwardedFor, value);
      else if (slot === SLOT.forwarded) this.forwarded = joined(this.forwarded, value);
      else if (slot === SLOT.forwardedProto || slot === SLOT.forwardedHost) this.#keep(slot, trimmed(value));
    }
  }

  #keep(slot: number, value: string): void {
    switch (slot) {
      case SLOT.host:
        this.host = value;
        break;
      case SLOT.cookie:
        this.cookie = value;
        break;
      case SLOT.contentLength:
        this.contentLength = value;
        break;
      case SLOT.transferEncoding:
        this.transferEncoding = value;
        break;
      case SLOT.expect:
        this.expect = value;
        break;
      case SLOT.upgrade:
        this.upgrade = value;
        break;
      case SLOT.forwardedHost:
        this.forwardedHost = value;
        break;
      default:
        this.forwardedProto = value;
    }
  }
}

/** The code a body's framing is refused with (RFC 9112, 6): whoever reads it otherwise sees another next request. */
export function framingFault(lines: FieldLines, httpVersion: string): FactsCode | null {
  const { contentLength, transferEncoding } = lines;
  if (transferEncoding !== undefined) {
    if (contentLength !== undefined) return 'facts/framing';
    if (transferEncoding !== 'chunked' || httpVersion !== '1.1') return 'facts/transfer-encoding';
  }
  // Fifteen digits stay exact as a number.
  if (contentLength !== undefined && !/^\d{1,15}$/.test(contentLength)) return 'facts/content-length';
  return null;
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? trimmed(value) : `${before}, ${trimmed(value)}`;
}

/** Node strips the optional white space around a value; other runtimes may not. */
function trimmed(value: string): string {
  const first = value.charCodeAt(0);
  const last = value.charCodeAt(value.length - 1);
  return first === 32 || first === 9 || last === 32 || last === 9 ? value.replace(/^[ \t]+|[ \t]+$/g, '') : value;
}
