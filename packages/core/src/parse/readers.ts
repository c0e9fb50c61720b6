/**
 * Readers of whole bodies: by content type, as UTF-8 and nothing else, within limits.
 * @module
 */
import { isUtf8 } from 'node:buffer';
import type { BodyReader, Context, Denial } from '../kernel/index.ts';
import { formatOf, isOurCharset, mediaType } from './content-type.ts';
import type { BodyFormat } from './content-type.ts';
import { CHARSET, NOT_UTF8, PARSE_DENIALS } from './denials.ts';
import { parseForm, UNLIMITED_FORM } from './form.ts';
import { parseJson } from './json.ts';
import type { ReadLimits } from './limits.ts';

/** What becomes of a body whose structure passes a limit. What cannot be parsed at all is refused in any case. */
export interface Structure {
  /** Answers the denial to refuse at once, or keeps it for later and answers `null`. */
  passed(c: Context, denial: Denial): Denial | null;
  /** The body is wanted even so. */
  readonly keep: boolean;
}

/** Refuses at once. */
export const REFUSE: Structure = Object.freeze({ passed: (_: Context, denial: Denial) => denial, keep: false });

/** Chooses by content type. `null` for what others read; a denial for a foreign charset. */
export type ChooseReader = (contentType: string | undefined) => BodyReader | Denial | null;

/** Readers with these limits. */
export function createReaders(limits: ReadLimits, structure: Structure): ChooseReader {
  const readers: Readonly<Record<BodyFormat, BodyReader>> = {
    json: utf8Reader((bytes, c) => readJson(bytes, c, limits, structure)),
    form: utf8Reader((bytes, c) => readForm(bytes, c, limits, structure)),
    text: utf8Reader((bytes, c) => {
      c.body = bytes.toString('utf8');
      return null;
    }),
  };
  return (contentType) => {
    const format = formatOf(mediaType(contentType));
    if (format === undefined) return null;
    return isOurCharset(contentType!) ? readers[format] : CHARSET;
  };
}

/** A reader of UTF-8; `read` sets `c.body` and answers what is wrong with it. */
function utf8Reader(read: (bytes: Buffer, c: Context) => Denial | null): BodyReader {
  return Object.freeze({ whole: (bytes: Buffer, c: Context) => (isUtf8(bytes) ? read(bytes, c) : NOT_UTF8) });
}

function readJson(bytes: Buffer, c: Context, limits: ReadLimits, structure: Structure): Denial | null {
  // No body at all is no JSON either; handlers see `undefined` for both.
  if (bytes.length === 0) return null;
  const { value, fault } = parseJson(bytes, limits, structure.keep);
  if (fault === 'not-json' || fault === 'prototype-key') return PARSE_DENIALS[fault];
  c.body = value;
  return fault === null ? null : structure.passed(c, PARSE_DENIALS[fault]);
}

function readForm(bytes: Buffer, c: Context, limits: ReadLimits, structure: Structure): Denial | null {
  const text = bytes.toString('utf8');
  let form = parseForm(text, limits);
  let fault: Denial | null = null;
  if (typeof form === 'string') {
    if (form === 'not-a-form' || !structure.keep) return PARSE_DENIALS[form];
    fault = PARSE_DENIALS[form];
    form = parseForm(text, UNLIMITED_FORM);
    if (typeof form === 'string') return PARSE_DENIALS[form];
  }
  c.body = form;
  return fault === null ? null : structure.passed(c, fault);
}
