/**
 * What each hole of a template takes, decided once per call site.
 * @module
 */
import { holeAt, HtmlError, textAt } from './errors.ts';
import { isFixed, meaningOf } from './names.ts';
import { Refusal } from './place.ts';
import type { Attribute, Place, Tag } from './place.ts';
import { scan } from './scan.ts';
import { urlPart } from './url.ts';
import type { UrlPart } from './url.ts';

/** What a hole takes. */
export type Take =
  /** Text, or markup. */
  | 'text'
  /** Text alone. */
  | 'plain'
  /** Attributes, between those of a tag. */
  | 'attributes'
  /** The start of an address, whose scheme is checked. */
  | 'url'
  /** An address that somebody answers for. */
  | 'trusted'
  /** The first segment of a path, which must not be empty. */
  | 'first'
  | 'segment'
  /** A parameter's name, or several parameters. */
  | 'query'
  | 'component'
  /** The start of an address in a list of them. */
  | 'listed';

export interface Plan {
  readonly parts: readonly string[];
  readonly takes: readonly Take[];
}

const plans = new WeakMap<readonly string[], Plan>();
let lastParts: readonly string[] = [];
let lastPlan: Plan = { parts: lastParts, takes: [] };

/** The plan of a call site. Rows of a table ask for the same one again and again. */
export function planOf(parts: TemplateStringsArray): Plan {
  if (parts === lastParts) return lastPlan;
  let plan = plans.get(parts);
  if (plan === undefined) plans.set(parts, (plan = makePlan(parts)));
  lastParts = parts;
  lastPlan = plan;
  return plan;
}

function makePlan(parts: TemplateStringsArray): Plan {
  // The engine freezes what it makes of a template; a list that came from outside has no `raw` of its own.
  if (!Array.isArray(parts) || !Object.isFrozen(parts) || !Object.hasOwn(parts, 'raw'))
    throw new HtmlError('html/forged', 'html is a tag: write html`…`, and never call it with texts');
  return { parts, takes: placesOf(parts).map((place, index) => takeAt(parts, place, index)) };
}

function placesOf(parts: readonly string[]): readonly Place[] {
  if (parts.includes(undefined as unknown as string))
    throw new HtmlError('html/template', 'a template has an escape that JavaScript does not know; write it as \\\\');
  try {
    return scan(parts);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { index, offset, message } = error;
    if (offset < 0) throw refusal(parts, index, message);
    throw new HtmlError('html/template', `${textAt(parts[index]!, offset)}: ${message}`);
  }
}

function refusal(parts: readonly string[], index: number, why: string): HtmlError {
  return new HtmlError('html/hole', `${holeAt(parts, index)}: ${why}`);
}

function takeAt(parts: readonly string[], place: Place, index: number): Take {
  switch (place.at) {
    case 'text':
      return 'text';
    case 'content':
      return 'plain';
    case 'tag':
      if (!isFixed(place.tag.name)) return 'attributes';
      throw refusal(
        parts,
        index,
        `the attributes of <${place.tag.name}> decide what it does; write each out as name="…"`,
      );
    case 'value': {
      const take = takeOfValue(place.tag, place.attribute, place.index);
      if (typeof take === 'string') return take;
      throw refusal(parts, index, take.refused);
    }
  }
}

type Decided = Take | { readonly refused: string };

function takeOfValue(tag: Tag, { name, pieces }: Attribute, index: number): Decided {
  const meaning = meaningOf(tag.name, name);
  if (typeof meaning !== 'string') return meaning;
  switch (meaning) {
    case 'plain':
      return 'plain';
    case 'url':
      return takeOfUrl(urlPart(pieces, index, false), 'url');
    case 'resource':
      return takeOfUrl(urlPart(pieces, index, true), 'trusted');
    case 'srcset':
      return takeOfList(pieces, index);
    case 'meta':
      return takeOfMeta(tag, pieces, index);
  }
}

function takeOfUrl(part: UrlPart | { readonly refused: string }, start: Take): Decided {
  return part === 'start' ? start : part;
}

/** One of several addresses: the text since the last comma and space before it, to the next. */
function takeOfList(pieces: readonly string[], index: number): Decided {
  let first = index;
  while (first > 0 && !/,\s/.test(pieces[first]!)) first--;
  const own = [pieces[first]!.split(/,\s+/).at(-1)!.trimStart(), ...pieces.slice(first + 1)];
  const before = own.slice(0, index - first + 1).join('');
  if (/\s/.test(before)) return { refused: 'a size is written out; a value is an address, or a part of one' };
  const last = own.findIndex((piece, at) => at > index - first && /[\s,]/.test(piece));
  if (last > 0) own.splice(last, own.length, own[last]!.split(/[\s,]/)[0]!);
  return takeOfUrl(urlPart(own, index - first, false), 'listed');
}

/** `content` is text beside a `name`, and an address in a refresh. */
function takeOfMeta({ attributes }: Tag, pieces: readonly string[], index: number): Decided {
  const kind = attributes.find(({ name }) => name === 'http-equiv');
  if (kind === undefined) return 'plain';
  const [before] = /^\s*\d+\s*[;,]\s*url\s*=\s*/i.exec(pieces[0]!) ?? [];
  if (kind.pieces.join('').toLowerCase() !== 'refresh' || before === undefined)
    return { refused: 'this meta gives orders to the browser; write it out, or as content="0; url=…" of a refresh' };
  return takeOfUrl(urlPart([pieces[0]!.slice(before.length), ...pieces.slice(1)], index, false), 'url');
}
