/**
 * The state machine agrees with parse5 on where every hole stands: on 10,000 templates cut at any character, in every
 * state there is, those that are refused as well.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { tokensOf, templates } from './oracle.test.ts';
import type { Tokens } from './oracle.test.ts';
import { Refusal } from './place.ts';
import type { State } from './place.ts';
import { scan } from './scan.ts';

const RUNS = 10_000;

const STATES: readonly State[] = [
  'data',
  'tag open',
  'end tag open',
  'tag name',
  'before attribute',
  'attribute name',
  'after attribute name',
  'before value',
  'double-quoted value',
  'single-quoted value',
  'unquoted value',
  'after quoted value',
  'self-closing',
  'comment',
  'declaration',
  'rcdata',
  'rawtext',
];

/** In these, browsers read content as markup that elsewhere is none. Both readings are one where no tag stands in it. */
const TWO_READINGS = /<(?:svg|math|select|option|noscript)/i;

/** The state of each hole that was come to, and whether the template was accepted. */
function walk(parts: readonly string[]): { readonly states: readonly State[]; readonly accepted: boolean } {
  const states: State[] = [];
  try {
    scan(parts, (state) => states.push(state));
    return { states, accepted: true };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { states, accepted: false };
  }
}

const wordFor = (state: State): string =>
  state === 'before attribute' || state === 'after attribute name' ? ' w="w"' : 'w';

/** The page up to a hole with `text` in it, words in those before it, and what closes whatever is open there. */
function filled(parts: readonly string[], states: readonly State[], hole: number, text: string): Tokens {
  const before = parts.slice(0, hole + 1).map((part, i) => (i < hole ? part + wordFor(states[i]!) : part));
  const page = before.join('') + text;
  return tokensOf(`${page} zend >"'>--></${elementOf(page)}><zlast>`);
}

const elementOf = (text: string): string =>
  /<(title|textarea|script|style|xmp|noscript|iframe)\b[^<]*(?:<[^<]*)?$/i.exec(text)?.[1] ?? 'zz';

/** True where parse5 sees the hole in this state. */
function agrees(state: State, parts: readonly string[], states: readonly State[], hole: number): boolean {
  const put = (text: string): Tokens => filled(parts, states, hole, text);
  const hasValue = ({ tags }: Tokens, part: string): boolean =>
    tags.some(({ attrs }) => [...attrs.values()].some((value) => value.includes(part)));
  const hasName = ({ tags }: Tokens, part: string): boolean =>
    tags.some(({ attrs }) => [...attrs.keys()].some((key) => key.includes(part)));
  const hasTag = ({ tags }: Tokens, part: string): boolean => tags.some((tag) => tag.name.includes(part));
  const loose = TWO_READINGS.test(parts.join(''));
  switch (state) {
    case 'data': {
      const found = put('zq<zprobe>');
      return found.text.includes('zq') && hasTag(found, 'zprobe');
    }
    case 'rcdata': {
      const found = put(loose ? ' zq&lt;zprobe>' : 'zq&lt;<zprobe>');
      return found.text.includes(loose ? 'zq<zprobe>' : 'zq<<zprobe>') && !hasTag(found, 'zprobe');
    }
    case 'rawtext':
      return loose || (put('zq&lt;<zprobe>').text.includes('zq&lt;<zprobe>') && !hasTag(put('<zprobe>'), 'zprobe'));
    case 'double-quoted value':
      return hasValue(put("zq '>=/z"), "zq '>=/z") && !hasValue(put('zq"z'), 'zq"z');
    case 'single-quoted value':
      return hasValue(put('zq ">=/z'), 'zq ">=/z') && !hasValue(put("zq'z"), "zq'z");
    case 'unquoted value':
      return hasValue(put('zq'), 'zq') && !hasValue(put('zq z'), 'zq z') && hasValue(put('zq"z'), 'zq"z');
    case 'before value':
      return hasValue(put('zq'), 'zq') && hasValue(put('"zq z"'), 'zq z');
    case 'before attribute': {
      const found = put(' zq="z z"');
      return found.tags.some(({ attrs }) => attrs.get('zq') === 'z z') || inEndTag(parts, hole);
    }
    case 'after attribute name': {
      const found = put(' zq="z z"');
      return (
        (found.tags.some(({ attrs }) => attrs.get('zq') === 'z z') && hasValue(put('="zq"'), 'zq')) ||
        inEndTag(parts, hole)
      );
    }
    case 'attribute name':
    case 'after quoted value':
    case 'self-closing':
      return hasName(put('zq'), 'zq') || inEndTag(parts, hole);
    case 'tag name':
      return hasTag(put('zq'), 'zq') || put('zq').endTags.some((one) => one.includes('zq'));
    case 'tag open':
      return hasTag(put('zq'), 'zq');
    case 'end tag open':
      return put('zq').endTags.some((one) => one.includes('zq'));
    case 'comment':
      return put('zq').remarks.includes('zq') && !hasTag(put('<zprobe>'), 'zprobe');
    case 'declaration':
      return !hasTag(put('<zprobe '), 'zprobe') && hasTag(put('><zprobe>'), 'zprobe');
  }
}

/** parse5 tells no attributes of end tags. */
const inEndTag = (parts: readonly string[], hole: number): boolean =>
  /<\/[^<]*$/.test(parts.slice(0, hole + 1).join(''));

describe('[XSS-13] the state machine', () => {
  it(`stands where parse5 stands, in ${RUNS} templates and every state`, (t) => {
    const holes = new Map<State, number>(STATES.map((state) => [state, 0]));
    let accepted = 0;
    fc.assert(
      fc.property(templates, (parts) => {
        const { states, accepted: taken } = walk(parts);
        if (taken) accepted++;
        states.forEach((state, hole) => {
          holes.set(state, holes.get(state)! + 1);
          assert.ok(agrees(state, parts, states, hole), `parse5 sees hole ${hole + 1} elsewhere than in "${state}"`);
        });
      }),
      { numRuns: RUNS },
    );
    t.diagnostic([...holes].map(([state, count]) => `${state} ${count}`).join(', '));
    t.diagnostic(`${accepted} of ${RUNS} templates accepted`);
    assert.deepEqual(
      [...holes].filter(([, count]) => count === 0),
      [],
      'states that no hole stood in',
    );
    assert.ok(accepted > RUNS / 10);
  });
});
