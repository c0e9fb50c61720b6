/**
 * What browsers make of a text, by parse5, and templates to try it with. Used by the property tests beside.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse, parseFragment, Parser, serialize } from 'parse5';
import type { DefaultTreeAdapterTypes, ParserOptions, Token } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;

/** What a text is cut into, before any tree is built. */
export interface Tokens {
  readonly tags: readonly { readonly name: string; readonly attrs: ReadonlyMap<string, string> }[];
  readonly endTags: readonly string[];
  /** All text, and that of comments and declarations. */
  readonly text: string;
  readonly remarks: string;
}

/** The tokens of a text. The tree is built as well, because it is what tells the tokenizer where raw text begins. */
export function tokensOf(text: string): Tokens {
  const tags: { name: string; attrs: Map<string, string> }[] = [];
  const endTags: string[] = [];
  const found = { text: '', remarks: '' };
  class Recorder extends Parser<DefaultTreeAdapterTypes.DefaultTreeAdapterMap> {
    override onStartTag(token: Token.TagToken): void {
      tags.push({ name: token.tagName, attrs: new Map(token.attrs.map(({ name, value }) => [name, value])) });
      super.onStartTag(token);
    }
    override onEndTag(token: Token.TagToken): void {
      endTags.push(token.tagName);
      super.onEndTag(token);
    }
    override onCharacter(token: Token.CharacterToken): void {
      found.text += token.chars;
      super.onCharacter(token);
    }
    override onWhitespaceCharacter(token: Token.CharacterToken): void {
      found.text += token.chars;
      super.onWhitespaceCharacter(token);
    }
    override onComment(token: Token.CommentToken): void {
      found.remarks += token.data;
      super.onComment(token);
    }
    override onDoctype(token: Token.DoctypeToken): void {
      found.remarks += `${token.name} ${token.publicId} ${token.systemId}`;
      super.onDoctype(token);
    }
  }
  const parser = new Recorder();
  parser.tokenizer.write(text, true);
  return { tags, endTags, ...found };
}

/** One element of a tree. */
export interface Found {
  readonly name: string;
  readonly attrs: ReadonlyMap<string, string>;
}

/** The elements of a tree in order, those inside templates too, with an outline of names that says how they nest. */
export function treeOf(
  text: string,
  options: ParserOptions<DefaultTreeAdapterTypes.DefaultTreeAdapterMap> = {},
): {
  readonly shape: string;
  readonly elements: readonly Found[];
} {
  const elements: Found[] = [];
  const walk = (node: Node): string => {
    let own = '';
    if ('tagName' in node) {
      const attrs = new Map(node.attrs.map(({ name, prefix, value }) => [prefix ? `${prefix}:${name}` : name, value]));
      elements.push({ name: node.tagName, attrs });
      own = `${node.namespaceURI.split('/').at(-1)}:${node.tagName}[${[...attrs.keys()].join(' ')}]`;
    } else if (node.nodeName === '#comment') own = '<!>';
    const children = 'content' in node ? node.content.childNodes : 'childNodes' in node ? node.childNodes : [];
    const inner = children.map(walk).join('');
    return own === '' ? inner : `(${own}${inner})`;
  };
  const whole = /^\s*<!doctype/i.test(text);
  const tree = whole ? parse(text, options) : parseFragment(text, options);
  return { shape: walk(tree), elements };
}

/** What a page becomes that is read, written by `innerHTML` and read again. */
export function rewritten(text: string): string {
  return serialize(parseFragment(text));
}

/** A template as the engine would hand it over. */
export function templateOf(parts: readonly string[]): TemplateStringsArray {
  return Object.freeze(Object.assign([...parts], { raw: Object.freeze([...parts]) }));
}

const ELEMENTS = [
  'p',
  'a',
  'b',
  'td',
  'table',
  'select',
  'option',
  'svg',
  'math',
  'mtext',
  'form',
  'template',
  'h1',
  'LI',
];
const VOID = ['br', 'img', 'input', 'hr', 'meta', 'link'];
const NAMES = [
  'id',
  'class',
  'title',
  'href',
  'src',
  'value',
  'alt',
  'hidden',
  'data-x',
  'aria-label',
  'Name',
  'content',
];
const NAMES_NOT = ['style', 'onclick', 'srcdoc', 'x', 'http-equiv', 'srcset'];
const VALUES = ['', 'a', '/a/b?c=d#e', 'https://a.example/x', 'a b', '&amp;', 'mailto:a@b.example', '=', ' 1'];

