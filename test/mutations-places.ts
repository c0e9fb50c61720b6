/**
 * Guards of the templates: which places take a value at all.
 * @module
 */
import type { Mutation } from './mutations.ts';

const HTML = 'packages/core/src/html';

/** Rows of the state machine and of names, for `mutations-html.ts`. */
export const PLACE_MUTATIONS: readonly Mutation[] = [
  {
    guard: 'html: an event handler would run a value',
    file: `${HTML}/names.ts`,
    from: "if (name.startsWith('on'))",
    to: "if (name === 'on')",
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a style would take a value',
    file: `${HTML}/names.ts`,
    from: "if (name === 'style')\n",
    to: "if (name === '')\n",
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: an object would load what a visitor chose',
    file: `${HTML}/names.ts`,
    from: 'if (CLOSED.has(element)) return',
    to: "if (element === '') return",
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: the type of a script would be a visitor’s',
    file: `${HTML}/names.ts`,
    from: 'if (Object.hasOwn(OWN_MEANING, element) && OWN_MEANING[element]!.has(name))',
    to: "if (element === '')",
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: an unknown attribute would take a value',
    file: `${HTML}/names.ts`,
    from: '  return { refused: `"${name}" is not known to be harmless; write data-${name.replaceAll(/[^a-z0-9]+/g, \'-\')}` };',
    to: "  return 'plain';",
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: attr() would take an event handler',
    file: `${HTML}/names.ts`,
    from: 'return PLAIN.has(name) || /^(?:aria|data)-[a-z0-9_.-]+$/.test(name);',
    to: 'return true;',
    tests: [`${HTML}/html.test.ts`],
  },
  {
    guard: 'html: attr() would take two attributes as one name',
    file: `${HTML}/names.ts`,
    from: '/^(?:aria|data)-[a-z0-9_.-]+$/',
    to: '/^(?:aria|data)-/',
    tests: [`${HTML}/html.test.ts`],
  },
  {
    guard: 'html: a value without quotes would go on as attributes',
    file: `${HTML}/place.ts`,
    from: `throw new Refusal('a value without quotes ends at a space; write "…" around it');`,
    to: "return { at: 'text' };",
    tests: [`${HTML}/places.test.ts`, `${HTML}/markup.property.test.ts`],
  },
  {
    guard: 'html: a value would name a tag',
    file: `${HTML}/place.ts`,
    from: "throw new Refusal('a value would be the name of a tag; write each tag out and choose between templates');",
    to: "return { at: 'text' };",
    tests: [`${HTML}/places.test.ts`, `${HTML}/markup.property.test.ts`],
  },
  {
    guard: 'html: a value would end a comment',
    file: `${HTML}/place.ts`,
    from: "throw new Refusal('a comment takes no value; put it somewhere else');",
    to: "return { at: 'text' };",
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a value would stand in a script',
    file: `${HTML}/place.ts`,
    from: 'throw new Refusal(inRawText(element));',
    to: "return { at: 'text' };",
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a value would end a title',
    file: `${HTML}/place.ts`,
    from: "if (text.endsWith('<')) throw new Refusal('a value would be a tag; write &lt;');",
    to: '',
    tests: [`${HTML}/places.test.ts`, `${HTML}/markup.property.test.ts`],
  },
  {
    guard: 'html: a template could end inside a tag',
    file: `${HTML}/scan.ts`,
    from: "if (this.#state === 'data') return;",
    to: 'return;',
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a value would complete a character reference',
    file: `${HTML}/scan.ts`,
    from: 'if (/&#[xX]?[\\da-fA-F]*$/.test(text))',
    to: "if (text === '&')",
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: text behind a value would go on as its attribute',
    file: `${HTML}/scan.ts`,
    from: "if (afterHole) throw new Refusal('text stands directly behind a value in a tag; write a space between them');",
    to: '',
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a title would be read as text in a page and as markup in a drawing',
    file: `${HTML}/scan.ts`,
    from: 'else if (/^[a-z/!?]/i.test(rest)) throw new Refusal(inContent(name));',
    to: '',
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a noscript would end elsewhere where scripts run',
    file: `${HTML}/scan.ts`,
    from: "if (name === 'noscript') this.#judgeNoscript();",
    to: '',
    tests: [`${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a text area would be read as markup',
    file: `${HTML}/names.ts`,
    from: "['textarea', 'rcdata'],",
    to: '',
    tests: [`${HTML}/scan.property.test.ts`, `${HTML}/html.test.ts`, `${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a script would be read as markup',
    file: `${HTML}/names.ts`,
    from: "...['script', 'style',",
    to: "...['style',",
    tests: [`${HTML}/scan.property.test.ts`, `${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a comment would end late',
    file: `${HTML}/scan.ts`,
    from: '/^-?>|--!?>/',
    to: '/-->/',
    tests: [`${HTML}/scan.property.test.ts`, `${HTML}/places.test.ts`],
  },
  {
    guard: 'html: a name of other letters would be taken for another',
    file: `${HTML}/scan.ts`,
    from: 'const NAME = /[\\w.:@-]/;',
    to: `const NAME = /[^\\t\\n\\f\\r "'<>=/]/;`,
    tests: [`${HTML}/places.test.ts`],
  },
];
