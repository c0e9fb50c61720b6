/**
 * What `html` throws: at the first use of a template for what is wrong with the template, at any use for a value that
 * cannot stand where it was put.
 * @module
 */

/** Code and meaning never change. */
export type HtmlCode = 'html/template' | 'html/hole' | 'html/value' | 'html/attribute' | 'html/reason' | 'html/forged';

/** A mistake in the owner's code. It names the place and what to write instead; values are never repeated. */
export class HtmlError extends Error {
  override readonly name = 'HtmlError';
  readonly code: HtmlCode;

  constructor(code: HtmlCode, message: string) {
    super(`html: ${message}`);
    this.code = code;
  }
}

/** Characters of the template that are shown on each side of a hole. */
const BEFORE = 40;
const AFTER = 20;

/** `the text …`: a character of a static text and what stands around it, on one line. */
export function textAt(text: string, offset: number): string {
  return `the text ${text
    .slice(Math.max(0, offset - BEFORE), offset + AFTER)
    .replaceAll(/\s+/g, ' ')
    .trim()}`;
}

/** `hole 2 of a template, <a href="…${…}…`: the static text around a hole, on one line. */
export function holeAt(parts: readonly string[], index: number): string {
  const before = parts.slice(0, index + 1).join('${…}');
  const after = parts.slice(index + 1).join('${…}');
  const shown = `${before.slice(-BEFORE)}\${…}${after.slice(0, AFTER)}`;
  return `hole ${index + 1}, ${shown.replaceAll(/\s+/g, ' ').trim()}`;
}