const from = (list: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...list);
const name = fc.oneof({ weight: 8, arbitrary: from(NAMES) }, { weight: 1, arbitrary: from(NAMES_NOT) });
const space = fc.constantFrom(' ', '\n', '  ', '\t');
/** How an attribute is written behind its name. */
const written = fc.oneof(
  { weight: 5, arbitrary: from([...VALUES, "'"]).map((value) => `="${value}"`) },
  { weight: 3, arbitrary: from([...VALUES, '"']).map((value) => `='${value}'`) },
  { weight: 2, arbitrary: from(['a', '/x/', '#e']).map((value) => `=${value}`) },
  { weight: 3, arbitrary: from([' = "v"', '', '', ' ']) },
);
/** Each name once: of two, a browser drops the second. */
const attributes = fc
  .uniqueArray(fc.tuple(name, space, written), { maxLength: 3, selector: ([key]) => key })
  .map((list) => list.map(([key, before, value]) => before + key + value).join(''));
const tail = fc.constantFrom('', ' ', ' /', '/');

/** Source of pages: whole tags, what is easily taken for tags, and every kind of content. */
const source = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .tuple(from(ELEMENTS), attributes, fc.constantFrom('', ' '))
          .map(([tag, list, end]) => `<${tag}${list}${end}>`),
      },
      {
        weight: 3,
        arbitrary: fc.tuple(from(VOID), attributes, tail).map(([tag, list, end]) => `<${tag}${list}${end}>`),
      },
      { weight: 3, arbitrary: from(ELEMENTS).map((tag) => `</${tag}>`) },
      { weight: 3, arbitrary: fc.constantFrom('text', ' a < b ', '&lt;', '&', '>', '"', "'", '1<2', '&#38;', '-->') },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '<!-- a > b -->',
          '<!---->',
          '<!-->',
          '<!--->',
          '<!-- -- --!>',
          '<!--a--!-->',
          '<!-- <p x="-->',
        ),
      },
      { weight: 1, arbitrary: fc.constantFrom('<!doctype html>', '<!DOCTYPE html SYSTEM "a>') },
      {
        weight: 2,
        arbitrary: fc
          .tuple(from(['title', 'textarea', 'TITLE']), from(['', 'a', ' 1 < 2 ', '&amp;', '"']))
          .map(([tag, text]) => `<${tag}>${text}</${tag}>`),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(from(['script', 'style', 'xmp', 'noscript', 'iframe']), from(['', 'a', 'a < 1', 'x="', '/* */']))
          .map(([tag, text]) => `<${tag}>${text}</${tag} >`),
      },
      {
        weight: 1,
        arbitrary: from([
          '<noscript><p class="a">x</p></noscript>',
          '<noscript><a title="</noscript>',
          '<p a"b>',
          '<1',
          '</1>',
          '<p/a=1>',
          '<title/>',
        ]),
      },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((pieces) => pieces.join(''));

/** The static texts of templates, cut at any place at all. */
export const templates: fc.Arbitrary<readonly string[]> = fc
  .tuple(source, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }))
  .map(([text, cuts]) => {
    const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
    return [...at, text.length].map((end, index) => text.slice(index === 0 ? 0 : at[index - 1], end));
  });

describe('the oracle', () => {
  it('tells tags, attributes, text and comments apart', () => {
    const { tags, endTags, text, remarks } = tokensOf('<p a="b>">c<!--d--><title><e></title>');
    assert.deepEqual(
      tags.map((tag) => [tag.name, ...tag.attrs]),
      [['p', ['a', 'b>']], ['title']],
    );
    assert.deepEqual([endTags, text, remarks], [['title'], 'c<e>', 'd']);
  });

  it('tells trees of another shape', () => {
    assert.equal(treeOf('<p a="1">x').shape, treeOf('<p a="2">y').shape);
    for (const other of [
      '<p b="1">x',
      '<p a="1" b>x',
      '<p a="1"><b>',
      '<p a="1"></p><p>',
      '<svg><p a="1">',
      '<p a="1"><!---->',
    ])
      assert.notEqual(treeOf('<p a="1">x').shape, treeOf(other).shape, other);
  });

  it('cuts a template without losing a character', () =>
    fc.assert(fc.property(templates, (parts) => parts.length >= 2 && parts.join('').length > 0)));
});
