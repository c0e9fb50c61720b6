/**
 * Which states of the tokenizer take a value, and why the others take none.
 * @module
 */

/** States of the tokenizer. Those that no accepted template can be in at a hole or end are merged. */
export type State =
  | 'data'
  | 'tag open'
  | 'end tag open'
  | 'tag name'
  | 'before attribute'
  | 'attribute name'
  | 'after attribute name'
  | 'before value'
  | 'double-quoted value'
  | 'single-quoted value'
  | 'unquoted value'
  | 'after quoted value'
  | 'self-closing'
  | 'comment'
  | 'declaration'
  | 'rcdata'
  | 'rawtext';

export interface Attribute {
  /** Lower case. */
  readonly name: string;
  /** The static texts around the holes of its value. */
  readonly pieces: string[];
}

export interface Tag {
  /** Lower case. */
  name: string;
  readonly end: boolean;
  readonly attributes: Attribute[];
}

/** Where a hole stands. The tag is complete once the scan has ended. */
export type Place =
  | { readonly at: 'text' }
  | { readonly at: 'content'; readonly element: string }
  | { readonly at: 'tag'; readonly tag: Tag }
  | { readonly at: 'value'; readonly tag: Tag; readonly attribute: Attribute; readonly index: number };

/** Why a template is refused, and what to write. */
export class Refusal extends Error {
  /** Of the static text; where it cannot be known yet, 0. */
  readonly index: number;
  /** Of the character in that text; -1 for the hole behind it. */
  readonly offset: number;

  constructor(message: string, index = 0, offset = -1) {
    super(message);
    this.index = index;
    this.offset = offset;
  }
}

/** The place of a hole that stands in this state, behind this static text. Throws `Refusal` where none may. */
export function placeIn(state: State, tag: Tag, element: string, text: string): Place {
  switch (state) {
    case 'data':
      return { at: 'text' };
    case 'rcdata':
      if (text.endsWith('<')) throw new Refusal('a value would be a tag; write &lt;');
      return { at: 'content', element };
    case 'before attribute':
    case 'after attribute name':
      if (tag.end) throw new Refusal('an end tag takes no attributes; remove it');
      return { at: 'tag', tag };
    case 'double-quoted value':
    case 'single-quoted value': {
      if (tag.end) throw new Refusal('an end tag takes no attributes; remove them');
      const attribute = tag.attributes.at(-1)!;
      attribute.pieces.push('');
      return { at: 'value', tag, attribute, index: attribute.pieces.length - 2 };
    }
    case 'before value':
    case 'unquoted value':
      throw new Refusal('a value without quotes ends at a space; write "…" around it');
    case 'attribute name':
    case 'after quoted value':
    case 'self-closing':
      throw new Refusal(
        'a value would be an attribute, or part of its name; write a space and then attr(name, value), or name="…"',
      );
    case 'tag name':
    case 'tag open':
    case 'end tag open':
      throw new Refusal('a value would be the name of a tag; write each tag out and choose between templates');
    case 'comment':
    case 'declaration':
      throw new Refusal('a comment takes no value; put it somewhere else');
    case 'rawtext':
      throw new Refusal(inRawText(element));
  }
}

function inRawText(element: string): string {
  if (element === 'script') return 'no value stands in a script; write jsonData(id, value) beside it and read that';
  if (element === 'style') return 'no value stands in a style; write a class, or a data-… that the style sheet reads';
  return `<${element}> takes no value; put it somewhere else`;
}
